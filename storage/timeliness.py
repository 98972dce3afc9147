"""The record of timeliness: every settled obligation once, append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.obligation import Obligation
from storage.database import Row, Transaction, columns, queries

sql = queries("timeliness")


@dataclass(frozen=True)
class Verdict:
    """A settled obligation with how late it was, in seconds (0 when on time), and when it was settled."""

    obligation: Obligation
    reason: str
    lateness_seconds: float
    settled_at: datetime


async def record(tx: Transaction, verdicts: Sequence[Verdict]) -> set[UUID]:
    """Write verdicts; returns those that were not in the record yet."""
    if not verdicts:
        return set()
    rows = await tx.rows(sql["record"], *columns([_row(verdict) for verdict in verdicts], 19))
    return {row["obligation_id"] for row in rows}


def _row(verdict: Verdict) -> tuple[Any, ...]:
    o, duty, limit = verdict.obligation, verdict.obligation.duty, verdict.obligation.binding
    return (
        o.obligation_id, o.incident_id, duty.from_role, o.from_node, duty.to_role, duty.stage, duty.medium,
        duty.occurrence, o.state, verdict.reason, o.due_at, o.done_at, verdict.lateness_seconds, limit.id, limit.pack,
        limit.version, limit.document, limit.article, verdict.settled_at,
    )  # fmt: skip


@dataclass(frozen=True)
class Period:
    """From (included) to (excluded), for one unit or all."""

    start: datetime
    end: datetime
    unit: str | None = None


async def by_group(tx: Transaction, period: Period, group: str) -> list[Row]:
    """Counts by unit, stage, medium or rule."""
    return await tx.rows(sql["by_group"], period.start, period.end, group, period.unit)


async def rows(tx: Transaction, period: Period, limit: int) -> list[Row]:
    """The verdicts themselves."""
    return await tx.rows(sql["rows"], period.start, period.end, period.unit, limit)
