"""What an administrator does to accounts: deactivate in one act, let in again, see and end sessions and tokens."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from producers.problems import Fault, Problem
from producers.reception import Reception, reply
from producers.sign_in import SignedIn, demand
from rules.access import Act
from schemas.security import SecurityEntry, SecurityKind
from schemas.shape import Note, Shape
from storage import credentials, people, security_log
from storage.database import Row, Transaction


class WhyBody(Shape):
    """Why an account is ended or let in again; it is kept in the security log."""

    note: Note = ""


async def _administering(request: Request) -> SignedIn:
    gate = request.app.state.gate
    who: SignedIn = demand(await gate.who(request.headers, request.cookies), Act.ADMINISTER)
    gate.check_csrf(request, who)
    return who


Admin = Annotated[SignedIn, Depends(_administering)]


def make_router(reception: Reception) -> APIRouter:
    """Accounts, by login."""
    router = APIRouter(prefix="/api/v1/people", tags=["accounts"])
    _in_and_out(router, reception)
    _sessions_and_tokens(router, reception)
    return router


def _in_and_out(router: APIRouter, reception: Reception) -> None:
    @router.post("/{login}/deactivate", summary="end everything this person can sign in with, at once")
    async def deactivate(login: str, admin: Admin, body: WhyBody | None = None) -> Response:
        async with reception.database.transaction() as tx:
            account = await _account(tx, login)
            if account["person_id"] == admin.person.person_id:
                zh, en = "不能停用自己的账号", "nobody deactivates her own account"
                raise Problem(409, zh, en, [Fault("login", "own_account", en, zh)])
            now = reception.clock.now()
            done = await people.deactivate(tx, login, now) is not None
            if done:
                await _say(tx, reception, _About(SecurityKind.PERSON_DEACTIVATED, account, admin), _why(body))
        return reply({"login": login, "deactivated": True, "changed": done})

    @router.post("/{login}/reactivate", summary="let this person sign in again; tokens stay ended")
    async def reactivate(login: str, admin: Admin, body: WhyBody | None = None) -> Response:
        async with reception.database.transaction() as tx:
            account = await _account(tx, login)
            done = await people.reactivate(tx, login) is not None
            if done:
                await _say(tx, reception, _About(SecurityKind.PERSON_REACTIVATED, account, admin), _why(body))
        return reply({"login": login, "deactivated": False, "changed": done})


def _sessions_and_tokens(router: APIRouter, reception: Reception) -> None:
    known = credentials.NOBODY

    @router.get("/{login}/sessions", summary="where this person is signed in")
    async def sessions(login: str, request: Request, _: Admin) -> Response:
        async with reception.database.reading() as tx:
            account = await _account(tx, login)
            since = request.app.state.gate.credentials.unused_since
            now = reception.clock.now()
            found = await credentials.sessions_of(tx, account["person_id"], known, now, since)
        return reply({"sessions": found})

    @router.post("/{login}/sessions/end", summary="end all sessions of this person")
    async def end_all(login: str, admin: Admin) -> Response:
        async with reception.database.transaction() as tx:
            account = await _account(tx, login)
            ended = await credentials.end_sessions(tx, account["person_id"])
            if ended:
                kind = SecurityKind.SESSION_ENDED
                await _say(tx, reception, _About(kind, account, admin), {"sessions": len(ended)})
        return reply({"ended": len(ended)})

    @router.get("/{login}/tokens", summary="this person's API tokens; never the token itself")
    async def tokens(login: str, _: Admin) -> Response:
        async with reception.database.reading() as tx:
            account = await _account(tx, login)
            return reply({"tokens": await credentials.tokens_of(tx, account["person_id"])})

    @router.delete("/{login}/tokens/{token_id}", summary="revoke one token at once")
    async def revoke(login: str, token_id: UUID, admin: Admin) -> Response:
        async with reception.database.transaction() as tx:
            account = await _account(tx, login)
            label = await credentials.revoke_token(tx, account["person_id"], token_id)
            if label is None:
                raise no_such_token()
            kind = SecurityKind.TOKEN_REVOKED
            await _say(
                tx, reception, _About(kind, account, admin), {"token_id": str(token_id), "label": label}
            )
        return reply({"token_id": token_id, "revoked": True})


def no_such_token() -> Problem:
    """The answer for a token that is not there or another's."""
    zh, en = "没有这个令牌", "no such token"
    return Problem(404, zh, en, [Fault("token_id", "unknown", en, zh)])


def _why(body: WhyBody | None) -> dict[str, Any]:
    return {"note": body.note} if body and body.note else {}


async def _account(tx: Transaction, login: str) -> Row:
    found = await people.account(tx, login)
    if found is None:
        zh, en = "没有这个账号", "nobody has this login"
        raise Problem(404, zh, en, [Fault("login", "unknown", en, zh)])
    return found


@dataclass(frozen=True)
class _About:
    """What was done, to whom, by whom."""

    kind: SecurityKind
    account: Row
    admin: SignedIn


async def _say(tx: Transaction, reception: Reception, what: _About, detail: dict[str, Any]) -> None:
    by = what.admin.person.person_id
    person, login = what.account["person_id"], what.account["login"]
    entry = SecurityEntry(what.kind, person, login, by, detail=detail)
    await security_log.append(tx, [entry], reception.clock.now())
