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

from producers.credentials import Credentials
from producers.reception import Reception
from producers.sight import own_of
from rules import access
from rules.access import Scope
from runtime import metrics
from runtime.ending import end
from runtime.trouble import Unavailable
from storage import events
from storage.database import Database, Row
from storage.events import Place

log = logging.getLogger("jibao.doors.stream")

TICK = 5.0
BREATH = 0.02
"""What changed within so many seconds is read together; alerts do not come this way and never wait."""
AT_ONCE = 500
ANSWER_WITHIN = 0.5
BUFFER = 20_000


@dataclass(eq=False)
class Screen:
    """One open console. `scope` is what it may see; a screen too slow to follow is told to start over."""

    person_id: UUID
    scope: Scope
    credential: bytes = b""
    at_work: bool = False
    """Whether its being open counts as use of the session: a duty console that signs itself out misses an alert."""
    over: bool = False
    lines: "asyncio.Queue[tuple[Place | None, str] | None]" = field(
        default_factory=lambda: asyncio.Queue(BUFFER)
    )

    def put(self, line: str, place: Place | None = None) -> bool:
        """Queue one message; False when the screen has fallen too far behind."""
        try:
            self.lines.put_nowait((place, line))
        except asyncio.QueueFull:
            return False
        return True

    async def take(self, after: Place | None) -> str | None:
        """All that waits in one piece, less what lies up to `after` and was shown already; None at the end."""
        items = [await self.lines.get()]
        while items[-1] is not None and not self.lines.empty():
            items.append(self.lines.get_nowait())
        if items[-1] is None and len(items) > 1:
            self.lines.put_nowait(None)
        new = [item[1] for item in items if item and (after is None or _is_after(item[0], after))]
        return "".join(new) if items[0] is not None else None

    def end(self) -> None:
        """Cut the stream before anything is left out; the browser comes back with the last id it saw."""
        self.over = True
        while self.lines.full():
            self.lines.get_nowait()
        self.lines.put_nowait(None)


def _is_after(place: Place | None, other: Place) -> bool:
    return place is None or (int(place[0]), place[1]) > (int(other[0]), other[1])


def message(event: str, body: Any, place: str | None = None) -> str:
    """One server-sent event."""
    head = f"id: {place}\n" if place else ""
    return f"{head}event: {event}\ndata: {json.dumps(body, ensure_ascii=False, default=str)}\n\n"


def _fact(row: Row) -> str:
    """A screen fetches what it shows; the line says what changed."""
    place = f"{row['xid']}.{row['seq']}"
    return message(
        "fact", {"id": place} | {key: row[key] for key in ("kind", "at", "incident_id", "why")}, place
    )


def _sees(scope: Scope, row: Row) -> bool:
    """Whether the fact is of an incident in this scope; a fact of no incident is for those who see everything."""
    if scope.everything:
        return True
    if row["category"] is None:
        return False
    return scope.holds(row["division"], row["category"], row["from_node"], row["taking_part"])


