"""report.submitted → incident.opened, report.stored, report.after_closing, report.refused, obligation.opened,
obligation.met: kept once.

Incomplete is stored and marked; what may not be stored is kept aside with its reason. Nothing is dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from consumers import owing
from consumers.owing import Owing
from consumers.submission import Said, filing_of, submitter_of
from rules import access, completeness, intake, joining, lifecycle, plausibility
from rules.amending import Heard
from rules.desk import Desk
from rules.lifecycle import CORRECTING
from runtime import metrics
from runtime.clock import REAL, Clock
from schemas.county import Person
from schemas.events import (
    Fact,
    IncidentOpened,
    IncidentRegraded,
    ReportAfterClosing,
    ReportRefused,
    ReportStored,
    ReportSubmitted,
)
from schemas.incident import Incident
from schemas.reasons import OpenReason, RefuseReason
from schemas.vocabulary import Door, IncidentState, Stage
from storage import incidents, obligations, reports
from storage.database import Transaction
from storage.reports import Earlier, Refusal, Stored


@dataclass
class Storing:
    """What one transaction makes of the submissions that wait together."""

    desk: Desk
    now: datetime
    known: dict[UUID, str]
    owings: dict[UUID, Owing]
    joined: dict[UUID, Earlier] = field(default_factory=dict)
    before: dict[UUID, list[Heard]] = field(default_factory=dict)
    moved: dict[UUID, str | None] = field(default_factory=dict)
    opened: list[UUID] = field(default_factory=list)
    openers: dict[UUID, UUID] = field(default_factory=dict)
    stored: list[Stored] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def take(self, said: Said) -> None:
        """Decide about one submission."""
        fact = said.fact
        if fact.report_id in self.known:
            if self.known[fact.report_id] != fact.body_hash:
                self._refuse(said, RefuseReason.ID_REUSED, "report_id", "this id was used for another report")
            return
        problem = self._problem(said)
        if problem is not None:
            self._refuse(said, problem.reason, problem.field, problem.detail_en)
            return
        self.known[fact.report_id] = fact.body_hash
        self.joined[fact.report_id] = Earlier(fact.incident_id, fact.from_node)
        if fact.report.stage is Stage.ZERO:
            self._store(said, None)
            return
        assert fact.incident_id is not None
        if fact.opens_incident:
            self.owings[fact.incident_id] = Owing(joining.opened(said.heard, self.desk, said.sender))
            self.opened.append(fact.incident_id)
            self.openers[fact.incident_id] = fact.submitted_by
            self.before[fact.incident_id] = []
        self._join(said, self.owings[fact.incident_id])

    def _problem(self, said: Said) -> intake.Problem | None:
        """Why it may not be stored: who says it, what it says, or the life of its incident."""
        fact = said.fact
        person = self.desk.people.get(fact.submitted_by)
        if person is None:
            return intake.Problem(
                "submitted_by", RefuseReason.NOT_ALLOWED, "无此人员", "nobody of this county"
            )
        submitter = submitter_of(person, self.desk)
        found = intake.check(fact.report, submitter, said.broker_at, fact.called_at)
        if found:
            return found[0]
        if fact.opens_incident or fact.report.stage is Stage.ZERO:
            return None
        owing_now = self.owings.get(fact.incident_id) if fact.incident_id else None
        standing = lifecycle.Standing.of(owing_now.incident) if owing_now else None
        if owing_now is not None and (denied := self._not_theirs(fact, person, owing_now.incident)):
            return denied
        corrects = self.joined.get(fact.report.corrects) if fact.report.corrects else None
        corrects_known = fact.report.corrects is None or (
            corrects is not None and corrects.incident_id == fact.incident_id
        )
        reason = lifecycle.join(standing, corrects_known=corrects_known)
        named = "corrects" if reason is RefuseReason.UNKNOWN_REPORT else "incident_id"
        return intake.Problem(named, reason, reason.value, reason.value) if reason else None

    def _not_theirs(self, fact: ReportSubmitted, person: Person, incident: Incident) -> intake.Problem | None:
        """Whether the incident is outside the sender's scope, or the report corrects what another node said."""
        report = fact.report
        if not access.scope_of(person, self.desk.nodes.get(person.node)).holds_incident(incident):
            return intake.NOT_YOUR_INCIDENT
        corrected = self.joined.get(report.corrects) if report.corrects else None
        whose = corrected.from_node if corrected else incident.from_node
        if report.stage in CORRECTING and not access.may_correct(person, whose):
            return intake.NOT_YOUR_REPORT
        return None

    def _join(self, said: Said, owing_now: Owing) -> None:
        fact, before = said.fact, owing_now.incident
        first, earlier = fact.opens_incident, self.before.get(before.incident_id)
        joined = before if first else joining.join(before, said.heard, earlier, self.desk)
        number = before.report_count + (0 if first else 1)
        owing_now.incident = joined.model_copy(update={"report_count": number})
        self._store(said, owing_now.incident)
        if before.state is IncidentState.CLOSED:
            self.facts.append(self._after_closing(said, number))
        if joined.division != before.division:
            self.moved[before.incident_id] = joined.division
        if not first and owing_now.incident.grade is not before.grade:
            owing_now.facts.append(
                IncidentRegraded(**_head(fact, self.now), old=before.grade, new=owing_now.incident.grade,
                                 by=fact.submitted_by, note="")
            )  # fmt: skip
        why = OpenReason.REPORTED if first else OpenReason.FACTS_CHANGED
        if first or owing_now.incident.case() != before.case():
            owing_now.owe(self.desk, self.now, why)
        if earlier is not None:
            if not first:
                owing_now.met_before([one for each in earlier if (one := filing_of(each))], self.now)
            earlier.append(said.heard)
        if fact.from_node is not None:
            filing = filing_of(said.heard)
            assert filing is not None
            owing_now.file(filing, self.now, fact.report_id)

    def _store(self, said: Said, incident: Incident | None) -> None:
        fact, report = said.fact, said.fact.report
        missing = completeness.missing(report, self._besides(incident, report.stage))
        number = incident.report_count if incident else 0
        received_at = incident.received_at if incident else said.judged_at
        doubts = plausibility.doubtful(
            plausibility.Claim(report.occurred_at, report.known_at), received_at, report.times_confirmed
        )
        self.stored.append(
            Stored(fact, number, missing, said.broker_at, said.judged_at, report.grade, doubts)
        )
        self.facts.append(
            ReportStored(
                **_head(fact, self.now), report_id=fact.report_id, number=number, stage=report.stage,
                medium=report.medium, door=fact.door, category=report.category, grade=report.grade,
                from_node=fact.from_node, judged_at=said.judged_at, claimed_at=report.known_at or report.occurred_at,
                missing=missing, submitted_by=fact.submitted_by,
            )
        )  # fmt: skip

    def _after_closing(self, said: Said, number: int) -> ReportAfterClosing:
        fact = said.fact
        return ReportAfterClosing(
            **_head(fact, self.now), report_id=fact.report_id, number=number, stage=fact.report.stage,
            submitted_by=fact.submitted_by, received_at=fact.at,
        )  # fmt: skip

    def _besides(self, incident: Incident | None, stage: Stage) -> tuple[str, ...]:
        """What the limits that apply to the incident ask of such a report beyond what is asked of all."""
        if incident is None:
            return ()
        return completeness.demanded_by_limits(incident.case(), self.desk.packs, stage, self.now)

    def _refuse(self, said: Said, reason: RefuseReason, field_name: str, detail: str) -> None:
        fact = said.fact
        refusal = Refusal(
            uuid5(fact.report_id, f"{reason}{fact.body_hash}"), fact.report_id, reason, field_name, detail,
            fact.submitted_by, fact.door, said.body, self.now,
        )  # fmt: skip
        if any(one.refusal_id == refusal.refusal_id for one in self.refused):
            return
        self.refused.append(refusal)
        self.facts.append(
            ReportRefused(at=self.now, division=fact.division, refusal_id=refusal.refusal_id,
                          report_id=fact.report_id, reason=reason, field=field_name, detail=detail)
        )  # fmt: skip


