"""The servers of a bench run: one PostgreSQL with a migrated template, and for each measurement a house of its own:
a fresh broker, a fresh database, and the roles it asks for as processes, all with production's settings.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
from nats.aio.client import Client

from bench.figures import CannotMeasure
from consumers.app import durables
from jibao.county_files import read_county
from jibao.embedded import PostgresServer, start_nats, start_postgres
from jibao.embedded.directory import prepare
from jibao.embedded.ports import free_port
from jibao.embedded.process import die_with_parent
from jibao.nats_config import RIGHTS, config
from jibao.prepare import EXAMPLE
from runtime.clock import Clock
from runtime.settings import Settings
from runtime.stream import connect, provision
from schemas.county import County
from storage import people
from storage.database import Database
from storage.migrate import ROLES, migrate

PASSWORDS = {role: f"bench-{role}" for role in (*RIGHTS, *ROLES, "all")}
TEMPLATE = "bench_template"
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""09:00 in the county, whatever the day: the demo roster covers it, and every run sees the same law."""
READY_WITHIN = 30.0
END_WITHIN = 8.0


@dataclass
class House:
    """One measurement's broker, database and roles."""

    folder: Path
    county: County
    nats_url: str
    database_url: str
    clock: Clock
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    def settings(self, role: str) -> Settings:
        """What this process itself connects with; `owner` sees the whole database."""
        return Settings(
            role=role,
            nats_url=self.nats_url,
            nats_user=role,
            nats_password=PASSWORDS.get(role, ""),
            database_url=self.database_url,
            database_user="",
            database_password="",
        )

    async def broker(self, role: str = "all") -> Client:
        """A bare connection to the broker; `all` may do everything."""
        return await connect(self.settings(role))

    async def look(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A bare connection to the database with all rights."""
        return await asyncpg.connect(self.database_url, server_settings={"timezone": "UTC"})

    async def start(self, *roles: str) -> None:
        """Start roles as `jibao up` does, and wait until they say they are ready. Raises CannotMeasure."""
        for role in roles:
            self.ports[role] = free_port()
            with (self.folder / f"{role}.log").open("ab") as log:
                self.running[role] = subprocess.Popen(  # noqa: ASYNC220, it returns at once
                    [sys.executable, "-m", "jibao", "run", role],
                    env={**os.environ, **self._environment(role)},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=die_with_parent(signal.SIGTERM),
                )
        for role in roles:
            await self._until_ready(role)

    async def stop(self) -> None:
        """End every role."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                await asyncio.to_thread(process.wait, END_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    def _environment(self, role: str) -> dict[str, str]:
        host = self.database_url.rpartition("@")[2]
        return {
            "JIBAO_NATS_URL": self.nats_url,
            "JIBAO_NATS_USER": role if role in RIGHTS else "",
            "JIBAO_NATS_PASSWORD": PASSWORDS.get(role, ""),
            "JIBAO_DATABASE_URL": f"postgresql://{host}",
            "JIBAO_DATABASE_USER": f"jibao_{role}",
            "JIBAO_DATABASE_PASSWORD": PASSWORDS[f"jibao_{role}"],
            "JIBAO_LINK_KEY": "a key for the bench only",
            "JIBAO_CLOCK": str(self.clock),
            "JIBAO_PORT": str(self.ports[role]),
            "JIBAO_LOG_LEVEL": "WARNING",
        }

    async def _until_ready(self, role: str) -> None:
        try:
            async with asyncio.timeout(READY_WITHIN):
                while not await _is_ready(self.ports[role]):
                    if self.running[role].poll() is not None:
                        raise CannotMeasure(f"{role} ended at once:\n{self._last_words(role)}")
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise CannotMeasure(f"{role} was not ready in time:\n{self._last_words(role)}") from None

    def _last_words(self, role: str) -> str:
        return "\n".join((self.folder / f"{role}.log").read_text(encoding="utf-8").splitlines()[-12:])


async def _is_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.write(b"GET /readyz HTTP/1.0\r\nHost: bench\r\n\r\n")
    answer = await reader.readline()
    writer.close()
    return b" 200 " in answer


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
                await people.save_token(tx, f"token-of-{person.login}", person.person_id, "bench")
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
