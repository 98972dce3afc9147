"""The duty officer's acts: incident.regraded, incident.stopped, report.forwarded, incident.closed.

Each is one transaction: hold the incident, let the rules decide, save, and say it in the ledger.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from producers.problems import Fault, Problem
from producers.reception import Reception
from rules import grading, lifecycle, outages
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
from schemas.vocabulary import Grade, IncidentState, Medium, NodeRole, Stage
from storage import alerts, events, incidents, intake, obligations
from storage.database import Transaction

D = TypeVar("D")

SAID = {
    Denial.ALREADY_CLOSED: (409, "该事件已办结", "this incident is closed"),
    Denial.SAME_GRADE: (409, "等级没有变化", "that is its grade already"),
    Denial.REASON_NEEDED: (422, "请写明理由", "say why in `note`"),
    Denial.FUTURE_TIME: (422, "时间在未来，请核对", "the time is in the future; check it"),
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


class Moves:
    """One duty officer's act on one incident."""

    def __init__(self, reception: Reception, by: UUID) -> None:
        self._reception = reception
        self._by = by

    async def regrade(self, incident_id: UUID, grade: Grade, note: str) -> Incident:
        """Set the grade; what the rules proposed, and why it became another, stand in the fact. Raises Problem."""

        async def act(tx: Transaction, incident: Incident, now: datetime) -> tuple[Incident, list[Fact]]:
            decision = _allowed(lifecycle.regrade(_standing(incident), grade, note))
            answer = grading.propose(incident.case(), self._reception.desk.packs, now)
            fact = IncidentRegraded(
                **self._head(incident, now), old=decision.old, new=grade, by=self._by, note=note,
                why=grading.reason(grade, answer, note),
                proposed=answer.decided if isinstance(answer, Proposal) else None,
            )  # fmt: skip
            return incident.model_copy(update={"grade": grade, "graded_at": now}), [fact]

        return await self._move(incident_id, act)

    async def stop(self, incident_id: UUID, stopped_at: datetime) -> Incident:
        """Record when the response ended. Raises Problem."""

        async def act(tx: Transaction, incident: Incident, now: datetime) -> tuple[Incident, list[Fact]]:
            decision = _allowed(lifecycle.stop(_standing(incident), stopped_at, now), "stopped_at")
            fact = IncidentStopped(**self._head(incident, now), stopped_at=decision.stopped_at, by=self._by)
            return incident.model_copy(update={"stopped_at": decision.stopped_at}), [fact]

        return await self._move(incident_id, act)

    async def forward(self, incident_id: UUID, said: Forwarding) -> list[UUID]:
        """Record the county's own report upward; returns the obligations it met. Our clock judges, not `sent_at`."""
        met: list[UUID] = []

        async def act(tx: Transaction, incident: Incident, now: datetime) -> tuple[Incident, list[Fact]]:
            _allowed(lifecycle.forward(_standing(incident), said.to_role, said.sent_at, now), "sent_at")
            owed = (await obligations.lock_of(tx, [incident_id]))[incident_id]
            filing = duties.Filing(
                self._reception.desk.county.code,
                said.to_role,
                said.stage,
                said.medium,
                now,
                SettleReason.FORWARDED,
            )
            settled = await self._judged(tx, duties.settle(owed, filing, now))
            met.extend(one.obligation.obligation_id for one in settled)
            await obligations.change(tx, [(one.obligation, None) for one in settled])
            head = self._head(incident, now)
            facts: list[Fact] = [
                ReportForwarded(
                    **head, to_role=said.to_role, stage=said.stage, medium=said.medium, by=self._by,
                    sent_at=said.sent_at, receipt_no=said.receipt_no, received_by=said.received_by,
                    copied_to=said.copied_to,
                )
            ]  # fmt: skip
            facts += [ObligationMet(**head, why=one.reason, obligation=one.obligation) for one in settled]
            return incident, facts

        await self._move(incident_id, act)
        return met

    async def close(self, incident_id: UUID, why: CloseReason, note: str) -> Incident:
        """Close it: nobody is called any more, what was overdue is missed, what was not due yet is waived."""

        async def act(tx: Transaction, incident: Incident, now: datetime) -> tuple[Incident, list[Fact]]:
            _allowed(lifecycle.close(_standing(incident), why, note))
            owed = (await obligations.lock_of(tx, [incident_id]))[incident_id]
            reason = SettleReason.INCIDENT_CLOSED if why in REAL else SettleReason.NO_LONGER_DUE
            ended = await self._judged(tx, duties.lapse(owed, now, reason))
            await obligations.change(tx, [(one.obligation, None) for one in ended])
            await alerts.close_of_incident(tx, incident_id)
            head = self._head(incident, now)
            facts: list[Fact] = [IncidentClosed(**head, why=why, by=self._by, note=note)]
            facts += [ObligationLapsed(**head, why=one.reason, obligation=one.obligation) for one in ended]
            change = {"state": IncidentState.CLOSED, "closed_at": now, "close_reason": why}
            return incident.model_copy(update=change), facts

        return await self._move(incident_id, act)

    async def _judged(self, tx: Transaction, settled: Sequence[duties.Settlement]) -> list[duties.Settlement]:
        """What ran out while our own intake was down is disputed, not late or missed."""
        due = [one.obligation.due_at for one in settled if outages.is_blamed(one)]
        gaps = await intake.gaps_around(tx, due, self._reception.clock)
        return [outages.dispute(one, gaps) for one in settled]

    async def _move(
        self,
        incident_id: UUID,
        act: Callable[[Transaction, Incident, datetime], Awaitable[tuple[Incident, list[Fact]]]],
    ) -> Incident:
        now = self._reception.clock.now()
        async with self._reception.database.transaction() as tx:
            incident = (await incidents.lock(tx, [incident_id])).get(incident_id)
            if incident is None:
                raise Problem(
                    404,
                    "没有这个事件",
                    "no such incident",
                    [Fault("incident_id", "unknown", str(incident_id))],
                )
            moved, facts = await act(tx, incident, now)
            await incidents.change(tx, moved)
            await events.append(tx, facts)
        return moved

    @staticmethod
    def _head(incident: Incident, now: datetime) -> dict[str, Any]:
        return {"incident_id": incident.incident_id, "division": incident.division, "at": now}


def _allowed(decision: D | lifecycle.Denied, time_field: str = "") -> D:
    """The decision, or its refusal as a problem that names field and reason."""
    if not isinstance(decision, lifecycle.Denied):
        return decision
    status, zh, en = SAID[decision.reason]
    field = FIELDS.get(decision.reason, time_field)
    raise Problem(status, zh, en, [Fault(field, decision.reason, en, zh)])


def _standing(incident: Incident) -> lifecycle.Standing:
    return lifecycle.Standing(
        incident.state, incident.grade, incident.report_count > 0, incident.final_report_id is not None
    )
