"""One exchange with another side over HTTP, bounded as a whole: in time, in the size of the answer, in number a host.

Whoever talks to somebody else's server does it through here. A library's own time limits hold between two bytes, so one
byte every few seconds would keep us for ever; an endless answer, or a small one that unpacks to gigabytes, would fill
our memory. Redirects are never followed: an address of the county file is called, and no other.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

KEPT_HEADERS = ("content-type", "retry-after", "location", "x-request-id")
AT_ONE_HOST = 8
"""Exchanges under way with one host; the others wait for their turn and hold up no other host."""


@dataclass(frozen=True)
class Bound:
    """`seconds` for everything from the first byte to the last; `most` bytes of the answer are read, no more."""

    seconds: float
    most: int = 8 * 1024


def make_client(connect_within: float, **options: Any) -> httpx.AsyncClient:
    """A client for exchanges: no proxy and no password file from the environment, no redirect, no shared limit."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(None, connect=connect_within),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
        follow_redirects=False,
        trust_env=False,
        **options,
    )


async def exchange(
    client: httpx.AsyncClient, method: str, url: str, bound: Bound, **what: Any
) -> httpx.Response:
    """Ask, and read at most `bound.most` bytes as they come, never unpacked. Raises httpx.HTTPError, InvalidURL.

    `httpx.ReadTimeout` when the whole did not end in time: the other side may have heard us.
    """
    headers = {**what.pop("headers", {}), "Accept-Encoding": "identity"}
    try:
        async with asyncio.timeout(bound.seconds):
            async with client.stream(method, url, headers=headers, follow_redirects=False, **what) as answer:
                body = await _read(answer, bound.most)
    except TimeoutError as error:
        raise httpx.ReadTimeout(f"no whole answer within {bound.seconds:g} s") from error
    kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    return httpx.Response(answer.status_code, headers=kept, content=body, request=answer.request)


async def _read(answer: httpx.Response, most: int) -> bytes:
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece[: most - len(body)]
        if len(body) >= most:
            break
    return bytes(body)


def host_of(url: str) -> str:
    """Whose turn an exchange with this address is. Raises httpx.InvalidURL."""
    return httpx.URL(url).netloc.decode("ascii", "replace")
