"""A door can take a report → a heartbeat every 2 s: from their silence an outage of our own intake is known afterwards.

A stopped machine, dead doors and an absent broker are all silent. A busy door is not: its loop comes late, its process
ran all the while, and lateness of others is not excused by it. Nor is an absent database an outage: the broker goes on
taking reports, so the door keeps its heartbeats in memory and writes them as they were once the database is back.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from nats.aio.client import Client

from rules import outages
from rules.outages import Windows
from runtime.clock import real_now
from runtime.ending import end
from runtime.trouble import Unavailable
from schemas.reasons import OutageCause
from storage import intake
from storage.database import Database

log = logging.getLogger("jibao.doors")

ROLE = "doors"
EVERY = 2.0
ANSWER_WITHIN = 2
ASKS = 3
"""An answer that came too late because this loop was busy says nothing of the broker: it is asked again."""


class IntakeHeartbeat:
    """The heartbeats of one doors process; any number of them side by side record one truth.

    `real` tells the real time, `ran` for how many seconds this process demonstrably ran, `refuses` whether the broker
    refused the last report it was given.
    """

    def __init__(
        self,
        client: Client,
        database: Database,
        real: Callable[[], datetime] = real_now,
        ran: Callable[[], float] = time.process_time,
        refuses: Callable[[], bool] = lambda: False,
    ) -> None:
        self._client = client
        self._database = database
        self._real = real
        self._ran = ran
        self._refuses = refuses
        self._served: Windows = ()
        self._silent: OutageCause | None = OutageCause.ALL_DOORS_SILENT
        """Why it cannot take a report now; None while it can."""
        self._ran_until = 0.0
        self._more = asyncio.Event()

    async def run(self) -> None:
        """Ask for ever. Writing has a task of its own: a database that hangs must not look like a silence."""
        writing = asyncio.create_task(self._write_on())
        try:
            while True:
                await self.listen()
                await asyncio.sleep(EVERY)
        finally:
            await end(writing)

    async def listen(self) -> None:
        """Ask the broker; when it answers, this door could take a report at this moment."""
        for _ in range(ASKS):
            began = self._bridged()
            silent = await self._ask()
            if silent is None or self._real() - began < timedelta(seconds=2 * ANSWER_WITHIN):
                break
        if silent is None:
            cause = self._silent or OutageCause.ALL_DOORS_SILENT
            self._served = outages.prolonged(self._served, self._real(), cause)
            self._more.set()
        elif self._silent is None or silent is OutageCause.BROKER_REFUSES:
            log.warning("no report can be taken: %s", silent)
        self._silent = silent
        self._ran_until = self._ran()

    def _bridged(self) -> datetime:
        """Now. Where this door could take reports and ran ever since, however late it asks, it was busy, not away."""
        now = self._real()
        if self._silent is None:
            self._served = outages.bridged(self._served, now, self._ran() - self._ran_until)
            self._ran_until = self._ran()
        return now

    async def _ask(self) -> OutageCause | None:
        """Why the broker takes nothing; None when it does."""
        if not self._client.is_connected:
            return OutageCause.BROKER_UNREACHABLE
        try:
            await self._client.flush(ANSWER_WITHIN)
        except Exception as error:
            log.warning("the broker does not answer: %s", type(error).__name__)
            return OutageCause.BROKER_UNREACHABLE
        return OutageCause.BROKER_REFUSES if self._refuses() else None

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
                    log.warning(
                        "no report could be taken from %s to %s: %s", one.started_at, one.ended_at, one.cause
                    )
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
                log.exception("the intake's heartbeat could not be written; the doors go on")
