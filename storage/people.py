"""Nodes, people, and the county file in force. Who is not in the file any more is out in the same transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.county import Contact, County, Person
from schemas.moment import KEPT
from schemas.vocabulary import UserRole
from storage.database import Row, Transaction, as_json, columns, queries

sql = queries("people")


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


async def save_county(tx: Transaction, county: County) -> list[Row]:
    """Take over a county's files; versions of the document stay.

    Whom they do not name under the same login is out: password, tokens, sessions. Returns who (person_id, login).
    """
    nodes = [
        (n.code, n.name, n.name_en, n.role, n.division, n.parent, n.phone, as_json(n.handles))
        for n in county.nodes
    ]
    await tx.run(sql["save_nodes"], *columns(nodes, 8))
    named = [(p.person_id, p.login) for p in county.people]
    gone = await tx.rows(sql["retire"], *columns(named, 2))
    people: list[tuple[Any, ...]] = [
        (p.person_id, p.login, p.name, p.name_en, p.post, p.node, p.role, p.phone,
         as_json([c.model_dump(mode="json") for c in p.contacts]))
        for p in county.people
    ]  # fmt: skip
    await tx.run(sql["save_people"], *columns(people, 9))
    await tx.run(sql["save_file"], "county", county.model_dump_json())
    await tx.run(sql["tell_doors"])
    return gone


async def county(tx: Transaction) -> County | None:
    """The county file in force, or None before the first one was loaded."""
    row = await tx.row(sql["file"], "county")
    return County.model_validate_json(row["body"], context=KEPT) if row else None


async def county_version(tx: Transaction) -> int:
    """The version of the county file in force; 0 before the first."""
    row = await tx.row(sql["file"], "county")
    return int(row["version"]) if row else 0


async def set_password(tx: Transaction, login: str, password_hash: str) -> None:
    """Set a password hash (argon2) and end the person's sessions."""
    await tx.rows(sql["set_password"], login, password_hash)


async def by_login(tx: Transaction, login: str) -> tuple[Person, str | None] | None:
    """A person and the hash of her password."""
    row = await tx.row(sql["by_login"], login)
    return (read(row), row["password_hash"]) if row else None


async def account(tx: Transaction, login: str) -> Row | None:
    """person_id, login, name, post, node, role, deactivated_at, may_sign_in of an account of the county's file."""
    return await tx.row(sql["account"], login)


async def may_sign_in(tx: Transaction, person_id: UUID) -> bool:
    """Whether this person is in the county's file and not deactivated."""
    row = await tx.row(sql["may_sign_in"], person_id)
    return bool(row and row["may_sign_in"])


async def deactivate(tx: Transaction, login: str, now: datetime) -> UUID | None:
    """End everything a person can sign in with, in one act; None when there is nobody to deactivate."""
    row = await tx.row(sql["deactivate"], login, now)
    return row["person_id"] if row else None


async def reactivate(tx: Transaction, login: str) -> UUID | None:
    """Let a person sign in again; None when nobody was deactivated under this login."""
    row = await tx.row(sql["reactivate"], login)
    return row["person_id"] if row else None


async def everybody(tx: Transaction) -> list[Person]:
    """All who may sign in."""
    return [read(row) for row in await tx.rows(sql["all"])]
