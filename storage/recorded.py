"""Incidents as the record has them, read page by page in the order of their receipt; nothing is changed or held."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from schemas.moment import KEPT
from schemas.recorded import Recorded, RecordedEnd, RecordedFact, RecordedReport
from schemas.report import Report
from storage.database import Row, Transaction, queries

sql = queries("recorded")
AT_ONCE = 200
FIRST = UUID(int=0)
READ: dict[str, tuple[str, ...]] = {
    "incident.regraded": ("new", "by"),
    "incident.stopped": ("stopped_at",),
    "report.forwarded": ("to_role", "stage", "medium"),
    "incident.closed": ("why",),
    "incident.reopened": ("by",),
    "alert.raised": ("person_id",),
    "alert.escalated": ("person_id",),
    "alert.acknowledged": (),
}
"""What a replay reads of each kind of act."""

_ACT: TypeAdapter[RecordedFact] = TypeAdapter(RecordedFact)


async def count(tx: Transaction, start: datetime, end: datetime) -> int:
    """How many incidents were received from `start` (included) to `end` (excluded)."""
    row = await tx.row(sql["count"], start, end)
    return int(row["incidents"]) if row else 0


async def pages(tx: Transaction, start: datetime, end: datetime) -> AsyncIterator[list[Recorded]]:
    """These incidents, so many at once."""
    place: tuple[datetime, UUID] = (start, FIRST)
    while True:
        rows = await tx.rows(sql["page"], start, end, *place, AT_ONCE)
        if not rows:
            return
        yield await _read(tx, [row["incident_id"] for row in rows])
        place = rows[-1]["received_at"], rows[-1]["incident_id"]


async def _read(tx: Transaction, ids: Sequence[UUID]) -> list[Recorded]:
    facts: dict[UUID, list[RecordedFact]] = defaultdict(list)
    ends: dict[UUID, list[RecordedEnd]] = defaultdict(list)
    for row in await tx.rows(sql["reports"], list(ids)):
        facts[row["incident_id"]].append(_report(row))
    for row in await tx.rows(sql["acts"], list(ids), list(READ)):
        facts[row["incident_id"]].append(_ACT.validate_python(_act(row), context=KEPT))
    for row in await tx.rows(sql["ends"], list(ids)):
        ends[row["incident_id"]].append(_end(row))
    return [
        Recorded(incident_id=one, facts=tuple(sorted(facts[one], key=_at)), ends=tuple(ends[one]))
        for one in ids
    ]


def _at(fact: RecordedFact) -> datetime:
    return fact.at


def _report(row: Row) -> RecordedReport:
    return RecordedReport(
        at=row["broker_at"],
        judged_at=row["judged_at"],
        report_id=row["report_id"],
        division=row["division"],
        submitted_by=row["submitted_by"],
        given=None if row["given"] is None else tuple(row["given"]),
        from_node=row["from_node"],
        report=Report.model_validate(row["body"], context=KEPT),
    )


def _act(row: Row) -> dict[str, Any]:
    """The fact of the ledger without what no replay reads."""
    body = row["body"]
    said = {"kind": row["kind"], "at": row["at"], **{key: body[key] for key in READ[row["kind"]]}}
    if row["kind"] == "incident.regraded":
        said["by_report"] = body.get("why") is None
    return said


def _end(row: Row) -> RecordedEnd:
    return RecordedEnd(
        unit=row["unit"],
        to_role=row["to_role"],
        stage=row["stage"],
        medium=row["medium"],
        occurrence=row["occurrence"],
        rule=row["rule"],
        due_at=row["due_at"],
        outcome=row["outcome"],
        late_seconds=row["lateness_seconds"],
    )
