"""The facts, in the order in which they happen in one report's life.

A fact is past tense, immutable and carries all that a reaction needs. `consumers/app.py` and
`docs/life_of_a_report.md` keep this order; `tests/test_life_order.py` holds the three together.
"""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from schemas import reasons
from schemas.alert import Attempt
from schemas.fact import Fact as Fact  # whoever reacts to facts finds the word here too
from schemas.obligation import Obligation, Verdict
from schemas.proposal import ProposedGrade
from schemas.report import Report
from schemas.vocabulary import AcknowledgeMedium, Door, Grade, Medium, NodeRole, Stage


# 1 Someone reports. Travels on INTAKE, one subject a report.
class ReportSubmitted(Fact):
    """A door accepted a report. `called_at` is the receiver's logged call time, for a phone call only."""

    kind: ClassVar[str] = "report.submitted"
    report_id: UUID
    receipt_no: str
    door: Door
    submitted_by: UUID
    from_node: str | None
    called_at: AwareDatetime | None = None
    body_hash: str
    report: Report
    given: tuple[str, ...] | None = None  # the fields that a correction names, be it to empty them

    @property
    def opens_incident(self) -> bool:
        """An incident is known by the id of the report that opened it."""
        return self.report.stage is Stage.FIRST and self.incident_id == self.report_id


# 2 It is stored once, joined to its incident; obligations open and are met.
class IncidentOpened(Fact):
    kind: ClassVar[str] = "incident.opened"
    number: str
    category: str
    grade: Grade
    title: str
    from_node: str | None
    occurred_at: AwareDatetime | None
    received_at: AwareDatetime
    by: UUID | None = None  # who reported it first


class ReportStored(Fact):
    kind: ClassVar[str] = "report.stored"
    report_id: UUID
    number: int
    stage: Stage
    medium: Medium
    door: Door
    category: str
    grade: Grade
    from_node: str | None
    judged_at: AwareDatetime
    claimed_at: AwareDatetime | None = None
    missing: tuple[str, ...] = ()
    submitted_by: UUID | None = None


class ReportAfterClosing(Fact):  # stored like any other; nobody looks at a closed incident by itself
    kind: ClassVar[str] = "report.after_closing"
    report_id: UUID
    number: int
    stage: Stage
    submitted_by: UUID
    received_at: AwareDatetime


class ReportRefused(Fact):
    """Kept aside in `refusals` with its bytes; never dropped."""

    kind: ClassVar[str] = "report.refused"
    refusal_id: UUID
    report_id: UUID | None
    reason: reasons.RefuseReason
    field: str | None = None
    detail: str = ""


class ObligationOpened(Fact):
    kind: ClassVar[str] = "obligation.opened"
    why: reasons.OpenReason
    obligation: Obligation


class ObligationMet(Fact):
    """Done: on time (`met`), after (`late`), or after a due time at which our own intake was down (`disputed`)."""

    kind: ClassVar[str] = "obligation.met"
    why: reasons.SettleReason
    obligation: Obligation
    by_report: UUID | None = None


class ObligationLapsed(Fact):
    """Ended without being done: missed, waived or disputed."""

    kind: ClassVar[str] = "obligation.lapsed"
    why: reasons.SettleReason
    obligation: Obligation


# 3 Who must know?
class AlertRaised(Fact):
    kind: ClassVar[str] = "alert.raised"
    alert_id: UUID
    why: reasons.AlertReason
    grade: Grade
    title: str
    step: int
    round: int
    person_id: UUID
    submitted_at: AwareDatetime | None = None
    owed_at: AwareDatetime | None = None  # when this person had to be told; later than that is our delay
    sender: UUID | None = None  # who reported the incident first
    attempts: tuple[Attempt, ...]


# 4 Each channel answers.
class _AttemptEnded(Fact):
    alert_id: UUID
    attempt: Attempt
    why: reasons.DeliveryReason
    detail: str = ""


class AlertDelivered(_AttemptEnded):
    kind: ClassVar[str] = "alert.delivered"
    delayed_minutes: int = 0  # by our own fault


class AlertFailed(_AttemptEnded):
    kind: ClassVar[str] = "alert.failed"


class AlertUncertain(_AttemptEnded):
    kind: ClassVar[str] = "alert.uncertain"


