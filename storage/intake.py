"""When our own intake was there and when it was not, in real time; whoever writes holds the beat's row first."""

from collections.abc import Sequence
from datetime import datetime

from runtime.clock import Clock
from schemas.outage import Window
from storage.database import Transaction, columns, queries

sql = queries("intake")


async def hold(tx: Transaction, role: str) -> datetime | None:
    """The last beat of any process of this role, held until the transaction ends; None before the first ever."""
    row = await tx.row(sql["hold"], role)
    return row["at"] if row else None


async def beat(tx: Transaction, role: str, at: datetime) -> None:
    """Remember that it could take a report then; an earlier moment than the one known changes nothing."""
    await tx.run(sql["beat"], role, at)


async def gaps_between(tx: Transaction, start: datetime, end: datetime) -> list[Window]:
    """The gaps that touch this span of real time."""
    rows = await tx.rows(sql["gaps_between"], start, end)
    return [Window(**dict(row)) for row in rows]


async def gaps_around(tx: Transaction, moments: Sequence[datetime], clock: Clock) -> list[Window]:
    """The gaps in which one of these moments may lie; moments and answer are in the time that `clock` shows."""
    if not moments:
        return []
    found = await gaps_between(tx, clock.real(min(moments)), clock.real(max(moments)))
    return [
        Window(started_at=clock.of(gap.started_at), ended_at=clock.of(gap.ended_at), cause=gap.cause)
        for gap in found
    ]


async def replace_gaps(tx: Transaction, old: Sequence[Window], new: Sequence[Window]) -> None:
    """Put these gaps in the place of those."""
    if old:
        await tx.run(sql["remove_gaps"], [gap.started_at for gap in old])
    if new:
        await tx.run(sql["add_gaps"], *columns([(gap.started_at, gap.ended_at, gap.cause) for gap in new], 3))
