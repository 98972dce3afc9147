"""The body of one request, read within bounds of size and time; what is left over at the answer is thrown away."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from starlette.requests import ClientDisconnect

from producers.problems import Fault, Problem

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]

LEFT_OVER = 16 * 1024 * 1024
LEFT_OVER_WITHIN = 5.0
"""So much of a refused body is still taken, or its sender would see a broken connection in place of the answer."""


class RequestBody:
    """Counts what comes; `is_whole` when its end was seen."""

    def __init__(self, receive: Receive, most: int, within: float) -> None:
        self._receive = receive
        self._most = most
        self._until = asyncio.get_running_loop().time() + within
        self._come = 0
        self.is_whole = False

    async def next(self) -> Message:
        """The next piece. Raises Problem 413 past the bound, 408 when the time is over."""
        if self.is_whole:
            return await self._receive()  # waits for the client to go
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError as error:
            raise too_slow() from error
        if message["type"] == "http.request":
            self._come += len(message.get("body", b""))
            self.is_whole = not message.get("more_body", False)
            if self._come > self._most:
                raise too_large(self._most)
        return message

    async def whole(self) -> bytes:
        """All of it. Raises Problem 413 or 408, and ClientDisconnect."""
        body = bytearray()
        while not self.is_whole:
            message = await self.next()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
        return bytes(body)

    async def drop_left_over(self) -> None:
        """Take what still comes, for a moment, and forget it."""
        dropped = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(LEFT_OVER_WITHIN):
                while not self.is_whole and dropped < LEFT_OVER:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        return
                    dropped += len(message.get("body", b""))
                    self.is_whole = not message.get("more_body", False)


def too_large(most: int) -> Problem:
    """A body over its bound."""
    zh, en = f"最多 {most} 字节", f"at most {most} bytes"
    return Problem(413, f"内容过长，{zh}", f"the body is too large: {en}", [Fault("", "too_large", en, zh)])


def too_slow() -> Problem:
    """A body that did not come in time."""
    zh, en = "内容发送过慢，连接已关闭", "the body took too long; the connection is closed"
    return Problem(408, zh, en, [Fault("", "too_slow", en, zh)])
