"""What an incident owes now, worked out in memory and saved as a set; shared by storing and by opening later."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from rules import obligations as duties
from rules import outages
from rules.desk import Desk
from rules.settling import lane_of
from runtime import metrics
from runtime.clock import Clock
from schemas.events import Fact, ObligationLapsed, ObligationMet, ObligationOpened
from schemas.incident import Case, Incident
from schemas.obligation import Obligation, Planned
from schemas.outage import Window
from schemas.reasons import OpenReason, SettleReason
from schemas.vocabulary import NodeRole, ObligationState
from storage import events, intake, obligations
from storage.database import Transaction
from storage.obligations import Opening

WITHIN_COUNTY = (NodeRole.TOWNSHIP, NodeRole.COUNTY_DEPARTMENT, NodeRole.CDC, NodeRole.COUNTY)


@dataclass
class Owing:
    """The obligations of one incident while a transaction works on them."""

    incident: Incident
    rows: dict[UUID, Obligation] = field(default_factory=dict)
    looks: dict[UUID, datetime | None] = field(default_factory=dict)
    new: list[UUID] = field(default_factory=list)
    touched: set[UUID] = field(default_factory=set)
    blamed: dict[UUID, duties.Settlement] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    @classmethod
    def of(cls, incident: Incident, existing: Iterable[Obligation]) -> "Owing":
        """Start from what stands in the record."""
        return cls(incident, {one.obligation_id: one for one in existing})

    def owe(self, desk: Desk, now: datetime, why: OpenReason) -> None:
        """Open, count anew and waive so that the record says what is owed at `now`.

        A slot that was opened ahead, because the one before it was met early, is judged at its own beginning.
        """
        case = self.incident.case()
        ahead = [one for one in self.rows.values() if one.counts_from is not None and one.counts_from > now]
        current = [one for one in self.rows.values() if one not in ahead]
        self._apply(duties.changes(duties.plan(case, desk.packs, now), current, now, why), case, now, why)
        for slot in ahead:
            assert slot.counts_from is not None
            wanted = _of_lane(duties.plan(case, desk.packs, slot.counts_from), slot)
            waived = duties.changes(wanted, [slot], slot.counts_from, why).waive
            self._apply(duties.Changes(waive=waived), case, now, why)

    def owe_next(self, desk: Desk, after: Obligation, now: datetime) -> None:
        """The next slot of a recurrence, once this one is met or has run out."""
        if after.counts_from is None:
            return
        case, moment = self.incident.case(), max(now, after.due_at)
        wanted = _of_lane(duties.plan(case, desk.packs, moment), after)
        lane = [one for one in self.rows.values() if lane_of(one.duty) == lane_of(after.duty)]
        opened = duties.changes(wanted, lane, moment, OpenReason.NEXT_OCCURRENCE).open
        self._apply(duties.Changes(open=opened), case, now, OpenReason.NEXT_OCCURRENCE)

    def file(self, filing: duties.Filing, now: datetime, report_id: UUID | None) -> None:
        """A report meets what it answers. In this house it reaches the county's own offices, and nobody above."""
        within = [one for one in self.rows.values() if one.duty.to_role in WITHIN_COUNTY]
        for ended in duties.settle(within, filing, now):
            self._end(ended, now, report_id)

    def met_before(self, filings: Sequence[duties.Filing], now: datetime) -> None:
        """What just opened may have been done before anybody knew that it was due."""
        fresh = [self.rows[one] for one in self.new if self.rows[one].state is ObligationState.OPEN]
        for ended in duties.met_before(fresh, filings, now):
            self._end(ended, now, None)

    def dispute(self, gaps: Sequence[Window]) -> None:
        """What was done late because its time ran out while our own intake was down is disputed."""
        for key, ended in self.blamed.items():
            judged = outages.dispute(ended, gaps)
            self.rows[key] = judged.obligation
            for place, fact in enumerate(self.facts):
                if isinstance(fact, ObligationMet) and _about(fact) == key:
                    said = {"why": judged.reason, "obligation": judged.obligation}
                    self.facts[place] = fact.model_copy(update=said)

    def _apply(self, changes: duties.Changes, case: Case, now: datetime, why: OpenReason) -> None:
        for opening in changes.open:
            if opening.planned.duty.from_role in case.nodes:
                self._open(opening, case, now, why)
        for revision in changes.revise:
            row = duties.revised(revision)
            self.rows[row.obligation_id] = row
            self.looks[row.obligation_id] = _first_look(revision.planned, now)
            self.touched.add(row.obligation_id)
            self.facts.append(ObligationOpened(**self._head(now), why=why, obligation=row))
        for waiver in changes.waive:
            row = waiver.obligation.model_copy(
                update={"state": ObligationState.WAIVED, "reason": waiver.reason.value}
            )
            self._settle(row)
            self.facts.append(ObligationLapsed(**self._head(now), why=waiver.reason, obligation=row))

    def _open(self, opening: duties.Opening, case: Case, now: datetime, why: OpenReason) -> None:
        duty = opening.planned.duty
        key = f"{case.nodes[duty.from_role]}.{duty.to_role}.{duty.stage}.{duty.medium}.{duty.occurrence}"
        row = duties.obligation_of(opening, case, uuid5(case.incident_id, key), now)
        self.rows[row.obligation_id] = row
        self.new.append(row.obligation_id)
        self.facts.append(ObligationOpened(**self._head(now), why=why, obligation=row))
        if opening.overdue_when_knowable:
            self.looks[row.obligation_id] = None
            reason = SettleReason.OVERDUE_WHEN_KNOWABLE
            self.facts.append(ObligationLapsed(**self._head(now), why=reason, obligation=row))
        else:
            self.looks[row.obligation_id] = _first_look(opening.planned, now)

    def _end(self, ended: duties.Settlement, now: datetime, report_id: UUID | None) -> None:
        self._settle(ended.obligation)
        if outages.is_blamed(ended):
            self.blamed[ended.obligation.obligation_id] = ended
        self.facts.append(
            ObligationMet(
                **self._head(now), why=ended.reason, obligation=ended.obligation, by_report=report_id
            )
        )

    def _settle(self, row: Obligation) -> None:
        self.rows[row.obligation_id] = row
        self.looks[row.obligation_id] = None
        self.touched.add(row.obligation_id)

    def _head(self, now: datetime) -> dict[str, Any]:
        return {"incident_id": self.incident.incident_id, "division": self.incident.division, "at": now}


