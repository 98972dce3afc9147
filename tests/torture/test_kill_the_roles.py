"""A burst of 500 reports while the house's processes are killed again and again: none is lost, nothing fires twice."""

import asyncio
import json
import random
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from jibao import up, verify
from tests.servers import scratch

pytestmark = [pytest.mark.torture, pytest.mark.timeout(240)]
REPORTS, KILLS = 500, 14
PATIENCE = 120.0
ALL_PUBLISHED = """
    select not exists (select from events e, relay_position p where (e.xid, e.seq) > (p.xid, p.seq))
"""


@pytest.fixture
async def system() -> AsyncIterator[tuple[up.System, Path]]:
    """A whole system of processes, as `jibao up` starts it."""
    with scratch() as folder:
        started = await up.start(up.Wish(folder / "data"))
        try:
            yield started, folder / "data"
        finally:
            await started.stop()


def a_report(number: int) -> dict[str, Any]:
    """A report that comes 25 minutes after the event: its phone limit has run out and must be marked once."""
    occurred = datetime.now(UTC) - timedelta(minutes=25)
    return {
        "report_id": str(uuid4()),
        "category": "accident.traffic.road",
        "title": f"第 {number} 起",
        "occurred_at": occurred.isoformat(),
        "place": {"division": "990101103"},
    }


class Township:
    """A client as ours are: it keeps its copy and sends it again under the same id until it is stored."""

    def __init__(self, system: up.System) -> None:
        token = system.secrets.tokens["reporter"]
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.AsyncClient(
            base_url=system.base_url, headers=headers, timeout=8, trust_env=False
        )
        self._lines = asyncio.Semaphore(25)

    async def until_stored(self, body: dict[str, Any]) -> dict[str, Any]:
        """The receipt; the same however often it was sent."""
        receipts: list[dict[str, Any]] = []
        async with self._lines, asyncio.timeout(PATIENCE):
            while True:
                try:
                    answer = await self._client.post("/api/v1/reports", json=body)
                    if answer.status_code == 202:
                        receipts.append(answer.json())
                        state = await self._client.get(f"/api/v1/reports/{body['report_id']}")
                        if state.status_code == 200 and state.json()["state"] == "stored":
                            assert all(one == receipts[0] for one in receipts)
                            return receipts[0]
                    else:
                        assert answer.status_code in (500, 503), answer.text
                except httpx.HTTPError:
                    pass  # the door was killed under our hands
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        await self._client.aclose()


async def kill_at_random(system: up.System, dice: random.Random) -> None:
    """SIGKILL one process after another: every role, and now and then the broker itself."""
    assert system.children is not None
    for number in range(KILLS):
        await asyncio.sleep(dice.uniform(0.2, 1.2))
        if number == KILLS // 2 and system.servers.own_nats is not None:
            system.servers.own_nats._child.kill()
        else:
            dice.choice(system.children.roles).signal(signal.SIGKILL)


async def until(peek: "asyncpg.Connection[asyncpg.Record]", sql: str, *arguments: Any) -> None:
    """Look until a query says true."""
    async with asyncio.timeout(PATIENCE):
        while not await peek.fetchval(sql, *arguments):
            await asyncio.sleep(0.1)


async def test_it_loses_nothing_and_fires_nothing_twice_when_its_processes_are_killed(
    system: tuple[up.System, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    house, data = system
    dice = random.Random(20261123)  # noqa: S311, the same kills in every run, as far as processes allow
    township = Township(house)
    sent = [a_report(number) for number in range(REPORTS)]
    killing = asyncio.create_task(kill_at_random(house, dice))
    receipts = await asyncio.gather(*(township.until_stored(body) for body in sent))
    await killing
    await township.close()
    assert house.children is not None
    assert sum(role.starts for role in house.children.roles) > len(house.children.roles)
    assert len({one["receipt_no"] for one in receipts}) == REPORTS
    peek = await asyncpg.connect(house.servers.owner_url)
    try:
        await until(peek, "select count(distinct incident_id) = $1 from alerts", REPORTS)
        await until(peek, "select count(*) >= $1 from obligations where breached_at is not null", REPORTS)
        await until(peek, ALL_PUBLISHED)
        assert await peek.fetchval("select count(*) from reports") == REPORTS
        assert await peek.fetchval("select count(*) from incidents") == REPORTS
        for kind, key in (("incident.opened", "incident_id"), ("report.stored", "report_id"),
                          ("obligation.breached", "obligation,obligation_id"),
                          ("alert.raised", "alert_id")):  # fmt: skip
            twice = await peek.fetch(
                "select body #>> $2 as key, count(*) from events where kind = $1 group by 1 having count(*) > 1",
                kind,
                key.split(","),
            )
            assert twice == [], kind
        assert await peek.fetchval("select count(*) from parked") == 0
        numbers = await peek.fetch("select number from incidents order by number")
        assert len({row["number"] for row in numbers}) == REPORTS
    finally:
        await peek.close()
    assert await verify.verify_all(data, as_json=True) == 0, capsys.readouterr().out
    assert json.loads(capsys.readouterr().out)["accepted_not_stored"] == 0