# 5 Time passes. `at` is when the clock detected it, `due_at` when it was due.
class ObligationDueSoon(Fact):
    kind: ClassVar[str] = "obligation.due_soon"
    due_at: AwareDatetime
    obligation: Obligation


class ObligationBreached(Fact):
    kind: ClassVar[str] = "obligation.breached"
    due_at: AwareDatetime
    obligation: Obligation


class AlertUnanswered(Fact):
    kind: ClassVar[str] = "alert.unanswered"
    alert_id: UUID
    step: int
    round: int
    due_at: AwareDatetime


# 6 Who is next?
class AlertEscalated(Fact):
    kind: ClassVar[str] = "alert.escalated"
    alert_id: UUID
    why: reasons.EscalationReason
    skipped: tuple[tuple[int, reasons.EscalationReason], ...] = ()
    grade: Grade
    title: str
    step: int
    round: int
    person_id: UUID
    owed_at: AwareDatetime | None = None
    sender: UUID | None = None
    attempts: tuple[Attempt, ...]


class AlertExhausted(Fact):
    kind: ClassVar[str] = "alert.exhausted"
    alert_id: UUID
    round: int
    skipped: tuple[tuple[int, reasons.EscalationReason], ...] = ()
    next_round_at: AwareDatetime


# 7 A person acknowledges.
class AlertAcknowledged(Fact):
    kind: ClassVar[str] = "alert.acknowledged"
    alert_id: UUID
    person_id: UUID
    by: UUID
    medium: AcknowledgeMedium
    note: str = ""


# 8 The incident moves on. `proposed`: what the rules said at that moment; a grade that came with a report has none.
class IncidentRegraded(Fact):
    kind: ClassVar[str] = "incident.regraded"
    old: Grade
    new: Grade
    by: UUID
    note: str = ""
    why: reasons.GradeReason | None = None
    proposed: ProposedGrade | None = None


class IncidentStopped(Fact):
    kind: ClassVar[str] = "incident.stopped"
    stopped_at: AwareDatetime  # the response ended (处置结束): the `stopped` clock starts
    by: UUID


class ReportForwarded(Fact):
    """The county's own report upward; `sent_at` is claimed, `at` is the judge."""

    kind: ClassVar[str] = "report.forwarded"
    to_role: NodeRole
    stage: Stage
    medium: Medium
    by: UUID
    sent_at: AwareDatetime | None = None
    receipt_no: str = ""
    received_by: str = ""
    copied_to: tuple[NodeRole, ...] = ()  # the level that a skip-level report passes, among others


class IncidentClosed(Fact):
    kind: ClassVar[str] = "incident.closed"
    why: reasons.CloseReason
    by: UUID
    note: str = ""


class IncidentReopened(Fact):  # closed too early; `was` is why, `withdrawn` the verdicts that no longer hold
    kind: ClassVar[str] = "incident.reopened"
    by: UUID
    note: str
    was: reasons.CloseReason
    closed_at: AwareDatetime
    withdrawn: tuple[Verdict, ...] = ()


class PackAdopted(Fact):  # of no incident: the county's own rules change from `in_force_from` on
    kind: ClassVar[str] = "pack.adopted"
    pack_id: str
    version: str
    replaces: str | None = None
    sha256: str
    in_force_from: AwareDatetime
    by: UUID
    note: str = ""


# 9 The record is a table, not a fact: `consumers/record_timeliness.py` writes it.
LIFE_ORDER: tuple[type[Fact], ...] = (
    ReportSubmitted,
    IncidentOpened,
    ReportStored,
    ReportAfterClosing,
    ReportRefused,
    ObligationOpened,
    ObligationMet,
    ObligationLapsed,
    AlertRaised,
    AlertDelivered,
    AlertFailed,
    AlertUncertain,
    ObligationDueSoon,
    ObligationBreached,
    AlertUnanswered,
    AlertEscalated,
    AlertExhausted,
    AlertAcknowledged,
    IncidentRegraded,
    IncidentStopped,
    ReportForwarded,
    IncidentClosed,
    IncidentReopened,
    PackAdopted,
)

KINDS: dict[str, type[Fact]] = {fact.kind: fact for fact in LIFE_ORDER}


def subject_of(report_id: UUID) -> str:
    """The subject of one submitted report on INTAKE: a second message on it is a repeat."""
    return f"intake.report.submitted.{report_id}"
