"""Each role may do its work and nothing else: the record is added to, never changed, and secrets stay where they are
needed."""

import asyncpg
import pytest

from storage.migrate import ROLES
from tests.servers import PASSWORDS, TEMPLATE, Databases

RECORD = ("events", "reports", "timeliness", "refusals")
DOORS, CONSUMERS, CLOCK, RELAY = ROLES


async def attempt(databases: Databases, role: str, sql: str) -> str | None:
    """The error that a role gets for a statement, None when it may; nothing is kept."""
    connection = await asyncpg.connect(databases.server.dsn(TEMPLATE), user=role, password=PASSWORDS[role])
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        return type(error).__name__
    finally:
        await transaction.rollback()
        await connection.close()
    return None


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", RECORD)
async def test_nobody_changes_or_deletes_what_is_on_record(
    session_databases: Databases, role: str, table: str
) -> None:
    columns = {"events": "kind", "reports": "title", "timeliness": "outcome", "refusals": "reason"}
    column = "stage" if table == "reports" else columns[table]
    for sql in (f"update {table} set {column} = 'x'", f"delete from {table}", f"truncate {table}"):
        assert await attempt(session_databases, role, sql) == "InsufficientPrivilegeError", sql


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "sql",
    [
        "create table mine (id int)",
        "create role somebody",
        "drop table events",
        "alter table timeliness disable trigger all",
        "update people set password_hash = 'x'",
        "insert into api_tokens (token_hash, person_id) values ('x', gen_random_uuid())",
        "insert into people (person_id, login, name, node, role) values (gen_random_uuid(), 'x', 'x', 'x', 'admin')",
        "insert into county_files (kind, version, body) values ('county', 99, '{}')",
        "update migrations set digest = 'x'",
        "copy events to program 'cat'",
    ],
)
async def test_nobody_makes_himself_more_than_he_is(
    session_databases: Databases, role: str, sql: str
) -> None:
    assert await attempt(session_databases, role, sql) is not None


@pytest.mark.parametrize(
    ("role", "table", "may"),
    [
        (DOORS, "people", True),  # checks passwords
        (DOORS, "api_tokens", True),
        (DOORS, "sessions", True),
        (CONSUMERS, "people", False),  # knows people from the county's file
        (CONSUMERS, "api_tokens", False),
        (CONSUMERS, "sessions", False),
        (CLOCK, "people", False),
        (CLOCK, "api_tokens", False),
        (CLOCK, "sessions", False),
        (RELAY, "people", False),
        (RELAY, "sessions", False),
        (RELAY, "api_tokens", False),
        (RELAY, "reports", False),  # carries facts, reads nothing else
        (RELAY, "incidents", False),
        (RELAY, "obligations", False),
    ],
)
async def test_each_reads_only_what_it_needs(
    session_databases: Databases, role: str, table: str, may: bool
) -> None:
    error = await attempt(session_databases, role, f"select * from {table} limit 1")
    assert (error is None) is may


@pytest.mark.parametrize(
    ("role", "sql"),
    [
        (
            DOORS,
            "insert into reports (report_id) values (gen_random_uuid())",
        ),  # only what came over the stream
        (DOORS, "insert into timeliness (obligation_id) values (gen_random_uuid())"),
        (DOORS, "insert into obligations (obligation_id) values (gen_random_uuid())"),
        (DOORS, "update obligations set opened_at = now()"),
        (DOORS, "update incidents set received_at = now()"),
        (CLOCK, "update obligations set state = 'met'"),
        (CLOCK, "update obligations set due_at = now()"),
        (CLOCK, "update alerts set state = 'acknowledged'"),
        (RELAY, "insert into events (kind, at, body) values ('x', now(), '{}')"),
        (CONSUMERS, "delete from obligations"),
        (CONSUMERS, "delete from alerts"),
    ],
)
async def test_each_writes_only_what_it_decides(session_databases: Databases, role: str, sql: str) -> None:
    assert await attempt(session_databases, role, sql) == "InsufficientPrivilegeError"


async def test_each_signs_in_with_a_password_over_tcp(session_databases: Databases) -> None:
    for role in ROLES:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(session_databases.server.dsn(TEMPLATE), user=role, password="wrong")
