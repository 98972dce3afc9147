"""A person acknowledges → alert.acknowledged: by console, one-tap link, API or on behalf.

The incident's alerts are held while the decision is made, so an acknowledgement and an escalation never cross.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from producers.act_once import Answer, Once
from producers.expected_state import ExpectedAlert, moment
from producers.problems import Fault, Problem
from producers.reception import Reception
from rules import lifecycle
from runtime import metrics
from schemas.events import AlertAcknowledged
from schemas.reasons import Denial
from schemas.vocabulary import AcknowledgeMedium, AlertState
from storage import alerts, events, incidents
from storage.alerts import Acknowledgement, Climb
from storage.database import Transaction

SHOWN = ("alert_id", "state", "acknowledged_at", "acknowledged_by_name", "incident_id", "note")
UNANSWERED = (AlertState.OPEN, AlertState.EXHAUSTED)


@dataclass(frozen=True)
class IHaveIt:
    """`person_id` has it; `by` says so, the same person unless it is on behalf."""

    alert_id: UUID
    person_id: UUID
    by: UUID
    medium: AcknowledgeMedium
    note: str = ""


async def acknowledge(
    reception: Reception, said: IHaveIt, once: Once, expected: ExpectedAlert | None = None
) -> Answer:
    """End every climb about the same incident. Raises Problem 404, or 409 naming who was first."""
    now = reception.clock.now()
    async with reception.database.transaction() as tx:
        climb = await _hold(tx, said.alert_id)
        if (earlier := await once.earlier(tx)) is not None:
            return earlier
        decision = lifecycle.acknowledge(climb.alert, said.person_id, said.by, now)
        if isinstance(decision, lifecycle.Denied):
            raise await _conflict(tx, reception, said.alert_id, decision)
        if expected is not None and expected.state not in UNANSWERED:
            raise _not_so(climb.alert.state)
        together = {said.alert_id: climb}
        together |= {
            c.alert.alert_id: c for c in await alerts.lock_climbing_of(tx, [climb.alert.incident_id])
        }
        acknowledgement = Acknowledgement(said.person_id, now, said.medium, said.note)
        await alerts.acknowledge(tx, list(together), acknowledgement)
        await events.append(tx, [_fact(one, said, now) for one in together.values()])
        shown = await alerts.one(tx, said.alert_id)
        assert shown is not None
        answer = await once.answer(tx, {key: shown[key] for key in SHOWN}, now)
    metrics.ACKNOWLEDGED_SECONDS.observe(max((now - climb.alert.raised_at).total_seconds(), 0.0))
    return answer


async def _hold(tx: Transaction, alert_id: UUID) -> Climb:
    row = await alerts.one(tx, alert_id)
    if row is None:
        zh, en = "没有这条提醒", "no such alert"
        raise Problem(404, zh, en, [Fault("alert_id", Denial.UNKNOWN, en, zh)])
    await incidents.lock(tx, [row["incident_id"]])
    return (await alerts.lock(tx, [alert_id]))[alert_id]


async def _conflict(
    tx: Transaction, reception: Reception, alert_id: UUID, denied: lifecycle.Denied
) -> Problem:
    row = await alerts.one(tx, alert_id)
    assert row is not None
    name, at = row["acknowledged_by_name"] or "", row["acknowledged_at"]
    if denied.reason is Denial.ALREADY_ACKNOWLEDGED and at is not None:
        said = moment(at, ZoneInfo(reception.desk.county.timezone), reception.clock.now())
        zh, en = f"{name} 已于 {said} 签收", f"{name} acknowledged it at {said}"
    else:
        zh, en = "该事件已办结", "this incident is closed"
    at_text = at.isoformat(timespec="seconds") if at else ""
    return Problem(409, zh, en, [Fault("alert_id", denied.reason, en, zh)], acknowledged_by_name=name,
                   acknowledged_at=at_text, present={"state": row["state"]})  # fmt: skip


def _not_so(state: AlertState) -> Problem:
    """Somebody saw an answer that nobody gave."""
    zh, en = "还没有人签收这条提醒；请核对后再办", "nobody has acknowledged this alert; look again, then act"
    return Problem(409, zh, en, [Fault("expected.state", Denial.CHANGED, en, zh)], present={"state": state})


def _fact(climb: Climb, said: IHaveIt, now: datetime) -> AlertAcknowledged:
    return AlertAcknowledged(
        incident_id=climb.alert.incident_id,
        division=climb.division,
        at=now,
        alert_id=climb.alert.alert_id,
        person_id=said.person_id,
        by=said.by,
        medium=said.medium,
        note=said.note,
    )
