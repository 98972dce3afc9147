"""What a connection may take of a server: header, time, room; a slow one makes way, one that is answered stays."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from prometheus_client import REGISTRY

from runtime.bounded_protocol import REFUSED, ConnectionBounds
from runtime.health import Server

BOUNDS = ConnectionBounds(header_within=0.3, idle_for=1, answer_taken_within=0.3, connections=10)
ASK = b"GET / HTTP/1.1\r\nHost: jibao\r\n\r\n"


@dataclass
class Answers:
    """A small application: it says hello, waits to be released at /wait, and sends without end at /endless."""

    release: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0
    seen: list[Any] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope)
        if scope["path"] == "/wait":
            self.waiting += 1
            await self.release.wait()
        if scope["path"] == "/body":
            while (await receive()).get("more_body"):
                pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while scope["path"] == "/endless" and not self.release.is_set():
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"hello"})


@dataclass
class Client:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, some: bytes) -> "Client":
        """Send this."""
        self.writer.write(some)
        return self

    async def status(self) -> int:
        """The status of the next answer; 0 when the connection was closed instead."""
        try:
            line = await asyncio.wait_for(self.reader.readline(), 10)
        except ConnectionError:
            return 0
        return int(line.split()[1]) if line else 0

    async def rest(self) -> bytes:
        """Everything until the server closes."""
        try:
            return await asyncio.wait_for(self.reader.read(), 10)
        except ConnectionError:
            return b""


@dataclass
class Town:
    """A server and who calls on it."""

    port: int
    app: Answers
    clients: list[Client] = field(default_factory=list)

    async def client(self, said: bytes = b"") -> Client:
        """A new connection that has sent this."""
        made = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        self.clients.append(made)
        made.writer.write(said)
        await made.writer.drain()
        return made


@asynccontextmanager
async def town(bounds: ConnectionBounds = BOUNDS, proxy: str = "") -> AsyncIterator[Town]:
    """Open for the block."""
    app = Answers()
    server = Server(app, "127.0.0.1", 0, proxy, bounds)
    made = Town(await server.start(), app)
    try:
        yield made
    finally:
        app.release.set()
        for client in made.clients:
            client.writer.transport.abort()
        await server.stop()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nX: " + b"x" * 17_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 17_000,
        b"GET /" + b"x" * 17_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 101 + b"\r\n",
        b"\r\n" * 9000,
    ],
    ids=["a line", "a line without end", "an address", "many lines", "nothing at all"],
)
async def test_it_refuses_a_header_over_its_bound(sent: bytes) -> None:
    async with town() as here:
        assert await (await here.client(sent)).status() == 431
        assert await (await here.client(ASK)).status() == 200


async def test_it_takes_a_header_that_comes_in_pieces() -> None:
    async with town() as here:
        client = await here.client()
        for letter in b"GET / HTTP/1.1\r\nX: " + b"x" * 2000 + b"\r\n\r\n":
            client.say(bytes([letter]))
        assert await client.status() == 200


async def test_it_does_not_wait_for_a_header_that_drips() -> None:
    async with town() as here:
        client = await here.client(b"GET / HTTP/1.1\r\n")
        assert await client.status() == 408


async def test_it_does_not_wait_for_a_header_that_never_begins() -> None:
    async with town() as here:
        assert await (await here.client()).status() == 408


async def test_it_does_not_wait_for_the_second_header_either() -> None:
    async with town() as here:
        client = await here.client(ASK + b"GET /")
        assert await client.status() == 200
        assert b"408" in await client.rest()


@pytest.mark.parametrize("framing", [b"Content-Length: 9", b"Transfer-Encoding: chunked"])
async def test_it_does_not_wait_for_a_body_that_nobody_reads(framing: bytes) -> None:
    async with town() as here:
        client = await here.client(b"POST / HTTP/1.1\r\nHost: a\r\n" + framing + b"\r\n\r\n1")
        assert await client.status() == 200
        assert (await client.rest()).endswith(REFUSED[408].encode())


async def test_it_closes_what_is_idle() -> None:
    async with town() as here:
        client = await here.client(ASK)
        assert await client.status() == 200
        assert (await client.rest()).endswith(b"hello\r\n0\r\n\r\n")


async def test_it_answers_requests_sent_together_one_after_the_other() -> None:
    async with town() as here:
        client = await here.client(ASK * 19 + ASK[:-2] + b"Connection: close\r\n\r\n")
        assert (await client.rest()).count(b"HTTP/1.1 200") == 20


async def test_it_does_not_wait_for_a_client_that_does_not_read() -> None:
    async with town() as here:
        before = REGISTRY.get_sample_value("jibao_connections_refused_total", {"why": "not_read"}) or 0.0
        client = await here.client(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        while REGISTRY.get_sample_value("jibao_connections_refused_total", {"why": "not_read"}) == before:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "held", [b"", b"GET / HT", b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1234"]
)
async def test_connections_that_are_held_open_make_room_for_who_has_something_to_say(held: bytes) -> None:
    async with town(ConnectionBounds(connections=10)) as here:
        for _ in range(25):
            await here.client(held)
        assert await (await here.client(ASK)).status() == 200


async def test_what_is_being_answered_never_makes_room() -> None:
    async with town(ConnectionBounds(connections=10)) as here:
        waiting = [await here.client(b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n") for _ in range(10)]
        while here.app.waiting < 10:
            await asyncio.sleep(0.005)
        refused = await here.client(ASK)
        said = await refused.rest()
        assert said.startswith(b"HTTP/1.1 503") and b"retry-after: 1\r\n" in said
        here.app.release.set()
        assert [await one.status() for one in waiting] == [200] * 10


async def test_an_upgrade_is_answered_as_plain_http() -> None:
    async with town() as here:
        client = await here.client(ASK[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        assert await client.status() == 200


async def test_a_line_behind_the_body_changes_no_header() -> None:
    async with town() as here:
        head = b"POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        client = await here.client(head + b"1\r\nx\r\n0\r\nAuthorization: Bearer x\r\n\r\n")
        assert await client.status() == 200
        assert all(name != b"authorization" for name, _ in here.app.seen[0]["headers"])


@pytest.mark.parametrize(
    "sent", [b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"\x00"]
)
async def test_what_is_no_http_is_told_so(sent: bytes) -> None:
    async with town() as here:
        assert await (await here.client(sent)).status() == 400


async def test_it_names_no_software() -> None:
    async with town() as here:
        client = await here.client(ASK[:-2] + b"Connection: close\r\n\r\n")
        assert b"server:" not in (await client.rest()).lower()


@pytest.mark.parametrize(
    ("proxy", "seen"), [("", "127.0.0.1"), ("127.0.0.1", "203.0.113.9"), ("192.0.2.1", "127.0.0.1")]
)
async def test_it_believes_who_forwards_only_when_told_to(proxy: str, seen: str) -> None:
    async with town(proxy=proxy) as here:
        await (await here.client(ASK[:-2] + b"X-Forwarded-For: 203.0.113.9\r\n\r\n")).status()
        assert here.app.seen[0]["client"][0] == seen
