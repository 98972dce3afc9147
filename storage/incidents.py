"""Incidents as rows: locked before they change, saved as a set."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from runtime import metrics
from schemas.incident import Incident
from schemas.moment import EARLIEST
from schemas.vocabulary import Grade, IncidentState, NodeRole, Tag
from storage.database import Row, Transaction, as_json, columns, queries

sql = queries("incidents")
log = logging.getLogger("jibao.incidents")
TAGS, ROLES = frozenset(Tag), frozenset(NodeRole)


def read(row: Row) -> Incident:
    """A row as its shape; what the database holds was validated when it came in.

    A word that this program does not know (written by hand, or by another version) is read as unknown, counted and
    logged: the incident's next report must be stored all the same.
    """
    return Incident.trusted(
        incident_id=row["incident_id"],
        number=row["number"],
        category=row["category"],
        grade=_word(Grade, row, "grade", Grade.UNGRADED),
        tags=tuple(Tag(tag) for tag in row["tags"] if tag in TAGS),
        title=row["title"],
        division=row["division"],
        place_text=row["place_text"],
        from_node=row["from_node"],
        sender=row["sender"],
        nodes={NodeRole(role): code for role, code in _table(row, "nodes").items() if role in ROLES},
        quantities=_table(row, "quantities"),
        occurred_at=_moment(row["occurred_at"]),
        known_at=_moment(row["known_at"]),
        doubtful_times=tuple(row["doubtful_times"]),
        received_at=_moment(row["received_at"]) or EARLIEST,
        graded_at=_moment(row["graded_at"]),
        stopped_at=_moment(row["stopped_at"]),
        state=_word(IncidentState, row, "state", IncidentState.OPEN),
        closed_at=_moment(row["closed_at"]),
        close_reason=row["close_reason"],
        report_count=row["report_count"],
        final_report_id=row["final_report_id"],
        forward_count=row["forward_count"],
        grade_decided=row["grade_decided"],
        known_since=row["known_since"],
        content_known_at=row["content_known_at"],
    )


def _moment(at: datetime | None) -> datetime | None:
    """The driver gives the ends of the calendar without a zone."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _table(row: Row, column: str) -> dict[str, Any]:
    value = row[column]
    return value if isinstance(value, dict) else {}


W = TypeVar("W", bound=StrEnum)


def _word(words: type[W], row: Row, column: str, unknown: W) -> W:
    try:
        return words(row[column])
    except ValueError:
        metrics.UNREADABLE.labels("incidents").inc()
        log.error("incident %s: %s %r is unknown", row["incident_id"], column, row[column])
        return unknown


async def lock(tx: Transaction, incident_ids: Iterable[UUID]) -> dict[UUID, Incident]:
    """Load the named incidents and hold them until the transaction ends."""
    wanted = sorted(set(incident_ids))
    if not wanted:
        return {}
    return {row["incident_id"]: read(row) for row in await tx.rows(sql["lock"], wanted)}


async def load(tx: Transaction, incident_id: UUID) -> Incident | None:
    """One incident without holding it."""
    row = await tx.row(sql["load"], incident_id)
    return read(row) if row else None


async def take_numbers(tx: Transaction, series: str, count: int) -> int:
    """Reserve `count` numbers of a series; returns the first. Gapless: it rolls back with the transaction."""
    row = await tx.row(sql["take_numbers"], f"incident {series}", count)
    assert row is not None
    return int(row["value"]) - count + 1


async def save(tx: Transaction, incidents: Sequence[Incident]) -> None:
    """Insert or update."""
    if incidents:
        await tx.run(sql["save"], *columns([_row(incident) for incident in incidents], 25))


async def change(tx: Transaction, i: Incident) -> None:
    """Save what an act changed of an incident that is held."""
    await tx.run(
        sql["change"], i.incident_id, i.grade, i.graded_at, i.stopped_at, i.state, i.closed_at, i.close_reason,
        i.forward_count, i.grade_decided,
    )  # fmt: skip


def _row(i: Incident) -> tuple[Any, ...]:
    moments: tuple[datetime | None, ...] = (
        i.occurred_at, i.known_at, i.received_at, i.graded_at, i.stopped_at,
    )  # fmt: skip
    head = (i.incident_id, i.number, i.category, i.grade, as_json(i.tags), i.title, i.division, i.place_text)
    return (
        *head, i.from_node, as_json(i.nodes), as_json(i.quantities), *moments,
        i.state, i.closed_at, i.close_reason, i.report_count, i.final_report_id,
        i.known_since, i.content_known_at, as_json(i.doubtful_times), i.sender,
    )  # fmt: skip


@dataclass(frozen=True)
class Own:
    """What one node sees: what it takes part in, what happened in `division` (None: nothing by place), and what is of
    its `categories` (prefixes) within the division `within`.
    """

    node: str
    division: str | None = None
    categories: tuple[str, ...] = ()
    within: str | None = None


@dataclass(frozen=True)
class Listed:
    """Which incidents are asked for: `state` is open, closed or all; `own` None for all; those after `before`."""

    state: str
    own: Own | None
    limit: int
    sender: UUID | None = None
    from_node: str | None = None
    before: UUID | None = None


async def listing(tx: Transaction, asked: Listed) -> list[Row]:
    """Rows for the API. One person's open incidents cost what is shown, however many others there are."""
    page = (*narrowed(asked.own), asked.limit, asked.from_node, asked.before)
    if asked.sender is not None and asked.state == "open":
        return await tx.rows(sql["of_sender"], asked.sender, *page)
    return await tx.rows(sql["listing"], asked.state, *page, asked.sender)


async def followed(tx: Transaction, node: str, named: Sequence[UUID], limit: int) -> list[Row]:
    """What one node reported and is open, and the named ones, each with who last took it on."""
    return await tx.rows(sql["followed"], node, list(named), limit)


def narrowed(own: Own | None) -> tuple[str | None, str | None, list[str], str | None]:
    """The parameters by which `in_scope` narrows a query: node, division, categories and where these are looked at."""
    return (own.node, own.division, list(own.categories), own.within) if own else (None, None, [], None)


FOLDED_BEYOND = 5
"""Of one sender so many of the newest are shown, and so many whose limit is nearest; the others are counted."""


@dataclass(frozen=True)
class Urgent:
    """What a console shows first. `open` is how many are open in all; `folded` how many of a sender are not shown."""

    rows: list[Row]
    open: int
    folded: dict[UUID, int]


async def urgent(tx: Transaction, own: Own | None, limit: int) -> Urgent:
    """The open incidents a console shows first: nobody's hundreds push out another's one."""
    rows = await tx.rows(sql["urgent"], *narrowed(own), limit, FOLDED_BEYOND)
    shown = Counter(row["sender"] for row in rows if row["sender"] is not None)
    many = [sender for sender, count in shown.items() if count >= FOLDED_BEYOND]
    folded: dict[UUID, int] = {}
    if many:
        found = await tx.rows(sql["open_of_senders"], *narrowed(own), many)
        left = {row["sender"]: int(row["open"]) - shown[row["sender"]] for row in found}
        folded = {sender: count for sender, count in left.items() if count > 0}
    if len(rows) < limit // 2 and not folded:
        return Urgent(rows, len(rows), folded)
    count = await tx.row(sql["open_count"], *narrowed(own))
    return Urgent(rows, int(count["open"]) if count else len(rows), folded)


async def since(tx: Transaction, moment: datetime, limit: int) -> list[Incident]:
    """Incidents that were first received since then, the newest first."""
    return [read(row) for row in await tx.rows(sql["since"], moment, limit)]