async def store_all(
    tx: Transaction, said: Sequence[Said], now: datetime, desk: Desk, clock: Clock = REAL
) -> None:
    """Load what these submissions touch, decide about each, save it all. `clock` turns our outages into its time."""
    said = [one.seated(desk) for one in said]
    later = [one.fact for one in said if not one.fact.opens_incident]
    known = await reports.known(tx, [one.fact.report_id for one in said])
    standing = await incidents.lock(tx, [fact.incident_id for fact in later if fact.incident_id])
    rows = await obligations.lock_of(tx, standing)
    joined = await reports.earlier(tx, [c for one in said if (c := one.fact.report.corrects)])
    storing = Storing(
        desk, now, known, {key: Owing.of(one, rows[key]) for key, one in standing.items()}, joined
    )
    storing.before = await _read_before(
        tx, standing, [one for one in said if one.fact.report_id not in known]
    )
    for one in said:
        storing.take(one)
    await owing.dispute(tx, storing.owings.values(), clock)
    await _number(tx, storing)
    await incidents.save(tx, [owing_now.incident for owing_now in storing.owings.values()])
    await obligations.move(tx, storing.moved)
    await reports.insert(tx, storing.stored)
    new = await reports.refuse(tx, storing.refused)
    facts = [fact for fact in storing.facts if not isinstance(fact, ReportRefused) or fact.refusal_id in new]
    await owing.save(tx, storing.owings.values(), [*_openings(storing), *facts])
    tx.after_commit(lambda: _count(storing, now))


