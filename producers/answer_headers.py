"""What every answer carries, whoever gave it: not kept, not guessed at, not framed; an unread body ends with it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from producers.request_body import RequestBody

Send = Callable[[Any], Awaitable[None]]

KEPT = ("/static/", "/sw.js")
"""Files of the program; everything else may be about somebody."""
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
)
"""Where the answer does not say it itself. Names in lower case, as ASGI has them."""
NO_STORE = (b"cache-control", b"no-store")
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")
CLOSE = (b"connection", b"close")


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
            self._add(message)
        elif self._is_unread and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            assert self._body is not None
            await self._body.drop_left_over()
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    @property
    def _is_unread(self) -> bool:
        return self._body is not None and not self._body.is_whole

    def _add(self, message: MutableMapping[str, Any]) -> None:
        """Read once and written once: this stands before every answer, a receipt too."""
        given = {name for name, _ in message["headers"]}
        added = [one for one in ALWAYS if one[0] not in given]
        if not self._may_be_kept:
            message["headers"] = [one for one in message["headers"] if one[0] != b"cache-control"]
            added.append(NO_STORE)
        if self._is_https:
            added.append(HTTPS_ONLY)
        if self._is_unread:
            added.append(CLOSE)
        message["headers"] = [*message["headers"], *added]
