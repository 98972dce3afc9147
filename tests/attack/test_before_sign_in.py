"""Whatever is sent to whatever address without signing in, the doors go on answering others and stay small.

A body of any kind and size, announced or in chunks, with charsets that take long to decode; signed in, too large.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio

from producers.app import Doors as Application
from producers.reception import Reception
from rules.desk import Desk
from runtime.health import Health
from tests.attack import LONG
from tests.attack.doors_process import MIB, Doors, doors_process
from tests.house import role_settings
from tests.routes import routes_of
from tests.servers import Databases

pytestmark = [pytest.mark.attack, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

WITHIN = 0.1
GROWS_AT_MOST = 20 * MIB
SOME_ID = "0198d5a0-0000-7000-8000-0000000000ff"
PART = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n' + b"a-" * 500 + b"\r\n"
KINDS = {
    "application/json": b'[{"a":',
    "application/x-www-form-urlencoded": b"a=%41&",
    "multipart/form-data; boundary=x; charset=punycode": PART,
    "application/x-www-form-urlencoded; charset=punycode": b"login=a-",
    "text/plain; charset=utf-7": b"+AGE-",
    "application/octet-stream": b"\x00\xff",
    "": b"x",
}
SHORT = (
    "/login",
    "/logout",
    "/a/{token}",
    "/api/v1/alerts/{alert_id}/acknowledge",
    "/api/v1/reports",
    "/nowhere",
)
"""Where it is tried in every run: each kind of bound once."""


def addresses() -> Iterator[tuple[str, str]]:
    """Method and path of everything the doors answer, and of something they do not."""
    settings = role_settings("doors", "", "")
    nothing = cast(Any, None)
    reception = Reception(settings, nothing, nothing, nothing, nothing, cast(Desk, nothing), nothing)
    yield from routes_of(Application(reception, Health("doors", {})))
    yield "POST", "/nowhere"
    yield from ((method, "/nowhere") for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"))


def filled(path: str) -> str:
    """A path with something in the place of its names."""
    return re.sub(r"\{(\w+)[^}]*\}", lambda named: SOME_ID if named[1].endswith("_id") else "x" * 80, path)


def heads() -> list[str]:
    """The first line and kind of every request that is tried."""
    return [
        f"{method} {filled(path)} HTTP/1.1" + (f"\r\nContent-Type: {kind}" if kind else "")
        for method, path in sorted(set(addresses()))
        if LONG or (path in SHORT and method == "POST")
        for kind in KINDS
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(
    session_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Doors]:
    """One process for the whole file."""
    folder: Path = tmp_path_factory.mktemp("doors")
    async with doors_process(session_databases, folder) as made:
        await warm(made)
        yield made


async def warm(doors: Doors) -> None:
    """What is loaded once, such as the threads that draw pages, is no growth."""
    for chunked in (False, True):
        for kind, body in KINDS.items():
            await doors.send(f"POST /login HTTP/1.1\r\nContent-Type: {kind or 'x/y'}", body, MIB, chunked)
            await doors.send("GET /static/x HTTP/1.1", body, MIB, chunked)
    await asyncio.gather(*(doors.send("GET /login HTTP/1.1", b"") for _ in range(60)))


async def spared(doors: Doors) -> None:
    """Nobody waited, and nothing stayed in memory."""
    await doors.asked_again()
    assert max(doors.waits) <= WITHIN
    assert doors.grown <= GROWS_AT_MOST


@pytest.mark.parametrize(
    ("size", "chunked"), [(MIB, False), (MIB, True), (50 * MIB, False), (50 * MIB, True)]
)
async def test_it_answers_others_whatever_is_sent_unsigned(doors: Doors, size: int, chunked: bool) -> None:
    doors.begin()
    for head in heads():
        kind = head.partition("Content-Type: ")[2]
        status = await doors.send(head, KINDS[kind], size, chunked)
        assert status in (0, 400, 401, 403, 404, 405, 413, 415, 501), f"{status}: {head}"
        assert doors.grown <= GROWS_AT_MOST, head
    await spared(doors)


@pytest.mark.parametrize(
    "path",
    [
        "reports",
        "calls",
        "packs",
        "packs?check=1",
        f"alerts/{SOME_ID}/acknowledge",
        f"incidents/{SOME_ID}/close",
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("who", ["reporter", "duty_officer", "admin"])
async def test_it_answers_others_whatever_a_signed_in_person_sends(
    doors: Doors, path: str, chunked: bool, who: str
) -> None:
    doors.begin()
    token = doors.world.tokens[who]
    head = f"POST /api/v1/{path} HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}"
    assert await doors.send(head, b'{"a":[', 50 * MIB, chunked) in (0, 403, 413)
    await spared(doors)


async def test_it_refuses_a_multipart_sign_in_before_it_is_looked_at(doors: Doors) -> None:
    """950 KB in punycode once held the doors for 111 s."""
    doors.begin()
    kind = "multipart/form-data; boundary=x; charset=punycode"
    assert await doors.send(f"POST /login HTTP/1.1\r\nContent-Type: {kind}", PART, 950_000) in (413, 415)
    await spared(doors)


async def test_it_refuses_a_header_without_end(doors: Doors) -> None:
    doors.begin()
    endless = "GET /login HTTP/1.1\r\nX-Long: " + "x" * 48 * MIB
    assert await doors.send(endless, b"") in (0, 431)
    many = "GET /login HTTP/1.1" + "".join(f"\r\nX-{n}: y" for n in range(2_000_000))
    assert await doors.send(many, b"") in (0, 431)
    assert await doors.send("GET /" + "x" * 48 * MIB + " HTTP/1.1", b"") in (0, 400, 431)
    await spared(doors)
