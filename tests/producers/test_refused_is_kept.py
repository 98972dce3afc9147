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


DEEP = b"[" * 50_000
STRANGE = [
    # what no database, no float or no reader takes; in a key, in a value, in the text itself
    (b'{"a\\u0000b": 1}', "a zero in a key"),
    (b'{"title": "x\\u0000y", "stage": "first"}', "a zero in a value"),
    (b'{"a\x00b": 1}', "a raw zero in a key"),
    (b"\x00", "nothing but a zero"),
    (b'{"\\ud800": 1}', "half a sign in a key"),
    (b'{"title": "\\udfff"}', "half a sign in a value"),
    (b'{"title": "\xff\xfe"}', "bytes that are no UTF-8"),
    (b'{"casualties": {"deaths": 1' + b"0" * 5000 + b"}}", "five thousand digits"),
    (b'{"casualties": {"deaths": 1e999999}}', "a number without end"),
    (b'{"casualties": {"deaths": NaN}}', "no number"),
    (b'{"place": {"longitude": Infinity}}', "a place nowhere"),
    (b'{"place": {"longitude": -Infinity}}', "another"),
    (b'{"stage": "first", "stage": "final", "nonsense": 1}', "a key twice"),
    (DEEP, "fifty thousand brackets"),
    (b'{"details": ' * 5000, "five thousand objects in each other"),
]


async def test_it_keeps_whatever_bytes_come_and_calls_nothing_an_error_of_ours(world: World) -> None:
    """What the reader of typed text can mend is a report; everything else is refused, and its bytes are kept."""
    refused = 0
    for body, what in STRANGE:
        answer = await send(world, body)
        assert answer.status_code < 500, (what, answer.status_code, answer.text[:200])
        if answer.status_code == 202:
            continue
        refused += 1
        assert answer.json()["errors"], what
        assert (await asyncio.wait_for(kept(world, refused), 10))[-1][2] == body, what
    assert refused > len(STRANGE) / 2
    await world.settled()
    assert await world.rows("select 1 from parked") == []


async def test_no_act_fails_on_strange_bytes_either(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    alert = await world.alert(receipt["incident_id"])
    incident = f"/api/v1/incidents/{receipt['incident_id']}"
    paths = [
        f"/api/v1/alerts/{alert['alert_id']}/acknowledge",
        f"{incident}/grade",
        f"{incident}/close",
        "/api/v1/calls",
    ]
    for path in paths:
        for body, what in STRANGE:
            headers = {"Content-Type": "application/json"}
            answer = await world.call("duty_officer", "POST", path, content=body, headers=headers)
            assert 400 <= answer.status_code < 500, (path, what, answer.status_code, answer.text[:200])


async def test_what_lies_on_the_stream_is_kept_too_and_never_parked(world: World) -> None:
    for body, _ in STRANGE:
        await world.put("intake.report.submitted.x", body)
    await world.settled()
    rows = await world.rows("select body, reason from refusals")
    assert {bytes(row["body"]) for row in rows} == {body for body, _ in STRANGE}
    assert await world.rows("select 1 from parked") == []
