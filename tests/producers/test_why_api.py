"""`GET /api/v1/incidents/{id}/why`: what `jibao explain` answers, of a real incident, with the record beside it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from jibao import county_in_force
from tests.conftest import OpenWorld
from tests.packs import QUICKER, add_limits, demo_pack, taken
from tests.reports import at, make_call
from tests.rules.cases import limit
from tests.world import World


@pytest.fixture
async def told(world: World) -> AsyncIterator[tuple[World, str]]:
    """A grade III accident, reported by phone in time."""
    world.answering = "duty_officer"
    receipt = await world.send(make_call(at(minutes=-2), grade="III"), "duty_officer", "calls")
    await world.settled()
    yield world, receipt["incident_id"]


def duty(body: dict[str, Any], sender: str, stage: str, medium: str, to: str = "county") -> dict[str, Any]:
    wanted = (sender, to, stage, medium)
    (one,) = [o for o in body["obligations"] if (o["from"], o["to"], o["stage"], o["medium"]) == wanted]
    return dict(one)


async def test_it_gives_each_deadline_its_clauses_names_and_record(told: tuple[World, str]) -> None:
    world, incident_id = told
    body = await world.get(f"incidents/{incident_id}/why")
    one = duty(body, "township", "first", "phone")
    names = {node.code: node.name for node in world.county.nodes}
    assert (one["from_node"], one["from_name"]) == ("990101103", names["990101103"])
    assert (one["to_node"], one["to_name"]) == ("990101", names["990101"])
    assert one["due_at"] == "2026-11-23T09:15:00+08:00"
    assert one["recorded"]["state"] == "met"
    binding = one["limits"][0]
    assert (binding["id"], binding["status"], binding["working_target"]) == (one["binding"], "local", False)
    assert binding["title"] and binding["title_en"] and binding["document"] and binding["version"] == "2026.2"
    assert duty(body, "township", "first", "written")["recorded"]["state"] == "open"
    dues = [one["due_at"] for one in body["obligations"]]
    assert dues == sorted(dues)
    assert body["recorded"] == []  # everything on record is explained


async def test_every_open_obligation_stands_in_it(told: tuple[World, str]) -> None:
    world, incident_id = told
    body = await world.get(f"incidents/{incident_id}/why")
    known = {one["recorded"]["obligation_id"] for one in body["obligations"] if one["recorded"]}
    known |= {one["obligation_id"] for one in body["recorded"]}
    assert known == {one["obligation_id"] for one in (await world.incident(incident_id))["obligations"]}


async def test_it_says_of_each_silent_limit_why(told: tuple[World, str]) -> None:
    world, incident_id = told
    silent = (await world.get(f"incidents/{incident_id}/why"))["not_applicable"]
    assert {"category", "region"} <= {one["reason"] for one in silent}
    assert all(one["title"] and one["title_en"] and one["document"] for one in silent)


async def test_it_says_for_which_clock_and_whose_receipt_a_limit_waits(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_limits(monkeypatch, limit(id="waits", clock="received"))
    world = await open_world()
    incident_id = (await world.report())["incident_id"]
    await world.settled()
    silent = (await world.get(f"incidents/{incident_id}/why"))["not_applicable"]
    (one,) = [one for one in silent if one["id"] == "waits"]
    assert (one["reason"], one["waits"]) == ("clock_not_started:received@township", True)


async def test_what_is_on_record_keeps_its_version_when_the_rules_change(
    told: tuple[World, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, incident_id = told
    monkeypatch.setattr(county_in_force, "LOOK_EVERY", 0.02)
    later = {
        "toml": demo_pack("2026.3", QUICKER, ('within = "40 min"', 'within = "90 min"')),
        "in_force_from": at(minutes=1),
    }
    await world.act("packs", who="admin", **later)
    await world.fast_forward(minutes=1)
    await taken(world, "county.demo", "2026.3")
    one = duty(await world.get(f"incidents/{incident_id}/why"), "township", "first", "written")
    assert one["recorded"]["due_at"] == at(minutes=35)
    assert one["recorded"]["binding"]["version"] == "2026.2"


async def test_past_slots_stand_in_the_record(told: tuple[World, str]) -> None:
    world, incident_id = told
    await world.fast_forward(hours=9)
    body = await world.get(f"incidents/{incident_id}/why")
    assert [one["stage"] for one in body["recorded"] if one["from_role"] == "township"] == ["follow_up"]
    slot = duty(body, "township", "follow_up", "any")
    assert slot["recorded"]["due_at"] == at(hours=23)


async def test_a_closed_incident_is_explained_as_it_stood(told: tuple[World, str]) -> None:
    world, incident_id = told
    await world.act(f"incidents/{incident_id}/close", why="duplicate", note="重复")
    before = await world.get(f"incidents/{incident_id}/why")
    await world.fast_forward(hours=30)
    after = await world.get(f"incidents/{incident_id}/why")
    assert after["obligations"] == before["obligations"]
    assert {one["recorded"]["state"] for one in after["obligations"] if one["recorded"]} <= {"met", "waived"}


@pytest.mark.parametrize(
    ("who", "status"),
    [("duty_officer", 200), ("duty_leader", 200), ("auditor", 200), ("admin", 200), ("reporter", 200),
     ("reporter.104", 404)],
)  # fmt: skip
async def test_it_answers_whoever_may_see_the_incident(
    told: tuple[World, str], who: str, status: int
) -> None:
    world, incident_id = told
    answer = await world.call(who, "GET", f"/api/v1/incidents/{incident_id}/why")
    assert answer.status_code == status
    assert (await world.http.get(f"/api/v1/incidents/{incident_id}/why")).status_code == 401
