"""Real servers for tests: one PostgreSQL a session with a migrated template, one NATS a test, free ports throughout."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg

from jibao.embedded.nats_server import NatsServer, start_nats
from jibao.embedded.postgres import PostgresServer, start_postgres
from jibao.nats_config import RIGHTS, config
from storage.migrate import ROLES, migrate

PASSWORDS = {role: f"test-{role}" for role in (*RIGHTS, *ROLES, "test")}
TEMPLATE = "jibao_template"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that PostgreSQL's account may enter, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="jibao-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Databases:
    """The session's PostgreSQL; each test gets a clone of the migrated template."""

    server: PostgresServer

    async def clone(self) -> str:
        """A fresh database; returns its name."""
        name = f"test_{uuid4().hex[:12]}"
        admin = await asyncpg.connect(self.server.dsn())
        try:
            await admin.execute(f"create database {name} template {TEMPLATE} strategy file_copy")
        finally:
            await admin.close()
        return name

    async def drop(self, name: str) -> None:
        """Remove a clone."""
        admin = await asyncpg.connect(self.server.dsn())
        try:
            await admin.execute(f"drop database if exists {name} with (force)")
        finally:
            await admin.close()


@contextmanager
def databases() -> Iterator[Databases]:
    """PostgreSQL with the template, for a whole session."""
    with scratch() as folder:
        server = asyncio.run(start_postgres(folder / "pg", fast=True))
        try:
            asyncio.run(_make_template(server))
            yield Databases(server)
        finally:
            asyncio.run(server.stop())


async def _make_template(server: PostgresServer) -> None:
    admin = await asyncpg.connect(server.dsn())
    await admin.execute(f"create database {TEMPLATE}")
    await admin.close()
    await migrate(server.dsn(TEMPLATE), {role: PASSWORDS[role] for role in ROLES})


async def start_broker(folder: Path) -> NatsServer:
    """A NATS server with the house's own accounts and synced writes; `test` may do anything."""
    text = config(folder, PASSWORDS)
    anything = f'users: [\n    {{ user: test, password: "{PASSWORDS["test"]}" }},'
    return await start_nats(folder, text.replace("users: [", anything, 1))


def worker() -> str:
    """Which parallel worker this is."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")
