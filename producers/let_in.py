"""A try to sign in → a session, or nothing: limited, checked, and written down in the security log, never a secret."""

import asyncio
import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from producers.check_password import PasswordCheck
from producers.credentials import SignedIn
from producers.known_devices import KnownDevices
from producers.problems import Problem
from producers.reception import Reception
from producers.sign_in_limits import Limited, SignInLimits, Try
from runtime import metrics
from runtime.trouble import Unavailable
from schemas.county import Person
from schemas.security import SecurityEntry, SecurityKind
from storage import credentials, people, security_log
from storage.credentials import Opening, fingerprint

log = logging.getLogger("jibao.doors.sign_in")
LISTED_A_MINUTE = 120
"""Failed tries of one minute that are listed one by one; how many more there were, the metric says."""


@dataclass(frozen=True)
class Coming:
    """Who wants in: what was typed, from where, with which browser, and what the browser brought along."""

    login: str
    password: str
    address: str = ""
    agent: str = ""
    device_note: str = ""
    old_session: str = ""


@dataclass(frozen=True)
class Entered:
    """A session that has begun: its secrets and the note for the device."""

    secret: str
    csrf: str
    device: str
    who: SignedIn


class LetIn:
    """Lets people in, one process's doors."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._limits = SignInLimits()
        self._devices = KnownDevices(reception.settings.link_key)
        self._listed: tuple[int, int] = (0, 0)
        self.check = PasswordCheck()

    async def sign_in(self, coming: Coming) -> Entered | None:
        """A new session, or None when login or password is wrong. Raises Problem 429 after too many tries."""
        async with self._reception.database.reading() as tx:
            found = await people.by_login(tx, coming.login)
        person, stored = found or (None, None)
        now = self._reception.clock.now()
        device = self._devices.read(coming.device_note, person.person_id, now) if person else None
        one = Try(coming.login, coming.address, device)
        await self._limit(coming, one, person)
        if not await self.check.is_right(stored, coming.password, known=device is not None):
            await self._failed(coming, person)
            return None
        assert person is not None
        self._limits.succeeded(one, time.monotonic())
        return await self._enter(coming, person, device)

    async def _limit(self, coming: Coming, one: Try, person: Person | None) -> None:
        verdict = self._limits.ask(one, time.monotonic())
        if verdict.limited is not None:
            await self._say_limited(coming, verdict.limited, person)
            raise Problem(429, "尝试次数过多，请五分钟后再试", "too many tries; wait five minutes")
        if verdict.delay:
            self._limits.waiting += 1
            try:
                await asyncio.sleep(verdict.delay)
            finally:
                self._limits.waiting -= 1

    async def _enter(self, coming: Coming, person: Person, device: str | None) -> Entered:
        secret, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(24), self._reception.clock.now()
        ends = now + self._reception.settings.session_lasts
        new = Opening(secret, csrf, now, ends, coming.address[:64], coming.agent[:200])
        entry = _entry(SecurityKind.SIGNED_IN, coming, person, {"known_device": device is not None})
        async with self._reception.database.transaction() as tx:
            await credentials.forget_sessions(tx, now)
            if coming.old_session:
                await credentials.end_session(tx, fingerprint(coming.old_session))
            await credentials.open_session(tx, person.person_id, new)
            await security_log.append(tx, [entry], now)
        note = self._devices.note(person.person_id, now, device)
        return Entered(secret, csrf, note, SignedIn(person, csrf, fingerprint(secret)))

    async def _failed(self, coming: Coming, person: Person | None) -> None:
        now = time.monotonic()
        entries = []
        if self._may_list(now):
            entries.append(
                _entry(SecurityKind.SIGN_IN_FAILED, coming, person, {"known_login": person is not None})
            )
        else:
            metrics.SECURITY.labels(SecurityKind.SIGN_IN_FAILED).inc()
        by_password = self._limits.same_password(coming.login, coming.password, now)
        by = "address" if self._limits.sprays(coming.address, now) else "password" if by_password else ""
        if by and self._limits.first_time(now, "sprays", by, coming.address if by == "address" else ""):
            entries.append(_entry(SecurityKind.SPRAYING_SUSPECTED, coming, person, {"by": by}))
        await self._write(entries)

    async def _say_limited(self, coming: Coming, limit: Limited, person: Person | None) -> None:
        if self._limits.first_time(time.monotonic(), "limited", limit, coming.address, coming.login):
            await self._write([_entry(SecurityKind.SIGN_IN_LIMITED, coming, person, {"limit": limit.value})])

    def _may_list(self, now: float) -> bool:
        minute, listed = self._listed
        if int(now // 60) != minute:
            minute, listed = int(now // 60), 0
        self._listed = (minute, listed + 1)
        return listed < LISTED_A_MINUTE

    async def _write(self, entries: Sequence[SecurityEntry]) -> None:
        if not entries:
            return
        now: datetime = self._reception.clock.now()
        try:
            async with self._reception.database.transaction() as tx:
                await security_log.append(tx, entries, now)
        except Unavailable as error:
            log.warning("not written to the security log: %s", error)


def _entry(
    kind: SecurityKind, coming: Coming, person: Person | None, detail: dict[str, Any]
) -> SecurityEntry:
    """A login that nobody has may be a password in the wrong field: it is not written down."""
    who, login = (person.person_id, person.login) if person else (None, "")
    return SecurityEntry(kind, who, login, None, coming.address[:64], coming.agent[:200], detail)
