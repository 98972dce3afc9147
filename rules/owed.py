"""What one incident owes, kept in memory while facts come in: opened, counted anew, met, next slot, without a record.

The reactions write down what is decided here, and a replay lives by it; so both count by the same engine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID, uuid5

from rules import obligations as duties
from rules.desk import Desk
from rules.settling import lane_of
from schemas.incident import Case, Incident
from schemas.obligation import Obligation, Planned
from schemas.reasons import OpenReason, SettleReason
from schemas.vocabulary import NodeRole, ObligationState

WITHIN_COUNTY = (NodeRole.TOWNSHIP, NodeRole.COUNTY_DEPARTMENT, NodeRole.CDC, NodeRole.COUNTY)


@dataclass
class Owed:
    """The obligations of one incident. `looks` is when the clock next looks at each; `new` are those just opened."""

    incident: Incident
    rows: dict[UUID, Obligation] = field(default_factory=dict)
    looks: dict[UUID, datetime | None] = field(default_factory=dict)
    new: list[UUID] = field(default_factory=list)

    @classmethod
    def of(cls, incident: Incident, existing: Iterable[Obligation]) -> Self:
        """Start from what stands in the record."""
        return cls(incident, {one.obligation_id: one for one in existing})

    def owe(self, desk: Desk, now: datetime, why: OpenReason) -> None:
        """Open, count anew and waive so that the record says what is owed at `now`.

        A slot that was opened ahead, because the one before it was met early, is judged at its own beginning.
        """
        case = self.incident.case()
        self._let_go(case, now, why)
        rows = [
            one
            for one in self.rows.values()
            if case.nodes.get(one.duty.from_role, one.from_node) == one.from_node
        ]
        ahead = [one for one in rows if one.counts_from is not None and one.counts_from > now]
        current = [one for one in rows if one not in ahead] if ahead else rows
        self._apply(duties.changes(duties.plan(case, desk.packs, now), current, now, why), case, now, why)
        for slot in ahead:
            assert slot.counts_from is not None
            wanted = _of_lane(duties.plan(case, desk.packs, slot.counts_from), slot)
            waived = duties.changes(wanted, [slot], slot.counts_from, why).waive
            self._apply(duties.Changes(waive=waived), case, now, why)

    def _let_go(self, case: Case, now: datetime, why: OpenReason) -> None:
        """Where the place was corrected another node owes the report; what had run out before stays as it was."""
        gone = [
            one
            for one in self.rows.values()
            if one.state is ObligationState.OPEN
            and one.breached_at is None
            and one.due_at > now
            and case.nodes.get(one.duty.from_role, one.from_node) != one.from_node
        ]
        self._apply(duties.Changes(waive=tuple(duties.Waiver(one) for one in gone)), case, now, why)

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
            self.end(ended, now, report_id)

    def met_before(self, filings: Sequence[duties.Filing], now: datetime) -> None:
        """What just opened may have been done before anybody knew that it was due."""
        fresh = [self.rows[one] for one in self.new if self.rows[one].state is ObligationState.OPEN]
        forwards = [one for one in filings if one.to_role is not None]
        for row in fresh:
            reaching = filings if row.duty.to_role in WITHIN_COUNTY else forwards
            for ended in duties.met_before([row], reaching, now):
                self.end(ended, now, None)

    def end(self, ended: duties.Settlement, now: datetime, report_id: UUID | None) -> None:
        """One obligation is settled; `report_id` is the report that did it, where one did."""
        self.settled(ended.obligation)
        self.was_ended(ended, now, report_id)

    def settled(self, row: Obligation) -> None:
        """Nothing more happens to it."""
        self.rows[row.obligation_id] = row
        self.looks[row.obligation_id] = None

    def was_opened(self, row: Obligation, why: OpenReason, now: datetime) -> None:
        """An obligation was opened or counted anew: for those who keep a record."""

    def was_waived(self, row: Obligation, why: SettleReason, now: datetime) -> None:
        """An obligation ended without being owed: for those who keep a record."""

    def was_ended(self, ended: duties.Settlement, now: datetime, report_id: UUID | None) -> None:
        """An obligation was settled: for those who keep a record."""

    def _apply(self, changes: duties.Changes, case: Case, now: datetime, why: OpenReason) -> None:
        for opening in changes.open:
            if opening.planned.duty.from_role in case.nodes:
                self._open(opening, case, now, why)
        for revision in changes.revise:
            row = duties.revised(revision)
            self.settled(row)
            self.looks[row.obligation_id] = _first_look(revision.planned, now)
            self.was_opened(row, why, now)
        for waiver in changes.waive:
            ended = {"state": ObligationState.WAIVED, "reason": waiver.reason.value}
            row = waiver.obligation.model_copy(update=ended)
            self.settled(row)
            self.was_waived(row, waiver.reason, now)

    def _open(self, opening: duties.Opening, case: Case, now: datetime, why: OpenReason) -> None:
        duty = opening.planned.duty
        key = f"{case.nodes[duty.from_role]}.{duty.to_role}.{duty.stage}.{duty.medium}.{duty.occurrence}"
        row = duties.obligation_of(opening, case, uuid5(case.incident_id, key), now)
        self.rows[row.obligation_id] = row
        self.new.append(row.obligation_id)
        self.was_opened(row, why, now)
        if opening.overdue_when_knowable:
            self.looks[row.obligation_id] = None
            self.was_waived(row, SettleReason.OVERDUE_WHEN_KNOWABLE, now)
        else:
            self.looks[row.obligation_id] = _first_look(opening.planned, now)


def _of_lane(planned: Iterable[Planned], one: Obligation) -> list[Planned]:
    return [
        each for each in planned if lane_of(each.duty) == lane_of(one.duty) and each.counts_from is not None
    ]


def _first_look(planned: Planned, now: datetime) -> datetime:
    """When the clock looks at it first: at its reminder, else at its due time."""
    remind_at = planned.remind_at
    return remind_at if remind_at is not None and remind_at < planned.due_at else planned.due_at
