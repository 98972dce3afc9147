"""The broker and the database of one `jibao up`: embedded ones in the data folder, or the real ones that are named.

An embedded server that dies is started again on the same port; the roles reconnect by themselves.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from jibao import nats_config
from jibao.embedded.directory import read_number
from jibao.embedded.nats_server import NatsServer, start_nats
from jibao.embedded.postgres import PostgresServer, start_postgres
from jibao.embedded.postgres_cluster import SUPERUSER
from jibao.embedded.trouble import EmbeddedServerError
from jibao.secrets_file import Secrets
from runtime.ending import end
from runtime.settings import Settings
from storage.migrate import create_database

log = logging.getLogger("jibao.up")
DATABASE = "jibao"
AGAIN_AFTER = 0.5


def owner_of_folder(directory: Path) -> Settings | None:
    """The owner's way into the embedded database of a running `jibao up`; None where there is none."""
    folder = directory / "postgres"
    port, password = read_number(folder / "postgres.port"), folder / "postgres.password"
    if port is None or not password.is_file():
        return None
    return Settings(
        role="owner",
        nats_url="",
        nats_user="",
        nats_password="",
        database_url=f"postgresql://127.0.0.1:{port}/{DATABASE}",
        database_user=SUPERUSER,
        database_password=password.read_text(encoding="utf-8").strip(),
    )


@dataclass
class Servers:
    """Where broker and database are; `owner_url` may change the database's shape."""

    directory: Path
    secrets: Secrets
    nats_url: str = ""
    owner_url: str = ""
    own_nats: NatsServer | None = None
    own_postgres: PostgresServer | None = None
    jobs: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def nats_is_ours(self) -> bool:
        """Whether the broker is embedded, with an account for each role."""
        return self.own_nats is not None

    async def start(self) -> None:
        """Start what is not named in JIBAO_NATS_URL and JIBAO_DATABASE_URL. Raises EmbeddedServerError."""
        self.nats_url = os.environ.get("JIBAO_NATS_URL", "")
        self.owner_url = os.environ.get("JIBAO_DATABASE_URL", "")
        starts = []
        if not self.nats_url:
            starts.append(self._start_nats())
        if not self.owner_url:
            starts.append(self._start_postgres())
        await asyncio.gather(*starts)
        if self.own_nats is not None:
            self.jobs.append(asyncio.create_task(self._keep_nats()))
        if self.own_postgres is not None:
            self.jobs.append(asyncio.create_task(self._keep_postgres()))

    def nats_login(self, role: str) -> tuple[str, str]:
        """The account of a role: ours, or the one the environment names for it (else the URL's own)."""
        if self.nats_is_ours:
            return role, self.secrets.nats[role]
        name = f"JIBAO_NATS_{role.upper()}"
        return os.environ.get(f"{name}_USER", ""), os.environ.get(f"{name}_PASSWORD", "")

    async def stop(self) -> None:
        """Stop what we started, both at once."""
        await end(*self.jobs)
        stops = [server.stop(1.9) for server in (self.own_nats, self.own_postgres) if server is not None]
        await asyncio.gather(*stops, return_exceptions=True)

    async def _start_nats(self) -> None:
        folder = self.directory / "nats"
        self.own_nats = await start_nats(folder, nats_config.config(folder, self.secrets.nats))
        self.nats_url = self.own_nats.url

    async def _start_postgres(self) -> None:
        self.own_postgres = await start_postgres(self.directory / "postgres")
        await create_database(self.own_postgres.dsn(), DATABASE)
        self.owner_url = self.own_postgres.dsn(DATABASE)

    async def _keep_nats(self) -> None:
        while self.own_nats is not None:
            code = await self.own_nats.wait()
            log.error("the broker ended with %s; starting it again", code)
            self.own_nats.kill()  # it has ended: this frees its folder
            await self._again(self._start_nats)

    async def _keep_postgres(self) -> None:
        while self.own_postgres is not None:
            code = await self.own_postgres.wait()
            log.error("the database ended with %s; starting it again", code)
            self.own_postgres.kill()
            await self._again(self._start_postgres)

    async def _again(self, start: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await start()
                return
            except (EmbeddedServerError, OSError) as error:
                log.error("%s", error)
                await asyncio.sleep(AGAIN_AFTER)
