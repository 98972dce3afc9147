"""Packs that an office has put in force, as the text that was uploaded. Rows are added, never changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.database import Row, Transaction, queries

sql = queries("packs")


@dataclass(frozen=True)
class Upload:
    """A pack to put in force; `in_force_from` is not before `uploaded_at`."""

    pack_id: str
    version: str
    body: str
    sha256: str
    uploaded_by: UUID
    uploaded_at: datetime
    in_force_from: datetime
    note: str = ""


@dataclass(frozen=True)
class Adopted(Upload):
    """The same as it stands in the table; `seq` orders the uploads."""

    seq: int = 0


@dataclass(frozen=True)
class Mark:
    """Which uploads hold at a moment, and the next moment at which that changes."""

    standing: str
    next_at: datetime | None


async def hold(tx: Transaction) -> None:
    """Keep other uploads waiting until the transaction ends."""
    await tx.run(sql["hold"])


async def add(tx: Transaction, one: Upload) -> Adopted:
    """Put it in force from its moment on. Hold the table first."""
    row = await tx.row(
        sql["add"], one.pack_id, one.version, one.body, one.sha256, one.uploaded_by, one.uploaded_at,
        one.in_force_from, one.note,
    )  # fmt: skip
    assert row is not None
    return _read(row)


async def in_force(tx: Transaction, now: datetime, without: Iterable[int] = ()) -> list[Adopted]:
    """Of each uploaded pack the version that holds at `now`; `without` names uploads that cannot be read."""
    return [_read(row) for row in await tx.rows(sql["in_force"], now, list(without))]


async def mark(tx: Transaction, now: datetime) -> Mark:
    """Cheap enough to ask every few seconds."""
    row = await tx.row(sql["mark"], now)
    assert row is not None
    return Mark(row["standing"], row["next_at"])


async def of_version(tx: Transaction, pack_id: str, version: str) -> list[Adopted]:
    """Every upload under this version, the last first; their bodies say the same."""
    return [_read(row) for row in await tx.rows(sql["of_version"], pack_id, version)]


async def history(tx: Transaction, limit: int) -> list[Row]:
    """Every upload without its body, with the name of who it was, the last first."""
    return await tx.rows(sql["history"], limit)


def _read(row: Row) -> Adopted:
    return Adopted(
        pack_id=row["pack_id"],
        version=row["version"],
        body=row["body"],
        sha256=row["sha256"],
        uploaded_by=row["uploaded_by"],
        uploaded_at=row["uploaded_at"],
        in_force_from=row["in_force_from"],
        note=row["note"],
        seq=row["seq"],
    )
