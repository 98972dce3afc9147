"""One incident as the record has it: what was reported and done, who was called, and how its obligations ended.

One line of a file of recorded facts is one `Recorded` as JSON; `jibao replay` reads them, and the database tells them.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schemas.reasons import CloseReason
from schemas.report import Report
from schemas.shape import Moment, Shape
from schemas.vocabulary import Grade, Medium, NodeRole, ObligationState, Stage


class RecordedReport(Shape):
    """A report as it was stored; `at` is when it came in, `judged_at` the time by which timeliness judges it."""

    kind: Literal["report.submitted"] = "report.submitted"
    at: Moment
    judged_at: Moment
    report_id: UUID
    division: str | None = None
    from_node: str | None = None
    report: Report
    given: tuple[str, ...] | None = None
    submitted_by: UUID | None = None


class RecordedGrade(Shape):
    """The incident's grade changed."""

    kind: Literal["incident.regraded"] = "incident.regraded"
    at: Moment
    new: Grade
    by_report: bool = False
    by: UUID | None = None


class RecordedStop(Shape):
    """The response ended."""

    kind: Literal["incident.stopped"] = "incident.stopped"
    at: Moment
    stopped_at: Moment


class RecordedForward(Shape):
    """The county reported upward."""

    kind: Literal["report.forwarded"] = "report.forwarded"
    at: Moment
    to_role: NodeRole
    stage: Stage
    medium: Medium


class RecordedClose(Shape):
    """The incident was closed."""

    kind: Literal["incident.closed"] = "incident.closed"
    at: Moment
    why: CloseReason


class RecordedReopen(Shape):
    """What had been closed was opened again."""

    kind: Literal["incident.reopened"] = "incident.reopened"
    at: Moment
    by: UUID | None = None


class RecordedCall(Shape):
    """A person was told."""

    kind: Literal["alert.raised", "alert.escalated"] = "alert.raised"
    at: Moment
    person_id: UUID


class RecordedAnswer(Shape):
    """Somebody said "I have it", which ends every climb about the incident."""

    kind: Literal["alert.acknowledged"] = "alert.acknowledged"
    at: Moment


RecordedFact = Annotated[
    RecordedReport
    | RecordedGrade
    | RecordedStop
    | RecordedForward
    | RecordedClose
    | RecordedReopen
    | RecordedCall
    | RecordedAnswer,
    Field(discriminator="kind"),
]


class RecordedEnd(Shape):
    """How one obligation ended; `open` with a due time in the past is overdue. `unit` is the node that owed it."""

    unit: str
    to_role: NodeRole
    stage: Stage
    medium: Medium
    occurrence: int = 1
    rule: str
    due_at: Moment
    outcome: ObligationState
    late_seconds: float = 0.0


class Recorded(Shape):
    """One incident. `facts` begin with the report that opened it, whose id it carries."""

    incident_id: UUID
    facts: tuple[RecordedFact, ...]
    ends: tuple[RecordedEnd, ...] = ()
