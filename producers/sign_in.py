"""Who is asking, and letting people in and out: an argon2 password, a session with its CSRF token, an API token."""

import asyncio
import hmac
import secrets
import time
from datetime import timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from producers.credentials import Credentials, SignedIn
from producers.problems import Fault, Problem
from producers.reception import Reception
from rules.access import Act
from rules.intake import Submitter
from schemas.county import Person
from storage import credentials, people
from storage.credentials import Opening, fingerprint

__all__ = ["Gate", "SignedIn", "demand"]

SESSION_COOKIE = "jibao_session"
CSRF_COOKIE = "jibao_csrf"
TRIES, PER_SECONDS = 10, 300.0
SAFE = ("GET", "HEAD", "OPTIONS")
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODY = hasher.hash(secrets.token_hex(16))


class Gate:
    """Answers who is asking, and lets people in and out."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self.credentials = Credentials(reception)
        self._tries: dict[str, list[float]] = {}

    async def who(self, headers: Any, cookies: Any) -> SignedIn | None:
        """The person behind a bearer token or a session cookie; None when there is neither or it is not good."""
        authorization = headers.get("authorization", "")
        if authorization.lower().startswith("bearer "):
            return await self.credentials.of_token(authorization[7:].strip())
        session = cookies.get(SESSION_COOKIE)
        return await self.credentials.of_session(session) if session else None

    def check_csrf(self, request: Request, who: SignedIn) -> None:
        """A browser proves that our own page sends this. Raises Problem 403."""
        if request.method in SAFE or who.csrf is None:
            return
        if not same(request.headers.get("x-csrf-token", ""), who.csrf):
            raise Problem(
                403,
                "页面已过期，请刷新后重试",
                "this page is out of date; reload it and try again",
                [Fault("X-CSRF-Token", "csrf", "missing or wrong", "缺少或不对")],
            )

    async def sign_in(self, login: str, password: str, address: str) -> tuple[str, SignedIn] | None:
        """A new session, or None when login or password is wrong. Raises Problem 429 after too many tries."""
        self._count_try(f"{address} {login}")
        async with self._reception.database.reading() as tx:
            found = await people.by_login(tx, login)
        stored = (found[1] if found else None) or NOBODY
        good = await asyncio.to_thread(_verify, stored, password)
        if not found or not good:
            return None
        secret, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(24), self._reception.clock.now()
        async with self._reception.database.transaction() as tx:
            await credentials.forget_sessions(tx, now)
            ends = now + self._reception.settings.session_lasts
            await credentials.open_session(tx, found[0].person_id, Opening(secret, csrf, now, ends))
        self._tries.pop(f"{address} {login}", None)
        return secret, SignedIn(found[0], csrf)

    async def sign_out(self, session: str) -> None:
        """End a session everywhere."""
        self.credentials.drop(session)
        async with self._reception.database.transaction() as tx:
            await credentials.end_session(tx, fingerprint(session))

    def forget(self) -> None:
        """Ask the database again for everybody, for example after the county's people changed."""
        self.credentials.access_changed("")

    def _count_try(self, key: str) -> None:
        now = time.monotonic()
        recent = [at for at in self._tries.get(key, []) if now - at < PER_SECONDS]
        if len(recent) >= TRIES:
            raise Problem(429, "尝试次数过多，请五分钟后再试", "too many tries; wait five minutes")
        if len(self._tries) > 10_000:
            self._tries.clear()
        self._tries[key] = [*recent, now]


def same(given: str, kept: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode(), kept.encode())


def _verify(stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False


def submitter_of(reception: Reception, person: Person) -> Submitter:
    """The seat from which a person reports."""
    node = reception.desk.nodes.get(person.node)
    return Submitter(person.role, person.node, node.division if node else None)


def demand(who: SignedIn | None, act: Act | None = None) -> SignedIn:
    """The signed-in person with the right to `act`. Raises Problem 401 or 403."""
    if who is None:
        raise Problem(401, "请先登录，或提供有效的访问令牌", "sign in, or send a valid bearer token")
    if act is not None and not who.may(act):
        role = who.person.role.value
        raise Problem(
            403,
            f"{role} 没有此项权限",
            f"the role {role} may not do this",
            [Fault("", "not_allowed", f"{act.value} is not a right of {role}")],
        )
    return who


def redirect_signed_in(secret: str, csrf: str, secure: bool, lasts: timedelta, to: str = "/") -> Response:
    """To a page, with the session's cookies: not readable by scripts, never sent from other sites."""
    answer = RedirectResponse(to, status_code=303)
    for name, value in ((SESSION_COOKIE, secret), (CSRF_COOKIE, csrf)):
        age = int(lasts.total_seconds())
        answer.set_cookie(name, value, max_age=age, httponly=True, samesite="strict", secure=secure)
    return answer
