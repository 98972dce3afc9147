"""The security log: append-only, apart from the ledger, since every fact of the ledger travels and wakes screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from runtime import metrics
from schemas.security import SecurityEntry
from storage.database import Transaction, as_json, columns, queries

sql = queries("security_log")


@dataclass(frozen=True)
class Asked:
    """Which entries: after a place, of one kind, of one login, from (included) to (excluded)."""

    after: int = 0
    kind: str | None = None
    login: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def append(tx: Transaction, entries: Sequence[SecurityEntry], now: datetime) -> None:
    """Add entries, in the transaction that makes them true."""
    if not entries:
        return
    rows = [
        (e.kind, e.person_id, e.login, e.by_person, e.address, e.agent, as_json(e.detail)) for e in entries
    ]
    await tx.run(sql["append"], now, *columns(rows, 7))
    for entry in entries:
        tx.after_commit(metrics.SECURITY.labels(entry.kind).inc)


async def page(tx: Transaction, asked: Asked, limit: int) -> list[dict[str, Any]]:
    """Entries in the order in which they were written."""
    found = await tx.rows(sql["page"], asked.after, asked.kind, asked.login, asked.since, asked.until, limit)
    return [dict(row) for row in found]
