"""Live to the screens: facts as they are committed, alerts to the person they are for, and a tick that proves life.

A console that was away gives the last id it saw and misses nothing; the ledger is the queue.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from producers.reception import Reception
from runtime import metrics
from runtime.trouble import Unavailable
from storage import events
from storage.database import Database
from storage.events import Place

log = logging.getLogger("jibao.doors.stream")

TICK = 5.0
AT_ONCE = 500
BUFFER = 20_000


@dataclass(eq=False)
class Screen:
    """One open console. `division` narrows what it sees; a screen too slow to follow is told to start over."""

    person_id: UUID
    division: str | None
    lines: "asyncio.Queue[str | None]" = field(default_factory=lambda: asyncio.Queue(BUFFER))

    def put(self, line: str) -> bool:
        """Queue one message; False when the screen has fallen too far behind."""
        try:
            self.lines.put_nowait(line)
        except asyncio.QueueFull:
            return False
        return True

    def end(self) -> None:
        """Cut the stream; the browser reconnects by itself."""
        with suppress(asyncio.QueueFull):
            self.lines.put_nowait(None)


def message(event: str, body: Any, place: str | None = None) -> str:
    """One server-sent event."""
    head = f"id: {place}\n" if place else ""
    return f"{head}event: {event}\ndata: {json.dumps(body, ensure_ascii=False, default=str)}\n\n"


class LiveScreens:
    """All consoles of this process: one reader of the ledger feeds them all."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._screens: dict[UUID, set[Screen]] = defaultdict(set)
        self._subscriptions: dict[UUID, Subscription] = {}
        self._woken = asyncio.Event()
        self._place: Place | None = None
        self._database_up = True

    @property
    def _database(self) -> Database:
        return self._reception.database

    async def run(self) -> None:
        """Feed the screens for ever."""
        jobs = [asyncio.create_task(job()) for job in (self._listen, self._feed, self._tick)]
        try:
            await asyncio.gather(*jobs)
        finally:
            for job in jobs:
                job.cancel()

    def close(self) -> None:
        """Cut every stream, at the end of the process."""
        for screen in [one for screens in self._screens.values() for one in screens]:
            screen.end()

    async def open(self, screen: Screen, since: str) -> AsyncIterator[str]:
        """The stream of one screen, from `since` (an event id, empty for now) on."""
        yield "retry: 1000\n\n"
        yield message("tick", self._tick_body())
        missed, place = await self._missed(screen, since)
        for line in missed:
            yield line
        await self._enter(screen, place)
        try:
            while (line := await screen.lines.get()) is not None:
                yield line
        finally:
            await self._leave(screen)

    async def _missed(self, screen: Screen, since: str) -> tuple[list[str], Place | None]:
        """What was committed after `since`, up to where the live feed takes over."""
        if not since:
            return [], None
        lines, place = [], events.read_place(since)
        async with self._database.reading() as tx:
            while found := await events.after(tx, place, screen.division, AT_ONCE):
                lines += [message("fact", self._slim(one), one["id"]) for one in found]
                place = events.read_place(found[-1]["id"])
        return lines, place

    async def _enter(self, screen: Screen, place: Place | None) -> None:
        person = screen.person_id
        if not any(self._screens.values()):
            self._place = place  # nobody was fed meanwhile: go on from where this screen stands
        self._screens[person].add(screen)
        metrics.CONSOLES.inc()
        if person not in self._subscriptions:
            subject = f"console.{person}"
            self._subscriptions[person] = await self._reception.client.subscribe(subject, cb=self._show)
        self._woken.set()

    async def _leave(self, screen: Screen) -> None:
        person = screen.person_id
        self._screens[person].discard(screen)
        metrics.CONSOLES.dec()
        if not self._screens[person]:
            del self._screens[person]
            subscription = self._subscriptions.pop(person, None)
            if subscription is not None:
                with suppress(Exception):
                    await subscription.unsubscribe()

    async def _show(self, request: Msg) -> None:
        """An alert for one person: on each of her screens; the answer says on how many."""
        person = UUID(request.subject.removeprefix("console."))
        line = message("alert", json.loads(request.data))
        shown = sum(screen.put(line) for screen in list(self._screens.get(person, ())))
        await request.respond(str(shown).encode())

    async def _listen(self) -> None:
        while True:
            with suppress(Unavailable):
                await self._database.listen(self._woken)
            self._woken.set()
            await asyncio.sleep(0.25)

    async def _feed(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), 1.0)
            self._woken.clear()
            try:
                while await self._feed_some():
                    pass
                self._database_up = True
            except Unavailable:
                self._database_up = False
                await asyncio.sleep(0.5)

    async def _feed_some(self) -> bool:
        """Hand out what is new; True when there may be more."""
        if not any(self._screens.values()):
            self._place = None
            return False
        async with self._database.reading() as tx:
            if self._place is None:
                self._place = await events.last_place(tx)
            found = await events.after(tx, self._place, None, AT_ONCE)
        if not found:
            return False
        self._place = events.read_place(found[-1]["id"])
        for one in found:
            line = message("fact", self._slim(one), one["id"])
            division = one["body"].get("division") or ""
            for screen in [each for screens in self._screens.values() for each in screens]:
                seen = screen.division is None or division.startswith(screen.division)
                if seen and not screen.put(line):
                    screen.end()
        return len(found) == AT_ONCE

    @staticmethod
    def _slim(one: dict[str, Any]) -> dict[str, Any]:
        """A screen fetches what it shows; the line says what changed."""
        why = one["body"].get("why")
        return {"id": one["id"], "kind": one["kind"], "at": one["at"], "incident_id": one["incident_id"], "why": why}

    async def _tick(self) -> None:
        while True:
            line = message("tick", self._tick_body())
            for screen in [each for screens in self._screens.values() for each in screens]:
                screen.put(line)
            await asyncio.sleep(TICK)

    def _tick_body(self) -> dict[str, Any]:
        clock = self._reception.clock
        return {
            "now": clock.now().isoformat(),
            "clock_rate": clock.rate,
            "broker": self._reception.client.is_connected,
            "database": self._database_up,
        }
