"""`GET /api/v1/incidents/{id}/why`: why is this owed, by then, and why is that not? Asked of the rules in force now."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from producers import shown_why, unreadable
from producers.problems import Fault, Problem
from producers.reception import Reception, reply
from producers.sight import scope_of
from producers.sign_in import SignedIn, demand
from rules.explanation import Explanation, explain
from storage import incidents, obligations
from storage.obligations import Wanted

ALL_OF_ONE = 2000


async def _asking(request: Request) -> SignedIn:
    return demand(await request.app.state.gate.who(request.headers, request.cookies))


def make_router(reception: Reception) -> APIRouter:
    """One question."""
    router = APIRouter(prefix="/api/v1", tags=["read"])

    @router.get(
        "/incidents/{incident_id}/why",
        summary="every deadline of an incident with its clauses, and each limit that stays silent, with its reason",
    )
    async def why(incident_id: UUID, who: Annotated[SignedIn, Depends(_asking)]) -> Response:
        desk, now = reception.desk, reception.clock.now()
        async with reception.database.reading() as tx:
            incident = await incidents.load(tx, incident_id)
            if incident is None or not scope_of(reception, who).holds_incident(incident):
                zh, en = "没有这个事件", "no such incident"
                raise Problem(404, zh, en, [Fault("incident_id", "unknown", en, zh)])
            rows = await obligations.listing(tx, Wanted(incidents=[incident_id], limit=ALL_OF_ONE))
        # What is over is explained as it stood at its end: nothing falls due any more.
        case, moment = incident.case(), incident.closed_at or now
        answer = unreadable.one(
            "incidents",
            incident_id,
            lambda: explain(case, desk.packs, moment, with_reasons=True),
            Explanation((), ()),
        )
        return reply(shown_why.why(answer, incident, rows, desk) | {"now": now})

    return router
