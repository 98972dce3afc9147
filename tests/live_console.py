"""A duty console without a browser: a real client of the event stream that remembers what it was shown."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

WITHIN = 15.0


@dataclass
class LiveConsole:
    """What one console has seen so far; `last_id` is what a browser would send at a reconnect."""

    alerts: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    ticks: list[dict[str, Any]] = field(default_factory=list)
    last_id: str = ""
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, what: Callable[["LiveConsole"], bool]) -> None:
        """Wait until something has been seen."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: what(self)), WITHIN)

    def kinds(self, incident_id: str | None = None) -> list[str]:
        """The kinds of facts seen, of one incident or all."""
        return [fact["kind"] for fact in self.facts if incident_id in (None, fact["incident_id"])]

    async def _hear(self, event: str, data: dict[str, Any], place: str) -> None:
        async with self._news:
            {"alert": self.alerts, "fact": self.facts, "tick": self.ticks}[event].append(data)
            self.last_id = place or self.last_id
            self._news.notify_all()

    async def listen(self, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        """Read until cut off."""
        async with http.stream("GET", "/api/v1/stream", headers=headers, timeout=None) as answer:
            assert answer.status_code == 200, answer.status_code
            message: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if line:
                    key, _, value = line.partition(": ")
                    message[key] = value
                elif message:
                    if "event" in message:
                        await self._hear(message["event"], json.loads(message["data"]), message.get("id", ""))
                    message = {}


@asynccontextmanager
async def live_console(http: httpx.AsyncClient, token: str, since: str = "") -> AsyncIterator[LiveConsole]:
    """Open a console for whoever the token names and keep it open for the block."""
    console = LiveConsole(last_id=since)
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": since} if since else {})
    listening = asyncio.create_task(console.listen(http, headers))
    try:
        await console.until(lambda one: len(one.ticks) > 0)
        yield console
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError, httpx.HTTPError):
            await listening
