"""What goes over the wire is packed where the client can unpack it; never a stream, never beside a secret."""

import asyncio
import gzip
import json
import re
from typing import Any

import httpx
import pytest

from producers.compress import Compressing, takes_gzip
from producers.pages.show_pages import CONTENT_POLICY, FILES
from schemas.vocabulary import UserRole
from tests.browsers import signed_in
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
FIRST_LOAD = 60 * 1024
OVERVIEW = 35 / 427
"""The packed share of a full console's overview."""
REFERENCES = re.compile(
    r'(?:src|href)="(/static/[^"]+)"|(?:from|import)\s*\(?\s*"(\.[^"]+)"|new URL\(["`](\.[^"`]+)["`]'
)


async def wire(http: httpx.AsyncClient, path: str) -> tuple[int, str]:
    """Bytes of the body as they were sent, and the text."""
    async with http.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        sent = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.status_code == 200, path
    packed = answer.headers.get("content-encoding") == "gzip"
    return len(sent), (gzip.decompress(sent) if packed else sent).decode("utf-8", "replace")


async def test_a_reporters_first_load_is_small(shared_world: World) -> None:
    async with signed_in(shared_world, "reporter.103") as one:
        waiting, seen = ["/report"], {"/report": 0}
        while waiting:
            path = waiting.pop()
            seen[path], text = await wire(one.http, path)
            for found in REFERENCES.finditer(text.replace("${part}${language}", "report.zh")):
                address = str(httpx.URL(f"http://a{path}").join(found[1] or found[2] or found[3]).path)
                if address not in seen:
                    seen[address] = 0
                    waiting.append(address)
    assert any("texts/report.zh.json" in path for path in seen) and len(seen) > 7, seen
    assert sum(seen.values()) <= FIRST_LOAD, seen


async def test_a_full_overview_is_small(shared_world: World) -> None:
    senders = [one.login for one in shared_world.county.people if one.role is UserRole.REPORTER]
    for _ in range(10):  # of one sender no more stand in the overview one by one
        await asyncio.gather(*(shared_world.report(who, title=f"{who} 报送") for who in senders))
    await shared_world.settled()
    headers = {"Authorization": f"Bearer {shared_world.tokens['duty_officer']}"}
    async with httpx.AsyncClient(
        base_url=shared_world.http.base_url, headers=headers, trust_env=False
    ) as http:
        size, text = await wire(http, "/api/v1/overview")
        busy, of_busy = await wire(http, "/api/v1/overview?limit=50")
    assert len(json.loads(text)["incidents"]) == 200, "as many as a console shows at once"
    assert len(json.loads(of_busy)["incidents"]) == 50 and busy <= 35 * 1024
    assert size <= len(text.encode()) * OVERVIEW


async def test_a_file_is_packed_once_and_kept_for_ever(shared_world: World) -> None:
    path = f"/static/{FILES.version}/texts/zh.json"
    plain = await shared_world.http.get(path, headers={"Accept-Encoding": "identity"})
    packed = await shared_world.http.get(path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
    assert plain.content == packed.content == FILES.files["texts/zh.json"]
    for answer in (plain, packed):
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    first = FILES.packed["texts/zh.json"]
    await shared_world.http.get(path, headers={"Accept-Encoding": "gzip"})
    assert FILES.packed["texts/zh.json"] is first


async def test_it_packs_no_stream_no_form_and_nothing_small(shared_world: World) -> None:
    for path in ("/login", "/healthz"):
        answer = await shared_world.http.get(path, headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in answer.headers, path
    headers = {"Authorization": f"Bearer {shared_world.tokens['duty_officer']}", "Accept-Encoding": "gzip"}
    async with shared_world.http.stream("GET", "/api/v1/stream", headers=headers) as stream:
        assert "content-encoding" not in stream.headers
        assert (await anext(stream.aiter_raw())).startswith(b"retry:")


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        ("", False), ("identity", False), ("br", False), ("gzip", True), ("br, gzip", True), ("*", True),
        ("gzip;q=0", False), ("gzip; q=0.0", False), ("gzip;q=0.5", True), ("GZIP", True), ("notgzip", False),
    ],
)  # fmt: skip
async def test_it_sends_what_the_client_takes(accepted: str, wanted: bool) -> None:
    assert takes_gzip(accepted) is wanted


@pytest.mark.parametrize("parts", [1, 2])
async def test_an_answer_in_parts_is_left_as_it_is(parts: int) -> None:
    async def inside(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % (3000 * parts))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for n in range(parts):
            await send({"type": "http.response.body", "body": b"x" * 3000, "more_body": n + 1 < parts})

    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "http", "path": "/x", "headers": [(b"accept-encoding", b"gzip")]}
    await Compressing(inside)(scope, None, send)
    assert ((b"content-encoding", b"gzip") in said[0]["headers"]) is (parts == 1)
    body = b"".join(one["body"] for one in said[1:])
    assert (gzip.decompress(body) if parts == 1 else body) == b"x" * 3000 * parts
    assert dict(said[0]["headers"])[b"content-length"] == b"%d" % len(body)


async def test_the_service_worker_is_packed_and_knows_the_headers_of_the_page(shared_world: World) -> None:
    plain = await shared_world.http.get("/sw.js", headers={"Accept-Encoding": "identity"})
    packed = await shared_world.http.get("/sw.js", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
    assert plain.content == packed.content and packed.headers["vary"] == "Accept-Encoding"
    assert json.dumps(CONTENT_POLICY) in plain.text


async def test_units_are_asked_for_by_division(shared_world: World) -> None:
    everything = (await shared_world.get("nodes"))["nodes"]
    own = (await shared_world.get("nodes", within="990101103"))["nodes"]
    assert own == [one for one in everything if (one["division"] or "").startswith("990101103")]
    assert 0 < len(own) < len(everything)
    refused = await shared_world.call("reporter", "GET", "/api/v1/nodes", params={"within": "9901%"})
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "within"
