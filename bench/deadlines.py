"""deadlines: how late the clock is, beside a bare claim loop on the same tables.

Lateness is honest: from the due moment to the moment another connection sees the committed fact. Only the clock role
runs. Steady: obligations fall due one by one; burst: thousands fall due within one second.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import CannotMeasure, Figure, Say, Scale, Spread, Target, middle
from bench.house import House
from bench.stack import Servers
from runtime.ending import end

SQL = Path(__file__).with_name("deadlines.sql")
LEAD = timedelta(seconds=1)
WITHIN = 60.0
POLL = 0.002


@dataclass(frozen=True)
class Size:
    """How many obligations stand open; how many fall due steadily (a second, seconds), in one second; turns."""

    open: tuple[int, ...]
    steady: tuple[int, float]
    burst: int
    turns: int


SIZES = {
    Scale.FULL: Size((100_000, 1_000_000), (100, 10.0), 20_000, 3),
    Scale.QUICK: Size((100_000,), (100, 5.0), 20_000, 1),
    Scale.TINY: Size((1000,), (50, 0.5), 500, 1),
}


@cache
def statements() -> dict[str, str]:
    """The queries of deadlines.sql by name."""
    parts = SQL.read_text(encoding="utf-8").split("-- name: ")[1:]
    return {part.partition("\n")[0]: part.partition("\n")[2] for part in parts}


@dataclass
class Observer:
    """Sees each committed fact as soon as the database says that something was committed."""

    house: House
    look: Any
    late: list[float] = field(default_factory=list)
    last: datetime | None = None
    _seen: int = 0

    async def watch(self, count: int) -> None:
        """Note how late each of the next `count` breaches is. Raises CannotMeasure."""
        woken = asyncio.Event()
        self.late.clear()

        def wake(*_: object) -> None:
            woken.set()

        await self.look.add_listener("jibao", wake)
        try:
            async with asyncio.timeout(WITHIN):
                while len(self.late) < count:
                    await woken.wait()
                    woken.clear()
                    rows = await self.look.fetch(statements()["breaches"], self._seen)
                    self.last = self.house.clock.now()
                    for row in rows:
                        self._seen = max(self._seen, row["seq"])
                        self.late.append((self.last - row["due_at"]).total_seconds())
        except TimeoutError:
            raise CannotMeasure(f"{len(self.late)} of {count} limits rang in time") from None
        finally:
            await self.look.remove_listener("jibao", wake)


async def measure(servers: Servers, scale: Scale, say: Say) -> list[Figure]:
    """Lateness p50 and p99 (ms) with each number of open rows, and the time to drain a burst (s)."""
    size, figures = SIZES[scale], []
    for rows in size.open:
        async with servers.house() as house:
            say(f"opening {rows:,} obligations")
            look = await house.look()
            await look.execute(statements()["seed"].replace(":rows", str(rows)), timeout=600)
            for table in ("incidents", "obligations"):
                await look.execute(f"vacuum analyze {table}", timeout=600)
            figures += await _both(house, look, size, say)
            await look.close()
    return figures


async def _both(house: House, look: Any, size: Size, say: Say) -> list[Figure]:
    """The clock and the bare loop take turns on the same tables."""
    rows = await look.fetchval("select count(*) from obligations")
    steady: dict[str, list[Spread]] = {"clock": [], "bare": []}
    drained: dict[str, list[float]] = {"clock": [], "bare": []}
    for turn in range(1, size.turns + 1):
        for name, ringing in (("clock", _clock), ("bare", _bare)):
            say(f"{rows:,} open, turn {turn} of {size.turns}: {name}")
            async with ringing(house):
                await asyncio.sleep(0.5)
                observer = Observer(
                    house, look, _seen=await look.fetchval("select coalesce(max(seq), 0) from events")
                )
                rate, seconds = size.steady
                await _fall_due(observer, round(rate * seconds), seconds)
                steady[name].append(Spread.of(observer.late))
                begins = await _fall_due(observer, size.burst, 1.0)
                assert observer.last is not None
                drained[name].append((observer.last - begins).total_seconds())
    return _figures(rows, size, (middle(steady["clock"]), middle(steady["bare"])),
                    (median(drained["clock"]), median(drained["bare"])))  # fmt: skip


async def _fall_due(observer: Observer, count: int, seconds: float) -> datetime:
    """Let so many fall due evenly over so many seconds, and watch them; returns the first due moment."""
    begins = observer.house.clock.now() + LEAD
    watching = asyncio.create_task(observer.watch(count))
    other = await observer.house.look()
    await other.execute(statements()["due"], count, begins, seconds / count)
    await other.execute("select pg_notify('jibao', '')")
    await other.close()
    await watching
    return begins


def _figures(
    rows: int, size: Size, steady: tuple[Spread, Spread], drained: tuple[float, float]
) -> list[Figure]:
    ours, floor = steady
    what = f"due → fact committed, {size.steady[0]}/s, {rows:,} rows open"
    floor_is = f"bare claim loop, polling every {POLL * 1000:g} ms"
    burst = f"{size.burst:,} due within 1 s → last fact committed"
    label = f"{rows // 1000}k" if rows < 1_000_000 else f"{rows // 1_000_000}M"
    return [
        Figure(f"lateness p50 {label}", what, floor_is, "ms", ours.p50, floor.p50),
        Figure(
            f"lateness p99 {label}", what, floor_is, "ms", ours.p99, floor.p99, Target(100, at_least=False)
        ),
        Figure(f"burst {label}", burst, floor_is, "s", drained[0], drained[1], Target(2.0, at_least=False)),
    ]


@asynccontextmanager
async def _clock(house: House) -> AsyncIterator[None]:
    await house.start("clock")
    try:
        yield
    finally:
        await house.stop()


@asynccontextmanager
async def _bare(house: House) -> AsyncIterator[None]:
    database = await house.look()
    claim = statements()["claim"]

    async def work() -> None:
        while True:
            async with database.transaction():
                claimed = await database.fetchval(claim, house.clock.now(), 1000)
                if claimed:
                    await database.execute("select pg_notify('jibao', '')")
            if claimed < 1000:
                await asyncio.sleep(POLL)

    job = asyncio.create_task(work())
    try:
        yield
    finally:
        await end(job)
        await database.close()
