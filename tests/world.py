"""The whole house in one event loop on real servers, with one clock that a test moves: nothing is faked but time.

`settled()` waits until every fact has been reacted to; `fast_forward` stops at each due moment on the way.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from consumers.app import durables
from jibao import roles
from jibao.county_files import read_county
from runtime.clock import ManualClock
from runtime.settings import Settings
from runtime.stream import FACTS, INTAKE, connect, provision
from schemas.county import County
from storage import people
from storage.database import Database
from tests.servers import PASSWORDS, Databases, scratch, start_broker

COUNTY = Path(__file__).parents[1] / "examples" / "county"
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in the county
ROLES_OF_PEOPLE = {
    "reporter": "reporter.103",
    "duty_officer": None,
    "duty_leader": None,
    "auditor": "auditor.wu",
    "admin": "admin",
}
PATIENCE = 20.0


def make_report(**changes: Any) -> dict[str, Any]:
    """A complete first report of an expressway accident in township 103; `changes` replace top-level keys."""
    report: dict[str, Any] = {
        "stage": "first",
        "medium": "written",
        "category": "accident.traffic.expressway",
        "grade": "IV",
        "title": "青云高速 K12 多车追尾",
        "occurred_at": (START - timedelta(minutes=5)).isoformat(),
        "known_at": (START - timedelta(minutes=3)).isoformat(),
        "place": {"division": "990101103", "text": "青云高速 K12+300"},
        "source": {"name": "王报送", "unit": "990101103", "phone": "0990-5550103"},
        "casualties": {"deaths": 0, "injuries": 2},
        "details": {"process": "三车追尾", "measures": "已封闭一条车道，救护车在途"},
    }
    return report | changes


class World:
    """One test's county: servers, roles and a clock."""

    def __init__(self, county: County, clock: ManualClock) -> None:
        self.county = county
        self.clock = clock
        self.running: dict[str, roles.Running] = {}
        self.tokens: dict[str, str] = {}
        self.settings: dict[str, Settings] = {}
        self.peek: asyncpg.Connection[asyncpg.Record]
        self.database: Database
        self.http: httpx.AsyncClient
        self.nats_url = ""
        self._admin: Any = None

    async def start(self, *names: str) -> None:
        """Start roles; all four by default."""
        for name in names or roles.ROLES:
            self.running[name] = await roles.start(self.settings[name], self.clock)
        if "doors" in self.running:
            self.http = httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{self.running['doors'].port}", timeout=20, trust_env=False
            )

    async def stop(self, *names: str) -> None:
        """Stop roles; all that run by default."""
        for name in names or tuple(self.running):
            await self.running.pop(name).stop()

    async def call(self, who: str, method: str, path: str, **options: Any) -> httpx.Response:
        """One request with the token of a role or a login."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Accept-Language": "en"}
        return await self.http.request(method, path, headers=headers | options.pop("headers", {}), **options)

    async def report(self, who: str = "reporter", **changes: Any) -> dict[str, Any]:
        """Send a report and expect its receipt."""
        answer = await self.call(who, "POST", "/api/v1/reports", json=make_report(**changes))
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

    async def rows(self, sql: str, *arguments: Any) -> list[Any]:
        """Look into the database with all rights."""
        return await self.peek.fetch(sql, *arguments)

    async def kinds(self, incident_id: str) -> list[str]:
        """The kinds of an incident's facts in order."""
        found = await self.rows("select kind from events where incident_id = $1 order by seq", UUID(incident_id))
        return [row["kind"] for row in found]

    async def settled(self) -> None:
        """Wait until nothing waits: every message handled, every fact published, nothing due."""
        deadline, calm = time.monotonic() + PATIENCE, 0
        while calm < 2:
            calm = calm + 1 if await self._is_calm() else 0
            if time.monotonic() > deadline:
                raise AssertionError(f"not settled: {await self._waiting()}")
            await asyncio.sleep(0.003)

    async def fast_forward(self, **delta: float) -> None:
        """Move the clock on, stopping at every moment on the way at which something is due."""
        target = self.clock.now() + timedelta(**delta)
        await self.settled()
        while True:
            row = await self.peek.fetchrow(
                "select least((select min(next_at) from obligations where next_at is not null),"
                " (select min(next_at) from alerts where next_at is not null)) as next_at"
            )
            next_at = row["next_at"] if row else None
            if next_at is None or next_at > target:
                break
            self.clock.move(max(next_at - self.clock.now(), timedelta()))
            await self.settled()
        self.clock.move(target - self.clock.now())
        await self.settled()

    async def _is_calm(self) -> bool:
        return not any((await self._waiting()).values())

    async def _waiting(self) -> dict[str, int]:
        waiting: dict[str, int] = {}
        if "relay" in self.running:
            waiting["relay"] = await self.peek.fetchval(
                "select count(*) from events e, relay_position p where (e.xid, e.seq) > (p.xid, p.seq)"
            )
        if "clock" in self.running:
            waiting["due"] = await self.peek.fetchval(
                "select (select count(*) from obligations where next_at <= $1)"
                " + (select count(*) from alerts where next_at <= $1)",
                self.clock.now(),
            )
        if "consumers" in self.running:
            jetstream = self._admin.jetstream()
            for durable in durables():
                info = await jetstream.consumer_info(durable.stream, durable.name)
                waiting[durable.name] = info.num_pending + info.num_ack_pending
        return waiting


