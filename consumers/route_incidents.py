"""incident.opened, report.after_closing, incident.regraded, incident.reopened, obligation.due_soon → alert.raised,
alert.acknowledged: who must know is told; whoever did it herself knows.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from consumers.telling import Cause, Told, begin, know
from rules import escalation, lifecycle, own_acts, routing
from rules.desk import Desk
from schemas.alert import Alert
from schemas.events import (
    Fact,
    IncidentOpened,
    IncidentRegraded,
    IncidentReopened,
    ObligationDueSoon,
    ReportAfterClosing,
)
from schemas.incident import Incident
from schemas.reasons import AlertReason
from schemas.vocabulary import AlertState, IncidentState, ObligationState
from storage import alerts, incidents, obligations
from storage.alerts import Climb
from storage.database import Transaction

FACTS: tuple[type[Fact], ...] = (
    IncidentOpened,
    ReportAfterClosing,
    IncidentRegraded,
    IncidentReopened,
    ObligationDueSoon,
)


async def route_all(tx: Transaction, facts: Sequence[Fact], now: datetime, desk: Desk) -> None:
    """Raise one alert for each cause; a reminder only where nobody is being called already."""
    known = await incidents.lock(tx, [fact.incident_id for fact in facts if fact.incident_id])
    climbing = await alerts.lock_climbing_of(
        tx, _incidents_of([f for f in facts if not isinstance(f, IncidentOpened)])
    )
    called = {climb.alert.incident_id for climb in climbing}
    told_of_reports = {
        c.alert.incident_id for c in climbing if c.alert.reason is AlertReason.REPORT_AFTER_CLOSING
    }
    still_open = await _still_open(tx, [fact for fact in facts if isinstance(fact, ObligationDueSoon)])
    told = Told()
    for fact in facts:
        incident = known[fact.incident_id] if fact.incident_id else None
        if incident is None or not _concerns(fact, incident):
            continue
        by = own_acts.actor(_by(fact), desk)
        if by is not None:
            before = [climb for climb in climbing if climb.alert.raised_at <= fact.at]
            _know_what_was_told(told, before, incident, by, now)
        if isinstance(fact, IncidentRegraded) and lifecycle.is_downward(fact.old, fact.new):
            continue
        if isinstance(fact, ObligationDueSoon):
            if incident.incident_id in called or fact.obligation.obligation_id not in still_open:
                continue
            called.add(incident.incident_id)
        if isinstance(fact, ReportAfterClosing):
            if incident.incident_id in told_of_reports:
                continue
            told_of_reports.add(incident.incident_id)
        _raise(told, fact, incident, now, desk)
    await told.save(tx, now)


def _concerns(fact: Fact, incident: Incident) -> bool:
    """A closed incident calls nobody but for what is reported after its closing."""
    return isinstance(fact, ReportAfterClosing) == (incident.state is IncidentState.CLOSED)


def _by(fact: Fact) -> UUID | None:
    """Who did what the fact says."""
    if isinstance(fact, ReportAfterClosing):
        return fact.submitted_by
    return fact.by if isinstance(fact, IncidentOpened | IncidentRegraded | IncidentReopened) else None


def _know_what_was_told(
    told: Told, climbing: Sequence[Climb], incident: Incident, by: UUID, now: datetime
) -> None:
    """Who acts on an incident has heard of it: what she is just being told of it is answered."""
    for climb in climbing:
        alert = climb.alert
        if (alert.incident_id, alert.person_id) == (
            incident.incident_id,
            by,
        ) and alert.alert_id not in told.known:
            know(told, Cause(alert, climb.title, climb.division, now), by, now)


def _raise(told: Told, fact: Fact, incident: Incident, now: datetime, desk: Desk) -> None:
    reason, key = _reason_and_key(fact)
    ladder = routing.pick(desk.county.ladders, incident.category, incident.grade)
    alert = Alert(
        alert_id=uuid5(key, reason),
        incident_id=incident.incident_id,
        obligation_id=fact.obligation.obligation_id if isinstance(fact, ObligationDueSoon) else None,
        reason=reason,
        ladder=ladder.id,
        grade=incident.grade,
        step=0,
        state=AlertState.OPEN,
        raised_at=now,
    )
    submitted_at = fact.received_at if isinstance(fact, IncidentOpened | ReportAfterClosing) else None
    scene, by = escalation.Scene(desk.county, now), own_acts.actor(_by(fact), desk)
    decision = own_acts.begin(ladder, reason, incident.grade, scene, by)
    cause = Cause(
        alert, incident.title, incident.division, submitted_at or fact.at, submitted_at, incident.sender
    )
    begin(told, cause, decision, now)


def _reason_and_key(fact: Fact) -> tuple[AlertReason, UUID]:
    """Why somebody is told, and what makes a repeat of the same cause the same alert."""
    if isinstance(fact, ObligationDueSoon):
        return AlertReason.OBLIGATION_DUE_SOON, fact.obligation.obligation_id
    if isinstance(fact, IncidentRegraded):
        return AlertReason.INCIDENT_REGRADED, fact.event_id
    if isinstance(fact, IncidentReopened):
        return AlertReason.INCIDENT_REOPENED, fact.event_id
    if isinstance(fact, ReportAfterClosing):
        return AlertReason.REPORT_AFTER_CLOSING, fact.report_id
    assert fact.incident_id is not None
    return AlertReason.INCIDENT_REPORTED, fact.incident_id


def _incidents_of(facts: Sequence[Fact]) -> list[UUID]:
    return [fact.incident_id for fact in facts if fact.incident_id]


async def _still_open(tx: Transaction, facts: Sequence[ObligationDueSoon]) -> set[UUID]:
    """Those reminded obligations that nobody has met meanwhile."""
    found = await obligations.lock_of(tx, _incidents_of(facts)) if facts else {}
    return {
        owed.obligation_id for owing in found.values() for owed in owing if owed.state is ObligationState.OPEN
    }
