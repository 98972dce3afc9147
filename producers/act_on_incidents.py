"""The acts over HTTP: acknowledge, grade, stop, forward, close, reopen; every body refuses unknown fields by name."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BeforeValidator
from starlette.responses import Response

from producers.acknowledge_alert import IHaveIt, acknowledge
from producers.act_once import ActBody, Once
from producers.expected_state import (
    ExpectedAlert,
    ExpectedForwards,
    ExpectedGrade,
    ExpectedState,
    ExpectedStop,
)
from producers.move_incident import Forwarding, Moves
from producers.problems import Fault, Problem
from producers.reception import Reception
from producers.reopen_incident import reopen
from producers.sign_in import SignedIn, demand
from rules.access import Act
from rules.typed.signs import login
from rules.typed.words import value_of
from schemas.reasons import CloseReason
from schemas.shape import Line, Moment, Note, Shape
from schemas.vocabulary import AcknowledgeMedium, Grade, Medium, NodeRole, Stage


def as_typed(group: str) -> BeforeValidator:
    """Takes the Chinese words of an enum too: 三级, 续报, 电话. A word nobody knows is refused: an act is no report."""
    return BeforeValidator(lambda said: value_of(said, group) or said)


class AcknowledgeBody(ActBody):
    """`on_behalf_of` is the login of whoever said it, when somebody else types it; `note` holds the words."""

    note: Note = ""
    medium: AcknowledgeMedium = AcknowledgeMedium.API
    on_behalf_of: str | None = None
    expected: ExpectedAlert | None = None


class OnIncident(ActBody):
    """An act on an incident; `expected` holds what the person saw, and each act has its own field in it."""

    expected: Shape | None = None


class GradeBody(OnIncident):
    """A lower grade needs a note. One that differs from `proposed_grade` should say why, and is kept either way."""

    grade: Annotated[Grade, as_typed("grade")]
    note: Note = ""
    expected: ExpectedGrade | None = None


class StopBody(OnIncident):
    """When the response ended."""

    stopped_at: Moment
    expected: ExpectedStop | None = None


class ForwardBody(OnIncident):
    """The county's own report upward. `copied_to`: who got a copy; the level that a skip-level report passes must."""

    to_role: NodeRole = NodeRole.CITY
    copied_to: tuple[NodeRole, ...] = ()
    stage: Annotated[Stage, as_typed("stage")] = Stage.FIRST
    medium: Annotated[Medium, as_typed("medium")]
    sent_at: Moment | None = None
    receipt_no: Line = ""
    received_by: Line = ""
    expected: ExpectedForwards | None = None


class CloseBody(OnIncident):
    """Why it is closed; anything but a final report needs a note."""

    why: CloseReason
    note: Note = ""
    expected: ExpectedState | None = None


class ReopenBody(OnIncident):
    """`note` says why it must be open again."""

    note: Note
    expected: ExpectedState | None = None


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
        said = _said(reception, alert_id, body, who)
        once = Once.of("acknowledge", alert_id, who.person.person_id, body)
        return (await acknowledge(reception, said, once, body.expected)).response()

    @router.post("/incidents/{incident_id}/grade", summary="set the grade")
    async def grade(
        incident_id: UUID, body: GradeBody, who: Annotated[SignedIn, _acting(Act.GRADE)]
    ) -> Response:
        moves = _moves("grade", incident_id, body, who)
        return (await moves.regrade(incident_id, body.grade, body.note)).response()

    @router.post("/incidents/{incident_id}/stop", summary="the response ended")
    async def stop(
        incident_id: UUID, body: StopBody, who: Annotated[SignedIn, _acting(Act.STOP)]
    ) -> Response:
        moves = _moves("stop", incident_id, body, who)
        return (await moves.stop(incident_id, body.stopped_at)).response()

    @router.post("/incidents/{incident_id}/forward", summary="the county's own report upward")
    async def forward(
        incident_id: UUID, body: ForwardBody, who: Annotated[SignedIn, _acting(Act.FORWARD)]
    ) -> Response:
        said = Forwarding(
            **{key: one for key, one in dict(body).items() if key not in ("act_id", "expected")}
        )
        return (await _moves("forward", incident_id, body, who).forward(incident_id, said)).response()

    @router.post("/incidents/{incident_id}/close", summary="close it")
    async def close(
        incident_id: UUID, body: CloseBody, who: Annotated[SignedIn, _acting(Act.CLOSE)]
    ) -> Response:
        moves = _moves("close", incident_id, body, who)
        return (await moves.close(incident_id, body.why, body.note)).response()

    @router.post("/incidents/{incident_id}/reopen", summary="open again what was closed too early")
    async def reopen_incident(
        incident_id: UUID, body: ReopenBody, who: Annotated[SignedIn, _acting(Act.REOPEN)]
    ) -> Response:
        moves = _moves("reopen", incident_id, body, who)
        return (await reopen(reception, moves, who.person.person_id, incident_id, body.note)).response()

    def _moves(act: str, incident_id: UUID, body: OnIncident, who: SignedIn) -> Moves:
        return Moves(reception, Once.of(act, incident_id, who.person.person_id, body), body.expected)

    return router


def _said(reception: Reception, alert_id: UUID, body: AcknowledgeBody, who: SignedIn) -> IHaveIt:
    by = who.person.person_id
    if body.medium is AcknowledgeMedium.OWN_ACT:
        zh, en = "own_act 由系统记录，不能填写", "own_act is what the system records; nobody says it"
        raise Problem(422, zh, en, [Fault("medium", "enum", en, zh)])
    if body.on_behalf_of is None:
        return IHaveIt(alert_id, by, by, body.medium, body.note)
    demand(who, Act.ACKNOWLEDGE_ON_BEHALF)
    spoke = next((one for one in reception.desk.county.people if one.login == login(body.on_behalf_of)), None)
    if spoke is None:
        zh, en = "没有这个人", "nobody has this login"
        raise Problem(422, zh, en, [Fault("on_behalf_of", "unknown", en, zh)])
    if not body.note.strip():
        zh, en = "代为签收请记录对方原话", "on behalf: write down what was said"
        raise Problem(422, zh, en, [Fault("note", "reason_needed", en, zh)])
    return IHaveIt(alert_id, spoke.person_id, by, AcknowledgeMedium.ON_BEHALF, body.note)
