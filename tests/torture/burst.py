"""A burst of reports from clients that send again under the same id until their report is stored, and what must be true
afterwards."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from nats.js import api

from storage import audit
from storage.database import Database
from tests import house
from tests.reports import make_report
from tests.world import FACTS, World

GRACE_SECONDS = 5.0
WITHIN = 75.0


@dataclass
class Burst:
    """The clients' side: which ids they sent, and every receipt they were given."""

    url: str
    token: str
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[str, set[str]] = field(default_factory=dict)

    async def send(self, count: int, at_once: int = 25) -> None:
        """Report `count` accidents whose phone limit runs out seconds from now."""
        now = datetime.now(UTC)
        for number in range(count):
            report_id, occurred = (
                str(uuid4()),
                now - timedelta(minutes=20) + timedelta(seconds=5 + number % 8),
            )
            self.reports[report_id] = make_report(
                report_id=report_id, title=f"第 {number} 件", occurred_at=occurred.isoformat(), known_at=None
            )
        waiting = list(self.reports.values())
        async with httpx.AsyncClient(base_url=self.url, timeout=8, trust_env=False) as http:
            await asyncio.gather(*(self._client(http, waiting) for _ in range(at_once)))

    async def _client(self, http: httpx.AsyncClient, waiting: list[dict[str, Any]]) -> None:
        while waiting:
            report = waiting.pop()
            while not await self._is_stored(http, report):
                await asyncio.sleep(0.1)

    async def _is_stored(self, http: httpx.AsyncClient, report: dict[str, Any]) -> bool:
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = await http.post("/api/v1/reports", json=report, headers=headers)
            if answer.status_code != 202:
                assert answer.status_code in (503, 500), answer.text
                return False
            self.receipts.setdefault(report["report_id"], set()).add(answer.json()["receipt_no"])
            for _ in range(10):
                state = await http.get(f"/api/v1/reports/{report['report_id']}", headers=headers)
                if state.status_code == 200 and state.json()["state"] != "accepted":
                    assert state.json()["state"] == "stored", state.text
                    return True
                await asyncio.sleep(0.1)
        except (httpx.HTTPError, ValueError):
            pass  # the door was killed in the middle of a word
        return False


async def calm(world: World) -> None:
    """Wait until every process has nothing left to do and every limit that ran out was marked."""
    deadline, still = time.monotonic() + WITHIN, 0
    while still < 5:
        waiting = await house.waiting(world, ("relay", "clock", "consumers"))
        still = 0 if any(waiting.values()) else still + 1
        assert time.monotonic() < deadline, waiting
        await asyncio.sleep(0.1)


async def prove(world: World, burst: Burst) -> None:
    """None lost, each stored once, each alert raised once, no deadline fired twice, ledger whole, audit clean."""
    rows = await world.rows("select report_id, body ->> 'title' as title, receipt_no from reports")
    assert {str(row["report_id"]): row["title"] for row in rows} == {
        k: v["title"] for k, v in burst.reports.items()
    }
    assert len(rows) == len(burst.reports)
    assert {key: {row["receipt_no"]} for row in rows if (key := str(row["report_id"]))} == burst.receipts
    numbers = [
        int(row["number"].split("-")[1])
        for row in await world.rows("select number from incidents order by number")
    ]
    assert numbers == list(range(1, len(burst.reports) + 1))
    assert await world.rows("select 1 from parked") == []
    assert await world.rows("select 1 from refusals") == []
    await _fired_once(world)
    await _ledger_is_whole(world)
    await _audit_is_clean(world)


async def _fired_once(world: World) -> None:
    for kind, what in (
        ("obligation.breached", "body #>> '{obligation,obligation_id}'"),
        ("obligation.due_soon", "body #>> '{obligation,obligation_id}'"),
        ("obligation.met", "body #>> '{obligation,obligation_id}'"),
        ("incident.opened", "incident_id::text"),
        ("report.stored", "body ->> 'report_id'"),
        ("alert.raised", "body ->> 'alert_id'"),
    ):
        twice = await world.rows(
            f"select {what} from events where kind = $1 group by 1 having count(*) > 1", kind
        )
        assert twice == [], kind
    untold = "select 1 from incidents i where not exists (select from alerts a where a.incident_id = i.incident_id)"
    assert await world.rows(untold) == []
    unmarked = (
        "select 1 from obligations"
        " where state = 'open' and breached_at is null and due_at < now() - interval '5 s'"
    )
    assert await world.rows(unmarked) == []
    assert await world.rows("select 1 from events where kind = 'obligation.breached'") != []


async def _ledger_is_whole(world: World) -> None:
    """Everything in the ledger is on the stream, first seen in the order of the ledger."""
    wanted = [row["event_id"] for row in await world.rows("select event_id from events order by xid, seq")]
    jetstream = world.peek_nats.jetstream()
    config = api.ConsumerConfig(ack_policy=api.AckPolicy.NONE, headers_only=True)
    reading = await jetstream.pull_subscribe("facts.>", stream=FACTS, config=config)
    seen: dict[UUID, None] = {}
    for _ in range(0, (await jetstream.stream_info(FACTS)).state.messages, 500):
        for message in await reading.fetch(500, timeout=2):
            seen[UUID(message.headers["Nats-Msg-Id"])] = None
    assert list(seen) == wanted


async def _audit_is_clean(world: World) -> None:
    database = await Database.connect(world.settings["clock"], 1)
    async with database.reading() as tx:
        checks = (*audit.QUICK, *audit.THOROUGH)
        found = await audit.violations(tx, checks, datetime.now(UTC), GRACE_SECONDS)
    await database.close()
    assert not any(found.values()), found
