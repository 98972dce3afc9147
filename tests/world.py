"""The whole house in one event loop on real servers, with one clock that a test moves: nothing is faked but time.

`settled()` waits until every fact has been reacted to; `fast_forward` stops at each due moment on the way.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from jibao import roles
from jibao.embedded.nats_server import NatsServer
from runtime.clock import ManualClock
from runtime.settings import Settings
from runtime.stream import FACTS, INTAKE
from schemas.county import County
from tests import house
from tests.counties import COUNTY, OnDuty, demo_county, on_duty
from tests.live_console import LiveConsole, live_console
from tests.reports import START, make_later, make_report
from tests.servers import Databases, scratch, start_broker

__all__ = ["COUNTY", "FACTS", "INTAKE", "START", "World", "make_later", "make_report", "make_world"]
PATIENCE = 20.0


class World:
    """One test's county: servers, roles and a clock."""

    def __init__(self, county: County, clock: ManualClock) -> None:
        self.county = county
        self.clock = clock
        self.running: dict[str, roles.Running] = {}
        self.tokens: dict[str, str] = {}
        self.settings: dict[str, Settings] = {}
        self.peek: asyncpg.Connection[asyncpg.Record]
        self.http: httpx.AsyncClient
        self.broker: NatsServer
        self.broker_folder: Path
        self.peek_nats: Any = None
        """A connection that may do anything, past every right of the roles."""
        self.answering: str | None = None
        """Who acknowledges every alert as soon as it is raised, while time is moved on."""
        self._admin: Any = None

    @property
    def on_duty(self) -> OnDuty:
        """Who stands on each step of the ladder now."""
        return on_duty(self.county, self.clock.now())

    @property
    def jetstream(self) -> Any:
        """The broker with all rights of an operator."""
        return self._admin.jetstream()

    async def start(self, *names: str) -> None:
        """Start roles; all four by default."""
        for name in names or roles.ROLES:
            self.running[name] = await roles.start(self.settings[name], self.clock)
        if "doors" in (names or roles.ROLES):
            url = f"http://127.0.0.1:{self.running['doors'].port}"
            self.http = httpx.AsyncClient(base_url=url, timeout=20, trust_env=False)

    async def stop(self, *names: str) -> None:
        """Stop roles; all that run by default."""
        if "doors" in self.running and "doors" in (names or self.running):
            await self.http.aclose()
        await asyncio.gather(*(self.running.pop(name).stop() for name in names or tuple(self.running)))

    async def call(self, who: str, method: str, path: str, **options: Any) -> httpx.Response:
        """One request with the token of a role or a login."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Accept-Language": "en"}
        return await self.http.request(method, path, headers=headers | options.pop("headers", {}), **options)

    async def report(self, who: str = "reporter", **changes: Any) -> dict[str, Any]:
        """Send a report and expect its receipt."""
        return await self.send(make_report(**changes), who)

    async def send(
        self, body: dict[str, Any], who: str = "reporter", path: str = "reports"
    ) -> dict[str, Any]:
        """Send any body through a door of reports and expect its receipt."""
        answer = await self.call(who, "POST", f"/api/v1/{path}", json=body)
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    async def act(self, path: str, who: str = "duty_officer", **body: Any) -> dict[str, Any]:
        """An act that must succeed."""
        answer = await self.call(who, "POST", f"/api/v1/{path}", json=body)
        assert answer.status_code < 300, answer.text
        return dict(answer.json())

    async def get(self, path: str, who: str = "duty_officer", **params: Any) -> dict[str, Any]:
        """A question that must be answered."""
        answer = await self.call(who, "GET", f"/api/v1/{path}", params=params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def incident(self, incident_id: str) -> dict[str, Any]:
        """One incident in full."""
        return await self.get(f"incidents/{incident_id}")

    async def obligation(self, incident_id: str, sender: str, stage: str, medium: str) -> dict[str, Any]:
        """The one obligation of an incident that is described by these words."""
        found = [
            one
            for one in (await self.incident(incident_id))["obligations"]
            if (one["from_role"], one["stage"], one["medium"]) == (sender, stage, medium)
        ]
        assert len(found) == 1, found
        return dict(found[0])

    async def alert(self, incident_id: str, reason: str = "incident_reported") -> dict[str, Any]:
        """The one alert of an incident that was raised for this reason."""
        found = [one for one in (await self.incident(incident_id))["alerts"] if one["reason"] == reason]
        assert len(found) == 1, found
        return dict(found[0])

    async def admin_of_databases(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection beside the test's own database, for what cannot be done from within."""
        return await asyncpg.connect(self.settings["doors"].database_url, database="postgres")

    async def rows(self, sql: str, *arguments: Any) -> list[Any]:
        """Look into the database with all rights."""
        return await self.peek.fetch(sql, *arguments)

    async def put(self, subject: str, body: bytes) -> None:
        """Lay a message on a stream, past every door and every right."""
        await self.peek_nats.jetstream().publish(subject, body, headers={"Nats-Msg-Id": str(uuid4())})

    async def kinds(self, incident_id: str) -> list[str]:
        """The kinds of an incident's facts in order."""
        found = await self.rows(
            "select kind from events where incident_id = $1 order by seq", UUID(incident_id)
        )
        return [row["kind"] for row in found]

    def console(self, who: str, since: str = "") -> AbstractAsyncContextManager[LiveConsole]:
        """A duty console that is open for the block."""
        return live_console(self.http, self.tokens[who], since)

    async def settled(self) -> None:
        """Wait until nothing waits: every message handled, every fact published, nothing due."""
        deadline, calm = time.monotonic() + PATIENCE, 0
        while calm < 2:
            waiting = await house.waiting(self)
            calm = calm + 1 if not any(waiting.values()) else 0
            if time.monotonic() > deadline:
                raise AssertionError(f"not settled: {waiting}")
            await asyncio.sleep(0.005)

    async def fast_forward(self, **delta: float) -> None:
        """Move the clock on, stopping at every moment on the way at which something is due."""
        target = self.clock.now() + timedelta(**delta)
        await self._calm_and_answered()
        while (next_at := await house.next_moment(self)) is not None and next_at <= target:
            self.clock.move(max(next_at - self.clock.now(), timedelta()))
            await self._calm_and_answered()
        self.clock.move(target - self.clock.now())
        await self._calm_and_answered()

    async def _calm_and_answered(self) -> None:
        await self.settled()
        if self.answering is None:
            return
        for row in await self.rows("select alert_id from alerts where state in ('open', 'exhausted')"):
            await self.call(self.answering, "POST", f"/api/v1/alerts/{row['alert_id']}/acknowledge", json={})
        await self.settled()


@asynccontextmanager
async def make_world(
    databases: Databases, county: County | None = None, start: bool = True
) -> AsyncIterator[World]:
    """A county on fresh servers; everything ends with the block."""
    world = World(county or demo_county(), ManualClock(START))
    with scratch() as folder:
        world.broker_folder = folder / "nats"
        world.broker = await start_broker(world.broker_folder)
        name = await databases.clone()
        try:
            await house.prepare(world, databases.server.dsn(name))
            if start:
                await world.start()
                await world.settled()
            yield world
        finally:
            await world.stop()
            for close in (getattr(world, "peek", None), world._admin, world.peek_nats):
                if close is not None:
                    await close.close()
            await world.broker.stop()
            await databases.drop(name)
