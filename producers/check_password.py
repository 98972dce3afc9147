"""The argon2 work at sign-in, bounded: guessing never stops the doors, and no stranger waits before the known."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from producers.problems import Problem
from runtime import metrics

WAIT_AT_MOST = 40
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODY = hasher.hash(secrets.token_hex(16))


class PasswordCheck:
    """Two lanes of one check at a time: one for devices that are known, one for all others."""

    def __init__(self) -> None:
        self._lanes = {True: asyncio.Semaphore(1), False: asyncio.Semaphore(1)}
        self._waiting = {True: 0, False: 0}

    async def is_right(self, stored: str | None, password: str, known: bool = False) -> bool:
        """Whether a password fits; an unknown login costs the same. Raises Problem 429 when too many wait."""
        async with _Place(self, known):
            return await asyncio.to_thread(_verify, stored or NOBODY, password) and stored is not None

    async def hashed(self, password: str) -> str:
        """The hash of a new password."""
        async with _Place(self, True):
            return await asyncio.to_thread(hasher.hash, password)


class _Place:
    """A place in one lane."""

    def __init__(self, check: PasswordCheck, known: bool) -> None:
        self._check = check
        self._known = known

    async def __aenter__(self) -> None:
        waiting = self._check._waiting
        if waiting[self._known] >= WAIT_AT_MOST:
            raise Problem(429, "登录请求过多，请稍后再试", "too many sign-ins at once; try again in a minute")
        waiting[self._known] += 1
        metrics.SIGN_IN_CHECKS.inc()
        try:
            await self._check._lanes[self._known].acquire()
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._check._lanes[self._known].release()
        self._leave()

    def _leave(self) -> None:
        self._check._waiting[self._known] -= 1
        metrics.SIGN_IN_CHECKS.dec()


def _verify(stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False
