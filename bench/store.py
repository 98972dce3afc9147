"""store: INTAKE → committed rows, beside a raw fetch(500) loop that runs the very same SQL on one connection.

The same SQL: our own statements with our own parameters (incident, report, obligations, events, the locks and
look-ups, the notification), recorded beforehand from the storing reaction in a database that is thrown away.
The floor neither reads the messages nor decides, serialises or counts anything: it fetches, executes, acknowledges.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from bench import reports
from bench.figures import CannotMeasure, Figure, Say, Scale, Target
from bench.house import House
from bench.stack import START, Servers
from consumers import store_reports
from consumers.app import STORE
from consumers.submission import Said
from rules.desk import Desk
from rules.pack_files import read_folder
from rules.packs import Packs
from runtime.publish import Outgoing, Publisher
from runtime.stream import INTAKE
from schemas.events import ReportSubmitted, subject_of
from storage.database import Database, Row, Transaction, speak_json

GROUP = 500
SIZES = {Scale.FULL: (10_000, 3), Scale.QUICK: (4000, 1), Scale.TINY: (600, 1)}
WITHIN = 120.0


@dataclass(frozen=True)
class Statement:
    """One statement of one transaction, with its parameters."""

    sql: str
    arguments: tuple[Any, ...]


class Recording(Transaction):
    """A transaction that remembers what was asked of it."""

    def __init__(self, inner: Transaction) -> None:
        super().__init__(inner.connection)
        self._inner = inner
        self.statements: list[Statement] = []

    async def rows(self, sql: str, *arguments: Any) -> list[Row]:
        self.statements.append(Statement(sql, arguments))
        return await self._inner.rows(sql, *arguments)

    async def row(self, sql: str, *arguments: Any) -> Row | None:
        self.statements.append(Statement(sql, arguments))
        return await self._inner.row(sql, *arguments)

    async def run(self, sql: str, *arguments: Any) -> str:
        self.statements.append(Statement(sql, arguments))
        return await self._inner.run(sql, *arguments)


async def measure(servers: Servers, scale: Scale, say: Say) -> list[Figure]:
    """Reports a second that reach the database."""
    count, turns = SIZES[scale]
    ours, floors, rows = [], [], ""
    for turn in range(1, turns + 1):
        facts, now = make_facts(servers, count)
        say(f"turn {turn} of {turns}: recording the SQL of {count} reports")
        async with servers.house() as house:
            statements = await record(house, facts, now)
            rows = await _count_rows(house, count)
        say(f"turn {turn} of {turns}: raw fetch({GROUP}) and the same SQL")
        async with servers.house() as house:
            await fill(house, facts)
            floors.append(count / await _raw(house, statements, count))
        say(f"turn {turn} of {turns}: the consumers")
        async with servers.house() as house:
            await fill(house, facts)
            await house.start("consumers")
            ours.append(await _stored(house, count))
    return [
        Figure(
            "store",
            f"{count} waiting reports → committed ({rows})",
            f"raw fetch({GROUP}) + the same SQL, one connection",
            "reports/s",
            median(ours),
            median(floors),
            Target(0.4, at_least=True, of_floor=True),
        )
    ]


def make_facts(servers: Servers, count: int) -> tuple[list[ReportSubmitted], datetime]:
    """So many different reports, said now."""
    who = reports.senders(servers.county)
    return [reports.submitted(number, who[number % len(who)], START) for number in range(count)], START


async def fill(house: House, facts: Sequence[ReportSubmitted]) -> None:
    """Put reports on INTAKE, in their order."""
    client = await house.broker()
    publisher = Publisher(client)
    messages = [
        Outgoing(INTAKE, subject_of(fact.report_id), fact.model_dump_json().encode(), str(fact.report_id))
        for fact in facts
    ]
    for start in range(0, len(messages), GROUP):
        await publisher.together(messages[start : start + GROUP])
    await client.close()


async def record(house: House, facts: Sequence[ReportSubmitted], now: datetime) -> list[list[Statement]]:
    """Store them by our own reaction, and return what it asked of the database, by transaction."""
    desk = Desk.of(house.county, Packs(read_folder()))
    database = await Database.connect(house.settings("owner"), 1)
    found = []
    for start in range(0, len(facts), GROUP):
        said = [Said(fact, now, fact.model_dump_json().encode()) for fact in facts[start : start + GROUP]]
        async with database.transaction() as tx:
            recording = Recording(tx)
            await store_reports.store_all(recording, said, now, desk)
        found.append(recording.statements)
    await database.close()
    return found


async def _count_rows(house: House, count: int) -> str:
    look = await house.look()
    found = await look.fetchrow(
        "select (select count(*) from obligations) as obligations, (select count(*) from events) as events"
    )
    await look.close()
    assert found is not None
    opened, said = found["obligations"] / count, found["events"] / count
    return f"each 1 incident, 1 report, {opened:.1f} obligations, {said:.1f} events"


async def _raw(house: House, groups: Sequence[Sequence[Statement]], count: int) -> float:
    """Fetch, execute, acknowledge; seconds from the first fetch to the last commit."""
    client = await house.broker()
    subscription = await client.jetstream(timeout=10).pull_subscribe_bind(durable=STORE.name, stream=INTAKE)
    database = await house.look()
    await speak_json(database)
    loop = asyncio.get_running_loop()
    begun, handled = loop.time(), 0
    for statements in groups:
        messages: list[Any] = []
        while len(messages) < min(GROUP, count - handled):
            messages += await subscription.fetch(min(GROUP, count - handled) - len(messages), timeout=10)
        async with database.transaction():
            for statement in statements:
                await database.fetch(statement.sql, *statement.arguments)
        for message in messages:
            await message.ack()
        handled += len(messages)
    taken = loop.time() - begun
    await client.close()
    await database.close()
    return taken


async def _stored(house: House, count: int) -> float:
    """Reports a second, from the database's own witness: the start of the first transaction to that of the last."""
    look = await house.look()
    try:
        async with asyncio.timeout(WITHIN):
            while await look.fetchval("select count(*) from reports") < count:  # noqa: ASYNC110, other processes write
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise CannotMeasure("the consumers did not store everything in time") from None
    found = await look.fetchrow(
        "with t as (select recorded_at, count(*) as stored from reports group by 1)"
        " select extract(epoch from max(recorded_at) - min(recorded_at))::float8 as seconds,"
        " (select stored from t order by recorded_at desc limit 1) as last, count(*) as groups from t"
    )
    await look.close()
    assert found is not None
    if found["groups"] < 2:
        raise CannotMeasure("too few reports: they were stored in one transaction")
    return float((count - found["last"]) / found["seconds"])
