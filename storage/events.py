"""The ledger: facts are appended in the transaction that made them true, and read in commit order."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from schemas.events import Fact
from storage.database import Database, Row, Transaction, columns, queries
from storage.incidents import Own, narrowed

sql = queries("events")
Place = tuple[str, int]
NAMES = ("by_name", "by_name_en", "person_name", "person_name_en")
START: Place = ("0", 0)
PLACE = re.compile(r"([0-9]{1,20})\.([0-9]{1,19})")


@dataclass(frozen=True)
class Recorded:
    """A fact as it lies in the ledger. `place` orders it; `waited` is how many seconds it has lain there."""

    place: Place
    event_id: UUID
    kind: str
    body: str
    waited: float


async def append(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Add facts; whoever listens is woken at the commit."""
    if not facts:
        return
    rows = [(f.event_id, f.kind, f.incident_id, f.division, f.at, f.model_dump_json()) for f in facts]
    await tx.run(sql["append"], *columns(rows, 6))


async def position(tx: Transaction) -> Place:
    """How far the relay is known to have come; it may be a little further."""
    row = await tx.row(sql["position"])
    return (row["xid"], row["seq"]) if row else START


async def unpublished(tx: Transaction, place: Place, limit: int) -> list[Recorded]:
    """What lies after `place` and may be published, in commit order."""
    found = await tx.rows(sql["unpublished"], *place, limit)
    return [Recorded((r["xid"], r["seq"]), r["event_id"], r["kind"], r["body"], r["waited"]) for r in found]


async def mark_published(tx: Transaction, place: Place) -> None:
    """Remember that everything up to `place` is on the stream."""
    await tx.run(sql["mark_published"], *place)


async def held_back(tx: Transaction, place: Place) -> float:
    """Seconds the oldest fact after `place` has been waiting, be it for an older transaction; 0: none."""
    row = await tx.row(sql["held_back"], *place)
    return float(row["seconds"]) if row else 0.0


async def relay_lag(tx: Transaction) -> float:
    """Seconds the oldest unpublished fact has been waiting, though an older transaction may hold it back; 0: none."""
    row = await tx.row(sql["relay_lag"])
    return float(row["seconds"]) if row else 0.0


def _shown(row: Row) -> dict[str, Any]:
    return {
        "id": f"{row['xid']}.{row['seq']}",
        "kind": row["kind"],
        "at": row["at"],
        "incident_id": row.get("incident_id"),
        "body": row["body"],
    }


def read_place(text: str) -> Place:
    """Parse an event id as `/events` and `/stream` show it. Raises ValueError."""
    if not text:
        return START
    if not (found := PLACE.fullmatch(text)) or int(found[1]) >= 2**64 or int(found[2]) >= 2**63:
        raise ValueError(f"{text[:60]!r} is no place in the ledger")
    return str(int(found[1])), int(found[2])


async def after(tx: Transaction, place: Place, own: Own | None, limit: int) -> list[dict[str, Any]]:
    """Facts after `place` as the API shows them; `own` None for all."""
    return [_shown(row) for row in await tx.rows(sql["after"], *place, limit, *narrowed(own))]


async def news(tx: Transaction, place: Place, own: Own | None, limit: int) -> list[Row]:
    """Facts after `place` as a screen hears of them: xid, seq, kind, incident_id, at, why, and of its incident
    division, category, from_node, taking_part (node codes).
    """
    return await tx.rows(sql["news"], *place, limit, *narrowed(own))


async def last_place(tx: Transaction) -> Place:
    """The end of the ledger now."""
    row = await tx.row(sql["last_place"])
    return (row["xid"], row["seq"]) if row else START


async def of_incident(tx: Transaction, incident_id: UUID) -> list[dict[str, Any]]:
    """One incident's facts, each with the names of whoever acted (`by_name`) and was told (`person_name`)."""
    rows = await tx.rows(sql["of_incident"], incident_id)
    return [_shown(row) | {name: row[name] for name in NAMES if row[name]} for row in rows]


async def last_of(tx: Transaction, incident_id: UUID, kinds: Sequence[str]) -> Row | None:
    """The last fact of these kinds: kind, at, body, by_name, by_name_en."""
    return await tx.row(sql["last_of"], incident_id, list(kinds))


class Lead:
    """The relay's right to publish, for as long as the connection that holds it lives."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    @property
    def is_held(self) -> bool:
        """False once the connection is gone: another relay may lead by now."""
        return not self._tx.connection.is_closed()


@asynccontextmanager
async def leading(database: Database) -> AsyncIterator[Lead | None]:
    """The lead, if this process is the one relay that publishes, for as long as the block lasts."""
    async with database.transaction() as tx:
        await tx.run(sql["lead_for_long"])
        yield Lead(tx) if await tx.try_lock(sql["take_lead"]) else None
