"""One recorded incident lives again: its facts in their order, and between them every due time that passes.

Each step is one of the house: a report joins and is filed, an act settles, the clock rings, the next slot opens.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from rules import obligations as duties
from rules import outages, own_acts, reopening
from rules.desk import Desk
from rules.joining import Heard, join, opened
from rules.lifecycle import is_downward
from rules.owed import Owed
from rules.replay_calls import Climbing
from schemas.incident import Incident
from schemas.obligation import Obligation
from schemas.outage import Window
from schemas.reasons import AlertReason, CloseReason, OpenReason, SettleReason
from schemas.recorded import (
    Recorded,
    RecordedAnswer,
    RecordedCall,
    RecordedClose,
    RecordedFact,
    RecordedForward,
    RecordedGrade,
    RecordedReopen,
    RecordedReport,
    RecordedStop,
)
from schemas.vocabulary import IncidentState, Stage

INSTANT = timedelta(microseconds=1)


@dataclass
class World:
    """What holds for all incidents of one replay; `ladders` False calls nobody."""

    desk: Desk
    until: datetime
    gaps: Sequence[Window] = ()
    ladders: bool = True


def live(recorded: Recorded, world: World) -> "Life | None":
    """The incident as it would stand at `world.until`; None where the report that opened it is not the first one."""
    facts = sorted(recorded.facts, key=lambda fact: fact.at)
    first = next((fact for fact in facts if isinstance(fact, RecordedReport)), None)
    if first is None or first.report.stage is not Stage.FIRST or first.report_id != recorded.incident_id:
        return None
    answers = [fact.at for fact in facts if isinstance(fact, RecordedAnswer)]
    life = Life(opened(_heard(first), world.desk), world=world)
    if world.ladders:
        life.climbing = Climbing(life.incident.incident_id, world.desk.county, answers)
    for fact in facts:
        if fact.at > world.until:
            break
        if not isinstance(fact, RecordedCall):  # whom the record called is compared, not lived again
            # What is done at the moment of its due time is in time; who answers then has been called before.
            life.pass_time(fact.at if isinstance(fact, RecordedAnswer) else fact.at - INSTANT)
            life.take(fact, is_first=fact is first)
    life.pass_time(world.until)
    return life


def _heard(fact: RecordedReport) -> Heard:
    return Heard(fact.report_id, fact.report, fact.division, fact.from_node, fact.judged_at, fact.given)


@dataclass
class Life(Owed):
    """The obligations of one incident on the virtual clock. `ended_at` is when each was settled."""

    world: World = field(kw_only=True)
    climbing: Climbing | None = None
    filings: list[duties.Filing] = field(default_factory=list)
    heards: list[Heard] = field(default_factory=list)
    ended_at: dict[UUID, datetime] = field(default_factory=dict)
    slots: list[Obligation] = field(default_factory=list)
    ended_by_closing: list[UUID] = field(default_factory=list)

    def pass_time(self, to: datetime) -> None:
        """Ring everything that is due up to `to`, in the order of the due times."""
        while True:
            owed = min(((at, key) for key, at in self.looks.items() if at and at <= to), default=None)
            silence = self.climbing.next_at if self.climbing else None
            if silence is not None and silence <= to and (owed is None or silence <= owed[0]):
                assert self.climbing is not None
                self.climbing.ring(silence)
            elif owed is not None:
                self._ring(*owed)
            else:
                return

    def take(self, fact: RecordedFact, *, is_first: bool) -> None:
        """What a recorded fact does now."""
        self.new.clear()
        if isinstance(fact, RecordedReport):
            self._report(fact, is_first=is_first)
        elif isinstance(fact, RecordedGrade):
            self._grade(fact)
        elif isinstance(fact, RecordedStop):
            self.incident = self.incident.model_copy(update={"stopped_at": fact.stopped_at})
            self._count_anew(fact.at, OpenReason.STOPPED)
        elif isinstance(fact, RecordedForward):
            self._forward(fact)
        elif isinstance(fact, RecordedClose):
            self._close(fact)
        elif isinstance(fact, RecordedReopen):
            self._reopen(fact)
        elif isinstance(fact, RecordedAnswer) and self.climbing:
            self.climbing.answer()
        self._open_next_slots(fact.at)

    def end(self, ended: duties.Settlement, now: datetime, report_id: UUID | None) -> None:
        super().end(outages.dispute(ended, self.world.gaps), now, report_id)

    def was_waived(self, row: Obligation, why: SettleReason, now: datetime) -> None:
        self.ended_at[row.obligation_id] = now

    def was_ended(self, ended: duties.Settlement, now: datetime, report_id: UUID | None) -> None:
        self.ended_at[ended.obligation.obligation_id] = now
        if ended.obligation.counts_from is not None:
            self.slots.append(ended.obligation)

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it yet."""
        return self.incident.state is IncidentState.OPEN

    def _ring(self, at: datetime, key: UUID) -> None:
        """A reminder, or a limit that runs out."""
        row = self.rows[key]
        if at < row.due_at:
            self.looks[key] = row.due_at
            self._call(AlertReason.OBLIGATION_DUE_SOON, at)
            return
        self.looks[key] = None
        self.rows[key] = row.model_copy(update={"breached_at": row.due_at, "detected_at": at})
        self._call(AlertReason.OBLIGATION_BREACHED, at)
        if row.counts_from is not None and self.is_open:
            self.owe_next(self.world.desk, row, at)

    def _report(self, fact: RecordedReport, *, is_first: bool) -> None:
        heard, before, desk = _heard(fact), self.incident, self.world.desk
        joined = before if is_first else join(before, heard, self.heards, desk)
        self.heards.append(heard)
        self.incident = joined
        if is_first or _differs(joined, before):
            self.owe(desk, fact.at, OpenReason.REPORTED if is_first else OpenReason.FACTS_CHANGED)
        if is_first:
            self._call(AlertReason.INCIDENT_REPORTED, fact.at, fact.submitted_by)
        if fact.from_node is not None:
            report = fact.report
            filing = duties.Filing(fact.from_node, None, report.stage, report.medium, fact.judged_at)
            self.filings.append(filing)
            self.file(filing, fact.at, fact.report_id)
        if not is_first and joined.grade is not before.grade and self.is_open:
            self._count_anew(fact.at, OpenReason.REGRADED)
            if not is_downward(before.grade, joined.grade):
                self._call(AlertReason.INCIDENT_REGRADED, fact.at, fact.submitted_by)
        if not is_first and not self.is_open:
            self._call(AlertReason.REPORT_AFTER_CLOSING, fact.at, fact.submitted_by)

    def _grade(self, fact: RecordedGrade) -> None:
        old = self.incident.grade
        if fact.by_report:
            return  # the report that brought it has been taken
        decided = {"grade": fact.new, "graded_at": fact.at, "grade_decided": True}
        self.incident = self.incident.model_copy(update=decided)
        self._count_anew(fact.at, OpenReason.REGRADED)
        if not is_downward(old, fact.new):
            self._call(AlertReason.INCIDENT_REGRADED, fact.at, fact.by)

    def _count_anew(self, now: datetime, why: OpenReason) -> None:
        if not self.is_open:
            return
        self.new.clear()
        self.owe(self.world.desk, now, why)
        self.met_before(self.filings, now)

    def _forward(self, fact: RecordedForward) -> None:
        county, why = self.world.desk.county.code, SettleReason.FORWARDED
        filing = duties.Filing(county, fact.to_role, fact.stage, fact.medium, fact.at, why)
        self.filings.append(filing)
        for ended in duties.settle(list(self.rows.values()), filing, fact.at):
            self.end(ended, fact.at, None)

    def _close(self, fact: RecordedClose) -> None:
        is_real = fact.why is CloseReason.FINAL_REPORT
        reason = SettleReason.INCIDENT_CLOSED if is_real else SettleReason.NO_LONGER_DUE
        self.ended_by_closing.clear()
        for ended in duties.lapse(list(self.rows.values()), fact.at, reason):
            self.end(ended, fact.at, None)
            self.ended_by_closing.append(ended.obligation.obligation_id)
        closed = {"state": IncidentState.CLOSED, "closed_at": fact.at, "close_reason": fact.why}
        self.incident = self.incident.model_copy(update=closed)
        if self.climbing:
            self.climbing.close()

    def _reopen(self, fact: RecordedReopen) -> None:
        """What the closing ended comes back as it would stand now, then everything is counted anew."""
        closed_at = self.incident.closed_at
        if closed_at is None:
            return
        opened = {"state": IncidentState.OPEN, "closed_at": None, "close_reason": None}
        self.incident = self.incident.model_copy(update=opened)
        ended = [self.rows[key] for key in self.ended_by_closing]
        span, packs = reopening.Span(closed_at, fact.at), self.world.desk.packs
        back = reopening.bring_back(ended, self.filings, span, self.incident.case(), packs)
        for row, look in back.opened:
            self.rows[row.obligation_id], self.looks[row.obligation_id] = row, look
            self.ended_at.pop(row.obligation_id, None)
        for settlement in back.settled:
            self.end(settlement, fact.at, None)
        for row in back.waived:
            self.settled(row)
            self.was_waived(row, reopening.RAN_OUT, fact.at)
        self._count_anew(fact.at, OpenReason.REOPENED)
        self._call(AlertReason.INCIDENT_REOPENED, fact.at, fact.by)

    def _open_next_slots(self, now: datetime) -> None:
        slots, self.slots = self.slots, []
        for slot in slots if self.is_open else ():
            self.owe_next(self.world.desk, slot, now)

    def _call(self, why: AlertReason, at: datetime, by: UUID | None = None) -> None:
        if self.climbing and self.is_open is not (why is AlertReason.REPORT_AFTER_CLOSING):
            self.climbing.raise_alert(why, self.incident, at, own_acts.actor(by, self.world.desk))


def _differs(one: Incident, other: Incident) -> bool:
    """Whether the rules read anything else of it than before."""
    return one.case() != other.case()
