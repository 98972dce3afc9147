"""Reports, immutable and numbered, and beside them what could not be stored or digested."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.events import ReportSubmitted
from schemas.moment import KEPT
from schemas.reasons import RefuseReason
from schemas.report import Report
from storage.database import Row, Transaction, as_json, columns, queries, storable

sql = queries("reports")


@dataclass(frozen=True)
class Stored:
    """A report as it will lie in the table: what was submitted and what storing it decided."""

    submitted: ReportSubmitted
    number: int
    missing: tuple[str, ...]
    broker_at: datetime
    judged_at: datetime
    grade: str
    doubtful_times: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """Input kept aside. `refusal_id` is derived from what was refused, so a repeat is kept once."""

    refusal_id: UUID
    report_id: UUID | None
    reason: RefuseReason
    field: str | None
    detail: str
    submitted_by: UUID | None
    door: str
    body: bytes
    at: datetime


async def known(tx: Transaction, report_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The body hashes of those reports that are stored already."""
    return {r["report_id"]: r["body_hash"] for r in await tx.rows(sql["known"], list(report_ids))}


@dataclass(frozen=True)
class Earlier:
    """A stored report that a later one points to: its incident, None for a zero report, and whose it is."""

    incident_id: UUID | None
    from_node: str | None


async def earlier(tx: Transaction, report_ids: Sequence[UUID]) -> dict[UUID, Earlier]:
    """These reports, as far as they are stored."""
    if not report_ids:
        return {}
    rows = await tx.rows(sql["known"], list(report_ids))
    return {row["report_id"]: Earlier(row["incident_id"], row["from_node"]) for row in rows}


@dataclass(frozen=True)
class Content:
    """A stored report as it joined its incident."""

    report_id: UUID
    report: Report
    division: str | None
    from_node: str | None
    judged_at: datetime
    given: tuple[str, ...] | None


async def contents(tx: Transaction, incident_ids: Sequence[UUID]) -> dict[UUID, list[Content]]:
    """All reports of these incidents in their order, the one that opened each first."""
    found: dict[UUID, list[Content]] = {one: [] for one in incident_ids}
    for row in await tx.rows(sql["contents"], list(incident_ids)) if incident_ids else ():
        given = None if row["given"] is None else tuple(row["given"])
        report = Report.model_validate(row["body"], context=KEPT)
        found[row["incident_id"]].append(
            Content(row["report_id"], report, row["division"], row["from_node"], row["judged_at"], given)
        )
    return found


async def insert(tx: Transaction, reports: Sequence[Stored]) -> None:
    """Store reports as a set."""
    if reports:
        await tx.run(sql["insert"], *columns([_row(report) for report in reports], 24))


def _row(stored: Stored) -> tuple[Any, ...]:
    said, report = stored.submitted, stored.submitted.report
    return (
        said.report_id, said.incident_id, stored.number, report.stage, report.medium, said.door, report.category,
        stored.grade, said.division, said.from_node, said.submitted_by, said.receipt_no, report.corrects,
        report.model_dump_json(), said.body_hash, as_json(stored.missing), report.occurred_at, report.known_at,
        said.called_at, said.at, stored.broker_at, stored.judged_at,
        as_json(stored.doubtful_times),
        None if said.given is None else as_json(said.given),
    )  # fmt: skip


async def refuse(tx: Transaction, refusals: Sequence[Refusal]) -> set[UUID]:
    """Keep refused input aside; returns the ids that were new."""
    rows = [
        (
            r.refusal_id,
            r.report_id,
            r.reason,
            storable(r.field) if r.field is not None else None,
            storable(r.detail),
            r.submitted_by,
            r.door,
            r.body,
            r.at,
        )
        for r in refusals
    ]
    if not rows:
        return set()
    return {row["refusal_id"] for row in await tx.rows(sql["refuse"], *columns(rows, 9))}


async def state(tx: Transaction, report_id: UUID) -> Row | None:
    """What became of a report, or None when the database has not seen it."""
    return await tx.row(sql["state"], report_id)


async def of_incident(tx: Transaction, incident_id: UUID) -> list[Row]:
    """One incident's reports."""
    return await tx.rows(sql["of_incident"], incident_id)


async def count_unknown(tx: Transaction, report_ids: Sequence[UUID]) -> int:
    """How many of these are neither stored nor refused."""
    row = await tx.row(sql["count_unknown"], list(report_ids))
    return int(row["missing"]) if row else 0
