"""Forward-only migrations: numbered SQL files, each applied once and remembered with its hash."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

ROLES = ("jibao_doors", "jibao_consumers", "jibao_clock", "jibao_relay")
FOLDER = Path(__file__).with_name("migrations")


@dataclass(frozen=True)
class Migration:
    """One file: its number and name, its text and the text's hash."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text: an applied file may not change any more."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class MigrationChanged(Exception):
    """A file that was applied before now says something else; write a new file instead."""


def migrations() -> list[Migration]:
    """All files in order."""
    return [Migration(path.name, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.sql"))]


async def migrate(
    owner_url: str, passwords: Mapping[str, str] | None = None, login: Mapping[str, str] | None = None
) -> list[str]:
    """Bring a database to the newest shape; returns the names of the files applied now.

    `passwords` (role → password) makes the four roles where they are missing and sets their passwords; without it
    they must exist already (deploy/postgres/roles.sql). `login`: the owner's user and password where the address does
    not hold them. Raises MigrationChanged.
    """
    options: Any = login or {}
    connection = await asyncpg.connect(owner_url, **options)
    turn = await asyncpg.connect(owner_url, **options)
    try:
        await _remember_in(connection)
        async with turn.transaction():
            # Only the owner can take this lock; an advisory one could be held by any role, for ever.
            await turn.execute("lock table migrations in share update exclusive mode")
            await _make_roles(connection, passwords or {})
            applied = await _apply(connection)
            async with connection.transaction():
                await connection.execute(
                    Path(__file__).with_name("privileges.sql").read_text(encoding="utf-8")
                )
        return applied
    finally:
        await turn.close()
        await connection.close()


async def create_database(owner_url: str, name: str) -> None:
    """Make an empty database on a server of ours, once; the roles get into no other."""
    connection = await asyncpg.connect(owner_url)
    try:
        if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
            await connection.execute(f'create database "{name}"')
        for other in ("postgres", "template1"):
            await connection.execute(f"revoke all on database {other} from public")
    finally:
        await connection.close()


async def _make_roles(connection: "asyncpg.Connection[asyncpg.Record]", passwords: Mapping[str, str]) -> None:
    for role, password in passwords.items():
        if role not in ROLES:
            raise ValueError(f"{role} is none of {', '.join(ROLES)}")
        exists = await connection.fetchval("select 1 from pg_roles where rolname = $1", role)
        quoted = await connection.fetchval("select quote_literal($1)", password)
        await connection.execute(
            f"{'alter' if exists else 'create'} role {role} login nosuperuser nocreatedb nocreaterole password {quoted}"
        )


async def _remember_in(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    with suppress(
        asyncpg.UniqueViolationError, asyncpg.DuplicateTableError
    ):  # another program makes it just now
        await connection.execute(
            "create table if not exists migrations (name text primary key, digest text not null,"
            " applied_at timestamptz not null default now())"
        )


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    done = {
        row["name"]: row["digest"] for row in await connection.fetch("select name, digest from migrations")
    }
    applied = []
    for migration in migrations():
        if migration.name in done:
            if done[migration.name] != migration.digest:
                raise MigrationChanged(
                    f"{migration.name} was applied before and has changed; add a new file instead"
                )
            continue
        async with connection.transaction():
            await connection.execute(migration.text)
            await connection.execute(
                "insert into migrations (name, digest) values ($1, $2)", migration.name, migration.digest
            )
        applied.append(migration.name)
    return applied
