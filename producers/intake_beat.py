"""A door can take a report → a beat every 2 s: from their silence an outage of our own intake is known afterwards.

A stopped machine, dead doors and an absent broker are all silent. An absent database is not: the broker goes on taking
reports, so the door keeps its beats in memory and writes them as they were once the database is back.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from nats.aio.client import Client

from rules import outages
from rules.outages import Windows
from runtime.clock import real_now
from runtime.ending import end
from runtime.trouble import Unavailable
from storage import intake
from storage.database import Database

log = logging.getLogger("jibao.doors")

ROLE = "doors"
EVERY = 2.0
ANSWER_WITHIN = 2


class IntakeBeat:
    """The beats of one doors process; any number of them side by side record one truth."""

    def __init__(self, client: Client, database: Database, real: Callable[[], datetime] = real_now) -> None:
        self._client = client
        self._database = database
        self._real = real
        self._served: Windows = ()
        self._more = asyncio.Event()

    async def run(self) -> None:
        """Beat for ever. Writing has a task of its own: a database that hangs must not look like a silence."""
        writing = asyncio.create_task(self._write_on())
        try:
            while True:
                await self.listen()
                await asyncio.sleep(EVERY)
        finally:
            await end(writing)

    async def listen(self) -> None:
        """Ask the broker; when it answers, this door could take a report at this moment."""
        if not self._client.is_connected:
            return
        try:
            await self._client.flush(ANSWER_WITHIN)
        except Exception as error:
            log.warning("the broker does not answer: %s", type(error).__name__)
            return
        self._served = outages.prolonged(self._served, self._real())
        self._more.set()

    async def write(self) -> None:
        """Record what was served since the last time, and the gap before it. Raises Unavailable."""
        served = self._served
        if not served:
            return
        async with self._database.transaction() as tx:
            last = await intake.hold(tx, ROLE)
            for window in served:
                doubted = last is not None and window.started_at < last
                found = await intake.gaps_between(tx, window.started_at, window.ended_at) if doubted else []
                gap = outages.gap_before(last, window)
                await intake.replace_gaps(tx, found, (*outages.without(found, window), *gap))
                last = max(last or window.ended_at, window.ended_at)
                for one in gap:
                    log.warning("no report could be taken from %s to %s", one.started_at, one.ended_at)
            await intake.beat(tx, ROLE, served[-1].ended_at)
        self._served = outages.unwritten(self._served, served[-1].ended_at)

    async def _write_on(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            try:
                await self.write()
            except Unavailable as error:
                log.warning("waiting: %s", error)
            except Exception:
                log.exception("the intake's beat could not be written; the doors go on")
