"""Nodes, people, their sign-ins and the county file in force. Only hashes of tokens and sessions are kept."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.county import Contact, County, Person
from schemas.vocabulary import UserRole
from storage.database import Row, Transaction, as_json, columns, queries

sql = queries("people")


def fingerprint(secret: str) -> bytes:
    """What is kept of a token: SHA-256, enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()


def read(row: Row) -> Person:
    """A row as its shape."""
    return Person.model_construct(
        person_id=row["person_id"],
        login=row["login"],
        name=row["name"],
        name_en=row["name_en"],
        post=row["post"],
        node=row["node"],
        role=UserRole(row["role"]),
        phone=row["phone"],
        contacts=tuple(Contact.model_validate(contact) for contact in row["contacts"]),
    )


async def save_county(tx: Transaction, county: County) -> None:
    """Take over a county's files; versions of the document stay."""
    nodes = [
        (n.code, n.name, n.name_en, n.role, n.division, n.parent, n.phone, as_json(n.handles))
        for n in county.nodes
    ]
    await tx.run(sql["save_nodes"], *columns(nodes, 8))
    people: list[tuple[Any, ...]] = [
        (p.person_id, p.login, p.name, p.name_en, p.post, p.node, p.role, p.phone,
         as_json([c.model_dump(mode="json") for c in p.contacts]))
        for p in county.people
    ]  # fmt: skip
    await tx.run(sql["save_people"], *columns(people, 9))
    await tx.run(sql["save_file"], "county", county.model_dump_json())


async def county(tx: Transaction) -> County | None:
    """The county file in force, or None before the first one was loaded."""
    row = await tx.row(sql["file"], "county")
    return County.model_validate_json(row["body"]) if row else None


async def county_version(tx: Transaction) -> int:
    """The version of the county file in force; 0 before the first."""
    row = await tx.row(sql["file"], "county")
    return int(row["version"]) if row else 0


async def set_password(tx: Transaction, login: str, password_hash: str) -> None:
    """Set a password hash (argon2) and end the person's sessions."""
    await tx.run(sql["set_password"], login, password_hash)


async def by_login(tx: Transaction, login: str) -> tuple[Person, str | None] | None:
    """A person and the hash of her password."""
    row = await tx.row(sql["by_login"], login)
    return (read(row), row["password_hash"]) if row else None


async def everybody(tx: Transaction) -> list[Person]:
    """All active people."""
    return [read(row) for row in await tx.rows(sql["all"])]


async def by_token(tx: Transaction, token: str, now: datetime) -> Person | None:
    """Whose API token this is."""
    row = await tx.row(sql["by_token"], fingerprint(token), now)
    return read(row) if row else None


async def save_token(tx: Transaction, token: str, person_id: UUID, label: str) -> None:
    """Keep the hash of a new API token."""
    await tx.run(sql["save_token"], fingerprint(token), person_id, label)


async def open_session(
    tx: Transaction, secret: str, person_id: UUID, csrf: str, times: tuple[datetime, datetime]
) -> None:
    """Remember a signed-in browser from `times[0]` to `times[1]`."""
    await tx.run(sql["open_session"], fingerprint(secret), person_id, csrf, *times)


async def by_session(tx: Transaction, secret: str, now: datetime) -> tuple[Person, str] | None:
    """Who this browser is, and its CSRF token."""
    row = await tx.row(sql["by_session"], fingerprint(secret), now)
    return (read(row), row["csrf"]) if row else None


async def end_session(tx: Transaction, secret: str) -> None:
    """Sign out."""
    await tx.run(sql["end_session"], fingerprint(secret))


async def forget_sessions(tx: Transaction, now: datetime) -> None:
    """Drop sessions that ran out."""
    await tx.run(sql["forget_sessions"], now)