async def dispute(tx: Transaction, owings: Iterable[Owing], clock: Clock) -> None:
    """Ask for our own outages, if anything was late at all, and judge what was late by them."""
    late = [owing for owing in owings if owing.blamed]
    due = [ended.obligation.due_at for owing in late for ended in owing.blamed.values()]
    gaps = await intake.gaps_around(tx, due, clock)
    for owing in late if gaps else ():
        owing.dispute(gaps)


async def save(tx: Transaction, owings: Iterable[Owing], before: Sequence[Fact] = ()) -> None:
    """Write what changed, and its facts after those that came `before`.

    An obligation that another transaction opened first is not said twice.
    """
    owings = list(owings)
    openings = [
        Opening(owing.rows[one], owing.looks[one], owing.incident.division)
        for owing in owings
        for one in owing.new
    ]
    opened = await obligations.open_new(tx, openings)
    tx.after_commit(lambda: _count(openings, opened))
    changed = [
        (owing.rows[one], owing.looks[one])
        for owing in owings
        for one in owing.touched
        if one not in owing.new
    ]
    await obligations.change(tx, changed)
    duplicates = {one for owing in owings for one in owing.new} - opened
    said = [fact for owing in owings for fact in owing.facts if _about(fact) not in duplicates]
    await events.append(tx, [*before, *said])


def _count(openings: Iterable[Opening], opened: set[UUID]) -> None:
    rules = Counter(o.obligation.binding.id for o in openings if o.obligation.obligation_id in opened)
    for rule, count in rules.items():
        metrics.OPENED.labels(rule).inc(count)


def _about(fact: Fact) -> UUID | None:
    about = isinstance(fact, ObligationOpened | ObligationMet | ObligationLapsed)
    return fact.obligation.obligation_id if about else None  # type: ignore[attr-defined]


def _of_lane(planned: Iterable[Planned], one: Obligation) -> list[Planned]:
    return [
        each for each in planned if lane_of(each.duty) == lane_of(one.duty) and each.counts_from is not None
    ]


def _first_look(planned: Planned, now: datetime) -> datetime:
    """When the clock looks at it first: at its reminder, else at its due time."""
    remind_at = planned.remind_at
    return remind_at if remind_at is not None and remind_at < planned.due_at else planned.due_at
