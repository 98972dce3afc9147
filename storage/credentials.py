"""API tokens and browser sessions. Only hashes are kept: who reads these tables can sign in as nobody."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.county import Person
from storage.database import Row, Transaction, queries
from storage.people import read

sql = queries("credentials")
NOBODY = b""
"""A hash that no session has."""


@dataclass(frozen=True)
class Found:
    """Whom a credential stands for, until when; `csrf` and `seen_at` for a session only."""

    person: Person
    good_until: datetime | None
    csrf: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True)
class Opening:
    """A session that begins: its two secrets, its life, and the browser it is for."""

    secret: str
    csrf: str
    now: datetime
    ends: datetime
    address: str = ""
    agent: str = ""


def fingerprint(secret: str) -> bytes:
    """What is kept of a secret: SHA-256, enough for 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


async def by_token(tx: Transaction, hashed: bytes, now: datetime) -> Found | None:
    """Whose API token this is."""
    row = await tx.row(sql["by_token"], hashed, now)
    return Found(read(row), row["good_until"]) if row else None


async def save_token(
    tx: Transaction, token: str, person_id: UUID, label: str, expires_at: datetime | None = None
) -> None:
    """Keep the hash of a new API token; one without an end is for the demo and for tests."""
    await tx.run(sql["save_token"], fingerprint(token), person_id, label, expires_at)


async def tokens_of(tx: Transaction, person_id: UUID) -> list[dict[str, Any]]:
    """token_id, label, created_at, expires_at of a person's tokens."""
    return [dict(row) for row in await tx.rows(sql["tokens_of"], person_id)]


async def revoke_token(tx: Transaction, person_id: UUID, token_id: UUID) -> str | None:
    """End one token of a person at once; its label, None when she has no such token."""
    row = await tx.row(sql["revoke_token"], person_id, token_id)
    return row["label"] if row else None


async def open_session(tx: Transaction, person_id: UUID, new: Opening) -> None:
    """Remember a signed-in browser."""
    await tx.run(
        sql["open_session"],
        fingerprint(new.secret),
        person_id,
        new.csrf,
        new.now,
        new.ends,
        new.address,
        new.agent,
    )


async def by_session(tx: Transaction, hashed: bytes, now: datetime, unused_since: datetime) -> Found | None:
    """Who this browser is."""
    row = await tx.row(sql["by_session"], hashed, now, unused_since)
    return Found(read(row), row["good_until"], row["csrf"], row["seen_at"]) if row else None


async def touch(tx: Transaction, hashes: Collection[bytes], now: datetime) -> None:
    """These sessions are in use."""
    await tx.run(sql["touch"], list(hashes), now)


async def still_good(
    tx: Transaction, hashes: Collection[bytes], now: datetime, unused_since: datetime
) -> set[bytes]:
    """Which of these tokens and sessions are good."""
    return {bytes(row["hash"]) for row in await tx.rows(sql["still_good"], list(hashes), now, unused_since)}


async def sessions_of(
    tx: Transaction, person_id: UUID, asking: bytes, now: datetime, unused_since: datetime
) -> list[dict[str, Any]]:
    """A person's sessions: session_id, created_at, seen_at, expires_at, address, agent, this."""
    return [dict(row) for row in await tx.rows(sql["sessions_of"], person_id, asking, now, unused_since)]


async def end_session(tx: Transaction, hashed: bytes) -> UUID | None:
    """Sign out; whose session it was."""
    row = await tx.row(sql["end_session"], hashed)
    return row["person_id"] if row else None


async def end_sessions(
    tx: Transaction, person_id: UUID, session_id: UUID | None = None, but: bytes = NOBODY
) -> list[UUID]:
    """End one session of a person, or all, never the one `but`; which ones ended."""
    return [row["session_id"] for row in await tx.rows(sql["end_sessions"], person_id, session_id, but)]


async def change_own_password(tx: Transaction, session: bytes, known_hash: str, new_hash: str) -> bool:
    """A new password for whoever holds this session; her other sessions end. False when the old hash is another."""
    row: Row | None = await tx.row(sql["change_own_password"], session, known_hash, new_hash)
    return bool(row and row["changed"])


async def forget_sessions(tx: Transaction, now: datetime) -> None:
    """Drop sessions that ran out."""
    await tx.run(sql["forget_sessions"], now)
