"""The servers of a bench run: one PostgreSQL with a migrated template, and for each measurement a house of its own:
a fresh broker, a fresh database, and the roles it asks for as processes, all with production's settings.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg

from bench.house import PASSWORDS, House
from consumers.app import durables
from jibao.county_files import read_county
from jibao.embedded import PostgresServer, start_nats, start_postgres
from jibao.embedded.directory import prepare
from jibao.nats_config import config
from jibao.prepare import EXAMPLE
from runtime.clock import Clock
from runtime.settings import Settings
from runtime.stream import provision
from schemas.county import County
from storage import credentials, people
from storage.database import Database
from storage.migrate import ROLES, migrate

TEMPLATE = "bench_template"
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""09:00 in the county, whatever the day: the demo roster covers it, and every run sees the same law."""


@dataclass
class Servers:
    """The run's PostgreSQL and its template."""

    folder: Path
    postgres: PostgresServer
    county: County

    @asynccontextmanager
    async def house(self) -> AsyncIterator[House]:
        """A fresh house; everything in it ends with the block."""
        name = f"bench_{uuid4().hex[:12]}"
        folder = self.folder / name
        folder.mkdir()
        await self._admin(f"create database {name} template {TEMPLATE}")
        broker = await start_nats(folder / "nats", _with_everything(config(folder / "nats", PASSWORDS)))
        clock = Clock(datetime.now(UTC), START)
        house = House(folder, self.county, broker.url, self.postgres.dsn(name), clock)
        try:
            client = await house.broker()
            await provision(client.jetstream(timeout=10), durables())
            await client.close()
            yield house
        finally:
            await house.stop()
            await broker.stop()
            await self._admin(f"drop database {name} with (force)")
            shutil.rmtree(folder, ignore_errors=True)

    async def _admin(self, sql: str) -> None:
        admin = await asyncpg.connect(self.postgres.dsn())
        try:
            await admin.execute(sql)
            await admin.execute("checkpoint")  # the writes of the last measurement are not this one's burden
        finally:
            await admin.close()

    async def make_template(self) -> None:
        """The shape, the demo county and a token for everybody: `token-of-<login>`."""
        await self._admin(f"create database {TEMPLATE}")
        url = self.postgres.dsn(TEMPLATE)
        await migrate(url, {role: PASSWORDS[role] for role in ROLES})
        database = await Database.connect(Settings("owner", "", "", "", url, "", ""), 1)
        async with database.transaction() as tx:
            await people.save_county(tx, self.county)
            for person in self.county.people:
                await credentials.save_token(tx, f"token-of-{person.login}", person.person_id, "bench")
        await database.close()


@asynccontextmanager
async def open_servers() -> AsyncIterator[Servers]:
    """PostgreSQL in a folder that is gone afterwards."""
    passable = 0o711  # PostgreSQL's account must enter
    folder = prepare(Path(tempfile.gettempdir()) / f"jibao-bench-{uuid4().hex[:12]}", passable)
    try:
        postgres = await start_postgres(folder / "pg")
        try:
            servers = Servers(folder, postgres, read_county(EXAMPLE))
            await servers.make_template()
            yield servers
        finally:
            await postgres.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _with_everything(text: str) -> str:
    """The house's own accounts and one more, `all`, for the floors."""
    every = (
        f'{{ user: all, password: "{PASSWORDS["all"]}", permissions: {{ publish: ">", subscribe: ">" }} }},'
    )
    return text.replace("users: [", f"users: [\n    {every}", 1)
