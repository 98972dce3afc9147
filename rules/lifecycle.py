"""Whether an act on an incident or an alert is carried out: each returns what happened or why not (`Denied`).

Nothing here stops a report upward: forwarding stays possible after closing and before any grade.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rules.plausibility import is_future, precedes
from schemas.alert import Alert
from schemas.incident import Incident
from schemas.reasons import CloseReason, Denial, RefuseReason
from schemas.vocabulary import AlertState, Grade, IncidentState, NodeRole, Stage

CORRECTING = frozenset({Stage.CORRECTION, Stage.RETRACTION})
"""Stages that change what an earlier report said, so they belong to whoever said it or to the duty room."""
AFTER_CLOSING = frozenset({Stage.CORRECTION, Stage.RETRACTION, Stage.FEEDBACK})
BELOW_OR_BESIDE = frozenset(
    {NodeRole.UNIT, NodeRole.VILLAGE, NodeRole.TOWNSHIP, NodeRole.COUNTY_DEPARTMENT, NodeRole.COUNTY}
)
_RANK = {
    Grade.NON_INCIDENT: 0,
    Grade.UNGRADED: 1,
    Grade.IV: 2,
    Grade.III: 3,
    Grade.II: 4,
    Grade.I: 5,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an incident stands. A final report that was retracted no longer counts in `final_stored`."""

    state: IncidentState = IncidentState.OPEN
    grade: Grade = Grade.UNGRADED
    reported: bool = True
    final_stored: bool = False

    @classmethod
    def of(cls, incident: Incident) -> "Standing":
        """Where a stored incident stands."""
        return cls(
            incident.state, incident.grade, incident.report_count > 0, incident.final_report_id is not None
        )


@dataclass(frozen=True, slots=True)
class Denied:
    """Not carried out; `who` and `at` say who was first, where somebody was.

    Of a time that cannot be, `at` is that time and `not_before` the one it comes before.
    """

    reason: Denial
    who: UUID | None = None
    at: datetime | None = None
    not_before: datetime | None = None

    def times(self) -> tuple[str, ...]:
        """The time that was said and the one it comes before, in the zone of the first."""
        zone = self.at.tzinfo if self.at else None
        return tuple(one.astimezone(zone).isoformat() for one in (self.at, self.not_before) if one)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """`person_id` has it; `by` typed it, the same person unless it was on behalf."""

    alert_id: UUID
    person_id: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Regraded:
    """The incident's grade changed."""

    old: Grade
    new: Grade


@dataclass(frozen=True, slots=True)
class Stopped:
    """The response ended at this moment."""

    stopped_at: datetime


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The county reported upward; `sent_at` is what it claims, None where it claims nothing."""

    to_role: NodeRole
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Closed:
    """The incident is closed."""

    why: CloseReason


@dataclass(frozen=True, slots=True)
class Reopened:
    """The incident is open again; `was` is why it had been closed."""

    was: CloseReason


def acknowledge(alert: Alert, person_id: UUID, by: UUID, at: datetime) -> Acknowledged | Denied:
    """The first who says "I have it" has it; a later one learns who was first."""
    if alert.state is AlertState.ACKNOWLEDGED:
        return Denied(Denial.ALREADY_ACKNOWLEDGED, alert.acknowledged_by, alert.acknowledged_at)
    if alert.state is AlertState.CLOSED:
        return Denied(Denial.ALREADY_CLOSED)
    return Acknowledged(alert.alert_id, person_id, by, at)


def regrade(standing: Standing, new: Grade, note: str) -> Regraded | Denied:
    """Another grade; a lower one, or "no incident", needs a note that says why."""
    if standing.state is IncidentState.CLOSED:
        return Denied(Denial.ALREADY_CLOSED)
    if standing.grade is new:
        return Denied(Denial.SAME_GRADE)
    if is_downward(standing.grade, new) and not note.strip():
        return Denied(Denial.REASON_NEEDED)
    return Regraded(standing.grade, new)


def height(grade: Grade) -> int:
    """How grave a grade is; what nobody has graded stands above what is no incident."""
    return _RANK[grade]


def is_downward(old: Grade, new: Grade) -> bool:
    """Whether fewer people must act after this. The first grade of an ungraded incident is no step down."""
    return _RANK[new] < _RANK[old]


def stop(
    standing: Standing, stopped_at: datetime, now: datetime, not_before: datetime | None = None
) -> Stopped | Denied:
    """The end of the response, which must lie in the past, and not before the event."""
    if standing.state is IncidentState.CLOSED:
        return Denied(Denial.ALREADY_CLOSED)
    if is_future(stopped_at, now):
        return Denied(Denial.FUTURE_TIME)
    if not_before is not None and precedes(stopped_at, not_before):
        return Denied(Denial.IMPLAUSIBLE_TIME, None, stopped_at, not_before)
    return Stopped(stopped_at)


def forward(
    standing: Standing,
    to_role: NodeRole,
    sent_at: datetime | None,
    now: datetime,
    not_before: datetime | None = None,
) -> Forwarded | Denied:
    """The county's own report upward; never refused for skipping a level, being late or after closing.

    It cannot have been sent before the county had anything to send.
    """
    if to_role in BELOW_OR_BESIDE:
        return Denied(Denial.NOT_ALLOWED)
    if not standing.reported:
        return Denied(Denial.NOTHING_TO_FORWARD)
    if sent_at is not None and is_future(sent_at, now):
        return Denied(Denial.FUTURE_TIME)
    if sent_at is not None and not_before is not None and precedes(sent_at, not_before):
        return Denied(Denial.IMPLAUSIBLE_TIME, None, sent_at, not_before)
    return Forwarded(to_role, sent_at)


def close(standing: Standing, why: CloseReason, note: str) -> Closed | Denied:
    """Closed by its final report, or by a note that says why there will be none."""
    if standing.state is IncidentState.CLOSED:
        return Denied(Denial.ALREADY_CLOSED)
    if why is CloseReason.FINAL_REPORT:
        return Closed(why) if standing.final_stored else Denied(Denial.NO_FINAL_REPORT)
    return Closed(why) if note.strip() else Denied(Denial.REASON_NEEDED)


def reopen(standing: Standing, close_reason: str | None, note: str) -> Reopened | Denied:
    """Open again what was closed too early, for whatever reason it was closed; a note says why."""
    if standing.state is IncidentState.OPEN:
        return Denied(Denial.ALREADY_OPEN)
    if not note.strip():
        return Denied(Denial.REASON_NEEDED)
    assert close_reason is not None, "whatever is closed was closed for a reason"
    return Reopened(CloseReason(close_reason))


def join(standing: Standing | None, *, corrects_known: bool = True) -> RefuseReason | None:
    """Why a report may not join this incident, None when it may; `standing` is None for an unknown incident.

    What comes after closing is taken, and so is a second final report: nothing that was said is lost.

    `corrects_known`: whether the report that a correction or retraction points to is one of this incident.
    """
    if standing is None:
        return RefuseReason.UNKNOWN_INCIDENT
    return None if corrects_known else RefuseReason.UNKNOWN_REPORT
