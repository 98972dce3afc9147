"""Messages that no try could digest are kept in the database, with the error, before the broker forgets them."""

import logging
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from pydantic import ValidationError

from runtime import metrics
from runtime.redelivery import Delivery
from schemas.events import Fact, ReportRefused, ReportSubmitted, subject_of
from schemas.reasons import RefuseReason
from storage import events, parked, reports
from storage.database import Database, storable
from storage.parked import Undigested
from storage.reports import Refusal

log = logging.getLogger("jibao.set_aside")


async def park(database: Database, now: datetime, consumer: str, delivery: Delivery, error: str) -> None:
    """Keep the bytes: what came in as a report as a refusal with its reason, anything else parked for an operator."""
    key = uuid5(NAMESPACE_OID, f"{delivery.subject}\n" + delivery.body.hex())
    async with database.transaction() as tx:
        if consumer == "store_reports" and (reason := _unreadable(delivery)) is not None:
            refusal = Refusal(
                refusal_id=key,
                report_id=_report_id(delivery.subject),
                reason=RefuseReason.UNREADABLE,
                field=None,
                detail=reason,
                submitted_by=None,
                door="stream",
                body=delivery.body,
                at=now,
            )
            if await reports.refuse(tx, [refusal]):
                await events.append(tx, [_refused(refusal)])
                metrics.REFUSED.labels(RefuseReason.UNREADABLE).inc()
            return
        await parked.keep(
            tx,
            Undigested(
                parked_id=uuid5(key, consumer),
                consumer=consumer,
                stream=delivery.stream,
                subject=delivery.subject,
                sequence=delivery.sequence,
                body=delivery.body,
                error=error,
                tries=delivery.tries,
                at=now,
            ),
        )


def _unreadable(delivery: Delivery) -> str | None:
    try:
        fact = ReportSubmitted.read(delivery.body)
        if subject_of(fact.report_id) != delivery.subject:
            return f"report_id: {fact.report_id} came under {delivery.subject}"
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return storable(said)[:2000]
    return None


def _report_id(subject: str) -> UUID | None:
    try:
        return UUID(subject.rsplit(".", 1)[-1])
    except ValueError:
        return None


def _refused(refusal: Refusal) -> Fact:
    return ReportRefused(
        at=refusal.at,
        refusal_id=refusal.refusal_id,
        report_id=refusal.report_id,
        reason=refusal.reason,
        detail=refusal.detail[:500],
    )
