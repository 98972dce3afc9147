"""Who may send a body, how large, of which kind and how slowly: asked before any route reads it."""

import asyncio
import re
from typing import Any, cast

import pytest

from producers import bounds
from producers.bounds import Bounds
from producers.sign_in import Gate
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
FORM = "application/x-www-form-urlencoded"
ACT = "/api/v1/alerts/0198d5a0-0000-7000-8000-0000000000ff/acknowledge"


async def raw(world: World, sent: bytes) -> bytes:
    """The answer to exactly these bytes; the door hangs up seconds later, when no rest of a body can come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", world.running["doors"].port)
    writer.write(sent)
    try:
        async with asyncio.timeout(20):
            head = await reader.readuntil(b"\r\n\r\n")
            found = re.search(rb"(?i)content-length: (\d+)", head)
            return head + (await reader.readexactly(int(found[1])) if found else await reader.read())
    finally:
        writer.transport.abort()


def status(answer: bytes) -> int:
    """Of a raw answer."""
    return int(answer.split(b" ")[1])


@pytest.mark.parametrize("path", [ACT, "/api/v1/incidents/x/close", "/nowhere", "/api/v1/session"])
async def test_it_asks_who_sends_before_it_asks_for_the_body(shared_world: World, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    answer = await raw(
        shared_world,
        f"{head}Content-Length: 12\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n".encode(),
    )
    assert status(answer) == 401 and b"100 Continue" not in answer


@pytest.mark.parametrize("size", [16 * 1024 + 1, 2_000_000])
async def test_it_takes_no_act_over_its_bound(shared_world: World, size: int) -> None:
    kind = {"Content-Type": "application/json"}
    for content in (b"x" * size, pieces(size)):
        answer = await shared_world.call("duty_officer", "POST", ACT, content=content, headers=kind)
        assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (413, "too_large")


async def pieces(size: int) -> Any:
    """A body in chunks, whose length nobody announces."""
    for _ in range(0, size, 1000):
        yield b"x" * 1000


async def test_it_takes_an_act_that_comes_in_chunks(shared_world: World) -> None:
    async def act() -> Any:
        yield b'{"note": '
        yield b'"heard"}'

    kind = {"Content-Type": "application/json"}
    answer = await shared_world.call("duty_officer", "POST", ACT, content=act(), headers=kind)
    assert answer.status_code == 404, answer.text  # read, understood, and no such alert


@pytest.mark.parametrize(
    "kind", ["text/plain", FORM, "multipart/form-data; boundary=x", "application/xml", ""]
)
async def test_an_act_is_json(shared_world: World, kind: str) -> None:
    answer = await shared_world.call(
        "duty_officer", "POST", ACT, content=b"{}", headers={"Content-Type": kind} if kind else {}
    )
    assert answer.status_code == 415
    assert answer.json()["errors"][0]["field"] == "Content-Type"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_question_has_no_large_body(shared_world: World, method: str) -> None:
    answer = await shared_world.call("duty_officer", method, "/api/v1/session", content=b"x" * 20_000)
    assert answer.status_code == 413
    small = await shared_world.call("duty_officer", "GET", "/api/v1/session", content=b"--x multipart")
    assert small.status_code == 200


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        (f"{FORM}; charset=punycode", b"login=a", 415),
        (f"{FORM}; charset=utf-16", b"login=a", 415),
        (f"{FORM}; charset=utf-8; charset=utf-7", b"login=a", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/json", b"{}", 415),
        ("text/plain", b"login=a", 415),
        (FORM, b"login=" + b"a" * 4096, 413),
        (FORM, b"login=" + b"a" * 81, 422),
        (FORM, b"login=a&login=b", 422),
        (FORM, b"colour=red", 422),
        (FORM, b"login", 422),
        (FORM, b"&".join(b"f%d=" % n for n in range(40)), 422),
        (FORM, b"login=%ff%fe", 400),
        (FORM, "login=李".encode("gb18030"), 400),
        (f'{FORM}; charset="UTF-8"', b"login=%E6%9D%8E&password=x&csrf=", 403),
        (FORM, b"", 403),
    ],
)
async def test_a_sign_in_is_a_small_form_in_utf_8(
    shared_world: World, kind: str, body: bytes, expected: int
) -> None:
    for path in ("/login", "/a/x" if expected == 415 else "/login"):
        answer = await shared_world.http.post(path, content=body, headers={"Content-Type": kind})
        assert answer.status_code == (expected if body else 403), answer.text


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("GET /login HTTP/1.1\r\nHost: a\r\nHost: b", 400),
        ("GET /login HTTP/1.1\r\nHost: a\r\nHost: a", 400),
        ("GET /login HTTP/1.1", 400),
        ("GET /login HTTP/1.0", 200),
        ("POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2", 400),
        ("POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked", 400),
        (
            f"POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\nContent-Encoding: gzip\r\nContent-Length: 9",
            415,
        ),
    ],
)
async def test_a_header_says_one_thing(shared_world: World, head: str, expected: int) -> None:
    assert status(await raw(shared_world, f"{head}\r\nConnection: close\r\n\r\n".encode())) == expected


async def test_it_does_not_wait_for_a_body_that_drips(
    shared_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "ANONYMOUS_WITHIN", 0.2)
    monkeypatch.setattr(bounds, "WITHIN", 0.2)
    token = shared_world.tokens["reporter"]
    form = f"POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\nContent-Length: 9\r\n\r\nlog"
    assert status(await raw(shared_world, form.encode())) == 408
    for path in (ACT, "/api/v1/reports"):
        head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}"
        assert status(await raw(shared_world, f"{head}\r\nContent-Length: 9\r\n\r\n{{".encode())) == 408


@pytest.mark.parametrize(
    "path", ["/login", "/", "/report/", "/api/v1/session", "/api/v1/nowhere/", "//evil.example/x"]
)
async def test_it_never_sends_anybody_to_the_host_a_request_names(shared_world: World, path: str) -> None:
    answer = await raw(
        shared_world, f"GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode()
    )
    assert b"evil.example" not in answer.split(b"\r\n\r\n")[0]
    assert b"//" not in answer.partition(b"location: ")[2].partition(b"\r\n")[0]


@pytest.mark.parametrize(
    "path",
    [
        "/login",
        "/",
        "/report",
        "/healthz",
        "/metrics",
        "/openapi.json",
        "/api/v1/session",
        "/nowhere",
        "/a/x",
    ],
)
async def test_it_lets_nothing_be_kept_or_guessed_at(shared_world: World, path: str) -> None:
    for who in (None, "duty_officer"):
        answer = await (shared_world.http.get(path) if who is None else shared_world.call(who, "GET", path))
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers and "strict-transport-security" not in answer.headers


async def test_behind_https_a_browser_is_told_to_stay_there() -> None:
    async def inside(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/",
        "headers": [(b"host", b"a")],
    }
    await Bounds(inside, cast(Gate, None), is_https=True)(scope, cast(Any, None), send)
    assert (b"strict-transport-security", b"max-age=31536000") in said[0]["headers"]
