"""From a decision of the ladder to the rows and facts that carry it out; shared by routing and escalation."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from rules import backlog
from rules.escalation import Exhausted, Tell
from rules.own_acts import Known
from runtime import metrics
from schemas.alert import Alert, Attempt
from schemas.events import AlertAcknowledged, AlertEscalated, AlertExhausted, AlertRaised, Fact
from schemas.reasons import EscalationReason
from schemas.vocabulary import AcknowledgeMedium, AlertState
from storage import alerts, events
from storage.alerts import Acknowledgement
from storage.database import Transaction


@dataclass
class Told:
    """What a reaction decided, gathered to be saved as a set."""

    raised: list[tuple[Alert, str]] = field(default_factory=list)
    moved: dict[UUID, Alert] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    known: dict[UUID, Alert] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    async def save(self, tx: Transaction, now: datetime) -> set[UUID]:
        """Write it all; an alert that exists already is not raised or said again. Returns the new ones."""
        new = await alerts.raise_new(tx, self.raised)
        old = {alert.alert_id for alert, _ in self.raised} - new
        await alerts.move(tx, list(self.moved.values()))
        for person_id in {one.acknowledged_by for one in self.known.values() if one.acknowledged_by}:
            hers = [
                key for key, one in self.known.items() if one.acknowledged_by == person_id and key not in old
            ]
            await alerts.acknowledge(tx, hers, Acknowledgement(person_id, now, AcknowledgeMedium.OWN_ACT))
        await alerts.add_attempts(tx, [a for a in self.attempts if a.alert_id not in old], now)
        said = sorted(
            (fact for fact in self.facts if getattr(fact, "alert_id", None) not in old), key=_gravest_first
        )
        await events.append(tx, said)
        tx.after_commit(lambda: _count(said))
        return new


def _gravest_first(fact: Fact) -> tuple[bool, backlog.Order | None]:
    if isinstance(fact, AlertRaised | AlertEscalated):
        return False, backlog.order(fact.grade, fact.why, fact.owed_at or fact.at)
    return True, None


def _count(facts: Iterable[Fact]) -> None:
    for fact in facts:
        if isinstance(fact, AlertEscalated):
            metrics.ESCALATIONS.labels(fact.why).inc()
        elif isinstance(fact, AlertExhausted):
            metrics.EXHAUSTED.inc()


def attempts_of(alert_id: UUID, tell: Tell) -> tuple[Attempt, ...]:
    """One attempt for each channel of the person; its id is derived, so deciding twice tries once."""
    return tuple(
        Attempt(
            attempt_id=uuid5(alert_id, f"{tell.round}.{tell.step}.{contact.channel}.{contact.address}"),
            alert_id=alert_id,
            step=tell.step,
            round=tell.round,
            person_id=tell.person.person_id,
            channel=contact.channel,
            address=contact.address,
        )
        for contact in tell.channels
    )


@dataclass(frozen=True)
class Cause:
    """The alert as it was before the decision, and what its facts say of the incident.

    `owed_at` is when somebody had to be told: the due time of what ran out, not when we came to look.
    """

    alert: Alert
    title: str
    division: str | None
    owed_at: datetime
    submitted_at: datetime | None = None
    sender: UUID | None = None


def know(told: Told, cause: Cause, person_id: UUID, now: datetime) -> None:
    """An alert whose person did herself what it says: that is her answer."""
    alert = cause.alert
    told.known[alert.alert_id] = alert.model_copy(update={"acknowledged_by": person_id})
    told.facts.append(
        AlertAcknowledged(
            incident_id=alert.incident_id,
            division=cause.division,
            at=now,
            alert_id=alert.alert_id,
            person_id=person_id,
            by=person_id,
            medium=AcknowledgeMedium.OWN_ACT,
        )
    )


def begin(told: Told, cause: Cause, decision: Tell | Exhausted | Known, now: datetime) -> None:
    """A new alert: its first person, who may know already, or at once exhausted when nobody can be told."""
    own = isinstance(decision, Known)
    decision = decision.tell if isinstance(decision, Known) else decision
    alert = _moved(cause.alert, decision)
    told.raised.append((alert.model_copy(update={"next_at": None}) if own else alert, cause.title))
    if isinstance(decision, Exhausted):
        told.facts.append(_exhausted(cause, decision, now))
        return
    tries = () if own else attempts_of(alert.alert_id, decision)
    told.attempts.extend(tries)
    told.facts.append(
        AlertRaised(
            incident_id=alert.incident_id,
            division=cause.division,
            at=now,
            alert_id=alert.alert_id,
            why=alert.reason,
            grade=alert.grade,
            title=cause.title,
            step=decision.step,
            round=decision.round,
            person_id=decision.person.person_id,
            submitted_at=cause.submitted_at,
            owed_at=cause.owed_at,
            sender=cause.sender,
            attempts=tries,
        )
    )
    if own:
        know(told, replace(cause, alert=alert), decision.person.person_id, now)


def go_on(told: Told, cause: Cause, decision: Tell | Exhausted, now: datetime) -> Alert:
    """An alert that climbs: the next person, or the end of the round. Returns where it stands now."""
    alert = _moved(cause.alert, decision)
    told.moved[alert.alert_id] = alert
    if isinstance(decision, Exhausted):
        told.facts.append(_exhausted(cause, decision, now))
        return alert
    tries = attempts_of(alert.alert_id, decision)
    told.attempts.extend(tries)
    told.facts.append(
        AlertEscalated(
            incident_id=alert.incident_id,
            division=cause.division,
            at=now,
            alert_id=alert.alert_id,
            why=decision.why or EscalationReason.UNANSWERED,
            skipped=decision.skipped,
            grade=alert.grade,
            title=cause.title,
            step=decision.step,
            round=decision.round,
            person_id=decision.person.person_id,
            owed_at=cause.owed_at,
            sender=cause.sender,
            attempts=tries,
        )
    )
    return alert


def _moved(alert: Alert, decision: Tell | Exhausted) -> Alert:
    if isinstance(decision, Exhausted):
        change = {"state": AlertState.EXHAUSTED, "round": decision.round, "next_at": decision.next_round_at}
        return alert.model_copy(update=change)
    return alert.model_copy(
        update={
            "state": AlertState.OPEN,
            "step": decision.step,
            "round": decision.round,
            "person_id": decision.person.person_id,
            "next_at": decision.wait_until,
        }
    )


def _exhausted(cause: Cause, decision: Exhausted, now: datetime) -> AlertExhausted:
    return AlertExhausted(
        incident_id=cause.alert.incident_id,
        division=cause.division,
        at=now,
        alert_id=cause.alert.alert_id,
        round=decision.round,
        skipped=decision.skipped,
        next_round_at=decision.next_round_at,
    )
