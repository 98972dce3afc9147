"""Answers in fewer bytes for who can unpack them: a township's line is thin, and a console asks for its overview often.

Only whole answers of text from a kilobyte on; never a stream of events, and never the sign-in form, in which a secret
stands beside what the caller chose (its length would tell).
"""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders

Message = MutableMapping[str, Any]
Asgi = Callable[[Any, Any, Any], Awaitable[None]]

FROM = 1024
LEVEL = 5
APART_FROM = 32 * 1024
"""What takes longer than a millisecond is packed beside the loop."""
KINDS = ("application/json", "application/problem+json", "text/html", "text/plain")
NEVER = ("/login",)


def takes_gzip(accepted: str) -> bool:
    """Whether a client that sends this `Accept-Encoding` wants gzip."""
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


class Compressing:
    """An ASGI application whose answers are packed."""

    def __init__(self, inside: Asgi) -> None:
        self._inside = inside

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        if scope["type"] == "http" and scope["path"] not in NEVER:
            send = Packing(send, takes_gzip(Headers(scope=scope).get("accept-encoding", ""))).send
        await self._inside(scope, receive, send)


class Packing:
    """One answer: its start waits for its body, if that may be packed."""

    def __init__(self, send: Callable[[Message], Awaitable[None]], wanted: bool) -> None:
        self._send = send
        self._wanted = wanted
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """One ASGI message."""
        if message["type"] == "http.response.start" and self._may_be_packed(message):
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None:
            body = message.get("body", b"")
            if not message.get("more_body", False) and len(body) >= FROM:
                message = await _packed(start, body)
            await self._send(start)
        await self._send(message)

    def _may_be_packed(self, message: Message) -> bool:
        headers = MutableHeaders(raw=message["headers"])
        kind = headers.get("content-type", "").partition(";")[0]
        if kind not in KINDS or "content-encoding" in headers:
            return False
        if "vary" not in headers:
            headers["Vary"] = "Accept-Encoding"
        message["headers"] = headers.raw
        return self._wanted and int(headers.get("content-length", "0")) >= FROM


async def _packed(start: Message, body: bytes) -> Message:
    packed = await asyncio.to_thread(_pack, body) if len(body) >= APART_FROM else _pack(body)
    headers = MutableHeaders(raw=start["headers"])
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(packed))
    start["headers"] = headers.raw
    return {"type": "http.response.body", "body": packed, "more_body": False}


def _pack(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)
