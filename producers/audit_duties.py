"""The auditor beside the clock: its own queries prove every few seconds that nothing due was forgotten.

It also keeps the gauges that no event carries: what is open, how late the relay is, who covers the next 24 hours.
"""

import asyncio
import logging
from datetime import timedelta

from rules import rosters
from rules.desk import Desk
from runtime import metrics
from runtime.clock import Clock
from runtime.trouble import Unavailable
from storage import audit, events, obligations, parked, timeliness
from storage.database import Database, Transaction
from storage.timeliness import Period

log = logging.getLogger("jibao.audit")

EVERY = 5.0
GRACE_SECONDS = 15.0
AHEAD = timedelta(hours=24)
LOOK_BACK = timedelta(days=30)


class Auditor:
    """Looks, counts and shouts; it never mends."""

    def __init__(self, database: Database, clock: Clock, desk: Desk) -> None:
        self._database = database
        self._clock = clock
        self._desk = desk

    def use(self, desk: Desk) -> None:
        """Another county file is in force."""
        self._desk = desk

    async def run(self) -> None:
        """Look for ever."""
        while True:
            try:
                async with self._database.reading() as tx:
                    await self.look(tx)
            except Unavailable as error:
                log.warning("waiting: %s", error)
            except Exception:
                log.exception("the auditor failed; the clock beside it goes on")
                metrics.AUDIT_FOUND.labels("auditor_failed").inc()
            await asyncio.sleep(EVERY)

    async def look(self, tx: Transaction) -> dict[str, int]:
        """One look at everything; returns what was found, by check."""
        now = self._clock.now()
        grace = GRACE_SECONDS * self._clock.rate
        found = await audit.violations(tx, audit.QUICK, now, grace)
        for check, count in found.items():
            metrics.AUDIT_VIOLATIONS.labels(check).set(count)
            if count:
                metrics.AUDIT_FOUND.labels(check).inc(count)
                log.error("audit: %s finds %d", check, count)
        metrics.RELAY_LAG.set(await events.relay_lag(tx))
        metrics.PARKED_OPEN.set(await parked.count_waiting(tx))
        metrics.OBLIGATIONS_OPEN.clear()
        for stage, medium, count in await obligations.open_counts(tx):
            metrics.OBLIGATIONS_OPEN.labels(stage, medium).set(count)
        for group in ("stage", "medium"):
            for row in await timeliness.by_group(tx, Period(now - LOOK_BACK, now), group):
                due = row["met"] + row["late"] + row["missed"] + row["overdue"]
                if due:
                    metrics.TIMELINESS.labels(group, row["key"]).set(row["met"] / due)
        self._cover()
        return found

    def _cover(self) -> None:
        now, county = self._clock.now(), self._desk.county
        for post in county.posts:
            gaps = [] if post.holder else rosters.uncovered(county.roster, post.code, now, now + AHEAD)
            minutes = sum((end - start).total_seconds() / 60 for start, end in gaps)
            metrics.UNCOVERED_MINUTES.labels(post.code).set(minutes)
