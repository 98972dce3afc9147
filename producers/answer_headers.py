"""What every answer carries, whoever gave it: not kept, not guessed at, not framed; an unread body ends with it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders

from producers.request_body import RequestBody

Send = Callable[[Any], Awaitable[None]]

KEPT = ("/static/", "/sw.js")
"""Files of the program; everything else may be about somebody."""
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}
HTTPS_ONLY = "max-age=31536000"


class Answering:
    """Adds the headers to one answer; a request whose body was not read to its end loses its connection after it."""

    def __init__(self, path: str, send: Send, body: RequestBody | None, is_https: bool) -> None:
        self._may_be_kept = path.startswith(KEPT)
        self._send = send
        self._body = body
        self._is_https = is_https

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """One ASGI message of the answer."""
        if message["type"] == "http.response.start":
            self._add(MutableHeaders(scope=message))
        elif self._is_unread and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            assert self._body is not None
            await self._body.drop_left_over()
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    @property
    def _is_unread(self) -> bool:
        return self._body is not None and not self._body.is_whole

    def _add(self, headers: MutableHeaders) -> None:
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        if not self._may_be_kept:
            headers["Cache-Control"] = "no-store"
        if self._is_https:
            headers["Strict-Transport-Security"] = HTTPS_ONLY
        if self._is_unread:
            headers["Connection"] = "close"
