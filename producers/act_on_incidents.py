"""The acts over HTTP: acknowledge, grade, stop, forward, close; every body refuses unknown fields by name."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from producers import shown_grades
from producers.acknowledge_alert import IHaveIt, acknowledge
from producers.move_incident import Forwarding, Moves
from producers.problems import Fault, Problem
from producers.reception import Reception, reply
from producers.sign_in import SignedIn, demand
from rules.access import Act
from schemas.reasons import CloseReason
from schemas.shape import Line, Moment, Note, Shape
from schemas.vocabulary import AcknowledgeMedium, Grade, Medium, NodeRole, Stage


class AcknowledgeBody(Shape):
    """`on_behalf_of` is the login of whoever said it, when somebody else types it; `note` holds the words."""

    note: Note = ""
    medium: AcknowledgeMedium = AcknowledgeMedium.API
    on_behalf_of: str | None = None


class GradeBody(Shape):
    """A lower grade needs a note. One that differs from `proposed_grade` should say why, and is kept either way."""

    grade: Grade
    note: Note = ""


class StopBody(Shape):
    """When the response ended."""

    stopped_at: Moment


class ForwardBody(Shape):
    """The county's own report upward. `copied_to`: who got a copy; the level that a skip-level report passes must."""

    to_role: NodeRole = NodeRole.CITY
    copied_to: tuple[NodeRole, ...] = ()
    stage: Stage = Stage.FIRST
    medium: Medium
    sent_at: Moment | None = None
    receipt_no: Line = ""
    received_by: Line = ""


class CloseBody(Shape):
    """Why it is closed; anything but a final report needs a note."""

    why: CloseReason
    note: Note = ""


def _acting(act: Act) -> object:
    async def asking(request: Request) -> SignedIn:
        gate = request.app.state.gate
        who = demand(await gate.who(request.headers, request.cookies), act)
        gate.check_csrf(request, who)
        return who

    return Depends(asking)


def make_router(reception: Reception) -> APIRouter:
    """All acts."""
    router = APIRouter(prefix="/api/v1", tags=["act"])

    @router.post("/alerts/{alert_id}/acknowledge", summary="a named person has it")
    async def acknowledge_alert(
        alert_id: UUID, body: AcknowledgeBody, who: Annotated[SignedIn, _acting(Act.ACKNOWLEDGE)]
    ) -> Response:
        row = await acknowledge(reception, _said(reception, alert_id, body, who))
        keys = ("alert_id", "state", "acknowledged_at", "acknowledged_by_name", "incident_id", "note")
        return reply({key: row[key] for key in keys})

    @router.post("/incidents/{incident_id}/grade", summary="set the grade")
    async def grade(
        incident_id: UUID, body: GradeBody, who: Annotated[SignedIn, _acting(Act.GRADE)]
    ) -> Response:
        moved = await Moves(reception, who.person.person_id).regrade(incident_id, body.grade, body.note)
        return reply({"incident": shown_grades.incident(moved, reception)})

    @router.post("/incidents/{incident_id}/stop", summary="the response ended")
    async def stop(
        incident_id: UUID, body: StopBody, who: Annotated[SignedIn, _acting(Act.STOP)]
    ) -> Response:
        moved = await Moves(reception, who.person.person_id).stop(incident_id, body.stopped_at)
        return reply({"incident": shown_grades.incident(moved, reception)})

    @router.post("/incidents/{incident_id}/forward", summary="the county's own report upward")
    async def forward(
        incident_id: UUID, body: ForwardBody, who: Annotated[SignedIn, _acting(Act.FORWARD)]
    ) -> Response:
        met = await Moves(reception, who.person.person_id).forward(incident_id, Forwarding(**dict(body)))
        return reply({"forwarded": True, "met": met})

    @router.post("/incidents/{incident_id}/close", summary="close it")
    async def close(
        incident_id: UUID, body: CloseBody, who: Annotated[SignedIn, _acting(Act.CLOSE)]
    ) -> Response:
        moved = await Moves(reception, who.person.person_id).close(incident_id, body.why, body.note)
        return reply({"incident": shown_grades.incident(moved, reception)})

    return router


def _said(reception: Reception, alert_id: UUID, body: AcknowledgeBody, who: SignedIn) -> IHaveIt:
    by = who.person.person_id
    if body.on_behalf_of is None:
        return IHaveIt(alert_id, by, by, body.medium, body.note)
    demand(who, Act.ACKNOWLEDGE_ON_BEHALF)
    spoke = next((one for one in reception.desk.county.people if one.login == body.on_behalf_of), None)
    if spoke is None:
        zh, en = "没有这个人", "nobody has this login"
        raise Problem(422, zh, en, [Fault("on_behalf_of", "unknown", en, zh)])
    if not body.note.strip():
        zh, en = "代为签收请记录对方原话", "on behalf: write down what was said"
        raise Problem(422, zh, en, [Fault("note", "reason_needed", en, zh)])
    return IHaveIt(alert_id, spoke.person_id, by, AcknowledgeMedium.ON_BEHALF, body.note)
