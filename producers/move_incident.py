"""The duty officer's acts: incident.regraded, incident.stopped, report.forwarded, incident.closed.

Each is one transaction: hold the incident, let the rules decide, save, and say it in the ledger. The same act twice is
one; an act on something else than what the person saw changes nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from producers import expected_state, shown_grades
from producers.act_once import Answer, Once
from producers.problems import Fault, Problem
from producers.reception import Reception
from rules import grading, lifecycle, outages, plausibility
from rules import obligations as duties
from rules.grading import Proposal
from schemas.events import (
    Fact,
    IncidentClosed,
    IncidentRegraded,
    IncidentStopped,
    ObligationLapsed,
    ObligationMet,
    ReportForwarded,
)
from schemas.incident import Incident
from schemas.reasons import CloseReason, Denial, SettleReason
from schemas.shape import Shape
from schemas.vocabulary import Grade, IncidentState, Medium, NodeRole, Stage
from storage import alerts, events, incidents, intake, obligations
from storage.database import Transaction

D = TypeVar("D")

SAID = {
    Denial.ALREADY_CLOSED: (409, "该事件已办结", "this incident is closed"),
    Denial.ALREADY_OPEN: (409, "该事件未办结", "this incident is open"),
    Denial.SAME_GRADE: (409, "等级没有变化", "that is its grade already"),
    Denial.REASON_NEEDED: (422, "请写明理由", "say why in `note`"),
    Denial.FUTURE_TIME: (422, "时间在未来，请核对", "the time is in the future; check it"),
    Denial.IMPLAUSIBLE_TIME: (
        422,
        "{0} 早于 {1}：处置不会在事发之前结束，上报不会在接报之前；请核对年份和日期",
        "{0} is before {1}: no response ends before its event, no report goes up before the first came in;"
        " check year and date",
    ),
    Denial.NO_FINAL_REPORT: (409, "尚无终报，不能以终报办结", "there is no final report yet"),
    Denial.NOTHING_TO_FORWARD: (409, "还没有可上报的报告", "there is nothing to forward yet"),
    Denial.NOT_ALLOWED: (422, "只能向上级报送", "only a level above can be reported to"),
}
REAL = (CloseReason.FINAL_REPORT,)
"""What is closed otherwise was no incident of its own, so nobody owed anything for it."""
FIELDS = {
    Denial.REASON_NEEDED: "note",
    Denial.SAME_GRADE: "grade",
    Denial.NO_FINAL_REPORT: "why",
    Denial.NOT_ALLOWED: "to_role",
}
NAMED = {Denial.ALREADY_CLOSED: "state", Denial.ALREADY_OPEN: "state", Denial.SAME_GRADE: "grade"}
"""Refusals that somebody else's act has brought about, and what she changed."""


@dataclass(frozen=True)
class Forwarding:
    """The county's own report upward as the duty officer records it; `sent_at` is claimed."""

    to_role: NodeRole
    stage: Stage
    medium: Medium
    sent_at: datetime | None = None
    receipt_no: str = ""
    received_by: str = ""
    copied_to: tuple[NodeRole, ...] = ()


@dataclass(frozen=True)
class Moved:
    """What an act made of the incident, what it says in the ledger, and its answer where that is not the incident."""

    incident: Incident
    facts: list[Fact]
    answer: dict[str, Any] | None = None


Acting = Callable[[Transaction, Incident, datetime], Awaitable[Moved]]


