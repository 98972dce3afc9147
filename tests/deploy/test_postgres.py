"""What a DBA runs: the roles, the settings, and the ledger after a dump was restored, on a real server."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from jibao.embedded.postgres import PostgresServer, start_postgres
from jibao.embedded.postgres_programs import wheel_programs
from runtime.settings import Settings
from schemas.events import IncidentClosed
from schemas.reasons import CloseReason
from storage import events
from storage.database import Database
from storage.migrate import ROLES, migrate
from tests.deploy.promql import DEPLOY
from tests.servers import scratch

FOLDER = DEPLOY / "postgres"
WHO = ("owner", *(role.removeprefix("jibao_") for role in ROLES))


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server of our own, for its roles are changed here."""
    with scratch() as folder:
        found = asyncio.run(start_postgres(folder / "pg", fast=True))
        try:
            yield found
        finally:
            asyncio.run(found.stop())


def psql(server: PostgresServer, file: str, database: str = "postgres", user: str | None = None) -> str:
    """Run one of our files as its head line says."""
    wheel = wheel_programs() / "bin" / "psql"
    program = str(wheel) if os.access(wheel, os.X_OK) else shutil.which("psql")
    if program is None:
        pytest.skip("psql is not installed (Debian: apt-get install postgresql-client)")
    around = {**os.environ, **{f"JIBAO_{who.upper()}_DATABASE_PASSWORD": f"of-{who}" for who in WHO}}
    dsn = server.dsn(database, user, f"of-{user.removeprefix('jibao_')}" if user else None)
    words = [program, "-X", "-v", "ON_ERROR_STOP=1", "-f", str(FOLDER / file), dsn]
    done = subprocess.run(words, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def prepared(server: PostgresServer) -> PostgresServer:
    """The roles and the database made, twice, and the tables by the owner."""
    psql(server, "roles.sql")
    psql(server, "roles.sql")
    asyncio.run(migrate(server.dsn("jibao", "jibao_owner", "of-owner")))
    return server


async def one(server: PostgresServer, user: str | None, question: str) -> object:
    password = f"of-{user.removeprefix('jibao_')}" if user else None
    connection = await asyncpg.connect(server.dsn("jibao", user, password))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_signs_in_and_is_nothing_more_than_a_role(
    prepared: PostgresServer, role: str
) -> None:
    assert await one(prepared, role, "select count(*) from events") == 0
    powers = """select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls
                from pg_roles where rolname = current_user"""
    assert await one(prepared, role, powers) is False
    for forbidden in (
        "create table mine (x int)",
        "delete from events",
        "update timeliness set outcome = 'met'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await one(prepared, role, forbidden)


async def test_the_owner_owns_the_database_and_its_text_sorts_alike_everywhere(
    prepared: PostgresServer,
) -> None:
    question = """select format('%s %s %s', pg_get_userbyid(datdba), datlocprovider, datlocale)
                  from pg_database where datname = 'jibao'"""
    assert await one(prepared, "jibao_owner", question) == "jibao_owner b C.UTF-8"
    assert (
        await one(prepared, "jibao_owner", "select rolsuper from pg_roles where rolname = current_user")
        is False
    )


async def test_no_stranger_may_connect(prepared: PostgresServer) -> None:
    question = "select has_database_privilege('pg_monitor', 'jibao', 'connect')"
    assert await one(prepared, None, question) is False


async def test_the_passwords_do_not_reach_the_log(prepared: PostgresServer) -> None:
    assert "of-doors" not in prepared.log.read_text()


def test_the_owner_signs_in_with_a_password_from_a_file(prepared: PostgresServer, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("of-owner\n")
    around = {
        "JIBAO_DATABASE_URL": f"postgresql://{prepared.host}:{prepared.port}/jibao",
        "JIBAO_DATABASE_USER": "jibao_owner",
        "JIBAO_DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
    }
    words = [sys.executable, "-m", "jibao", "migrate"]
    done = subprocess.run(words, env={**os.environ, **around}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def settings() -> dict[str, str]:
    lines = (FOLDER / "jibao.conf").read_text().splitlines()
    found = (re.match(r"(\w+) = '?([^'#]*?)'?\s*(#.*)?$", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize(("name", "value"), settings().items())
async def test_the_server_takes_each_recommended_setting(
    server: PostgresServer, name: str, value: str
) -> None:
    connection = await asyncpg.connect(server.dsn())
    try:
        await connection.execute(f"alter system set {name} = '{value}'")
        await connection.execute(f"alter system reset {name}")
    finally:
        await connection.close()


def test_the_recommended_settings_lose_nothing() -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        assert settings()[name] == "on"


async def test_a_restored_dump_publishes_what_was_not_published_and_goes_on(prepared: PostgresServer) -> None:
    """As if the dump came from a cluster that had counted transactions for years."""
    database = await open_as_owner(prepared)
    old = [closed() for _ in range(3)]
    try:
        async with database.transaction() as tx:
            await events.append(tx, old)
            await tx.run("update events set xid = '5000000000' where event_id = $1", old[2].event_id)
            await tx.run("update events set xid = '4000000000' where event_id <> $1", old[2].event_id)
            await tx.run(
                "update relay_position set xid = '4000000000', seq = (select min(seq) + 1 from events)"
            )
        async with database.reading() as tx:
            assert (
                await events.unpublished(tx, await events.position(tx), 10) == []
            )  # this is the trap: nothing would ever leave
        for _ in range(2):
            psql(prepared, "after_logical_restore.sql", "jibao", "jibao_owner")
        new = closed()
        async with database.transaction() as tx:
            await events.append(tx, [new])
        async with database.reading() as tx:
            waiting = await events.unpublished(tx, await events.position(tx), 10)
        assert [fact.event_id for fact in waiting] == [old[2].event_id, new.event_id]
    finally:
        await database.close()


async def open_as_owner(server: PostgresServer) -> Database:
    dsn = server.dsn("jibao", "jibao_owner", "of-owner")
    return await Database.connect(Settings("owner", "", "", "", dsn, "", ""), 2)


def closed() -> IncidentClosed:
    """Any fact; what it says does not matter here."""
    return IncidentClosed.model_construct(
        event_id=uuid4(),
        incident_id=uuid4(),
        division=None,
        at=datetime.now(UTC),
        why=CloseReason.FINAL_REPORT,
        by=uuid4(),
    )


def test_its_files_hold_no_password() -> None:
    for file in FOLDER.iterdir():
        assert not re.search(r"password '[^']", file.read_text()), Path(file).name
