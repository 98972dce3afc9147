"""The record of timeliness: every settled obligation once in each of its revisions, append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.obligation import Obligation
from schemas.obligation import Verdict as Ended
from storage.database import Row, Transaction, columns, queries

sql = queries("timeliness")
Key = tuple[UUID, int]


@dataclass(frozen=True)
class Verdict:
    """A settled obligation with how late it was, in seconds (0 when on time), and when it was settled."""

    obligation: Obligation
    reason: str
    lateness_seconds: float
    settled_at: datetime

    @property
    def key(self) -> Key:
        """By which it stands in the record: an obligation that was opened again is settled again."""
        return self.obligation.obligation_id, self.obligation.revision


async def record(tx: Transaction, verdicts: Sequence[Verdict]) -> set[Key]:
    """Write verdicts; returns those that were not in the record yet."""
    if not verdicts:
        return set()
    rows = await tx.rows(sql["record"], *columns([_row(verdict) for verdict in verdicts], 20))
    return {(row["obligation_id"], row["revision"]) for row in rows}


@dataclass(frozen=True)
class Withdrawal:
    """A verdict that no longer holds, and why; the row that it withdraws stays."""

    verdict: Ended
    incident_id: UUID
    why: str
    at: datetime


async def withdraw(tx: Transaction, withdrawals: Sequence[Withdrawal]) -> None:
    """Write down that these verdicts no longer hold; they may be recorded before or after that."""
    rows = [(w.verdict.obligation_id, w.verdict.revision, w.incident_id, w.why, w.at) for w in withdrawals]
    if rows:
        await tx.run(sql["withdraw"], *columns(rows, 5))


def _row(verdict: Verdict) -> tuple[Any, ...]:
    o, duty, limit = verdict.obligation, verdict.obligation.duty, verdict.obligation.binding
    return (
        o.obligation_id, o.incident_id, duty.from_role, o.from_node, duty.to_role, duty.stage, duty.medium,
        duty.occurrence, o.state, verdict.reason, o.due_at, o.done_at, verdict.lateness_seconds, limit.id, limit.pack,
        limit.version, limit.document, limit.article, verdict.settled_at, o.revision,
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
