"""One's own account: where am I signed in, which tokens speak for me, a new password."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.responses import Response

from producers.change_password import ChangePassword
from producers.manage_people import no_such_token
from producers.problems import Fault, Problem
from producers.reception import Reception, reply
from producers.sign_in import SignedIn, demand
from schemas.security import SecurityEntry, SecurityKind
from schemas.shape import Shape
from storage import credentials, security_log
from storage.database import Transaction


class PasswordBody(Shape):
    """The password of now and the new one."""

    current: Annotated[str, Field(max_length=400)]
    new: Annotated[str, Field(max_length=400)]


async def _myself(request: Request) -> SignedIn:
    gate = request.app.state.gate
    who: SignedIn = demand(await gate.who(request.headers, request.cookies))
    gate.check_csrf(request, who)
    return who


Myself = Annotated[SignedIn, Depends(_myself)]


def make_router(reception: Reception) -> APIRouter:
    """Sessions and tokens of whoever asks."""
    router = APIRouter(prefix="/api/v1/account", tags=["accounts"])
    _sessions(router, reception)
    _tokens(router, reception)
    _password(router, reception)
    return router


def _sessions(router: APIRouter, reception: Reception) -> None:
    @router.get("/sessions", summary="where I am signed in; `this` is the browser that asks")
    async def sessions(request: Request, who: Myself) -> Response:
        since, now = request.app.state.gate.credentials.unused_since, reception.clock.now()
        async with reception.database.reading() as tx:
            found = await credentials.sessions_of(tx, who.person.person_id, who.credential, now, since)
        return reply({"sessions": found})

    @router.post("/sessions/end-others", summary="sign out everywhere but here")
    async def end_others(who: Myself) -> Response:
        async with reception.database.transaction() as tx:
            ended = await credentials.end_sessions(tx, who.person.person_id, but=who.credential)
            if ended:
                await _say(tx, reception, who, SecurityKind.SESSION_ENDED, sessions=len(ended))
        return reply({"ended": len(ended)})

    @router.delete("/sessions/{session_id}", summary="end one other session of mine")
    async def end_one(session_id: UUID, who: Myself) -> Response:
        async with reception.database.transaction() as tx:
            ended = await credentials.end_sessions(tx, who.person.person_id, session_id, who.credential)
            if not ended:
                zh, en = (
                    "没有这个会话，或就是本次登录（请用“退出”）",
                    "no such session, or the one that asks: sign out",
                )
                raise Problem(404, zh, en, [Fault("session_id", "unknown", en, zh)])
            await _say(tx, reception, who, SecurityKind.SESSION_ENDED, sessions=1)
        return reply({"ended": 1})


def _tokens(router: APIRouter, reception: Reception) -> None:
    @router.get("/tokens", summary="my API tokens; never the token itself")
    async def tokens(who: Myself) -> Response:
        async with reception.database.reading() as tx:
            return reply({"tokens": await credentials.tokens_of(tx, who.person.person_id)})

    @router.delete("/tokens/{token_id}", summary="revoke one of my tokens at once")
    async def revoke(token_id: UUID, who: Myself) -> Response:
        async with reception.database.transaction() as tx:
            label = await credentials.revoke_token(tx, who.person.person_id, token_id)
            if label is None:
                raise no_such_token()
            await _say(tx, reception, who, SecurityKind.TOKEN_REVOKED, token_id=str(token_id), label=label)
        return reply({"token_id": token_id, "revoked": True})


def _password(router: APIRouter, reception: Reception) -> None:
    changing = ChangePassword(reception)

    @router.post("/password", summary="a new password; my other sessions end")
    async def change(request: Request, body: PasswordBody, who: Myself) -> Response:
        await changing.change(request.app.state.gate, who, body.current, body.new)
        return reply({"changed": True})


async def _say(
    tx: Transaction, reception: Reception, who: SignedIn, kind: SecurityKind, **detail: object
) -> None:
    entry = SecurityEntry(kind, who.person.person_id, who.person.login, detail=detail)
    await security_log.append(tx, [entry], reception.clock.now())
