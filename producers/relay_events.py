"""The event relay: facts leave the ledger in commit order and reach the stream at least once, each under its own id.

One relay publishes at a time; others stand by. It is woken by the database, once for each gathered transaction.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from runtime import metrics
from runtime.ending import end
from runtime.publish import Outgoing, Publisher
from runtime.stream import FACTS
from runtime.trouble import Unavailable
from storage import events
from storage.database import Database
from storage.events import Lead, Place, Recorded

log = logging.getLogger("jibao.relay")

AT_ONCE = 500
STAND_BY = 1.0
LOOK_AGAIN = 0.003
"""While an older transaction is still under way its facts must go first; it is over in milliseconds."""


class Relay:
    """Publishes what is in the ledger and not yet on the stream."""

    def __init__(self, database: Database, publisher: Publisher) -> None:
        self._database = database
        self._publisher = publisher
        self._woken = asyncio.Event()
        self._place = events.START  # what lies before it is on the stream
        self._marked = events.START  # and so is known to whoever leads next
        self._marking: asyncio.Task[Place] | None = None

    async def run(self) -> None:
        """Publish for ever; outages of either side are waited out."""
        listener = asyncio.create_task(self._database.listen(self._woken))
        try:
            while True:
                try:
                    await self._lead()
                except Unavailable as error:
                    log.warning("waiting: %s", error)
                    await asyncio.sleep(0.5)
        finally:
            await end(listener)

    async def _lead(self) -> None:
        async with events.leading(self._database) as lead:
            if lead is None:
                await asyncio.sleep(STAND_BY)
                return
            async with self._database.reading() as tx:
                self._place = self._marked = await events.position(tx)
            try:
                await self._publish_all(lead)
            finally:
                marking, self._marking = self._marking, None
                if marking is not None:
                    await asyncio.wait({marking})
                    marking.cancelled() or marking.exception()  # what was not written down is published again

    async def _publish_all(self, lead: Lead) -> None:
        while lead.is_held:
            self._woken.clear()
            metrics.LAST_BEAT.set_to_current_time()
            published, waiting = await self.publish_some()
            if published == AT_ONCE:
                continue
            if waiting:
                await asyncio.sleep(LOOK_AGAIN)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), STAND_BY)

    async def publish_some(self) -> tuple[int, bool]:
        """Publish up to `AT_ONCE` facts; returns how many, and whether more wait for an older transaction."""
        async with self._database.reading() as tx:
            facts = await events.unpublished(tx, self._place, AT_ONCE)
            lag = facts[0].waited if facts else await events.held_back(tx, self._place)
            metrics.RELAY_LAG.set(lag)
        if facts:
            await self._publisher.together(_outgoing(facts))
            self._place = facts[-1].place
        await self._mark_behind()
        if facts:
            for kind, count in Counter(fact.kind for fact in facts).items():
                metrics.RELAYED.labels(kind).inc(count)
        return len(facts), not facts and lag > 0

    async def _mark_behind(self) -> None:
        """Write the place down while the next facts are on their way: what a crash in between publishes again comes
        under the same ids, and whoever knows them ignores them.
        """
        if self._marking is not None:
            self._marked = await self._marking  # of the round before: as a rule it is done
            self._marking = None
        if self._marked != self._place:
            self._marking = asyncio.create_task(self._mark(self._place))

    async def _mark(self, place: Place) -> Place:
        async with self._database.reading() as tx:
            await events.mark_published(tx, place)
        return place


def _outgoing(facts: Sequence[Recorded]) -> list[Outgoing]:
    return [Outgoing(FACTS, f"facts.{fact.kind}", fact.body.encode(), str(fact.event_id)) for fact in facts]
