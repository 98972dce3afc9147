"""The security log for auditor and administrator: who signed in, failed, was ended, looked at what; page by page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from producers.asked_times import demand_reach
from producers.reception import Reception, reply
from producers.sign_in import SignedIn, demand
from rules.access import Act
from schemas.security import SecurityEntry, SecurityKind
from schemas.shape import Moment
from storage import security_log
from storage.security_log import Asked


async def _auditing(request: Request) -> SignedIn:
    gate = request.app.state.gate
    return demand(await gate.who(request.headers, request.cookies), Act.SEE_SECURITY_LOG)


def make_router(reception: Reception) -> APIRouter:
    """One question."""
    router = APIRouter(prefix="/api/v1", tags=["accounts"])

    @router.get("/security-log", summary="the security log, oldest first; `next` is the place to go on from")
    async def page(  # noqa: PLR0913 - one parameter is one option
        who: Annotated[SignedIn, Depends(_auditing)],
        after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
        kind: SecurityKind | None = None,
        login: Annotated[str | None, Query(max_length=40)] = None,
        since: Moment | None = None,
        until: Moment | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    ) -> Response:
        demand_reach(reception.clock.now(), since=since, until=until)
        asked = Asked(after, kind, login, since, until)
        async with reception.database.transaction() as tx:
            found = await security_log.page(tx, asked, limit)
            if after == 0:
                person = who.person
                entry = SecurityEntry(SecurityKind.LOG_READ, person.person_id, person.login)
                await security_log.append(tx, [entry], reception.clock.now())
        following = found[-1]["seq"] if len(found) == limit else None
        return reply({"entries": found, "next": following})

    return router
