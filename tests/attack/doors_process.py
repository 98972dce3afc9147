"""The doors as a process of their own under attack: what it costs them in time and memory, seen by another client."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.servers import Databases
from tests.torture.role_processes import Processes
from tests.world import World, make_world

MIB = 1024 * 1024
PIECE = 64 * 1024
OTHERS = b"GET /login HTTP/1.1\r\nHost: jibao\r\n\r\n"


@dataclass
class Doors:
    """Where they listen, and how long another client waited at most."""

    world: World
    port: int
    process: psutil.Process
    before: int = 0
    waits: list[float] = field(default_factory=list)

    @property
    def grown(self) -> int:
        """Bytes of memory more than before."""
        return int(self.process.memory_info().rss) - self.before

    def begin(self) -> None:
        """Forget what was, measure from here."""
        self.before = int(self.process.memory_info().rss)
        self.waits.clear()

    async def asked_again(self) -> None:
        """Wait until the other client has an answer to what it asked meanwhile, and one more."""
        seen, deadline = len(self.waits), time.monotonic() + 30
        while len(self.waits) < seen + 2:
            assert time.monotonic() < deadline, "another client is not answered"
            await asyncio.sleep(0.005)

    async def send(self, head: str, body: bytes, of: int = 0, chunked: bool = False) -> int:
        """One request whose body repeats to `of` bytes; its status, 0 when the door hung up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {of or len(body)}"
        sending = asyncio.ensure_future(
            _pour(writer, f"{head}\r\nHost: jibao\r\n{framing}\r\n\r\n".encode(), body, (of, chunked))
        )
        try:
            line = await asyncio.wait_for(reader.readline(), 60)
        except ConnectionError:
            line = b""
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            writer.transport.abort()
        return int(line.split(b" ")[1]) if line else 0

    async def ask_as_another(self) -> None:
        """Ask for a page all the while, and note each wait: the wall's, or the door's own work if that was less.

        A loaded machine makes everybody wait; only what the door was busy with is the attacker's doing.
        """
        while True:
            worked, began = _cpu(self.process), time.monotonic()
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(OTHERS)
            line = await asyncio.wait_for(reader.readline(), 30)
            assert line.startswith(b"HTTP/1.1 200"), line
            writer.transport.abort()
            self.waits.append(min(time.monotonic() - began, _cpu(self.process) - worked))
            await asyncio.sleep(0.005)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _pour(writer: asyncio.StreamWriter, head: bytes, body: bytes, how: tuple[int, bool]) -> None:
    of, chunked = how
    try:
        writer.write(head)
        left = of or len(body)
        piece = (body * (PIECE // len(body) + 1))[:PIECE] if of else body
        while left > 0:
            now = piece[:left]
            writer.write(b"%x\r\n%s\r\n" % (len(now), now) if chunked else now)
            await writer.drain()
            left -= len(now)
        if chunked:
            writer.write(b"0\r\n\r\n")
    except ConnectionError:
        pass  # the door hung up; what it said is read elsewhere


@asynccontextmanager
async def doors_process(databases: Databases, folder: Path) -> AsyncIterator[Doors]:
    """A county's doors as `jibao run doors` runs them, and another client that asks all the while."""
    async with make_world(databases, start=False) as world:
        processes = Processes(world, folder)
        await processes.start("doors")
        try:
            await asyncio.wait_for(processes.ready("doors"), 60)
            doors = Doors(world, processes.ports["doors"], psutil.Process(processes.running["doors"].pid))
            other = asyncio.ensure_future(doors.ask_as_another())
            yield doors
            if other.done():
                other.result()
            other.cancel()
            await asyncio.gather(other, return_exceptions=True)
        finally:
            await processes.stop_all()
