"""The ledger says what happened and when, whoever writes to it: no role forges another's fact, a time of recording or
a place in the order, and none stops the relay or a migration by taking a lock."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from schemas.events import KINDS, ReportSubmitted
from storage.migrate import ROLES, create_database, migrate
from tests.servers import PASSWORDS, TEMPLATE, Databases
from tests.storage.test_privileges import attempt
from tests.world import World

pytestmark = pytest.mark.attack
DOORS, CONSUMERS, CLOCK, RELAY = ROLES
FACT = "insert into events (kind, at, body) values ('{}', '2026-11-27T00:00:00Z', '{{}}')"
DENIED = "InsufficientPrivilegeError"
MAY = {
    DOORS: "report.refused obligation.opened obligation.met obligation.lapsed alert.acknowledged incident.regraded"
    " incident.stopped report.forwarded incident.closed incident.reopened pack.adopted",
    CONSUMERS: "incident.opened report.stored report.after_closing report.refused obligation.opened obligation.met"
    " obligation.lapsed alert.raised alert.delivered alert.failed alert.uncertain alert.escalated alert.exhausted"
    " alert.acknowledged incident.regraded incident.stopped",
    CLOCK: "obligation.due_soon obligation.breached alert.unanswered",
    RELAY: "",
}


@pytest.fixture
async def as_role(
    session_databases: Databases,
) -> AsyncIterator[dict[str, "asyncpg.Connection[asyncpg.Record]"]]:
    """A connection of each role to the migrated template."""
    dsn = session_databases.server.dsn(TEMPLATE)
    opened = {role: await asyncpg.connect(dsn, user=role, password=PASSWORDS[role]) for role in ROLES}
    yield opened
    for one in opened.values():
        await one.close()


@pytest.mark.parametrize("role", ROLES)
async def test_it_lets_each_role_say_only_what_it_decides(
    as_role: dict[str, "asyncpg.Connection[asyncpg.Record]"], role: str
) -> None:
    connection, said = as_role[role], set()
    for kind in [*KINDS, "made.up", ""]:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(FACT.format(kind))
            said.add(kind)
        except asyncpg.InsufficientPrivilegeError:
            pass
        finally:
            await transaction.rollback()
    assert said == set(MAY[role].split()) & (set(KINDS) | {"made.up", ""})


def test_it_leaves_no_kind_of_fact_without_a_role_that_may_say_it() -> None:
    said = {kind for kinds in MAY.values() for kind in kinds.split()}
    assert set(KINDS) - {ReportSubmitted.kind} <= said, "add the kind to storage/privileges.sql and to MAY"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "sql",
    [
        "insert into events (kind, at, body, recorded_at) values ('incident.closed', now(), '{}', '2020-01-01')",
        "insert into events (kind, at, body, xid) values ('incident.closed', now(), '{}', '1')",
        "insert into events (kind, at, body, seq) overriding system value values ('incident.closed', now(), '{}', 1)",
        "insert into events (kind, at, body) values ('incident.closed', now(), '{}'), ('alert.raised', now(), '{}')"
        " , ('obligation.breached', now(), '{}')",
        "update events set kind = kind",
        "delete from events",
        "truncate events",
        "alter table events disable row level security",
        "drop policy doors_say on events",
        "create policy mine on events for insert with check (true)",
        "alter policy doors_say on events with check (true)",
        "set session_replication_role = replica",
        "create temp table events (kind text)",
        "create schema mine",
        "create function public.f() returns int language sql as 'select 1'",
        "update timeliness set recorded_at = now()",
        "update reports set recorded_at = now()",
        "update obligations set recorded_at = now()",
        "update incidents set recorded_at = now()",
        "update security_log set kind = 'x'",
        "delete from security_log",
        "insert into security_log (at, kind, recorded_at) values (now(), 'signed_in', '2020-01-01')",
        "insert into api_tokens (token_hash, person_id) values ('x', gen_random_uuid())",
        "update people set password_hash = 'x'",
        "update people set role = 'admin'",
        "update people set active = true",
        "update api_tokens set expires_at = null",
        "update sessions set expires_at = 'infinity'",
        "update sessions set person_id = gen_random_uuid()",
        "set role postgres",
        "set session authorization postgres",
        "lock table migrations in share update exclusive mode nowait",
        "lock table events in share row exclusive mode nowait",
    ],
)
async def test_it_lets_no_role_forge_backdate_or_widen(
    session_databases: Databases, role: str, sql: str
) -> None:
    assert await attempt(session_databases, role, sql) in (DENIED, "InvalidSchemaNameError"), sql


@pytest.mark.parametrize("role", ROLES)
async def test_it_gives_no_role_a_column_that_the_database_witnesses(
    session_databases: Databases, role: str
) -> None:
    admin = await asyncpg.connect(session_databases.server.dsn(TEMPLATE))
    found = await admin.fetch(
        "select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid"
        " where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0"
        " and (a.attname = 'recorded_at' or (a.attname, c.relname) in (('xid', 'events'), ('seq', 'events')))"
        " and (has_column_privilege($1, c.oid, a.attnum, 'insert')"
        " or has_column_privilege($1, c.oid, a.attnum, 'update'))",
        role,
    )
    await admin.close()
    assert [tuple(row) for row in found] == []


@pytest.mark.parametrize("role", [DOORS, CONSUMERS, CLOCK])
@pytest.mark.parametrize("mode", ["access share", "share update exclusive", "access exclusive"])
async def test_it_lets_only_the_relay_take_the_lead(
    session_databases: Databases, role: str, mode: str
) -> None:
    assert await attempt(session_databases, role, f"lock table relay_leader in {mode} mode nowait") == DENIED
    assert await attempt(session_databases, role, "select from relay_leader for update") == DENIED


async def test_it_leads_though_another_role_holds_every_lock_it_can(world: World) -> None:
    await world.stop("relay")
    other = await asyncpg.connect(world.settings["clock"].database_url, user=CLOCK, password=PASSWORDS[CLOCK])
    await other.execute("select pg_advisory_lock(hashtext('jibao relay'))")
    receipt = await world.report()
    await world.start("relay")
    await world.settled()
    assert (await world.incident(receipt["incident_id"]))["alerts"]
    await other.close()


async def test_it_holds_no_fact_back_by_leading(world: World) -> None:
    """The leader's transaction is open for days: it must have neither a transaction id nor a snapshot."""
    rows = await world.rows(
        "select a.backend_xid, a.backend_xmin, a.state from pg_locks l join pg_stat_activity a using (pid)"
        " where l.relation = 'relay_leader'::regclass"
    )
    assert [tuple(row) for row in rows] == [(None, None, "idle in transaction")]


