"""Time passes → obligation.due_soon, obligation.breached, alert.unanswered: what is due is marked and said at once.

A deadline is a row whose time has come, so nothing is lost at a restart and any number of clocks run side by side.
The clock sleeps until the next due time or until the database says that something changed.
"""

import asyncio
import logging
from datetime import timedelta

from runtime import metrics
from runtime.clock import Clock
from runtime.ending import end
from runtime.trouble import Unavailable
from storage import alerts, obligations
from storage.database import Database

log = logging.getLogger("jibao.clock")

AT_ONCE = 1000
SLEEP_AT_MOST = timedelta(seconds=5)
BREATH = timedelta(milliseconds=10)
"""What changes within it is looked at together, unless something falls due before."""


class DeadlineClock:
    """Rings what is due."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Ring for ever; an outage of the database is waited out and what fell due meanwhile rings at once after."""
        listener = asyncio.create_task(self._database.listen(self._woken))
        try:
            while True:
                try:
                    await self._go_round()
                except Unavailable as error:
                    log.warning("waiting: %s", error)
                    await asyncio.sleep(0.5)
        finally:
            await end(listener)

    async def _go_round(self) -> None:
        self._woken.clear()
        metrics.LAST_BEAT.set_to_current_time()
        async with self._database.reading() as tx:
            next_at = await obligations.next_moment(tx)
        if next_at is not None and next_at <= self._clock.now():
            if await self.ring() == 0:  # another clock holds it, and says so in this moment
                await asyncio.sleep(BREATH.total_seconds())
            return
        await self._clock.wait(next_at, self._woken, SLEEP_AT_MOST)
        await self._clock.wait(next_at, asyncio.Event(), BREATH)

    async def ring(self) -> int:
        """Mark and announce what is due, `AT_ONCE` of it at most; returns how much it was."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            owed = await obligations.ring(tx, now, AT_ONCE)
            silent = await alerts.ring(tx, now, AT_ONCE)
        for rung in owed:
            counter = metrics.BREACHED if rung.breached else metrics.REMINDED
            counter.labels(rung.rule).inc()
            if rung.breached:
                metrics.DEADLINE_LATENESS.observe((now - rung.due_at).total_seconds())
        for due_at in silent:
            metrics.DEADLINE_LATENESS.observe((now - due_at).total_seconds())
        return len(owed) + len(silent)
