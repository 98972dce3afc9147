"""Somebody writes to INTAKE past every door: what a message claims of itself counts nothing, and nothing stops."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from tests.reports import make_later
from tests.world import INTAKE, World

pytestmark = [pytest.mark.attack, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def honest(shared_world: World) -> dict[str, Any]:
    """A submission as a door published it."""
    receipt = await shared_world.report("reporter.103")
    await shared_world.settled()
    raw = await shared_world.jetstream.get_last_msg(INTAKE, f"intake.report.submitted.{receipt['report_id']}")
    return dict(json.loads(raw.data))


async def forge(
    world: World, honest: dict[str, Any], under: str | None = None, **claims: Any
) -> dict[str, Any]:
    """Lay the same submission down as another report that claims something else of itself."""
    report_id = str(uuid4())
    fact = honest | {
        "report_id": report_id,
        "incident_id": report_id,
        "event_id": str(uuid4()),
        "body_hash": "x",
    }
    fact |= claims
    await world.put(f"intake.report.submitted.{under or fact['report_id']}", json.dumps(fact).encode())
    await world.settled()
    return fact


async def parked(world: World) -> list[Any]:
    """What no reaction could digest."""
    return await world.rows("select consumer, error from parked")


async def test_nobody_meets_the_duty_of_another_node_by_claiming_to_be_it(
    shared_world: World, honest: dict[str, Any]
) -> None:
    """The sender belongs to township 103; the message says 104."""
    fact = await forge(shared_world, honest, from_node="990101104", division="990101104")
    detail = await shared_world.incident(fact["incident_id"])
    assert detail["reports"][0]["from_node"] == detail["incident"]["from_node"] == "990101103"
    assert detail["incident"]["division"] == "990101103"
    assert {one["from_node"] for one in detail["obligations"]}.isdisjoint({"990101104"})


async def test_nobody_follows_up_in_anothers_name_from_outside(
    shared_world: World, honest: dict[str, Any]
) -> None:
    stranger = next(p for p in shared_world.county.people if p.login == "reporter.104")
    later = make_later(honest["incident_id"], place={}, casualties={"deaths": 30})
    await forge(
        shared_world, honest, submitted_by=str(stranger.person_id), incident_id=honest["incident_id"], report=later
    )  # fmt: skip
    incident = (await shared_world.incident(honest["incident_id"]))["incident"]
    assert (incident["report_count"], incident["quantities"]["deaths"]) == (1, 0)


async def test_a_message_under_another_reports_subject_is_kept_aside(
    shared_world: World, honest: dict[str, Any]
) -> None:
    """Stored, it would make the true report with that id look like a repeat."""
    under = str(uuid4())
    fact = await forge(shared_world, honest, under=under)
    assert (
        await shared_world.call("duty_officer", "GET", f"/api/v1/incidents/{fact['incident_id']}")
    ).status_code == 404
    rows = await shared_world.rows("select reason from refusals where report_id = $1", UUID(under))
    assert [row["reason"] for row in rows] == ["unreadable"]
    assert await parked(shared_world) == []


@pytest.mark.parametrize(
    "claims",
    [
        {"at": "1900-01-01T00:00:00Z"},
        {"at": "2199-01-01T00:00:00Z"},
        {"receipt_no": ""},
        {"receipt_no": "x" * 5000},
        {"door": "phone_log"},
        {"body_hash": ""},
        {"from_node": "nobody"},
        {"from_node": None},
        {"division": None},
        {"division": "9" * 400},
        {"called_at": "2026-11-23T00:00:00Z"},
    ],
    ids=str,
)
async def test_whatever_it_claims_the_next_report_is_stored_and_every_list_is_drawn(
    shared_world: World, honest: dict[str, Any], claims: dict[str, Any]
) -> None:
    fact = await forge(shared_world, honest, **claims)
    known = await shared_world.rows(
        "select report_id from reports where report_id = $1 union select report_id from refusals where report_id = $1",
        UUID(fact["report_id"]),
    )
    assert len(known) == 1  # stored or refused, and kept either way
    for path in ("incidents?state=all", "overview", "obligations", "events", "timeliness"):
        assert (await shared_world.call("duty_officer", "GET", f"/api/v1/{path}")).status_code == 200, path
    receipt = await shared_world.report()
    await shared_world.settled()
    assert (await shared_world.get(f"reports/{receipt['report_id']}"))["state"] == "stored"
    assert await parked(shared_world) == []


async def test_a_forged_opening_does_not_take_over_an_incident(
    shared_world: World, honest: dict[str, Any]
) -> None:
    """The id of an incident is that of the report that opened it: said again with other words it is refused."""
    await forge(shared_world, honest, report_id=honest["report_id"], incident_id=honest["incident_id"],
                report=honest["report"] | {"title": "另一件事"})  # fmt: skip
    assert (await shared_world.incident(honest["incident_id"]))["incident"]["title"] != "另一件事"
