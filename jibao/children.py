"""The roles as child processes: started, watched, started again when they die, ended together."""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from jibao.embedded.process import die_with_parent, until

log = logging.getLogger("jibao.up")

END_WITHIN = 2.5
CALM_AFTER = 10.0
LOOK_EVERY = 0.1


@dataclass
class Role:
    """One role's process. `environment` holds its settings and secrets; nothing secret is an argument."""

    name: str
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0
    starts: int = 0

    def start(self) -> None:
        """Start it; it ends with us, however we end."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jibao", "run", self.name],
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        self.started, self.starts = time.monotonic(), self.starts + 1

    def is_running(self) -> bool:
        """Whether its process lives."""
        return self.process is not None and self.process.poll() is None

    def pause(self) -> float:
        """Seconds to wait before the next start: short at first, longer when it dies again and again."""
        if time.monotonic() - self.started > CALM_AFTER:
            self.deaths = 0
        self.deaths += 1
        return min(0.1 * 2.0 ** (self.deaths - 1), 5.0)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal if it lives."""
        if self.process is not None and self.is_running():
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)


@dataclass
class Children:
    """All roles of one `jibao up`."""

    roles: list[Role]
    stopping: bool = False
    jobs: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        """Start every role and watch it."""
        for role in self.roles:
            role.start()
            self.jobs.append(asyncio.create_task(self._watch(role)))

    async def _watch(self, role: Role) -> None:
        while not self.stopping:
            if role.is_running():
                await asyncio.sleep(LOOK_EVERY)
                continue
            code = role.process.returncode if role.process else None
            pause = role.pause()
            log.error("%s ended with %s; starting it again in %.1f s", role.name, code, pause)
            await asyncio.sleep(pause)
            if not self.stopping:
                role.start()

    async def stop(self) -> None:
        """End all of them: asked first, killed after `END_WITHIN` seconds."""
        self.stopping = True
        for job in self.jobs:
            job.cancel()
        for role in self.roles:
            role.signal(signal.SIGTERM)
        await until(lambda: not any(role.is_running() for role in self.roles), END_WITHIN)
        for role in self.roles:
            role.signal(signal.SIGKILL)
            if role.process is not None:
                role.process.wait()
