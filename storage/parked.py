"""Messages that a reaction gave up on, kept whole for an operator; one that fails again waits again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.database import Transaction, columns, queries, storable

sql = queries("parked")


@dataclass(frozen=True)
class Undigested:
    """A message that a reaction gave up on after `tries`; `sequence` is its place on the stream, where it is known."""

    parked_id: UUID
    consumer: str
    stream: str
    subject: str
    sequence: int | None
    body: bytes
    error: str
    tries: int
    at: datetime


async def keep(tx: Transaction, message: Undigested) -> None:
    """Keep it for an operator; the same message of the same consumer is kept once."""
    m = message
    await tx.run(
        sql["keep"],
        m.parked_id,
        m.consumer,
        m.stream,
        m.subject,
        m.sequence,
        m.body,
        storable(m.error),
        m.tries,
        m.at,
    )


async def waiting(tx: Transaction, at_most: int) -> list[Undigested]:
    """What waits, the oldest first."""
    return [Undigested(**dict(row)) for row in await tx.rows(sql["waiting"], at_most)]


async def count_waiting(tx: Transaction) -> int:
    """How many wait."""
    row = await tx.row(sql["count_waiting"])
    return int(row["waiting"]) if row else 0


async def handled(tx: Transaction, seen: Iterable[Undigested], now: datetime) -> set[UUID]:
    """Mark as seen to; returns those that had not failed again since they were looked at."""
    rows = [(message.parked_id, message.at) for message in seen]
    marked = await tx.rows(sql["handled"], *columns(rows, 2), now)
    return {row["parked_id"] for row in marked}
