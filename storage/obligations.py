"""Obligations as rows whose time comes. The limits are stamped on each; settled rows never change again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.obligation import Duty, Obligation, StampedLimit
from schemas.vocabulary import Medium, NodeRole, ObligationState, Stage
from storage.database import Row, Transaction, columns, queries
from storage.incidents import Own, narrowed

sql = queries("obligations")


@dataclass(frozen=True)
class Opening:
    """An obligation to insert. `next_at` is when the clock first looks at it; None for one born settled."""

    obligation: Obligation
    next_at: datetime | None
    division: str | None


@dataclass(frozen=True)
class Rung:
    """What the clock found due."""

    breached: bool
    due_at: datetime
    rule: str


def read(row: Row) -> Obligation:
    """A row as its shape."""
    return Obligation.trusted(
        obligation_id=row["obligation_id"],
        incident_id=row["incident_id"],
        duty=Duty.trusted(
            from_role=NodeRole(row["from_role"]),
            to_role=NodeRole(row["to_role"]),
            stage=Stage(row["stage"]),
            medium=Medium(row["medium"]),
            occurrence=row["occurrence"],
        ),
        from_node=row["from_node"],
        to_node=row["to_node"],
        state=ObligationState(row["state"]),
        due_at=row["due_at"],
        counts_from=row["counts_from"],
        opened_at=row["opened_at"],
        breached_at=row["breached_at"],
        detected_at=row["detected_at"],
        done_at=row["done_at"],
        reason=row["reason"],
        revision=row["revision"],
        binding=StampedLimit.model_validate(row["binding"]),
        others=tuple(StampedLimit.model_validate(other) for other in row["others"]),
    )


async def lock_of(tx: Transaction, incident_ids: Iterable[UUID]) -> dict[UUID, list[Obligation]]:
    """All obligations of the named incidents, held until the transaction ends."""
    wanted = sorted(set(incident_ids))
    found: dict[UUID, list[Obligation]] = defaultdict(list)
    if wanted:
        for row in await tx.rows(sql["open_of"], wanted):
            found[row["incident_id"]].append(read(row))
    return found


async def open_new(tx: Transaction, openings: Sequence[Opening]) -> set[UUID]:
    """Insert; returns the ids that were new."""
    if not openings:
        return set()
    rows = await tx.rows(sql["open"], *columns([_row(opening) for opening in openings], 19))
    return {row["obligation_id"] for row in rows}


def _row(opening: Opening) -> tuple[Any, ...]:
    o, duty = opening.obligation, opening.obligation.duty
    return (
        o.obligation_id, o.incident_id, duty.from_role, o.from_node, duty.to_role, o.to_node, duty.stage, duty.medium,
        duty.occurrence, o.state, o.due_at, o.counts_from, o.opened_at, opening.next_at, o.done_at, o.reason,
        opening.division, o.binding.model_dump_json(), _limits(o.others),
    )  # fmt: skip


def _limits(limits: Sequence[StampedLimit]) -> str:
    return "[" + ",".join(limit.model_dump_json() for limit in limits) + "]"


Changed = Sequence[tuple[Obligation, datetime | None]]
"""Obligations, each with the next moment at which the clock should look."""


async def change(tx: Transaction, changed: Changed) -> None:
    """Save settled or revised obligations that were open."""
    if changed:
        await tx.run(sql["change"], *columns(_changes(changed), 10))


async def bring_back(tx: Transaction, changed: Changed) -> None:
    """Save obligations that the closing of their incident had ended and that stand otherwise after its reopening."""
    if changed:
        await tx.run(sql["bring_back"], *columns(_changes(changed), 10))


async def move(tx: Transaction, divisions: Mapping[UUID, str | None]) -> None:
    """Say where these incidents are now known to be."""
    if divisions:
        await tx.run(sql["move"], list(divisions), list(divisions.values()))


async def ended_by_closing(tx: Transaction, incident_id: UUID) -> set[UUID]:
    """The obligations that the last closing of an incident ended."""
    return {row["obligation_id"] for row in await tx.rows(sql["ended_by_closing"], incident_id)}


def _changes(changed: Changed) -> list[tuple[Any, ...]]:
    return [
        (
            o.obligation_id, o.state, o.due_at, next_at, o.done_at, o.reason, o.breached_at, o.revision,
            o.binding.model_dump_json(), _limits(o.others),
        )
        for o, next_at in changed
    ]  # fmt: skip


async def filings(tx: Transaction, incident_ids: Iterable[UUID], county: str) -> list[Row]:
    """Every report and forward of these incidents; `county` is the node that forwards."""
    return await tx.rows(sql["filings"], list(set(incident_ids)), county)


async def mark_escalated(tx: Transaction, obligation_ids: Iterable[UUID], now: datetime) -> set[UUID]:
    """Remember that these breaches called somebody; returns those of them that are new."""
    wanted = sorted(obligation_ids)
    return {row["obligation_id"] for row in await tx.rows(sql["escalate"], wanted, now)} if wanted else set()


async def ring(tx: Transaction, now: datetime, limit: int) -> list[Rung]:
    """Mark what is due at `now` and record it. Safe beside any number of other clocks."""
    rows = await tx.rows(sql["ring"], now, limit)
    return [Rung(row["breached"], row["due_at"], row["rule"]) for row in rows]


async def next_moment(tx: Transaction) -> datetime | None:
    """When anything next happens to an obligation or an alert."""
    row = await tx.row(sql["next_moment"])
    return row["next_at"] if row else None


@dataclass(frozen=True)
class Wanted:
    """Which obligations a listing shows; None means any."""

    state: str | None = None
    due_before: datetime | None = None
    unit: str | None = None
    own: Own | None = None
    incidents: Sequence[UUID] | None = None
    limit: int = 500


async def listing(tx: Transaction, w: Wanted) -> list[Row]:
    """Rows for the API, the most urgent first."""
    incidents = list(w.incidents) if w.incidents is not None else None
    return await tx.rows(sql["listing"], w.state, w.due_before, w.unit, incidents, w.limit, *narrowed(w.own))


async def open_of_node(tx: Transaction, node: str, limit: int) -> list[Row]:
    """What one node must still report, the most urgent first."""
    return await tx.rows(sql["open_of_node"], node, limit)


async def done_first(tx: Transaction, incident_ids: Iterable[UUID]) -> list[Row]:
    """When the first duty of each lane of these incidents was done; lanes where it was not are left out."""
    return await tx.rows(sql["done_first"], list(incident_ids))


async def open_counts(tx: Transaction) -> list[tuple[str, str, int]]:
    """(stage, medium, number) of what is open."""
    return [(row["stage"], row["medium"], row["open"]) for row in await tx.rows(sql["open_counts"])]
