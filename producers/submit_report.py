"""Someone reports → report.submitted. The receipt is given only after the broker's durable acknowledgement.

Page, API, command and phone log all end here. What waits together is published together.
"""

import hashlib
import logging
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from producers.own_report_id import own_report_id
from producers.problems import Fault, Problem
from producers.reception import Reception
from producers.sight import scope_of
from producers.sign_in import SignedIn, submitter_of
from rules import access, intake, lifecycle
from rules.intake import Submitter
from rules.typed.place import within
from runtime import metrics
from runtime.publish import Outgoing
from runtime.stream import INTAKE
from runtime.trouble import Unavailable
from runtime.turns import Turns
from schemas.events import ReportSubmitted, subject_of
from schemas.incident import Incident
from schemas.reasons import RefuseReason
from schemas.report import Receipt, Report
from schemas.vocabulary import Door, Stage
from storage import incidents, reports
from storage.reports import Earlier

log = logging.getLogger("jibao.doors.submit")

AT_ONCE = 32
"""Reports of one sender that are on their way to the broker; his others wait for his own, and nobody else's do."""
CHECK_WITHIN = 1.0
"""A database that hangs costs the first report so much, the next ones nothing: the storing consumer decides then."""
FIELDS = {RefuseReason.UNKNOWN_REPORT: "corrects"}
SAID = {
    RefuseReason.UNKNOWN_INCIDENT: ("没有这个事件；续报前请核对 incident_id", "no such incident; check incident_id"),
    RefuseReason.UNKNOWN_REPORT: ("该事件没有这份报告；请核对 corrects", "no such report here; check corrects"),
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What somebody says through a door. `key` is the Idempotency-Key; `called_at` only for a logged call."""

    report: Report
    who: SignedIn
    door: Door
    key: str | None = None
    called_at: datetime | None = None


class Submitting:
    """Turns what is said into a submission on the broker's disk, and its receipt."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._turns = Turns(AT_ONCE)

    async def accept(self, said: Said) -> Receipt:
        """Check, publish, answer. The same id and content twice gives the same receipt.

        Raises Problem: 422 or 403 with the fields, 409 for a conflict, 503 when it was NOT received.
        """
        async with self._turns.of(said.who.person.person_id):
            return await self._accept(said)

    async def _accept(self, said: Said) -> Receipt:
        now = self._reception.clock.now()
        submitter = submitter_of(self._reception, said.who.person)
        self._check(said, submitter, now)
        if said.report.incident_id is not None:
            await self._check_incident(said)
        fact = self._fact(said, submitter, now)
        try:
            earlier = await self._publish(fact)
            if earlier is not None and earlier.submitted_by != fact.submitted_by:
                fact = self._under_own_id(fact)
                earlier = await self._publish(fact)
        except Unavailable as error:
            metrics.NOT_RECEIVED.labels(said.door).inc()
            log.warning("not received: %s", error)
            raise self.not_received(fact.report_id) from error
        if earlier is not None:
            return _repeat(earlier, fact)
        metrics.ACCEPTED.labels(said.door).inc()
        return _receipt(fact)

    async def _publish(self, fact: ReportSubmitted) -> ReportSubmitted | None:
        """Lay it on the broker's disk; what lies there under the same id, if something does. Raises Unavailable."""
        subject, body = subject_of(fact.report_id), fact.model_dump_json().encode()
        message = Outgoing(INTAKE, subject, body, str(fact.report_id), once=True)
        if await self._reception.publisher(message):
            return None
        earlier = await self._reception.accepted(fact.report_id)
        if earlier is None:
            raise Unavailable("the broker says it has this report and cannot show it")
        return earlier

    def _under_own_id(self, fact: ReportSubmitted) -> ReportSubmitted:
        """Another person used this id first: this report is stored all the same, under an id of its sender's."""
        secret = self._reception.settings.link_key
        own = own_report_id(secret, fact.report_id, fact.submitted_by)
        return fact.model_copy(
            update={
                "report_id": own,
                "incident_id": own if fact.opens_incident else fact.incident_id,
                "receipt_no": self._receipt_no(fact.division, fact.at, own),
            }
        )

    def not_received(self, report_id: UUID | None = None) -> Problem:
        """Nothing pretends: it was not received, and this is whom to phone.

        What was on its way when the broker went may still arrive: sent again under `report_id` it is one report.
        """
        county = self._reception.desk.county
        more: dict[str, Any] = {"report_id": str(report_id)} if report_id else {}
        return Problem(
            503,
            f"没有收到这份报告！请立即拨打 {county.name} 总值班室电话 {county.phone}；本报告请稍后重发",
            f"This report was NOT received. Phone the duty room now: {county.phone}; send the report again later",
            phone=county.phone,
            **more,
        )

    def _check(self, said: Said, submitter: Submitter, now: datetime) -> None:
        problems = intake.check(said.report, submitter, now, said.called_at)
        if not problems:
            return
        forbidden = any(problem.reason is RefuseReason.NOT_ALLOWED for problem in problems)
        first = problems[0]
        raise Problem(
            403 if forbidden else 422,
            first.detail_zh,
            first.detail_en,
            [Fault(p.field, p.reason, p.detail_en, p.detail_zh) for p in problems],
        )

    async def _check_incident(self, said: Said) -> None:
        """What the database knows of the incident named; while it is away the storing consumer decides later."""
        incident_id = said.report.incident_id
        assert incident_id is not None
        try:
            async with self._reception.database.glance(CHECK_WITHIN) as tx:
                incident = await incidents.load(tx, incident_id)
        except Unavailable:
            return
        refused = await self._why_not(said, incident, incident_id)
        if refused is None or await self._is_repeat(said):
            return
        zh, en = SAID.get(refused, (refused.value, refused.value))
        raise Problem(422, zh, en, [Fault(FIELDS.get(refused, "incident_id"), refused, en, zh)])

    async def _why_not(self, said: Said, incident: Incident | None, incident_id: UUID) -> RefuseReason | None:
        if incident is None:
            try:
                opening = await self._reception.accepted(incident_id)
            except Unavailable:
                return None
            return None if opening else RefuseReason.UNKNOWN_INCIDENT
        if not scope_of(self._reception, said.who).holds_incident(incident):
            raise _forbidden(intake.NOT_YOUR_INCIDENT)
        known = await self._check_corrected(said, incident)
        return lifecycle.join(lifecycle.Standing.of(incident), corrects_known=known)

    async def _check_corrected(self, said: Said, incident: Incident) -> bool:
        """Whether the report that is corrected is one of this incident, stored or on its way.

        Raises Problem 403 when it is another node's.
        """
        report = said.report
        try:
            earlier = await self._earlier(report.corrects) if report.corrects else None
        except Unavailable:
            return True  # the storing consumer decides
        whose = earlier.from_node if earlier else incident.from_node
        if report.stage in lifecycle.CORRECTING and not access.may_correct(said.who.person, whose):
            raise _forbidden(intake.NOT_YOUR_REPORT)
        return report.corrects is None or (
            earlier is not None and earlier.incident_id == incident.incident_id
        )

    async def _earlier(self, report_id: UUID) -> Earlier | None:
        """A report that was accepted before, stored or not. Raises Unavailable."""
        async with self._reception.database.glance(CHECK_WITHIN) as tx:
            stored = (await reports.earlier(tx, [report_id])).get(report_id)
        if stored is not None:
            return stored
        accepted = await self._reception.accepted(report_id)
        return Earlier(accepted.incident_id, accepted.from_node) if accepted else None

    async def _is_repeat(self, said: Said) -> bool:
        """A final report sent twice is the same final report, not a second one."""
        report_id = _report_id(said)
        if report_id is None:
            return False
        earlier = await self._reception.accepted(report_id)
        same_sender = earlier is not None and earlier.submitted_by == said.who.person.person_id
        return earlier is not None and same_sender and earlier.body_hash == body_hash(said)

    def _fact(self, said: Said, submitter: Submitter, now: datetime) -> ReportSubmitted:
        report, person = within(said.report, submitter, self._reception.desk.chains), said.who.person
        report_id = _report_id(said) or uuid4()
        incident_id = report.incident_id
        if report.stage is Stage.FIRST and incident_id is None:
            incident_id = report_id  # an incident is known by the report that opened it
        seat = intake.seat(report, submitter, self._reception.desk.chains)
        return ReportSubmitted(
            report_id=report_id,
            incident_id=incident_id,
            division=seat.division,
            at=now,
            receipt_no=self._receipt_no(seat.division, now, report_id),
            door=said.door,
            submitted_by=person.person_id,
            from_node=seat.from_node,
            called_at=said.called_at,
            body_hash=body_hash(said),
            report=report,
            given=_given(said.report),
        )

    def _receipt_no(self, division: str | None, now: datetime, report_id: UUID) -> str:
        """Readable over the phone: division, local date, eight letters and digits that follow from the report's id."""
        county = self._reception.desk.county
        tail = b32encode(hashlib.sha256(report_id.bytes).digest()[:5]).decode()
        return f"{division or county.code}-{now.astimezone(ZoneInfo(county.timezone)):%Y%m%d}-{tail}"


def _repeat(earlier: ReportSubmitted, fact: ReportSubmitted) -> Receipt:
    """The first receipt again, or a conflict when the same id says something else."""
    if earlier.body_hash != fact.body_hash or earlier.submitted_by != fact.submitted_by:
        zh = "这个编号已用于另一份内容不同的报告；请换一个编号"
        en = "this id was used for a report with other content; use a new one"
        raise Problem(409, zh, en, [Fault("report_id", RefuseReason.ID_REUSED, en, zh)])
    return _receipt(earlier)


def _forbidden(found: intake.Problem) -> Problem:
    fault = Fault(found.field, found.reason, found.detail_en, found.detail_zh)
    return Problem(403, found.detail_zh, found.detail_en, [fault])


def _given(report: Report) -> tuple[str, ...] | None:
    """What a correction names is corrected, also where it says that there is nothing: no tag, for one."""
    return tuple(sorted(report.model_fields_set)) if report.stage is Stage.CORRECTION else None


def body_hash(said: Said) -> str:
    """What makes two submissions the same: the report without its id, and the logged call time.

    As it was said, before this county placed it: the same words stay the same when the county's files change.
    """
    text = said.report.model_dump_json(exclude={"report_id"}) + f"|{said.called_at}"
    return hashlib.sha256(text.encode()).hexdigest()


def _report_id(said: Said) -> UUID | None:
    if said.report.report_id is not None:
        return said.report.report_id
    if said.key:
        return uuid5(NAMESPACE_URL, f"jibao:{said.who.person.person_id}:{said.key}")
    return None


def _receipt(fact: ReportSubmitted) -> Receipt:
    return Receipt(
        receipt_no=fact.receipt_no,
        report_id=fact.report_id,
        incident_id=fact.incident_id,
        received_at=fact.at,
    )
