"""A server as a child process: it never outlives us, and stopping it always ends with no process left.

On Linux the kernel signals the child when we die, even by SIGKILL. Elsewhere a leftover is found and stopped
at the next start (`leftovers.py`). Not asyncio's subprocess: these handles outlive one event loop.
"""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOG_AT_MOST = 10 * 1024 * 1024
LOOK_EVERY = 0.02
WATCH_EVERY = 0.1


@dataclass(frozen=True)
class Account:
    """A user of this machine that a child runs as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Command:
    """What to run. `last_wish` is the signal the child gets when its parent dies; None account: as ourselves."""

    words: Sequence[str]
    log: Path
    last_wish: signal.Signals
    account: Account | None = None
    cwd: Path = Path("/")


class Child:
    """A running server."""

    def __init__(self, popen: "subprocess.Popen[bytes]", log: Path, log_from: int) -> None:
        self._popen = popen
        self._log_from = log_from
        self.log = log

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative: the signal that ended it."""
        return self._popen.poll()

    async def wait(self) -> int:
        """Return the exit code when it has ended."""
        while (code := self.exit_code) is None:  # noqa: ASYNC110, another loop may have started it
            await asyncio.sleep(WATCH_EVERY)
        return code

    async def stop(self, *steps: tuple[signal.Signals, float]) -> None:
        """Send each signal in turn and give it its seconds; then SIGKILL. Does nothing when it has ended."""
        for wish, seconds in steps:
            self._popen.send_signal(wish)
            if await until(lambda: self.exit_code is not None, seconds):
                return
        self.kill()

    def kill(self) -> None:
        """SIGKILL, at once."""
        self._popen.kill()
        self._popen.wait()

    def log_lines(self, last: int = 12) -> list[str]:
        """What it has written since this start, the last lines of it."""
        with suppress(OSError), self.log.open("rb") as file:
            file.seek(self._log_from)
            return file.read().decode("utf-8", "replace").splitlines()[-last:]
        return []


def spawn(command: Command) -> Child:
    """Start a child. Call it from a thread that lives as long as the child shall: its end counts as our death."""
    log = os.open(command.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        log_from = os.fstat(log).st_size
        account = command.account
        popen = subprocess.Popen(
            command.words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=command.cwd,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            start_new_session=True,  # Ctrl-C in a terminal is for us: we say who stops, and in which order
            preexec_fn=die_with_parent(command.last_wish),  # runs after the change of user, which clears it
        )
    finally:
        os.close(log)
    return Child(popen, command.log, log_from)


def keep_log_small(log: Path) -> None:
    """Put a long log aside as `.1`, before a start."""
    with suppress(FileNotFoundError):
        if log.stat().st_size > LOG_AT_MOST:
            log.replace(log.with_name(log.name + ".1"))


async def until(condition: Callable[[], bool], within: float) -> bool:
    """Look again and again until `condition` holds; False when it does not within so many seconds."""
    end = asyncio.get_running_loop().time() + within
    while not condition():
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(LOOK_EVERY)
    return True


def die_with_parent(wish: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends `wish` to the child when we die, however we die. None where it cannot."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # found before the fork: the child must not load anything
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(wish), 0, 0, 0)
        if os.getppid() != parent:  # it died before the kernel knew our wish
            os._exit(1)

    return ask
