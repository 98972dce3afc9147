"""A line between a browser and the doors that counts every byte sent down to the browser, by what was asked for.

It counts on the connection itself: headers, the service worker's own requests and repeats are all in it.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

METHODS = (b"GET ", b"POST ", b"PUT ", b"DELETE ")


@dataclass
class CountedLine:
    """The port to connect to, and the bytes that came down for each request line."""

    target: int
    port: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    ways: set[asyncio.Task[None]] = field(default_factory=set)

    async def carry(self, up: asyncio.StreamReader, down: asyncio.StreamWriter) -> None:
        """One connection of the browser, both ways until either side ends it."""
        asked = "(before any request)"
        answers, asks = await asyncio.open_connection("127.0.0.1", self.target)

        def note(data: bytes) -> None:
            nonlocal asked
            if data.startswith(METHODS):
                asked = b" ".join(data.split(b" ", 2)[:2]).decode()

        def count(data: bytes) -> None:
            self.sent[asked] += len(data)

        ways = [
            asyncio.create_task(_pass_on(up, asks, note)),
            asyncio.create_task(_pass_on(answers, down, count)),
        ]
        self.ways.update(ways)
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        self.ways.difference_update(ways)
        asks.close()
        down.close()


async def _pass_on(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, seen: Callable[[bytes], None]
) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            seen(data)
            target.write(data)
            await target.drain()


@asynccontextmanager
async def counted_line(target: int) -> AsyncIterator[CountedLine]:
    """A line to the doors at port `target`, on a free port of its own."""
    line = CountedLine(target)
    server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        for way in tuple(line.ways):
            way.cancel()
