"""Work on what strangers sent, in a process of its own with bounds on memory, time and output; it inherits no secret.

A parser that runs away ends there, and this process goes on answering everybody.
"""

import asyncio
import contextlib
import os
import resource
import sys
from dataclasses import dataclass
from weakref import WeakKeyDictionary

AT_ONCE = 2
"""More side by side would take the machine from those who report."""
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@dataclass(frozen=True)
class ChildBounds:
    """What one piece of work may take."""

    memory: int = 512 * 1024 * 1024
    cpu_seconds: int = 5
    within: float = 20.0
    output: int = 2 * 1024 * 1024


class ChildFailed(Exception):
    """The work took more than it may, or broke."""


async def run_apart(module: str, given: bytes, bounds: ChildBounds | None = None) -> bytes:
    """What `python -m module` writes when it is given this. The module calls `bound_this_process` first.

    Raises ChildFailed.
    """
    bounds = bounds or ChildBounds()
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, str(bounds.memory), str(bounds.cpu_seconds),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
        )  # fmt: skip
        try:
            async with asyncio.timeout(bounds.within):
                written = await _talk(child, given, bounds.output)
                code = await child.wait()
        except TimeoutError as error:
            raise ChildFailed(f"took longer than {bounds.within:g} s") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if code != 0:
        raise ChildFailed(
            f"took more than {bounds.memory >> 20} MiB or {bounds.cpu_seconds} s, or broke ({code})"
        )
    return written


async def _talk(child: asyncio.subprocess.Process, given: bytes, most: int) -> bytes:
    assert child.stdin is not None
    assert child.stdout is not None
    with contextlib.suppress(ConnectionError):
        child.stdin.write(given)
        await child.stdin.drain()
        child.stdin.close()
    written = bytearray()
    while piece := await child.stdout.read(65_536):
        written += piece
        if len(written) > most:
            raise ChildFailed(f"answered more than {most} bytes")
    return bytes(written)


def bound_this_process() -> None:
    """Take the bounds that the parent gave as arguments; where a system knows one of them not, the others hold."""
    memory, cpu_seconds = int(sys.argv[1]), int(sys.argv[2])
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
