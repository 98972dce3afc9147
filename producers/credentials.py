"""Who stands behind a token or a session, remembered for a moment and forgotten the moment it ends.

The database says at once when somebody's access ended; what it did not say is asked again within `REMEMBER` seconds.
While it is away, whoever was known goes on for `HOLD_OUT`: a township must be able to report even then.
"""

import asyncio
import logging
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from cachetools import LRUCache

from producers.reception import Reception
from rules.access import Act, may
from runtime.trouble import Unavailable
from schemas.county import Person
from storage import credentials
from storage.credentials import Found, fingerprint

log = logging.getLogger("jibao.doors.credentials")

REMEMBER = 5.0
HOLD_OUT = 12 * 3600.0
ASK_WITHIN = 5.0
CONFIRM_WITHIN = 0.25
"""A database that hangs may cost a report no more than this, where the credential is known and nobody doubts it."""
ASK_EVERY = 15.0
TOUCH_AFTER = timedelta(minutes=1)
A_MOMENT = 0.25
KNOWN_AT_MOST = 20_000
AT_ONCE = 2000


@dataclass(frozen=True)
class SignedIn:
    """A person and, for a browser, the CSRF token of its session; `credential` is the hash of what was shown."""

    person: Person
    csrf: str | None = None
    credential: bytes = b""

    def may(self, act: Act) -> bool:
        """Whether this person has the right to `act`."""
        return may(self.person.role, act)


@dataclass(frozen=True)
class _Known:
    """What was found, when (on the machine's own clock), and whether it must be asked again before it counts."""

    who: SignedIn
    asked_at: float
    good_until: datetime | None
    stale: bool = False


class Live(Protocol):
    """What stays open on a credential and must end with it."""

    def credentials(self) -> set[bytes]:
        """The hashes of the credentials on which something is open."""

    def at_work(self) -> set[bytes]:
        """Those of them whose being open counts as use of the session."""

    def end(self, credential: bytes) -> None:
        """Close what is open on this one."""


class Credentials:
    """Looks up credentials, remembers them for a moment, and ends what is open on those that are over."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._known: LRUCache[bytes, _Known] = LRUCache(KNOWN_AT_MOST)
        self._asked: dict[bytes, asyncio.Task[Found | None]] = {}
        self._changed = asyncio.Event()
        self._round = 0
        self._good_at: dict[bytes, float] = {}

    @property
    def unused_since(self) -> datetime:
        """A session that nobody has used since then is over; in the demo, whose clock may run fast, none is."""
        settings = self._reception.settings
        lasts = settings.session_lasts if settings.demo else settings.session_idle
        return self._reception.clock.now() - lasts

    async def of_token(self, token: str) -> SignedIn | None:
        """Whose API token this is."""
        return await self._ask(fingerprint(token), is_token=True)

    async def of_session(self, session: str) -> SignedIn | None:
        """Who this browser is."""
        return await self._ask(fingerprint(session), is_token=False)

    def access_changed(self, person_id: str) -> None:
        """Ask again for this person, for everybody when the id is empty, before anything counts."""
        self._round += 1
        self._good_at.clear()
        for key, known in list(self._known.items()):
            if not person_id or str(known.who.person.person_id) == person_id:
                self._known[key] = replace(known, stale=True)
        self._changed.set()

    def drop(self, session: str) -> None:
        """This one is over."""
        self._known.pop(fingerprint(session), None)

    async def still_good(self, hashes: Collection[bytes]) -> set[bytes]:
        """Which of these are good now. Raises Unavailable."""
        asked, good = list(hashes), set[bytes]()
        for start in range(0, len(asked), AT_ONCE):
            async with self._reception.database.reading() as tx:
                good |= await credentials.still_good(
                    tx, asked[start : start + AT_ONCE], self._reception.clock.now(), self.unused_since
                )
        return good

    async def good_now(self, hashes: Collection[bytes]) -> set[bytes]:
        """The same for many questions in one moment: an answer holds for `A_MOMENT` unless access changed meanwhile."""
        now, before = time.monotonic(), self._round
        if all(now - self._good_at.get(one, float("-inf")) < A_MOMENT for one in hashes):
            return set(hashes)
        good = await self.still_good(hashes)
        if before == self._round:
            self._good_at = {one: at for one, at in self._good_at.items() if now - at < A_MOMENT}
            self._good_at |= dict.fromkeys(good, now)
        return good

    async def watch(self, live: Live) -> None:
        """Ask again for all that is open or in doubt, at once when access changed and every few seconds; for ever."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), ASK_EVERY)
            self._changed.clear()
            try:
                await self._sweep(live)
            except Unavailable as error:
                log.warning("cannot ask who is still signed in: %s", error)
                await asyncio.sleep(1)
                self._changed.set()

    async def _sweep(self, live: Live) -> None:
        doubted = {key for key, known in self._known.items() if known.stale}
        opened, before = live.credentials(), self._round
        if not doubted and not opened:
            return
        if at_work := live.at_work():
            async with self._reception.database.reading() as tx:
                await credentials.touch(tx, at_work, self._reception.clock.now())
        good = await self.still_good(doubted | opened)
        for over in (doubted | opened) - good:
            self._known.pop(over, None)
            live.end(over)
        if before != self._round:
            self._changed.set()

    async def _ask(self, key: bytes, is_token: bool) -> SignedIn | None:
        now = time.monotonic()
        known = self._known.get(key)
        if known and not known.stale and now - known.asked_at < REMEMBER and self._lasts(known.good_until):
            return known.who
        before = self._round
        try:
            found = await self._look_up_once(key, is_token, in_doubt=known is None or known.stale)
        except Unavailable:
            if known and now - known.asked_at < HOLD_OUT:
                return known.who
            raise
        if found is None:
            self._known.pop(key, None)
            return None
        who = SignedIn(found.person, found.csrf, key)
        self._known[key] = _Known(who, now, found.good_until, stale=before != self._round)
        return who

    def _lasts(self, good_until: datetime | None) -> bool:
        return good_until is None or self._reception.clock.now() < good_until

    async def _look_up_once(self, key: bytes, is_token: bool, in_doubt: bool) -> Found | None:
        """Whoever asks for the same one at the same moment shares the answer: a flood is one question."""
        task = self._asked.get(key)
        if task is None:
            task = asyncio.create_task(self._look_up(key, is_token, in_doubt))
            self._asked[key] = task
            task.add_done_callback(lambda _: self._asked.pop(key, None))
        return await asyncio.shield(task)

    async def _look_up(self, key: bytes, is_token: bool, in_doubt: bool) -> Found | None:
        now, database = self._reception.clock.now(), self._reception.database
        async with database.glance(ASK_WITHIN if in_doubt else CONFIRM_WITHIN, needed=in_doubt) as tx:
            if is_token:
                return await credentials.by_token(tx, key, now)
            found = await credentials.by_session(tx, key, now, self.unused_since)
            if found and found.seen_at and found.seen_at < now - TOUCH_AFTER:
                await credentials.touch(tx, [key], now)
            return found
