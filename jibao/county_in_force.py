"""The county in force as a desk, read at the start of a role and again when its files, people or packs change."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jibao.workdays import known_holidays
from rules.adoption import not_the_offices, together
from rules.desk import Desk
from rules.limits import Pack
from rules.pack_files import PackError, read_folder, read_text
from rules.packs import Packs
from runtime import metrics
from runtime.clock import REAL, Clock
from runtime.trouble import Unavailable
from storage import packs, people
from storage.database import Database, Transaction
from storage.packs import Adopted

log = logging.getLogger("jibao.county")
LOOK_EVERY = 5.0


async def load_desk(database: Database, clock: Clock = REAL) -> Desk:
    """Read county and packs. Raises Unavailable until a county has been loaded."""
    async with database.reading() as tx:
        county = await people.county(tx)
        if county is None:
            raise Unavailable("no county has been loaded yet; run `jibao county load DIR`")
        division = next(node.division for node in county.nodes if node.code == county.code)
        adopted = await _adopted(tx, clock.now(), division)
    shipped = await asyncio.to_thread(read_folder)
    return Desk.of(county, Packs(together(shipped, adopted), holidays=known_holidays()))


async def _adopted(tx: Transaction, now: datetime, division: str) -> list[Pack]:
    """The office's own packs that hold now. Where one cannot be read any more, the version before it holds."""
    unreadable: list[int] = []
    while True:
        rows = await packs.in_force(tx, now, unreadable)
        good, bad = await asyncio.to_thread(_read, rows, division)
        if not bad:
            metrics.PACKS_UNREADABLE.set(len(unreadable))
            return good
        unreadable += bad


def _read(rows: Sequence[Adopted], division: str) -> tuple[list[Pack], list[int]]:
    """The packs, and the uploads that cannot be used: unreadable for this program, or not the office's to make."""
    good, bad = [], []
    for row in rows:
        name = f"{row.pack_id} {row.version}"
        try:
            pack = read_text(row.body.encode(), name)
            problems = not_the_offices(pack, name, division)
            if problems:
                raise PackError(problems)
            good.append(pack)
        except Exception as error:  # whatever is wrong with it, a role goes on
            bad.append(row.seq)
            log.error("upload %d is not used, the version before it is in force: %s", row.seq, error)
    return good, bad


@dataclass(frozen=True)
class _Seen:
    """What a desk was made of, and when that changes by itself."""

    county: int
    packs: str
    next_at: datetime | None = None


class Watch:
    """Looks for a newer county file and for packs that come into force, and hands a new desk over."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._seen: _Seen | None = None
        self.desk: Desk | None = None
        """The last one that was handed over."""

    async def load(self) -> Desk:
        """The first desk. What changes while it is read is found by the next look."""
        self._seen = await self._look()
        self.desk = await load_desk(self._database, self._clock)
        return self.desk

    async def newer(self) -> Desk | None:
        """A desk that differs from the last one, if there is one. Raises Unavailable."""
        found = await self._look()
        if self._seen is not None and (found.county, found.packs) == (self._seen.county, self._seen.packs):
            self._seen = found
            return None
        self.desk = await load_desk(self._database, self._clock)
        self._seen = found
        log.info("county file version %d is in force, with uploads %s", found.county, found.packs or "none")
        return self.desk

    async def run(self, use: Callable[[Any], None]) -> None:
        """Look every few seconds, and at the moment at which a pack comes into force; two indexed rows."""
        never = asyncio.Event()
        while True:
            try:
                desk = await self.newer()
                if desk is not None:
                    use(desk)
            except Unavailable as error:
                log.warning("waiting: %s", error)
                await asyncio.sleep(LOOK_EVERY)
                continue
            next_at = self._seen.next_at if self._seen else None
            await self._clock.wait(next_at, never, timedelta(seconds=LOOK_EVERY))

    async def _look(self) -> _Seen:
        async with self._database.reading() as tx:
            county = await people.county_version(tx)
            mark = await packs.mark(tx, self._clock.now())
        return _Seen(county, mark.standing, mark.next_at)
