"""alert.unanswered, alert.failed, alert.uncertain, obligation.breached → alert.escalated: the next person is told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from consumers.telling import Cause, Told, begin, go_on
from rules import escalation, routing
from rules.desk import Desk
from schemas.alert import Alert
from schemas.events import AlertFailed, AlertUnanswered, AlertUncertain, Fact, ObligationBreached
from schemas.incident import Incident
from schemas.reasons import AlertReason, EscalationReason
from schemas.vocabulary import AlertState, IncidentState
from storage import alerts, incidents, obligations
from storage.alerts import Climb, Tried
from storage.database import Transaction

FACTS: tuple[type[Fact], ...] = (AlertFailed, AlertUncertain, ObligationBreached, AlertUnanswered)


async def escalate_all(tx: Transaction, facts: Sequence[Fact], now: datetime, desk: Desk) -> None:
    """Decide for each alert in turn; an alert that was acknowledged meanwhile stays where it is."""
    breaches = [fact for fact in facts if isinstance(fact, ObligationBreached)]
    known = await incidents.lock(tx, [fact.incident_id for fact in breaches if fact.incident_id])
    fresh = await obligations.mark_escalated(tx, {fact.obligation.obligation_id for fact in breaches}, now)
    # Several limits of one incident that run out together are one reason to call one more person.
    breached = {f.incident_id: f for f in breaches if f.incident_id and f.obligation.obligation_id in fresh}
    climbs = {c.alert.alert_id: c for c in await alerts.lock_climbing_of(tx, breached)}
    climbs |= await alerts.lock(tx, [f.alert_id for f in facts if isinstance(f, _ABOUT_ALERTS)])
    tried = await alerts.tried(tx, climbs)
    told = Told()
    for fact in facts:
        if isinstance(fact, _ABOUT_ALERTS) and fact.alert_id in climbs:
            trigger = _trigger(fact, climbs[fact.alert_id], tried)
            _step_up(told, climbs[fact.alert_id], trigger, _since(fact), (now, desk, tried))
    for incident_id, fact in breached.items():
        _after_breach(told, climbs, known[incident_id], fact, (now, desk, tried))
    await told.save(tx, now)


_ABOUT_ALERTS = (AlertUnanswered, AlertFailed, AlertUncertain)
_Look = tuple[datetime, Desk, Sequence[Tried]]


def _trigger(fact: Fact, climb: Climb, tried: Sequence[Tried]) -> escalation.Trigger | None:
    """What is said of which wait; None while another channel of the same step may still answer."""
    if isinstance(fact, AlertUnanswered):
        return escalation.unanswered(fact)
    assert isinstance(fact, AlertFailed | AlertUncertain)
    step = [
        t.state
        for t in tried
        if t.alert_id == climb.alert.alert_id and (t.round, t.step) == (fact.attempt.round, fact.attempt.step)
    ]
    if not escalation.nobody_reached(step):
        return None
    return escalation.channels_failed(fact.attempt)


def _since(fact: Fact) -> datetime:
    """When the next person had to be told: as soon as the wait ran out or the last channel failed."""
    return fact.due_at if isinstance(fact, AlertUnanswered) else fact.at


def _step_up(
    told: Told, climb: Climb, trigger: escalation.Trigger | None, owed_at: datetime, look: _Look
) -> None:
    if trigger is None:
        return
    now, desk, tried = look
    alert = told.moved.get(climb.alert.alert_id, climb.alert)
    already = frozenset(t.person_id for t in tried if (t.alert_id, t.round) == (alert.alert_id, alert.round))
    decision = escalation.decide(alert, trigger, escalation.Scene(desk.county, now, already))
    if not isinstance(decision, escalation.Stay):
        go_on(told, Cause(alert, climb.title, climb.division, owed_at, sender=climb.sender), decision, now)


def _after_breach(
    told: Told, climbs: dict[UUID, Climb], incident: Incident, fact: ObligationBreached, look: _Look
) -> None:
    """A limit ran out: whoever is being called now hears of the next person; else a new alert starts above him."""
    now, desk, _ = look
    if incident.state is IncidentState.CLOSED:
        return
    for climb in climbs.values():
        alert = told.moved.get(climb.alert.alert_id, climb.alert)
        if alert.incident_id == incident.incident_id and routing.climbs(alert.reason) and _unanswered(alert):
            trigger = escalation.Trigger(alert.round, alert.step, EscalationReason.OBLIGATION_BREACHED)
            _step_up(told, climb, trigger, fact.due_at, look)
            return
    ladder = routing.pick(desk.county.ladders, incident.category, incident.grade)
    reason = AlertReason.OBLIGATION_BREACHED
    alert = Alert(
        alert_id=uuid5(fact.obligation.obligation_id, reason),
        incident_id=incident.incident_id,
        obligation_id=fact.obligation.obligation_id,
        reason=reason,
        ladder=ladder.id,
        grade=incident.grade,
        step=0,
        state=AlertState.OPEN,
        raised_at=now,
    )
    decision = escalation.begin(ladder, reason, incident.grade, escalation.Scene(desk.county, now))
    begin(
        told,
        Cause(alert, incident.title, incident.division, fact.due_at, sender=incident.sender),
        decision,
        now,
    )


def _unanswered(alert: Alert) -> bool:
    return alert.state in (AlertState.OPEN, AlertState.EXHAUSTED)
