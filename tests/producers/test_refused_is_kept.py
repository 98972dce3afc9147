"""Somebody tried to report, and that must not vanish: what a door refuses is kept with its reason and counted."""

import asyncio
import json

import httpx
from prometheus_client import REGISTRY

from tests.reports import at, make_report
from tests.world import World


def counted(reason: str) -> float:
    """How often input was refused for this reason."""
    return REGISTRY.get_sample_value("jibao_reports_refused_total", {"reason": reason}) or 0.0


async def kept(world: World, count: int) -> list[tuple[str, str | None, bytes]]:
    """What was kept, once so much has arrived."""
    while await world.peek.fetchval("select count(*) from refusals") < count:
        await asyncio.sleep(0.01)
    rows = await world.rows("select reason, field, body from refusals order by recorded_at")
    return [tuple(row) for row in rows]


async def send(world: World, body: bytes, who: str = "reporter") -> httpx.Response:
    """One POST of raw bytes."""
    return await world.call(who, "POST", "/api/v1/reports", content=body)


async def test_it_keeps_the_bytes_with_the_reason_and_says_so_in_the_ledger(world: World) -> None:
    bad = [
        (b'{"stage": ', "unreadable", ""),
        (json.dumps(make_report(colour="red")).encode(), "invalid", "colour"),
        (json.dumps(make_report(known_at=at(days=1))).encode(), "future_time", "known_at"),
        (json.dumps(make_report(report_id="7")).encode(), "invalid", "report_id"),
        (b"\xff\xff", "unreadable", ""),
    ]
    for number, (body, reason, field) in enumerate(bad, 1):
        before = counted(reason)
        await send(world, body)
        found = await asyncio.wait_for(kept(world, number), 10)
        assert found[-1] == (reason, field, body)
        assert counted(reason) == before + 1
    told = await world.rows(
        "select body ->> 'reason' as reason from events where kind = 'report.refused' order by seq"
    )
    assert [row["reason"] for row in told] == [reason for _, reason, _ in bad]


async def test_it_counts_but_does_not_keep_what_a_stranger_sends(world: World) -> None:
    answer = await world.http.post("/api/v1/reports", content=b"{")
    await send(world, b"{")
    await asyncio.wait_for(kept(world, 1), 10)
    assert answer.status_code == 401
    assert await world.peek.fetchval("select count(*) from refusals") == 1


async def test_it_answers_a_bad_report_at_once_while_the_database_is_away(world: World) -> None:
    await send(world, json.dumps(make_report()).encode())  # who this is, is known from here on
    await world.running["doors"].database.close()
    answer = await send(world, json.dumps(make_report(colour="red")).encode())
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "colour")
