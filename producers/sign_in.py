"""Who is asking, and letting people in and out: a session with its CSRF token, or an API token."""

import hmac
from typing import Any

from starlette.requests import Request

from producers.check_password import hasher
from producers.credentials import Credentials, SignedIn
from producers.let_in import LetIn
from producers.problems import Fault, Problem
from producers.reception import Reception
from producers.session_cookies import SessionCookies
from rules.access import Act
from rules.intake import Submitter
from schemas.county import Person
from schemas.security import SecurityEntry, SecurityKind
from storage import credentials, security_log
from storage.credentials import fingerprint

__all__ = ["Gate", "SignedIn", "demand", "hasher"]

SAFE = ("GET", "HEAD", "OPTIONS")


class Gate:
    """Answers who is asking, and lets people in and out."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self.credentials = Credentials(reception)
        self.let_in = LetIn(reception)
        self.cookies = SessionCookies(reception.settings.base_url.startswith("https"))

    async def who(self, headers: Any, cookies: Any) -> SignedIn | None:
        """The person behind a bearer token or a session cookie; None when there is neither or it is not good."""
        authorization = headers.get("authorization", "")
        if authorization.lower().startswith("bearer "):
            return await self.credentials.of_token(authorization[7:].strip())
        session = cookies.get(self.cookies.session)
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

    async def sign_out(self, session: str, who: SignedIn) -> None:
        """End a session everywhere."""
        self.credentials.drop(session)
        person, now = who.person, self._reception.clock.now()
        async with self._reception.database.transaction() as tx:
            if await credentials.end_session(tx, fingerprint(session)):
                entry = SecurityEntry(SecurityKind.SIGNED_OUT, person.person_id, person.login)
                await security_log.append(tx, [entry], now)

    def forget(self) -> None:
        """Ask the database again for everybody, for example after the county's people changed."""
        self.credentials.access_changed("")


def same(given: str, kept: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), kept.encode("utf-8", "surrogatepass"))


def same_site(request: Request) -> bool:
    """Whether a browser sends this from one of our own pages; a client that says nothing is none."""
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


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
