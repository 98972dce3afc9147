"""Acts under an id of their own, each with the answer it got; rows are added, never changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.database import Transaction, queries

sql = queries("acts")


@dataclass(frozen=True)
class Done:
    """An act that was carried out. `digest` is over what was said, `answer` the body that was answered."""

    act_id: UUID
    person_id: UUID
    act: str
    digest: str
    status: int
    answer: str


async def earlier(tx: Transaction, act_id: UUID) -> Done | None:
    """What was done under this id before. Hold what the act is about first, so that two at once are one."""
    row = await tx.row(sql["earlier"], act_id)
    if row is None:
        return None
    return Done(act_id, row["person_id"], row["act"], row["digest"], row["status"], row["answer"])


async def remember(tx: Transaction, done: Done, at: datetime) -> bool:
    """Keep it; False when the id was taken meanwhile by an act on something else."""
    row = await tx.row(
        sql["remember"], done.act_id, done.person_id, done.act, done.digest, done.status, done.answer, at
    )
    return row is not None
