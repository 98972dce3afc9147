"""One measurement's house: its broker and database, and the roles it starts as processes, as `jibao up` does."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from nats.aio.client import Client

from bench.figures import CannotMeasure
from jibao.embedded.ports import free_port
from jibao.embedded.process import die_with_parent
from jibao.nats_config import RIGHTS
from runtime.clock import Clock
from runtime.settings import Settings
from runtime.stream import connect
from schemas.county import County
from storage.migrate import ROLES

PASSWORDS = {role: f"bench-{role}" for role in (*RIGHTS, *ROLES, "all")}
READY_WITHIN = 60.0
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
