"""incident.opened, incident.regraded, incident.reopened, obligation.due_soon → alert.raised: who must know is told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from consumers.telling import Cause, Told, begin
from rules import escalation, lifecycle, routing
from rules.desk import Desk
from schemas.alert import Alert
from schemas.events import Fact, IncidentOpened, IncidentRegraded, IncidentReopened, ObligationDueSoon
from schemas.incident import Incident
from schemas.reasons import AlertReason
from schemas.vocabulary import AlertState, IncidentState, ObligationState
from storage import alerts, incidents, obligations
from storage.database import Transaction

FACTS: tuple[type[Fact], ...] = (IncidentOpened, IncidentRegraded, IncidentReopened, ObligationDueSoon)


async def route_all(tx: Transaction, facts: Sequence[Fact], now: datetime, desk: Desk) -> None:
    """Raise one alert for each cause; a reminder only where nobody is being called already."""
    known = await incidents.lock(tx, [fact.incident_id for fact in facts if fact.incident_id])
    soon = [fact for fact in facts if isinstance(fact, ObligationDueSoon)]
    called = {climb.alert.incident_id for climb in await alerts.lock_climbing_of(tx, _incidents_of(soon))}
    still_open = await _still_open(tx, soon)
    told = Told()
    for fact in facts:
        incident = known[fact.incident_id] if fact.incident_id else None
        if incident is None or incident.state is IncidentState.CLOSED:
            continue
        if isinstance(fact, IncidentRegraded) and lifecycle.is_downward(fact.old, fact.new):
            continue
        if isinstance(fact, ObligationDueSoon):
            if incident.incident_id in called or fact.obligation.obligation_id not in still_open:
                continue
            called.add(incident.incident_id)
        _raise(told, fact, incident, now, desk)
    await told.save(tx, now)


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
    submitted_at = fact.received_at if isinstance(fact, IncidentOpened) else None
    decision = escalation.begin(ladder, reason, incident.grade, escalation.Scene(desk.county, now))
    begin(
        told,
        Cause(
            alert, incident.title, incident.division, submitted_at or fact.at, submitted_at, incident.sender
        ),
        decision,
        now,
    )


def _reason_and_key(fact: Fact) -> tuple[AlertReason, UUID]:
    """Why somebody is told, and what makes a repeat of the same cause the same alert."""
    if isinstance(fact, ObligationDueSoon):
        return AlertReason.OBLIGATION_DUE_SOON, fact.obligation.obligation_id
    if isinstance(fact, IncidentRegraded):
        return AlertReason.INCIDENT_REGRADED, fact.event_id
    if isinstance(fact, IncidentReopened):
        return AlertReason.INCIDENT_REOPENED, fact.event_id
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
