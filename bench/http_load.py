"""Lean HTTP/1.1 clients on plain sockets, so that the client costs the two cores as little as it can."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, cast

from bench.figures import CannotMeasure

ANSWER_WITHIN = 30.0


def post(path: str, token: str, body: dict[str, Any]) -> bytes:
    """A whole request, made before the clock runs."""
    content = json.dumps(body, ensure_ascii=False).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


class Caller(asyncio.Protocol):
    """One kept connection: sends a request, waits for its answer's head and body, and is free for the next."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._answered: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(CannotMeasure("the door closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return
        start = self._received.lower().find(b"content-length:", 0, head) + 15
        length = int(self._received[start : self._received.find(b"\r\n", start)])
        whole = head + 4 + length
        if len(self._received) >= whole and self._answered is not None:
            answer = bytes(self._received[:whole])
            del self._received[:whole]
            self._answered.set_result(answer)

    async def call(self, request: bytes) -> bytes:
        """Send and return the whole answer."""
        assert self._transport is not None
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answered

    async def accepted(self, request: bytes) -> None:
        """Send a report. Raises CannotMeasure unless it is answered with 202."""
        answer = await self.call(request)
        if not answer.startswith(b"HTTP/1.1 202"):
            raise CannotMeasure(f"expected 202, got {answer[:600].decode(errors='replace')}")

    def close(self) -> None:
        """Let go of the connection."""
        if self._transport is not None:
            self._transport.close()


async def connect(port: int, count: int) -> list[Caller]:
    """So many kept connections."""
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(Caller, "127.0.0.1", port) for _ in range(count)]
    return [caller for _, caller in made]


async def post_all(port: int, requests: Sequence[bytes], connections: int) -> float:
    """Post each request once over so many kept connections, as fast as they are answered; returns seconds."""
    callers = await connect(port, connections)
    waiting: Iterator[bytes] = iter(requests)

    async def work(caller: Caller) -> None:
        for request in waiting:
            await caller.accepted(request)

    loop = asyncio.get_running_loop()
    begun = loop.time()
    try:
        async with asyncio.timeout(ANSWER_WITHIN + len(requests) / 50):
            await asyncio.gather(*(work(caller) for caller in callers))
    finally:
        for caller in callers:
            caller.close()
    return loop.time() - begun


async def console(port: int, token: str) -> AsyncIterator[tuple[str, bytes]]:
    """A duty console: yields (event, data) of the live stream as they arrive."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    try:
        writer.write(
            f"GET /api/v1/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        status = await reader.readline()
        if b" 200 " not in status:
            raise CannotMeasure(f"the console was not let in: {status!r}")
        event = ""
        while line := await reader.readline():  # chunk lengths stand on lines of their own and match nothing
            if line.startswith(b"event: "):
                event = line[7:-1].decode()
            elif line.startswith(b"data: ") and event:
                yield event, line[6:-1]
                event = ""
    finally:
        writer.close()