async def _read_before(
    tx: Transaction, standing: dict[UUID, Incident], said: Sequence[Said]
) -> dict[UUID, list[Heard]]:
    """The earlier reports of those incidents to which one comes that does not simply bring the newest content."""
    wanted = [
        key
        for key, one in standing.items()
        if joining.needs_all(one, [each.heard for each in said if each.fact.incident_id == key])
    ]
    return {
        key: [Heard(r.report_id, r.report, r.division, r.from_node, r.judged_at, r.given) for r in found]
        for key, found in (await reports.contents(tx, wanted)).items()
    }


async def _number(tx: Transaction, storing: Storing) -> None:
    """Incident numbers run without gaps within a year of the county's own calendar."""
    zone = ZoneInfo(storing.desk.county.timezone)
    by_year: dict[int, list[UUID]] = {}
    for key in storing.opened:
        by_year.setdefault(storing.owings[key].incident.received_at.astimezone(zone).year, []).append(key)
    for year, keys in by_year.items():
        first = await incidents.take_numbers(tx, f"{storing.desk.county.code} {year}", len(keys))
        for number, key in enumerate(keys, first):
            one = storing.owings[key]
            one.incident = one.incident.model_copy(update={"number": f"{year}-{number:04d}"})


def _openings(storing: Storing) -> list[Fact]:
    facts: list[Fact] = []
    for key in storing.opened:
        one = storing.owings[key].incident
        facts.append(
            IncidentOpened(
                incident_id=key, division=one.division, at=storing.now, number=one.number, category=one.category,
                grade=one.grade, title=one.title, from_node=one.from_node, occurred_at=one.occurred_at,
                received_at=one.received_at, by=storing.openers[key],
            )
        )  # fmt: skip
    return facts


def _head(fact: ReportSubmitted, now: datetime) -> dict[str, Any]:
    return {"incident_id": fact.incident_id, "division": fact.division, "at": now}


def _count(storing: Storing, now: datetime) -> None:
    for stored in storing.stored:
        report, fact = stored.submitted.report, stored.submitted
        metrics.REPORTS.labels(
            report.category, report.grade, report.stage, report.medium, (fact.division or "")[:9]
        ).inc()
        if fact.door is not Door.PHONE_LOG:
            metrics.STORED_SECONDS.observe(max((now - fact.at).total_seconds(), 0.0))
    for refusal in storing.refused:
        metrics.REFUSED.labels(refusal.reason).inc()