def people_by_role(county: County, clock: ManualClock) -> dict[str, str]:
    """Logins for the tokens of the tests: who is on duty now stands for the duty roles."""
    from rules.rosters import holder

    now = clock.now()
    named = {role: login for role, login in ROLES_OF_PEOPLE.items() if login}
    named["duty_officer"] = holder(county, "duty_officer", now) or ""
    named["duty_leader"] = holder(county, "duty_leader", now) or ""
    return named | {person.login: person.login for person in county.people}


def role_settings(role: str, nats_url: str, database_url: str) -> Settings:
    """Least rights, as in the field."""
    return Settings(
        role=role,
        nats_url=nats_url,
        nats_user=role,
        nats_password=PASSWORDS.get(role, ""),
        database_url=database_url,
        database_user=f"jibao_{role}",
        database_password=PASSWORDS.get(f"jibao_{role}", ""),
        base_url="http://127.0.0.1",
        link_key="a key for tests only",
    )


@asynccontextmanager
async def make_world(databases: Databases, county: County | None = None, start: bool = True) -> AsyncIterator[World]:
    """A county on fresh servers; everything ends with the block."""
    clock = ManualClock(START)
    world = World(county or read_county(COUNTY), clock)
    with scratch() as folder:
        broker = await start_broker(folder / "nats")
        name = await databases.clone()
        try:
            await _prepare(world, databases, name, broker.url)
            if start:
                await world.start()
                await world.settled()
            yield world
        finally:
            await world.stop()
            for close in (getattr(world, "peek", None), getattr(world, "_admin", None)):
                if close is not None:
                    await close.close()
            if hasattr(world, "http"):
                await world.http.aclose()
            await broker.stop()
            await databases.drop(name)


async def _prepare(world: World, databases: Databases, name: str, nats_url: str) -> None:
    world.nats_url = nats_url
    for role in (*roles.ROLES, "admin"):
        world.settings[role] = role_settings(role, nats_url, databases.server.dsn(name))
    world.peek = await asyncpg.connect(databases.server.dsn(name))
    world._admin = await connect(world.settings["admin"])
    await provision(world._admin.jetstream(), durables())
    owner = Settings("owner", nats_url, "", "", databases.server.dsn(name), "", "")
    database = await Database.connect(owner, 1)
    by_login = {person.login: person for person in world.county.people}
    async with database.transaction() as tx:
        await people.save_county(tx, world.county)
        for role, login in people_by_role(world.county, world.clock).items():
            world.tokens[role] = f"token-of-{role}"
            await people.save_token(tx, world.tokens[role], by_login[login].person_id, role)
    await database.close()


STREAMS = (INTAKE, FACTS)
