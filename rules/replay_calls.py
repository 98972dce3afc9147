"""Who would have been called about one incident: the ladders climb on the virtual clock until somebody answers.

An answer of the record ends every climb of that moment, as in the house. A climb that the record never answers goes
through its first round only: nobody can say when the next ear would have been there.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rules import escalation, own_acts, routing
from rules.escalation import Exhausted, Scene, Tell, Trigger
from rules.own_acts import Known
from schemas.alert import Alert
from schemas.county import County
from schemas.incident import Incident
from schemas.reasons import AlertReason, EscalationReason
from schemas.vocabulary import AlertState


@dataclass
class Call:
    """One person is told."""

    at: datetime
    person_id: UUID


@dataclass
class Climbing:
    """The alerts of one incident that nobody has answered, and every call that was made."""

    incident_id: UUID
    county: County
    answers: Sequence[datetime]
    calls: list[Call] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    told: dict[UUID, set[UUID]] = field(default_factory=dict)
    last_breach: datetime | None = None

    @property
    def next_at(self) -> datetime | None:
        """When silence next becomes an answer."""
        return min((alert.next_at for alert in self.alerts if alert.next_at is not None), default=None)

    def raise_alert(self, why: AlertReason, incident: Incident, at: datetime, by: UUID | None = None) -> None:
        """A reminder is for where nobody is called yet; limits that run out together call one more person.

        `by`: the person of the duty room who did it, who is not called for it, and has heard what she was told.
        """
        if by is not None:
            self.alerts = [one for one in self.alerts if one.person_id != by]
        if why is AlertReason.REPORT_AFTER_CLOSING and any(one.reason is why for one in self.alerts):
            return
        if why is AlertReason.OBLIGATION_DUE_SOON and self.alerts:
            return
        if why is AlertReason.OBLIGATION_BREACHED:
            is_repeat, self.last_breach = at == self.last_breach, at
            if is_repeat or self._hurried(at):
                return
        ladder = routing.pick(self.county.ladders, incident.category, incident.grade)
        alert = Alert(
            alert_id=UUID(int=len(self.told)),
            incident_id=self.incident_id,
            reason=why,
            ladder=ladder.id,
            grade=incident.grade,
            step=0,
            state=AlertState.OPEN,
            raised_at=at,
        )
        self.told[alert.alert_id] = set()
        decision = own_acts.begin(ladder, why, incident.grade, Scene(self.county, at), by)
        if not isinstance(decision, Known):
            self.alerts.append(self._moved(alert, decision, at))

    def _hurried(self, at: datetime) -> bool:
        """Whether a climb is under way, whose next person now hears of it."""
        alert = next((one for one in self.alerts if routing.climbs(one.reason)), None)
        if alert is not None:
            trigger = Trigger(alert.round, alert.step, EscalationReason.OBLIGATION_BREACHED)
            self._step(alert, trigger, at)
        return alert is not None

    def ring(self, at: datetime) -> None:
        """A wait is over: nobody answered, or the next round begins."""
        alert = next(one for one in self.alerts if one.next_at == at)
        trigger = Trigger(alert.round, alert.step, EscalationReason.UNANSWERED, at)
        self._step(alert, trigger, at)

    def answer(self) -> None:
        """Somebody has it."""
        self.alerts.clear()

    def close(self) -> None:
        """Nobody is called any more."""
        self.alerts.clear()

    def _step(self, alert: Alert, trigger: Trigger, at: datetime) -> None:
        is_new_round = alert.state is AlertState.EXHAUSTED
        if is_new_round:
            self.told[alert.alert_id] = set()
        scene = Scene(self.county, at, frozenset(self.told[alert.alert_id]))
        decision = escalation.decide(alert, trigger, scene)
        place = self.alerts.index(alert)
        if isinstance(decision, escalation.Stay):
            self.alerts[place] = alert.model_copy(update={"next_at": None})
        else:
            self.alerts[place] = self._moved(alert, decision, at)

    def _moved(self, alert: Alert, decision: Tell | Exhausted, at: datetime) -> Alert:
        if isinstance(decision, Exhausted):
            again = decision.next_round_at if self._will_be_answered(at) else None
            update = {"state": AlertState.EXHAUSTED, "round": decision.round, "next_at": again}
            return alert.model_copy(update=update)
        person = decision.person.person_id
        self.calls.append(Call(at, person))
        self.told[alert.alert_id].add(person)
        update = {
            "state": AlertState.OPEN,
            "step": decision.step,
            "round": decision.round,
            "person_id": person,
            "next_at": decision.wait_until,
        }
        return alert.model_copy(update=update)

    def _will_be_answered(self, at: datetime) -> bool:
        return bisect_left(self.answers, at) < len(self.answers)
