"""As root, below a closed directory: PostgreSQL runs as an unprivileged account elsewhere, and no mode changes."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from jibao.embedded import EmbeddedServerError, start_postgres
from jibao.embedded.postgres_programs import wheel_programs

REPOSITORY = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="needs root: it is about how root gives up its rights"
)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory with `closed` (0700) and `state`, which stands for /var/lib/jibao."""
    monkeypatch.delenv("JIBAO_POSTGRES_USER", raising=False)
    with tempfile.TemporaryDirectory(prefix="jibao-test-", dir="/tmp") as name:
        Path(name).chmod(0o711)
        (Path(name) / "closed").mkdir(mode=0o700)
        monkeypatch.setenv("JIBAO_STATE_DIR", f"{name}/state")
        yield Path(name)


def modes(path: Path) -> dict[Path, tuple[int, int]]:
    return {one: (stat.S_IMODE(one.stat().st_mode), one.stat().st_uid) for one in (path, *path.parents)}


async def test_it_works_in_a_closed_directory_and_changes_no_mode(place: Path) -> None:
    before = modes(place / "closed")
    server = await start_postgres(place / "closed" / "pg", fast=True)
    connection = await asyncpg.connect(server.dsn())
    await connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    await connection.close()
    await server.stop()

    assert modes(place / "closed") == before
    assert server.cluster.parent == place / "state"
    assert str(server.cluster) in (place / "closed" / "pg" / "postgres.location").read_text()
    assert server.cluster.stat().st_uid != 0
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700
    ours = [file.stat() for file in (place / "closed" / "pg").iterdir()]
    assert {(stat.S_IMODE(facts.st_mode), facts.st_uid) for facts in ours} == {(0o600, 0)}

    again = await start_postgres(place / "closed" / "pg", fast=True)
    connection = await asyncpg.connect(again.dsn())
    assert await connection.fetchval("SELECT seven FROM kept") == 7
    assert await connection.fetchval("SELECT pg_read_file('/etc/hostname') IS NOT NULL")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetchval("SELECT pg_read_file($1)", str(again.log))
    await connection.close()
    await again.stop()


async def test_it_stays_in_a_directory_that_the_account_can_pass_through(place: Path) -> None:
    server = await start_postgres(place / "pg", fast=True)
    await server.stop()
    assert server.cluster == place / "pg" / "cluster"
    assert not (place / "pg" / "postgres.location").exists()


async def test_it_runs_as_the_owner_of_the_cluster_it_finds(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIBAO_POSTGRES_USER", "nobody")
    server = await start_postgres(place / "pg", fast=True)
    await server.stop()
    owner = server.cluster.stat().st_uid
    monkeypatch.setenv("JIBAO_POSTGRES_USER", "daemon")
    again = await start_postgres(place / "pg", fast=True)
    runs_as = Path(f"/proc/{again.pid}").stat().st_uid
    await again.stop()
    assert runs_as == owner != 0


@pytest.mark.parametrize("name", ["root", "no-such-account"])
async def test_it_says_which_account_it_needs(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("JIBAO_POSTGRES_USER", name)
    with pytest.raises(EmbeddedServerError, match=f"none of these .* {name}.*JIBAO_POSTGRES_USER"):
        await start_postgres(place / "pg")


async def test_it_never_makes_an_empty_cluster_in_place_of_a_lost_one(place: Path) -> None:
    server = await start_postgres(place / "closed" / "pg", fast=True)
    await server.stop()
    server.cluster.rename(place / "lost")
    with pytest.raises(EmbeddedServerError, match=r"postgres\.location says so"):
        await start_postgres(place / "closed" / "pg", fast=True)


async def test_it_refuses_the_same_cluster_to_a_copy_of_its_directory(place: Path) -> None:
    server = await start_postgres(place / "closed" / "pg", fast=True)
    try:
        shutil.copytree(place / "closed" / "pg", place / "closed" / "copy")
        with pytest.raises(EmbeddedServerError, match="runs it already"):
            await start_postgres(place / "closed" / "copy", fast=True)
    finally:
        await server.stop()


async def test_it_leaves_an_older_cluster_alone_when_its_directory_was_removed(place: Path) -> None:
    server = await start_postgres(place / "closed" / "pg", fast=True)
    await server.stop()
    shutil.rmtree(place / "closed" / "pg")
    again = await start_postgres(place / "closed" / "pg", fast=True)
    await again.stop()
    assert again.cluster != server.cluster
    assert (server.cluster / "PG_VERSION").exists()


def test_it_copies_programs_that_the_account_cannot_reach_once(place: Path) -> None:
    wheel = wheel_programs().parent
    packages = place / "closed" / "packages"
    for part in (wheel, *wheel.parent.glob(f"{wheel.name}.libs")):
        shutil.copytree(part, packages / part.name)
    script = (
        "import asyncio, sys; from pathlib import Path; from jibao.embedded import start_postgres\n"
        "async def main():\n"
        "    server = await start_postgres(Path(sys.argv[1]), fast=True); await server.stop()\n"
        "asyncio.run(main())"
    )
    before = modes(packages)
    environment = {**os.environ, "PYTHONPATH": f"{packages}:{REPOSITORY}"}
    copied = []
    for _ in range(2):
        subprocess.run([sys.executable, "-c", script, place / "pg"], env=environment, check=True, umask=0o077)
        copied.append(
            {path: path.stat().st_ino for path in (place / "state").glob("postgresql-*/**/bin/postgres")}
        )
    assert len(copied[0]) == 1
    assert copied[0] == copied[1]
    assert modes(packages) == before
    assert not list((place / "state").glob(".postgresql-*"))
