"""In front of every route: who may send a body at all, how large, of which kind, how slowly, and to which address.

A body is read only after its sender has signed in, except the three forms that nobody needs to sign in for, which
are tiny. No route parses multipart. The routes behind see a body that is whole and inside its bound.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from producers import forms
from producers.answer_headers import Answering
from producers.body_text import as_utf8
from producers.problems import Fault, Problem, language_of
from producers.request_body import Receive, RequestBody, too_large
from producers.sign_in import Gate, demand
from runtime.trouble import Unavailable
from schemas.report import MAX_BODY_BYTES

Scope = dict[str, Any]
Asgi = Callable[[Any, Any, Any], Awaitable[None]]

JSON = "application/json"
KIB = 1024
WITHIN = 30.0
ANONYMOUS_WITHIN = 10.0
SLACK = 1024 * KIB
"""A route that reads for itself stops by itself; this is the net below it."""
WITHOUT_BODY = ("GET", "HEAD", "DELETE", "OPTIONS")
UTF_8 = ("utf-8", "utf8")


@dataclass(frozen=True)
class Bound:
    """What a route takes. `is_open`: without sign-in. `is_streamed`: it signs in and reads the body itself."""

    most: int
    kind: str = JSON
    is_open: bool = False
    is_streamed: bool = False


ACT = Bound(16 * KIB)
"""Every route that is not named below."""
ONE_TAP = Bound(1 * KIB, forms.KIND, is_open=True)
PACKS_MOST = 3 * 1024 * KIB
"""JSON may need three bytes and more for one of the text's: a pack is at most 1 MiB."""
ROUTES = {
    "/login": Bound(4 * KIB, forms.KIND, is_open=True),
    "/logout": Bound(4 * KIB, forms.KIND, is_open=True),
    "/api/v1/reports": Bound(MAX_BODY_BYTES, is_streamed=True),
    "/api/v1/calls": Bound(MAX_BODY_BYTES, is_streamed=True),
    "/api/v1/packs": Bound(PACKS_MOST, is_streamed=True),
}


def bound_of(method: str, path: str) -> Bound:
    """The bound of one route, known or not."""
    if method != "POST":
        return ACT
    return ONE_TAP if path.startswith("/a/") else ROUTES.get(path, ACT)


class Bounds:
    """An ASGI application in front of another."""

    def __init__(self, inside: Asgi, gate: Gate, is_https: bool) -> None:
        self._inside = inside
        self._gate = gate
        self._is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Any) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._inside(scope, receive, send)
            return
        headers = Headers(scope=scope)
        bound = bound_of(scope["method"], scope["path"])
        body: RequestBody | None = None
        if _has_body(headers):
            most = bound.most + (SLACK if bound.is_streamed else 0)
            body = RequestBody(receive, most, ANONYMOUS_WITHIN if bound.is_open else WITHIN)
        answering = Answering(scope["path"], send, body, self._is_https)
        try:
            _check_header(scope)
            if body is not None:
                receive = await self._taken(Request(scope), bound, body)
        except ClientDisconnect:
            return
        except (Problem, Unavailable) as error:
            answer = _told(error, language_of(headers, Request(scope).cookies))
            await answer(scope, receive, answering.send)
            return
        await self._inside(scope, receive, answering.send)

    async def _taken(self, request: Request, bound: Bound, body: RequestBody) -> Receive:
        """Where the route takes the body from. Raises Problem before anything is read that need not be."""
        headers = request.headers
        if not bound.is_open and not bound.is_streamed and request.method not in WITHOUT_BODY:
            demand(await self._gate.who(headers, request.cookies))
        if bound.is_streamed:
            return body.next
        if request.method not in WITHOUT_BODY:
            _check_kind(headers, bound)
        if int(headers.get("content-length", "0")) > bound.most:
            raise too_large(bound.most)
        read = await body.whole()
        if bound.kind == JSON and read and request.method not in WITHOUT_BODY:
            read = as_utf8(read, headers.get("content-type", ""))
        return _again(b"" if request.method in WITHOUT_BODY else read, body)


def _told(error: Problem | Unavailable, language: str) -> Response:
    """Made here, so that no frame keeps the error, whose frames keep what was read, until garbage is collected."""
    return (error if isinstance(error, Problem) else away(error)).answer(language)


def _again(read: bytes, body: RequestBody) -> Receive:
    """Hand a whole body on as one piece; after it only the client's going is heard."""
    pieces = [{"type": "http.request", "body": read, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return pieces.pop() if pieces else await body.next()

    return receive


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0").strip("0") != ""


def _check_header(scope: Scope) -> None:
    """One host, one length, no packing that would have to be undone; the header is read once. Raises Problem."""
    said: dict[bytes, list[bytes]] = {b"host": [], b"content-length": [], b"content-encoding": []}
    for name, value in scope["headers"]:
        if name in said:
            said[name].append(value)
    hosts, length = said[b"host"], said[b"content-length"]
    if len(hosts) > 1 or (not hosts and scope["http_version"] != "1.0"):
        zh, en = "请求应有且只有一个 Host", "a request has exactly one Host"
        raise Problem(400, zh, en, [Fault("Host", "invalid", en, zh)])
    if len(length) > 1 or (length and not length[0].isdigit()):
        zh, en = "Content-Length 无效", "Content-Length is not a number"
        raise Problem(400, zh, en, [Fault("Content-Length", "invalid", en, zh)])
    packed = (said[b"content-encoding"] or [b"identity"])[0].decode("latin-1").strip().lower()
    if packed not in ("", "identity"):
        zh, en = "不接受压缩的内容", "a compressed body is not taken"
        raise Problem(415, zh, en, [Fault("Content-Encoding", "unsupported", packed[:100])])


def _check_kind(headers: Headers, bound: Bound) -> None:
    """Raises Problem 415 for another kind of content, and for a form in another alphabet."""
    kinds = headers.getlist("content-type")
    kind, _, parameters = (kinds[0] if len(kinds) == 1 else ",".join(kinds)).partition(";")
    names = [part.strip().lower().partition("=") for part in parameters.split(";") if part.strip()]
    charsets = [value.strip(' "') for name, _, value in names if name.strip() == "charset"]
    is_ours = kind.strip().lower() == bound.kind
    if is_ours and (bound.kind == JSON or all(one in UTF_8 for one in charsets)):
        return
    wanted = JSON if bound.kind == JSON else f"{bound.kind}; charset=utf-8"
    raise Problem(
        415,
        f"请用 {wanted}",
        f"send {wanted}",
        [Fault("Content-Type", "unsupported", ", ".join(kinds)[:200])],
    )


def away(error: Unavailable) -> Problem:
    """The database or the broker cannot be asked now."""
    zh, en = (
        "数据库或消息服务暂不可用，请稍后重试",
        "the database or the broker is away; try again in a moment",
    )
    return Problem(503, zh, en, [Fault("", "unavailable", str(error))])