class LiveScreens:
    """All consoles of this process: one reader of the ledger feeds them all."""

    def __init__(self, reception: Reception, known: Credentials) -> None:
        self._reception = reception
        self._known = known
        self._screens: dict[UUID, set[Screen]] = defaultdict(set)
        self._subscriptions: dict[UUID, Subscription] = {}
        self._woken = asyncio.Event()
        self._entering = asyncio.Lock()
        self._place: Place | None = None
        self._database_up = True

    @property
    def _database(self) -> Database:
        return self._reception.database

    async def run(self) -> None:
        """Feed the screens for ever."""
        listening = self._database.listen(self._woken, self._known.access_changed)
        loops = (listening, self._feed(), self._tick(), self._known.watch(self))
        jobs = [asyncio.create_task(loop) for loop in loops]
        try:
            await asyncio.gather(*jobs)
        finally:
            await end(*jobs)

    def close(self) -> None:
        """Cut every stream, at the end of the process."""
        for screen in self._all():
            screen.end()

    def _all(self) -> list[Screen]:
        return [one for screens in self._screens.values() for one in screens]

    def desk_changed(self) -> None:
        """Cut the streams of whoever sees something else under the county in force now; the browser comes back."""
        desk = self._reception.desk
        for screen in self._all():
            person = desk.people.get(screen.person_id)
            if person is None or access.scope_of(person, desk.nodes.get(person.node)) != screen.scope:
                screen.end()

    def credentials(self) -> set[bytes]:
        """The hashes of the credentials on which a stream is open."""
        return {screen.credential for screen in self._all()}

    def at_work(self) -> set[bytes]:
        """Those of them whose stream counts as use of the session."""
        return {screen.credential for screen in self._all() if screen.at_work}

    def end(self, credential: bytes) -> None:
        """Cut every stream that was opened with this credential."""
        for screen in self._all():
            if screen.credential == credential:
                screen.end()

    async def open(self, screen: Screen, since: str) -> AsyncIterator[str]:
        """The stream of one screen, from `since` (an event id, empty for now) on. Raises ValueError for a bad id.

        The live feed is joined first and the ledger read after, so nothing falls between the two; what comes by
        both ways is shown once.
        """
        seen = events.read_place(since) if since else None
        self._screens[screen.person_id].add(screen)
        metrics.CONSOLES.inc()
        try:
            fed = await self._enter(screen)
            yield "retry: 1000\n\n"
            yield message("tick", self._tick_body())
            if seen is not None and not fed:
                return  # the database is away: the browser asks again in a second
            if seen is not None:
                async for place, line in self._missed(screen, seen):
                    seen = place
                    yield line
            while (lines := await screen.take(seen)) is not None:
                yield lines
        except Unavailable:
            return
        finally:
            await self._leave(screen)

    async def _missed(self, screen: Screen, place: Place) -> AsyncIterator[tuple[Place, str]]:
        """What was committed after `place`, a page at a time, so that a slow screen holds no connection."""
        while True:
            async with self._database.reading() as tx:
                found = await events.news(tx, place, own_of(screen.scope), AT_ONCE)
            if not found:
                return
            for row in found:
                place = (row["xid"], row["seq"])
                yield place, _fact(row)

    async def _enter(self, screen: Screen) -> bool:
        """Hear alerts for this person and join the live feed; False while the database is away."""
        person = screen.person_id
        async with self._entering:
            if person not in self._subscriptions:
                subject = f"console.{person}"
                self._subscriptions[person] = await self._reception.client.subscribe(subject, cb=self._show)
        self._woken.set()
        with suppress(Unavailable):
            await self._begin()
        return self._place is not None

    async def _begin(self) -> None:
        """The live feed starts where the ledger ends now, unless it is under way."""
        if self._place is None:
            async with self._database.reading() as tx:
                place = await events.last_place(tx)
            self._place = self._place or place

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
        """Alerts for one person: on each of her screens whose sign-in is still good; the answer says on how many."""
        person = UUID(request.subject.removeprefix("console."))
        lines = "".join(message("alert", alert) for alert in json.loads(request.data))
        screens = await self._signed_in(list(self._screens.get(person, ())))
        shown = sum(screen.put(lines) for screen in screens if not screen.over)
        await request.respond(str(shown).encode())

    async def _signed_in(self, screens: list[Screen]) -> list[Screen]:
        """Asked each time, since who has signed out was shown nothing; who was known goes on while nobody answers."""
        hashes = {screen.credential for screen in screens}
        if not hashes:
            return []
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                good = await self._known.good_now(hashes)
        except (Unavailable, TimeoutError):
            return screens
        for over in hashes - good:
            self.end(over)
        return [screen for screen in screens if screen.credential in good]

    async def _feed(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), 1.0)
            await asyncio.sleep(BREATH)
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
        await self._begin()
        assert self._place is not None
        async with self._database.reading() as tx:
            found = await events.news(tx, self._place, None, AT_ONCE)
        for row in found:
            self._place = (row["xid"], row["seq"])
            line = _fact(row)
            for screen in self._all():
                if _sees(screen.scope, row) and not screen.put(line, self._place):
                    screen.end()
        return len(found) == AT_ONCE

    async def _tick(self) -> None:
        while True:
            line = message("tick", self._tick_body())
            for screen in self._all():
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
