"""The embedded PostgreSQL, the real one: safe settings, one port, one password, and never two on one cluster."""

import asyncio
import os
import shutil
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from jibao.embedded import EmbeddedServerError, PostgresServer, start_postgres
from jibao.embedded.leftovers import is_running
from jibao.embedded.postgres_home import settle
from jibao.embedded.process import until


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory that PostgreSQL's account may pass through, if we are root (pytest's own are closed to it)."""
    with tempfile.TemporaryDirectory(prefix="jibao-test-", dir="/tmp") as name:
        Path(name).chmod(0o711)
        monkeypatch.setenv("JIBAO_STATE_DIR", f"{name}/state")
        yield Path(name) / "pg"


async def ask(server: PostgresServer, question: str, *arguments: object) -> object:
    connection = await asyncpg.connect(server.dsn())
    try:
        return await connection.fetchval(question, *arguments)
    finally:
        await connection.close()


async def test_it_keeps_what_it_says_it_has_written(directory: Path) -> None:
    server = await start_postgres(directory)
    try:
        for setting, value in {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "server_encoding": "UTF8",
            "timezone": "UTC",
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
        }.items():
            assert await ask(server, "SELECT current_setting($1)", setting) == value, setting
        locale = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'template1'"
        assert await ask(server, locale) == "bC.UTF-8"
    finally:
        await server.stop()


async def test_it_keeps_its_data_and_its_port_over_a_restart(directory: Path) -> None:
    server = await start_postgres(directory, fast=True)
    await ask(server, "CREATE TABLE kept AS SELECT 7 AS seven")
    await server.stop()
    again = await start_postgres(directory, fast=True)
    try:
        assert again.dsn() == server.dsn()
        assert await ask(again, "SELECT seven FROM kept") == 7
    finally:
        await again.stop()


async def test_it_keeps_commits_through_a_kill(directory: Path) -> None:
    server = await start_postgres(directory)
    await ask(server, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    server.kill()
    again = await start_postgres(directory)
    try:
        assert await ask(again, "SELECT count(*) FROM kept") == 1000
    finally:
        await again.stop()


async def test_it_takes_another_port_when_the_last_one_is_taken(directory: Path) -> None:
    server = await start_postgres(directory, fast=True)
    await server.stop()
    with socket.create_server(("127.0.0.1", server.port)):
        again = await start_postgres(directory, fast=True)
        await again.stop()
    assert again.port != server.port


async def test_it_refuses_a_port_that_is_in_use(directory: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedServerError, match=f"{port}.*another process uses this port"):
            await start_postgres(directory, port=port)
    server = await start_postgres(directory, port=port, fast=True)
    assert server.port == port
    await server.stop()


async def test_it_lets_nobody_in_without_the_password(directory: Path) -> None:
    server = await start_postgres(directory, fast=True)
    try:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(server.dsn(user="postgres", password="postgres"))
        assert urlsplit(server.dsn("a b", user="ä:@", password="/?")).hostname == "127.0.0.1"
        kept = directory / "postgres.password"
        assert kept.read_text().strip() == server.password
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700
        assert server.password not in repr(server)
        assert not list(directory.glob("*first-password"))
    finally:
        await server.stop()


async def test_it_stops_within_five_seconds_under_work_and_leaves_no_process(directory: Path) -> None:
    server = await start_postgres(directory, fast=True)
    busy = await asyncpg.connect(server.dsn())
    pids = [row["pid"] for row in await busy.fetch("SELECT pid FROM pg_stat_activity")]
    work = asyncio.create_task(busy.execute("SELECT pg_sleep(600)"))
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    async with asyncio.timeout(20):
        while await ask(server, sleeping) != 1:
            pass
    async with asyncio.timeout(5):
        await server.stop()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await work
    assert len(pids) > 3
    assert not [pid for pid in (server.pid, *pids) if Path(f"/proc/{pid}").exists()]


async def test_it_refuses_a_second_server_on_the_same_cluster(directory: Path) -> None:
    server = await start_postgres(directory, fast=True)
    try:
        with pytest.raises(EmbeddedServerError, match="runs it already"):
            await start_postgres(directory, fast=True)
        assert await ask(server, "SELECT 1") == 1
    finally:
        await server.stop()


async def test_it_stops_a_server_that_was_left_behind(directory: Path) -> None:
    server = await start_postgres(directory, fast=True)
    await server.stop()
    home = settle(directory)
    account = home.account
    leftover = subprocess.Popen(
        [home.program("postgres"), "-D", home.cluster, "-p", str(server.port), "-k", ""],
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        stderr=subprocess.DEVNULL,
    )
    note = home.cluster / "postmaster.pid"
    assert await until(lambda: note.exists() and "ready" in note.read_text(), 20)
    again = await start_postgres(directory, fast=True)
    try:
        assert await until(lambda: leftover.poll() is not None, 10)
        assert leftover.returncode == 0, "it was given the time to write everything down"
        assert again.port == server.port
    finally:
        await again.stop()


async def test_it_is_not_fooled_by_a_process_that_has_its_old_number(directory: Path) -> None:
    server = await start_postgres(directory, fast=True)
    server.kill()
    stranger = subprocess.Popen(["/bin/sleep", "600"])
    note = server.cluster / "postmaster.pid"
    note.write_text(note.read_text().replace(f"{server.pid}\n", f"{stranger.pid}\n", 1))
    again = await start_postgres(directory, fast=True)
    await again.stop()
    assert is_running(stranger.pid, "600")
    stranger.kill()
    stranger.wait()


async def test_it_begins_again_when_the_first_start_was_cut_short(directory: Path) -> None:
    half = directory / "cluster.new"
    half.mkdir(parents=True)
    directory.chmod(0o711)
    (half / "PG_VERSION").write_text("18\n")
    server = await start_postgres(directory, fast=True)
    await server.stop()
    assert not half.exists()


async def test_it_says_what_went_wrong_and_where_its_log_is(directory: Path) -> None:
    server = await start_postgres(directory, fast=True)
    await server.stop()
    with (server.cluster / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(EmbeddedServerError) as caught:
        await start_postgres(directory, fast=True)
    assert caught.value.log == server.log
    assert "no_such_setting" in str(caught.value)


async def test_it_says_which_password_file_to_bring_back(directory: Path) -> None:
    server = await start_postgres(directory, fast=True)
    await server.stop()
    kept = directory / "postgres.password"
    kept.rename(directory / "elsewhere")
    with pytest.raises(EmbeddedServerError, match=r"bring back .*postgres\.password"):
        await start_postgres(directory, fast=True)
    kept.write_text("another\n")
    with pytest.raises(EmbeddedServerError, match="is not that of"):
        await start_postgres(directory, fast=True)
    shutil.move(directory / "elsewhere", kept)
    await (await start_postgres(directory, fast=True)).stop()


async def test_it_can_be_waited_for(directory: Path) -> None:
    server = await start_postgres(directory, fast=True)
    os.kill(server.pid, 2)
    assert await asyncio.wait_for(server.wait(), 10) == 0
    await server.stop()
