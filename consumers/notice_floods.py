"""report.submitted → alert.raised: one sender opens more incidents than a duty room can look at, so it is told once.

Nothing is refused. What was sent is counted in memory, so a report costs no query; an alarm's id is derived, so several
processes or a second try raise one.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from cachetools import LRUCache

from consumers.submission import Said
from consumers.telling import Cause, Told, begin
from rules import escalation, floods, routing
from rules.desk import Desk
from runtime import metrics
from schemas.alert import Alert
from schemas.incident import Incident
from schemas.reasons import AlertReason
from schemas.vocabulary import AlertState
from storage import incidents
from storage.database import Transaction

SENDERS_AT_MOST = 5000


class Senders:
    """Who opened how many incidents lately."""

    def __init__(self) -> None:
        self._opened: LRUCache[UUID, dict[UUID, datetime]] = LRUCache(SENDERS_AT_MOST)

    def count(self, sender: UUID, report_ids: Sequence[UUID], now: datetime) -> int:
        """How many with these, each report once however often it is tried."""
        opened = self._opened.get(sender, {}) | dict.fromkeys(report_ids, now)
        if len(opened) > floods.MOST:
            kept = {one: at for one, at in opened.items() if floods.recent([at], now)}
            opened = dict(list(kept.items())[-floods.MOST - 1 :])
        self._opened[sender] = opened
        return len(opened)


async def notice(tx: Transaction, said: Sequence[Said], now: datetime, desk: Desk, senders: Senders) -> None:
    """Raise one alarm for each sender who has just sent too many; in the transaction that stores them."""
    opening: dict[UUID, list[UUID]] = defaultdict(list)
    for one in said:
        if one.sender is not None and one.fact.opens_incident:
            opening[one.sender].append(one.fact.report_id)
    flooding = {
        sender: reports[-1]
        for sender, reports in opening.items()
        if floods.is_flood(senders.count(sender, reports, now))
    }
    if not flooding:
        return
    known = await incidents.lock(tx, flooding.values())
    told = Told()
    for sender, incident_id in flooding.items():
        if incident_id in known:
            _raise(told, sender, known[incident_id], now, desk)
    new = await told.save(tx, now)
    tx.after_commit(lambda: metrics.FLOODS.inc(len(new)))


def _raise(told: Told, sender: UUID, incident: Incident, now: datetime, desk: Desk) -> None:
    reason = AlertReason.MANY_FROM_ONE_SENDER
    ladder = routing.pick(desk.county.ladders, incident.category, incident.grade)
    alert = Alert(
        alert_id=uuid5(sender, f"{reason} {floods.turn(now)}"),
        incident_id=incident.incident_id,
        reason=reason,
        ladder=ladder.id,
        grade=incident.grade,
        step=0,
        state=AlertState.OPEN,
        raised_at=now,
    )
    decision = escalation.begin(ladder, reason, incident.grade, escalation.Scene(desk.county, now))
    begin(told, Cause(alert, _title(sender, desk), incident.division, now), decision, now)


def _title(sender: UUID, desk: Desk) -> str:
    person = desk.people.get(sender)
    node = desk.nodes.get(person.node) if person else None
    who = f"{node.name if node else ''} {person.name if person else ''}".strip()
    minutes = int(floods.WITHIN.total_seconds() // 60)
    zh, en = f"{minutes} 分钟内报告超过 {floods.MOST} 起", f"over {floods.MOST} reports in {minutes} min"
    return f"{who} {zh} / {en} from one sender"
