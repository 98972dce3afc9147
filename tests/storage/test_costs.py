"""No query of the busy path reads more when more is stored: it costs what is due, new or named, never the history.

Asked as the roles ask: with plans that were made once for any argument, on tables that nobody has analysed yet.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from storage.database import BY_INDEX, queries
from tests.servers import Databases

pytestmark = pytest.mark.asyncio(loop_scope="module")
STORED = 5000
READS_AT_MOST = 250
"""Rows that one step of a plan may touch; a look at the history would be thousands."""

TABLES = ("incidents", "reports", "obligations", "alerts", "attempts", "events")
HISTORY = f"""
set session_replication_role = replica;
insert into incidents (incident_id, number, category, grade, title, division, received_at, state)
select md5('i' || n)::uuid, 'n' || n, 'accident.fire', 'IV', '往事', '990101103', '2026-01-01', 'closed'
from generate_series(1, {STORED}) n;
insert into reports (report_id, incident_id, number, stage, medium, door, category, grade, submitted_by, receipt_no,
                     body, body_hash, received_at, broker_at, judged_at)
select md5('r' || n)::uuid, md5('i' || n)::uuid, 1, 'first', 'written', 'api', 'accident.fire', 'IV',
       md5('p')::uuid, 'n' || n, '{{}}', '', '2026-01-01', '2026-01-01', '2026-01-01'
from generate_series(1, {STORED}) n;
insert into obligations (obligation_id, incident_id, from_role, from_node, to_role, stage, medium, occurrence, state,
                         due_at, opened_at, next_at, binding)
select md5('o' || n || ' ' || m)::uuid, md5('i' || n)::uuid, 'township', '990101103', 'county', 'first', 'phone', m,
       'met', '2026-01-01', '2026-01-01', null, '{{"id": "x"}}'
from generate_series(1, {STORED}) n, generate_series(1, 4) m;
insert into alerts (alert_id, incident_id, reason, ladder, grade, title, step, round, state, raised_at, next_at)
select md5('a' || n)::uuid, md5('i' || n)::uuid, 'incident_opened', 'x', 'IV', '往事', 1, 1, 'acknowledged',
       '2026-01-01', null from generate_series(1, {STORED}) n;
insert into attempts (attempt_id, alert_id, step, round, person_id, channel, raised_at)
select md5('t' || n)::uuid, md5('a' || n)::uuid, 1, 1, md5('p')::uuid, 'console', '2026-01-01'
from generate_series(1, {STORED}) n;
insert into events (kind, incident_id, division, at, body)
select 'report.stored', md5('i' || n % {STORED})::uuid, '990101103', '2026-01-01', '{{}}'
from generate_series(1, 4 * {STORED}) n;
update relay_position set (xid, seq) = (select xid, seq from events order by xid desc, seq desc limit 1);
set session_replication_role = origin;
"""
ONE_INCIDENT = "array[md5('i7')::uuid]"
EVERYTHING = "null, null, array[]::text[], null"
DEPARTMENT = "'HEALTH', null, array['public_health'], '990101'"

BUSY = [
    # file, query, its arguments
    ("events", "position", ""),
    ("events", "unpublished", "PLACE, 500"),
    ("events", "held_back", "PLACE"),
    ("events", "relay_lag", ""),
    ("events", "last_place", ""),
    ("events", "news", f"PLACE, 200, {EVERYTHING}"),
    ("events", "news", f"PLACE, 200, {DEPARTMENT}"),
    ("events", "after", f"PLACE, 200, {EVERYTHING}"),
    ("events", "after", f"PLACE, 200, {DEPARTMENT}"),
    ("events", "of_incident", "md5('i7')::uuid"),
    ("incidents", "lock", ONE_INCIDENT),
    ("incidents", "load", "md5('i7')::uuid"),
    ("incidents", "urgent", f"{EVERYTHING}, 50, 5"),
    ("incidents", "urgent", f"{DEPARTMENT}, 50, 5"),
    ("incidents", "of_sender", f"md5('p')::uuid, {EVERYTHING}, 50, null, null"),
    ("incidents", "open_of_senders", f"{EVERYTHING}, array[md5('p')::uuid]"),
    ("incidents", "open_count", EVERYTHING),
    ("incidents", "open_count", DEPARTMENT),
    ("reports", "known", "array[md5('r7')::uuid]"),
    ("reports", "state", "md5('r7')::uuid"),
    ("reports", "of_incident", "md5('i7')::uuid"),
    ("obligations", "open_of", ONE_INCIDENT),
    ("obligations", "ring", "now(), 1000"),
    ("obligations", "next_moment", ""),
    ("obligations", "open_counts", ""),
    ("obligations", "filings", f"{ONE_INCIDENT}, '990101'"),
    ("alerts", "lock", "array[md5('a7')::uuid]"),
    ("alerts", "climbing_of", ONE_INCIDENT),
    ("alerts", "ring", "now(), 1000"),
    ("alerts", "attempts", "array[md5('t7')::uuid]"),
    ("alerts", "tried", "array[md5('a7')::uuid]"),
    ("alerts", "of_incidents", ONE_INCIDENT),
    ("alerts", "attempts_of_incident", "md5('i7')::uuid"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def full(session_databases: Databases) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A database with a long history that nobody has analysed."""
    name = await session_databases.clone()
    dsn = session_databases.server.dsn(name)
    connection = await asyncpg.connect(
        dsn, server_settings={**BY_INDEX, "plan_cache_mode": "force_generic_plan"}
    )
    for table in TABLES:
        await connection.execute(f"alter table {table} set (autovacuum_enabled = off)")
    await connection.execute(HISTORY)
    yield connection
    await connection.close()
    await session_databases.drop(name)


def touched(plan: dict[str, Any]) -> int:
    """The most rows that one step of a plan has looked at, all its loops together."""
    own = (
        plan["Actual Rows"]
        + plan.get("Rows Removed by Filter", 0)
        + plan.get("Rows Removed by Join Filter", 0)
    )
    return max([round(own * plan["Actual Loops"]), *(touched(one) for one in plan.get("Plans", ()))])


@pytest.mark.parametrize(
    ("file", "query", "arguments"), BUSY, ids=[f"{one[0]}.{one[1]} {one[2]}" for one in BUSY]
)
async def test_it_reads_what_is_asked_for_and_not_the_history(
    full: "asyncpg.Connection[asyncpg.Record]", file: str, query: str, arguments: str
) -> None:
    name = f"{file}_{query}"
    around = full.transaction()
    await around.start()
    try:
        await full.execute(f"prepare {name} as {queries(file)[query]}")
        place = await full.fetchval("select format('%L, %s', xid, seq) from relay_position")
        call = f"{name} ({arguments.replace('PLACE', place)})" if arguments else name
        said = await full.fetchval(f"explain (analyze, format json) execute {call}")
    finally:
        await around.rollback()
        await full.execute(f"deallocate {name}")
    assert touched(json.loads(said)[0]["Plan"]) <= READS_AT_MOST, said
