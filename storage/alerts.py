"""Alerts that climb and the attempts to reach people. Whoever changes an alert holds its row first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.alert import Alert, Attempt
from schemas.reasons import AlertReason, DeliveryReason
from schemas.vocabulary import AlertState, AttemptState, Channel, Grade, IncidentState
from storage.database import Row, Transaction, columns, queries

sql = queries("alerts")


@dataclass(frozen=True)
class Climb:
    """An alert with what a decision about it needs to know of its incident."""

    alert: Alert
    title: str
    division: str | None
    category: str
    incident_state: IncidentState
    sender: UUID | None = None


@dataclass(frozen=True)
class Answer:
    """What one channel answered about one attempt."""

    attempt: Attempt
    state: AttemptState
    reason: DeliveryReason
    detail: str = ""


def read(row: Row) -> Alert:
    """A row as its shape."""
    return Alert.trusted(
        alert_id=row["alert_id"],
        incident_id=row["incident_id"],
        obligation_id=row["obligation_id"],
        reason=AlertReason(row["reason"]),
        ladder=row["ladder"],
        grade=Grade(row["grade"]),
        step=row["step"],
        round=row["round"],
        state=AlertState(row["state"]),
        person_id=row["person_id"],
        raised_at=row["raised_at"],
        next_at=row["next_at"],
        acknowledged_at=row["acknowledged_at"],
        acknowledged_by=row["acknowledged_by"],
    )


def _climb(row: Row) -> Climb:
    return Climb(
        read(row),
        row["title"],
        row["division"],
        row["category"],
        IncidentState(row["incident_state"]),
        row["sender"],
    )


async def lock(tx: Transaction, alert_ids: Iterable[UUID]) -> dict[UUID, Climb]:
    """The named alerts, held until the transaction ends."""
    wanted = sorted(set(alert_ids))
    return {row["alert_id"]: _climb(row) for row in await tx.rows(sql["lock"], wanted)} if wanted else {}


async def lock_climbing_of(tx: Transaction, incident_ids: Iterable[UUID]) -> list[Climb]:
    """The unanswered alerts of these incidents, held."""
    wanted = sorted(set(incident_ids))
    return [_climb(row) for row in await tx.rows(sql["climbing_of"], wanted)] if wanted else []


async def raise_new(tx: Transaction, raised: Sequence[tuple[Alert, str]]) -> set[UUID]:
    """Insert alerts with their titles; returns the ids that were new."""
    if not raised:
        return set()
    rows = [
        (
            a.alert_id, a.incident_id, a.obligation_id, a.reason, a.ladder, a.grade, title, a.step, a.round, a.state,
            a.person_id, a.raised_at, a.next_at,
        )
        for a, title in raised
    ]  # fmt: skip
    return {row["alert_id"] for row in await tx.rows(sql["raise"], *columns(rows, 13))}


async def move(tx: Transaction, moved: Sequence[Alert]) -> None:
    """Save where alerts stand; one that was answered meanwhile stays answered."""
    rows = [(a.alert_id, a.step, a.round, a.state, a.person_id, a.next_at, a.grade) for a in moved]
    if rows:
        await tx.run(sql["move"], *columns(rows, 7))


async def add_attempts(tx: Transaction, attempts: Sequence[Attempt], raised_at: datetime) -> None:
    """Write down whom we are about to try."""
    rows = [
        (t.attempt_id, t.alert_id, t.step, t.round, t.person_id, t.channel, t.address, raised_at)
        for t in attempts
    ]
    if rows:
        await tx.run(sql["add_attempts"], *columns(rows, 8))


@dataclass(frozen=True)
class Acknowledgement:
    """Who has it, since when, and how it was said."""

    by: UUID
    at: datetime
    medium: str
    note: str = ""


async def acknowledge(tx: Transaction, alert_ids: Sequence[UUID], said: Acknowledgement) -> None:
    """End the climb of these alerts."""
    await tx.run(sql["acknowledge"], list(alert_ids), said.at, said.by, said.medium, said.note)


async def close_of_incident(tx: Transaction, incident_id: UUID) -> None:
    """End every climb of a closed incident."""
    await tx.run(sql["close_of_incident"], incident_id)


async def ring(tx: Transaction, now: datetime, limit: int) -> list[datetime]:
    """Record that nobody answered, for every alert whose wait is over; returns when each was due."""
    rows = await tx.rows(sql["ring"], now, limit)
    return [row["due_at"] for row in rows]


async def lock_attempts(
    tx: Transaction, attempt_ids: Sequence[UUID]
) -> dict[UUID, tuple[AttemptState, AlertState]]:
    """How far each attempt is and whether its alert still needs it; held."""
    rows = await tx.rows(sql["attempts"], sorted(attempt_ids))
    return {row["attempt_id"]: (AttemptState(row["state"]), AlertState(row["alert_state"])) for row in rows}


async def mark_sending(tx: Transaction, attempt_ids: Sequence[UUID], now: datetime) -> None:
    """Say before sending that it may have been sent."""
    await tx.run(sql["sending"], list(attempt_ids), now)


async def save_answers(tx: Transaction, answers: Sequence[Answer], now: datetime) -> None:
    """Save what the channels answered."""
    rows = [(a.attempt.attempt_id, a.state, a.reason, a.detail, now) for a in answers]
    if rows:
        await tx.run(sql["answer"], *columns(rows, 5))


@dataclass(frozen=True)
class Tried:
    """Who was tried at which step of which round, and how it ended."""

    alert_id: UUID
    round: int
    step: int
    person_id: UUID
    state: AttemptState


async def tried(tx: Transaction, alert_ids: Iterable[UUID]) -> list[Tried]:
    """Every attempt of these alerts."""
    rows = await tx.rows(sql["tried"], list(set(alert_ids)))
    return [
        Tried(r["alert_id"], r["round"], r["step"], r["person_id"], AttemptState(r["state"])) for r in rows
    ]


async def of_incidents(tx: Transaction, incident_ids: Sequence[UUID]) -> list[Row]:
    """Alerts for a screen."""
    return await tx.rows(sql["of_incidents"], list(incident_ids))


async def attempts_of_incident(tx: Transaction, incident_id: UUID) -> list[Row]:
    """Attempts for a screen."""
    return await tx.rows(sql["attempts_of_incident"], incident_id)


async def one(tx: Transaction, alert_id: UUID) -> Row | None:
    """One alert for a screen."""
    return await tx.row(sql["one"], alert_id)


def attempt_of(row: dict[str, Any]) -> Attempt:
    """An attempt from a row of `attempts`."""
    return Attempt(
        attempt_id=row["attempt_id"],
        alert_id=row["alert_id"],
        step=row["step"],
        round=row["round"],
        person_id=row["person_id"],
        channel=Channel(row["channel"]),
        address=row["address"],
        state=AttemptState(row["state"]),
    )