class Moves:
    """One duty officer's act on one incident."""

    def __init__(self, reception: Reception, once: Once, expected: Shape | None = None) -> None:
        self._reception = reception
        self._once = once
        self._by = once.by
        self._expected = expected

    async def regrade(self, incident_id: UUID, grade: Grade, note: str) -> Answer:
        """Set the grade; what the rules proposed, and why it became another, stand in the fact. Raises Problem."""

        async def act(tx: Transaction, incident: Incident, now: datetime) -> Moved:
            decision = allowed(lifecycle.regrade(lifecycle.Standing.of(incident), grade, note))
            answer = grading.propose(incident.case(), self._reception.desk.packs, now)
            fact = IncidentRegraded(
                **head(incident, now), old=decision.old, new=grade, by=self._by, note=note,
                why=grading.reason(grade, answer, note),
                proposed=answer.decided if isinstance(answer, Proposal) else None,
            )  # fmt: skip
            change = {"grade": grade, "graded_at": now, "grade_decided": True}
            return Moved(incident.model_copy(update=change), [fact])

        return await self.move(incident_id, act)

    async def stop(self, incident_id: UUID, stopped_at: datetime) -> Answer:
        """Record when the response ended. Raises Problem."""

        async def act(tx: Transaction, incident: Incident, now: datetime) -> Moved:
            standing, begun = lifecycle.Standing.of(incident), plausibility.earliest_stop(incident)
            ended = allowed(lifecycle.stop(standing, stopped_at, now, begun), "stopped_at").stopped_at
            fact = IncidentStopped(**head(incident, now), stopped_at=ended, by=self._by)
            return Moved(incident.model_copy(update={"stopped_at": ended}), [fact])

        return await self.move(incident_id, act)

    async def forward(self, incident_id: UUID, said: Forwarding) -> Answer:
        """Record the county's own report upward and answer what it met. Our clock judges, not `sent_at`."""

        async def act(tx: Transaction, incident: Incident, now: datetime) -> Moved:
            standing, had_it = lifecycle.Standing.of(incident), incident.received_at
            allowed(lifecycle.forward(standing, said.to_role, said.sent_at, now, had_it), "sent_at")
            owed = (await obligations.lock_of(tx, [incident_id]))[incident_id]
            county, why = self._reception.desk.county.code, SettleReason.FORWARDED
            filing = duties.Filing(county, said.to_role, said.stage, said.medium, now, why)
            settled = await self.judged(tx, duties.settle(owed, filing, now))
            await obligations.change(tx, [(one.obligation, None) for one in settled])
            count = incident.forward_count + 1
            facts: list[Fact] = [ReportForwarded(**head(incident, now), **vars(said), by=self._by)]
            facts += [
                ObligationMet(**head(incident, now), why=one.reason, obligation=one.obligation)
                for one in settled
            ]
            met = [one.obligation.obligation_id for one in settled]
            answer = {"forwarded": True, "met": met, "forward_count": count}
            return Moved(incident.model_copy(update={"forward_count": count}), facts, answer)

        return await self.move(incident_id, act)

    async def close(self, incident_id: UUID, why: CloseReason, note: str) -> Answer:
        """Close it: nobody is called any more, what was overdue is missed, what was not due yet is waived."""

        async def act(tx: Transaction, incident: Incident, now: datetime) -> Moved:
            allowed(lifecycle.close(lifecycle.Standing.of(incident), why, note))
            owed = (await obligations.lock_of(tx, [incident_id]))[incident_id]
            reason = SettleReason.INCIDENT_CLOSED if why in REAL else SettleReason.NO_LONGER_DUE
            ended = await self.judged(tx, duties.lapse(owed, now, reason))
            await obligations.change(tx, [(one.obligation, None) for one in ended])
            await alerts.close_of_incident(tx, incident_id)
            facts: list[Fact] = [IncidentClosed(**head(incident, now), why=why, by=self._by, note=note)]
            facts += [
                ObligationLapsed(**head(incident, now), why=one.reason, obligation=one.obligation)
                for one in ended
            ]
            change = {"state": IncidentState.CLOSED, "closed_at": now, "close_reason": why}
            return Moved(incident.model_copy(update=change), facts)

        return await self.move(incident_id, act)

    async def judged(self, tx: Transaction, settled: Sequence[duties.Settlement]) -> list[duties.Settlement]:
        """What ran out while our own intake was down is disputed, not late or missed."""
        due = [one.obligation.due_at for one in settled if outages.is_blamed(one)]
        gaps = await intake.gaps_around(tx, due, self._reception.clock)
        return [outages.dispute(one, gaps) for one in settled]

    async def move(self, incident_id: UUID, act: Acting) -> Answer:
        """Hold the incident and carry the act out, once, where what the person saw still stands. Raises Problem."""
        now = self._reception.clock.now()
        async with self._reception.database.transaction() as tx:
            incident = (await incidents.lock(tx, [incident_id])).get(incident_id)
            if incident is None:
                zh, en = "没有这个事件", "no such incident"
                raise Problem(404, zh, en, [Fault("incident_id", "unknown", str(incident_id))])
            if (earlier := await self._once.earlier(tx)) is not None:
                return earlier
            await expected_state.check(tx, self._reception, incident, self._expected)
            try:
                moved = await act(tx, incident, now)
            except Problem as problem:
                raise await self._named(tx, incident, problem) from problem
            await incidents.change(tx, moved.incident)
            await events.append(tx, moved.facts)
            shown = moved.answer or {"incident": shown_grades.incident(moved.incident, self._reception)}
            return await self._once.answer(tx, shown, now)

    async def _named(self, tx: Transaction, incident: Incident, problem: Problem) -> Problem:
        """The same refusal with who brought it about, where somebody did."""
        for fault in problem.faults:
            if isinstance(fault.reason, Denial) and (about := NAMED.get(fault.reason)):
                named = await expected_state.conflict(tx, self._reception, incident, about, fault.reason)
                if named.more["last_act"] is not None:
                    return named
        return problem


def head(incident: Incident, now: datetime) -> dict[str, Any]:
    """What every fact about an incident begins with."""
    return {"incident_id": incident.incident_id, "division": incident.division, "at": now}


def allowed(decision: D | lifecycle.Denied, time_field: str = "") -> D:
    """The decision, or its refusal as a problem that names field and reason."""
    if not isinstance(decision, lifecycle.Denied):
        return decision
    status, zh, en = SAID[decision.reason]
    field = FIELDS.get(decision.reason, time_field)
    if decision.reason is Denial.IMPLAUSIBLE_TIME:
        zh, en = zh.format(*decision.times()), en.format(*decision.times())
    raise Problem(status, zh, en, [Fault(field, decision.reason, en, zh)])
