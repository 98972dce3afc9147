"""HTTP connections with bounds of their own: what a client may send, and how slowly, before anybody has signed in.

uvicorn bounds neither the header nor the time it takes; its `limit_concurrency` counts idle connections and then
refuses everybody. Here idle and slow connections make room for new ones, and those that are answered are left alone.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import Any

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from runtime import metrics


@dataclass(frozen=True)
class ConnectionBounds:
    """What one client may take of a server; sizes in bytes, times in seconds."""

    header: int = 16 * 1024
    header_lines: int = 100
    header_within: float = 10.0
    idle_for: int = 65
    answer_taken_within: float = 30.0
    """How long an answer may wait for a client that does not read it."""
    connections: int = 1000


class BoundedConfig(uvicorn.Config):
    """uvicorn's settings with ours beside them."""

    def __init__(self, app: Any, bounds: ConnectionBounds, **more: Any) -> None:
        super().__init__(
            app,
            http=BoundedProtocol,
            ws="none",
            timeout_keep_alive=bounds.idle_for,
            server_header=False,
            **more,
        )
        self.bounds = bounds


class Phase(IntEnum):
    """What a connection is doing; the lower, the sooner it makes room for others."""

    IDLE = 0
    HEADER = 1
    BODY = 2
    ANSWER = 3


REFUSED = {
    400: "this is not HTTP / 不是有效的 HTTP 请求",
    408: "the header took too long / 请求头发送过慢",
    431: "the header is too large / 请求头过大",
    503: "too many connections; try again / 连接过多，请稍后重试",
}


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `since` is when its phase began, on the loop's clock."""

    config: BoundedConfig

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.bounds = self.config.bounds
        self.since = self.loop.time()
        self._header_bytes = 0
        self._header_whole = False
        """Between the end of a header and the end of its body."""
        self._in_header = False
        self._header_timer: asyncio.TimerHandle | None = None
        self._taking_timer: asyncio.TimerHandle | None = None

    @property
    def phase(self) -> Phase:
        """What it is doing now."""
        if not self._is_answering:
            return Phase.HEADER if self._header_bytes else Phase.IDLE
        return Phase.BODY if self.cycle.more_body and not self.cycle.response_started else Phase.ANSWER

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Make room, or say that there is none; then wait for a header."""
        full = len(self.connections) >= self.bounds.connections and not make_room(self.connections)
        super().connection_made(transport)
        if full:
            self.refuse(503)
        else:
            self._expect_header()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count the header before it is looked at, then parse."""
        self._unset_keepalive_if_required()
        if not self._header_whole:
            self._begin_header()
            self._header_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            return  # there is nothing to upgrade to: it is answered as plain HTTP
        except httptools.HttpParserError:
            self.refuse(400)
            return
        if self._header_whole or self.transport.is_closing():
            return
        if self._header_bytes > self.bounds.header:
            self.refuse(431)
        elif self._in_header or not self._is_answering:
            self._expect_header()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._in_header = True
        self._begin_header()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header line; what stands behind a body (a trailer) changes nothing."""
        if not self._header_whole:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The whole header is there and inside its bounds, or the connection ends."""
        self._header_whole, self._in_header = True, False
        self._header_bytes = 0
        self.since = self.loop.time()
        self._stop_header_timer()
        lines = self.headers
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in lines)
        if size > self.bounds.header or len(lines) > self.bounds.header_lines:
            self.refuse(431)
        elif not self.transport.is_closing():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Part of a body, unless its header was refused."""
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole; the next bytes are another's header."""
        if not self.transport.is_closing():
            super().on_message_complete()
        self._header_whole = False
        self._stop_header_timer()

    def on_response_complete(self) -> None:
        """The connection waits for its next request."""
        self.since = self.loop.time()
        super().on_response_complete()
        if self._header_whole:
            self._expect_header()  # answered before its body was read: the rest must come soon, or the connection goes

    def pause_writing(self) -> None:
        """The client does not read what it asked for; it has so long to go on."""
        super().pause_writing()
        self._taking_timer = self.loop.call_later(self.bounds.answer_taken_within, self._give_up)

    def resume_writing(self) -> None:
        """It reads on."""
        super().resume_writing()
        if self._taking_timer is not None:
            self._taking_timer.cancel()
            self._taking_timer = None

    def refuse(self, status: int) -> None:
        """Say why in one line, and close."""
        self._stop_timers()
        if self.transport.is_closing():
            return
        metrics.CONNECTIONS_REFUSED.labels(str(status)).inc()
        if self._is_answering:
            self.transport.close()  # an answer is under way; a second one into its middle would be read as part of it
            return
        said = REFUSED[status].encode()
        head = (
            f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(said)}\r\ncache-control: no-store\r\n"
            "x-content-type-options: nosniff\r\nconnection: close\r\n"
            f"{'retry-after: 1' + chr(13) + chr(10) if status == 503 else ''}\r\n"
        )
        self.transport.write(STATUS_LINE[status] + head.encode() + said)
        self.transport.close()

    def make_way(self) -> None:
        """Close at once, so that others have room."""
        metrics.CONNECTIONS_REFUSED.labels("made_way").inc()
        self._stop_timers()
        self.transport.abort()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _begin_header(self) -> None:
        if not self._header_bytes:
            self.since = self.loop.time()

    def _expect_header(self) -> None:
        if self._header_timer is None:
            self._header_timer = self.loop.call_later(self.bounds.header_within, self.refuse, 408)

    def _give_up(self) -> None:
        metrics.CONNECTIONS_REFUSED.labels("not_read").inc()
        self.transport.abort()

    def _stop_header_timer(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _stop_timers(self) -> None:
        self._stop_header_timer()
        if self._taking_timer is not None:
            self._taking_timer.cancel()
            self._taking_timer = None


def make_room(connections: Iterable[Any]) -> bool:
    """Close a tenth of what is not being answered, from the address that holds most; whether there was any."""
    ours = [one for one in connections if isinstance(one, BoundedProtocol)]
    waiting = [one for one in ours if one.phase is not Phase.ANSWER and not one.transport.is_closing()]
    if not waiting:
        return False
    held = Counter(one.client[0] if one.client else "" for one in ours)
    waiting.sort(key=attrgetter("since"))
    waiting.sort(key=lambda one: (-held[one.client[0] if one.client else ""], one.phase))
    for one in waiting[: max(1, len(ours) // 10)]:
        one.make_way()
    return True
