"""The storing consumer checks again what the doors checked: all on the stream is stored or kept with its reason."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from schemas.events import ReportSubmitted
from tests.reports import at, make_later, make_report
from tests.world import INTAKE, World


async def submitted(world: World, **changes: Any) -> dict[str, Any]:
    """A submission as a door would publish it; `report` replaces keys of the report."""
    await world.stop("consumers")
    await world.report()
    raw = await world.jetstream.get_msg(INTAKE, seq=1)
    fact: dict[str, Any] = json.loads(raw.data)
    report_id = str(uuid4())
    fact |= {"report_id": report_id, "incident_id": report_id, "event_id": str(uuid4()), "body_hash": "x"}
    fact["report"] |= changes.pop("report", {})
    return fact | changes


async def put(world: World, body: bytes, report_id: str | None = None) -> None:
    """Lay it on the stream, past every door."""
    await world.put(f"intake.report.submitted.{report_id or uuid4()}", body)
    if "consumers" not in world.running:
        await world.start("consumers")
    await world.settled()


async def refusals(world: World) -> list[tuple[str, str | None]]:
    """Reasons and fields of what was kept aside."""
    return [tuple(row) for row in await world.rows("select reason, field from refusals order by recorded_at")]


@pytest.mark.parametrize("body", [b"not json", b"", b"\x00\xff", b"[]", b"{}", b'{"report_id": 7}'])
async def test_it_keeps_what_nobody_can_read_with_its_bytes(world: World, body: bytes) -> None:
    report_id = str(uuid4())
    await put(world, body, report_id)
    rows = await world.rows("select report_id, reason, body, door from refusals")
    assert [tuple(row) for row in rows] == [(UUID(report_id), "unreadable", body, "stream")]
    assert len(await world.rows("select 1 from events where kind = 'report.refused'")) == 1
    await world.report()
    await world.settled()
    assert len(await world.rows("select 1 from reports")) == 1  # and goes on with the next


async def test_it_tells_whoever_asks_that_a_report_was_refused_and_why(world: World) -> None:
    fact = await submitted(world, submitted_by=str(uuid4()))
    await put(world, json.dumps(fact).encode(), fact["report_id"])
    state = await world.get(f"reports/{fact['report_id']}")
    assert (state["state"], state["reason"]) == ("refused", "not_allowed")


@pytest.mark.parametrize(
    ("who", "changes", "reason", "field"),
    [
        (None, {}, "not_allowed", "submitted_by"),  # nobody of this county
        ("auditor.wu", {}, "not_allowed", ""),  # may only read
        ("reporter.103", {"occurred_at": at(days=1)}, "future_time", "occurred_at"),
    ],
)
async def test_it_refuses_what_a_door_should_not_have_let_in(
    world: World, who: str | None, changes: dict[str, Any], reason: str, field: str
) -> None:
    person = next((str(p.person_id) for p in world.county.people if p.login == who), str(uuid4()))
    fact = await submitted(world, submitted_by=person, report=changes)
    await put(world, json.dumps(fact).encode(), fact["report_id"])
    assert await refusals(world) == [(reason, field)]
    assert len(await world.rows("select 1 from reports")) == 1


@pytest.mark.parametrize("division", ["990199999", "990101104"])  # nowhere, another township's
async def test_it_keeps_as_words_a_place_that_a_door_should_not_have_let_in(
    world: World, division: str
) -> None:
    fact = await submitted(world, report={"place": {"division": division}}, division=division)
    await put(world, json.dumps(fact).encode(), fact["report_id"])
    assert await refusals(world) == []
    (row,) = await world.rows(
        "select division, body from reports where report_id = $1", UUID(fact["report_id"])
    )
    assert (row["division"], json.loads(row["body"])["unread"]) == ("990101103", {"place.division": division})


async def test_it_refuses_a_call_time_that_a_reporter_gave_himself(world: World) -> None:
    fact = await submitted(world, called_at=at(minutes=-4), report={"medium": "phone"})
    await put(world, json.dumps(fact).encode(), fact["report_id"])
    assert await refusals(world) == [("not_allowed", "called_at")]


async def test_it_refuses_a_follow_up_about_another_townships_incident(world: World) -> None:
    """A door lets it pass while the database is away; here it is decided."""
    receipt = await world.report()
    await world.settled()
    stranger = next(p for p in world.county.people if p.login == "reporter.104")
    raw = await world.jetstream.get_msg(INTAKE, seq=1)
    later = make_later(receipt["incident_id"], place={}, source={})
    fact = json.loads(raw.data) | {
        "report_id": str(uuid4()), "event_id": str(uuid4()), "body_hash": "y", "submitted_by": str(stranger.person_id),
        "from_node": stranger.node, "report": later,
    }  # fmt: skip
    await put(world, json.dumps(fact).encode(), fact["report_id"])
    assert await refusals(world) == [("not_allowed", "incident_id")]


@pytest.mark.parametrize(("stage", "closed"), [("final", False), ("follow_up", True), ("final", True)])
async def test_it_takes_what_comes_after_the_final_report_or_the_closing(
    world: World, stage: str, closed: bool
) -> None:
    receipt = await world.report()
    await world.send(make_later(receipt["incident_id"], stage="final"))
    await world.settled()
    if closed:
        await world.act(f"incidents/{receipt['incident_id']}/close", why="final_report")
    raw = await world.jetstream.get_msg(INTAKE, seq=1)
    fact = json.loads(raw.data) | {"report_id": str(uuid4()), "event_id": str(uuid4()), "body_hash": "z"}
    fact["report"] = make_later(receipt["incident_id"], stage=stage)
    await put(world, json.dumps(fact).encode(), fact["report_id"])
    assert await refusals(world) == []
    assert len((await world.incident(receipt["incident_id"]))["reports"]) == 3


async def test_it_parks_a_fact_of_ours_that_nobody_can_read(world: World) -> None:
    await world.put("facts.incident.opened", b"not json")
    await world.settled()
    rows = await world.rows("select consumer, subject, tries, body from parked")
    assert [tuple(row) for row in rows] == [("route_incidents", "facts.incident.opened", 1, b"not json")]


async def test_it_reads_back_exactly_what_a_door_published(world: World) -> None:
    await world.report()
    raw = await world.jetstream.get_msg(INTAKE, seq=1)
    fact = ReportSubmitted.read(raw.data)
    assert (
        fact.report.model_dump(mode="json")["casualties"]["injuries"]
        == make_report()["casualties"]["injuries"]
    )
    assert ReportSubmitted.read(fact.model_dump_json()) == fact
