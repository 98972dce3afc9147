"""The four roles as real processes, as `jibao up` starts them, so that a test may kill any of them with -9."""

import asyncio
import os
import random
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from jibao.roles import ROLES
from tests.world import World


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Processes:
    """Each role's process; `killed` counts how often each was killed."""

    world: World
    folder: Path
    ports: dict[str, int] = field(default_factory=lambda: {role: free_port() for role in ROLES})
    running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    killed: dict[str, int] = field(default_factory=dict)

    async def start(self, role: str) -> None:
        """Start one role; it waits for broker and database by itself."""
        settings = self.world.settings[role]
        environment = {
            "PATH": os.environ["PATH"],
            "JIBAO_NATS_URL": settings.nats_url,
            "JIBAO_NATS_PASSWORD": settings.nats_password,
            "JIBAO_DATABASE_URL": settings.database_url,
            "JIBAO_DATABASE_USER": settings.database_user,
            "JIBAO_DATABASE_PASSWORD": settings.database_password,
            "JIBAO_LINK_KEY": settings.link_key,
            "JIBAO_PORT": str(self.ports[role]),
        }
        with (self.folder / f"{role}.log").open("ab") as log:
            self.running[role] = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "jibao", "run", role, env=environment, stdout=log, stderr=log
            )

    async def start_all(self) -> None:
        """Start every role."""
        await asyncio.gather(*(self.start(role) for role in ROLES))
        await asyncio.gather(*(self.ready(role) for role in ROLES))

    async def ready(self, role: str) -> None:
        """Wait until a role answers."""
        async with httpx.AsyncClient(trust_env=False) as http:
            while True:
                try:
                    await http.get(f"http://127.0.0.1:{self.ports[role]}/healthz")
                    return
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)

    async def kill_and_restart(self, role: str) -> None:
        """SIGKILL, and a new process in its place that has begun its work."""
        process = self.running[role]
        process.send_signal(signal.SIGKILL)
        await process.wait()
        self.killed[role] = self.killed.get(role, 0) + 1
        await self.start(role)
        await self.ready(role)

    async def kill_at_random(self, chance: random.Random, times: int) -> None:
        """Kill one role after another, each while it works."""
        for nth in range(times):
            await asyncio.sleep(chance.uniform(0.05, 0.6))
            await self.kill_and_restart(ROLES[nth % 4] if nth < 4 else chance.choice(ROLES))

    async def stop_all(self) -> None:
        """End every role."""
        for process in self.running.values():
            if process.returncode is None:
                process.terminate()
        for process in self.running.values():
            try:
                await asyncio.wait_for(process.wait(), 8)
            except TimeoutError:
                process.kill()
                await process.wait()

    def logs(self) -> str:
        """What all of them have said."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))