async def test_it_hands_the_lead_over_when_the_leader_is_gone(world: World) -> None:
    leader = "select l.pid from pg_locks l where l.relation = 'relay_leader'::regclass"
    first = (await world.rows(leader))[0]["pid"]
    await world.rows("select pg_terminate_backend($1)", first)
    async with asyncio.timeout(10):
        while [row["pid"] for row in await world.rows(leader)] in ([], [first]):
            await asyncio.sleep(0.05)
    receipt = await world.report()
    await world.settled()
    assert (await world.incident(receipt["incident_id"]))["alerts"]


async def test_it_lets_the_roles_into_their_own_database_only(session_databases: Databases) -> None:
    name = f"test_{uuid4().hex[:12]}"
    await create_database(session_databases.server.dsn(), name)
    await migrate(session_databases.server.dsn(name))
    admin = await asyncpg.connect(session_databases.server.dsn(name))
    try:
        for role in ROLES:
            for other in ("postgres", "template1"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await asyncpg.connect(
                        session_databases.server.dsn(other), user=role, password=PASSWORDS[role]
                    )
            assert not await admin.fetchval("select has_database_privilege($1, $2, 'temporary')", role, name)
        public = await admin.fetchval(
            "select count(*) from pg_database d, aclexplode(d.datacl) a where d.datname = $1 and a.grantee = 0",
            name,
        )
        runs_as_owner = await admin.fetch(
            "select p.oid::regprocedure::text from pg_proc p"
            " where p.prosecdef and p.pronamespace = 'public'::regnamespace"
            " and (has_function_privilege('jibao_clock', p.oid, 'execute') or p.proconfig is null)"
        )
    finally:
        await admin.close()
        await session_databases.drop(name)
    assert (public, list(runs_as_owner)) == (0, [])


async def test_it_migrates_though_a_role_holds_what_locks_it_can(session_databases: Databases) -> None:
    name = f"test_{uuid4().hex[:12]}"
    await create_database(session_databases.server.dsn(), name)
    await migrate(session_databases.server.dsn(name))
    other = await asyncpg.connect(session_databases.server.dsn(name), user=CLOCK, password=PASSWORDS[CLOCK])
    await other.execute("select pg_advisory_lock(1784246881)")
    assert await asyncio.wait_for(migrate(session_databases.server.dsn(name)), 20) == []
    await other.close()
    await session_databases.drop(name)
