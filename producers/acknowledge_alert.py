"""A person acknowledges → alert.acknowledged: by console, one-tap link, API or on behalf.

The incident's alerts are held while the decision is made, so an acknowledgement and an escalation never cross.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from producers.problems import Fault, Problem
from producers.reception import Reception
from rules import lifecycle
from runtime import metrics
from schemas.events import AlertAcknowledged
from schemas.reasons import Denial
from schemas.vocabulary import AcknowledgeMedium
from storage import alerts, events, incidents
from storage.alerts import Acknowledgement, Climb
from storage.database import Row, Transaction


@dataclass(frozen=True)
class IHaveIt:
    """`person_id` has it; `by` says so, the same person unless it is on behalf."""

    alert_id: UUID
    person_id: UUID
    by: UUID
    medium: AcknowledgeMedium
    note: str = ""


async def acknowledge(reception: Reception, said: IHaveIt) -> Row:
    """End every climb about the same incident. Raises Problem 404, or 409 naming who was first."""
    now = reception.clock.now()
    async with reception.database.transaction() as tx:
        climb = await _hold(tx, said.alert_id)
        decision = lifecycle.acknowledge(climb.alert, said.person_id, said.by, now)
        if isinstance(decision, lifecycle.Denied):
            raise _conflict(reception, decision)
        together = {said.alert_id: climb}
        together |= {
            c.alert.alert_id: c for c in await alerts.lock_climbing_of(tx, [climb.alert.incident_id])
        }
        acknowledgement = Acknowledgement(said.person_id, now, said.medium, said.note)
        await alerts.acknowledge(tx, list(together), acknowledgement)
        await events.append(tx, [_fact(one, said, now) for one in together.values()])
        shown = await alerts.one(tx, said.alert_id)
    metrics.ACKNOWLEDGED_SECONDS.observe(max((now - climb.alert.raised_at).total_seconds(), 0.0))
    assert shown is not None
    return shown


async def _hold(tx: Transaction, alert_id: UUID) -> Climb:
    row = await alerts.one(tx, alert_id)
    if row is None:
        raise Problem(
            404,
            "没有这条提醒",
            "no such alert",
            [Fault("alert_id", Denial.UNKNOWN, "no such alert", "没有这条提醒")],
        )
    await incidents.lock(tx, [row["incident_id"]])
    return (await alerts.lock(tx, [alert_id]))[alert_id]


def _conflict(reception: Reception, denied: lifecycle.Denied) -> Problem:
    who = reception.desk.people.get(denied.who) if denied.who else None
    name = who.name if who else ""
    at = denied.at.isoformat(timespec="seconds") if denied.at else ""
    if denied.reason is Denial.ALREADY_ACKNOWLEDGED:
        zh, en = f"{name} 已于 {at} 签收", f"{name} acknowledged it at {at}"
    else:
        zh, en = "该事件已办结", "this incident is closed"
    return Problem(409, zh, en, [Fault("alert_id", denied.reason, en, zh)], acknowledged_by_name=name,
                   acknowledged_at=at)  # fmt: skip


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
