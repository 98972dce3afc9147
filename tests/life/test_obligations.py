"""Step 2: what the demo county and city demand, from which moment, and which clause binds."""

from datetime import datetime, timedelta

import pytest

from tests.conftest import OpenWorld
from tests.packs import add_limits
from tests.reports import START, at
from tests.rules.cases import limit
from tests.world import World


async def test_it_opens_what_the_county_and_the_city_demand_of_an_ordinary_incident(world: World) -> None:
    receipt = await world.report(category="accident.public_facility.heating", grade="ungraded")
    await world.settled()
    owed = (await world.incident(receipt["incident_id"]))["obligations"]
    told = {(o["from_role"], o["to_role"], o["stage"], o["medium"]): o["due_at"] for o in owed}
    assert told == {
        ("township", "county", "first", "phone"): at(minutes=15),  # 20 min from occurrence, five minutes ago
        ("township", "county", "first", "written"): at(minutes=35),  # 40 min from occurrence
        ("county", "city", "first", "phone"): at(minutes=30),  # 30 min from receiving
        ("county", "city", "first", "written"): at(minutes=60),  # 60 min from receiving
        ("township", "county", "final", "written"): at(days=15, minutes=-5),  # at most 15 days
        ("county", "city", "final", "written"): at(days=30, minutes=-5),  # at most 30 days
    }


async def test_it_stamps_the_clause_on_each_obligation(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    binding = (await world.obligation(receipt["incident_id"], "township", "first", "phone"))["binding"]
    assert (binding["pack"], binding["id"], binding["version"]) == (
        "county.demo",
        "county.first.phone",
        "2026.2",
    )
    assert (binding["document"], binding["article"]) == ("演示县突发事件信息报送规定（虚构）", "3")


@pytest.mark.parametrize(
    ("times", "due_at"),
    [
        ({}, at(minutes=15)),  # 20 min from occurrence
        ({"occurred_at": None}, at(minutes=17)),  # nobody knows when: from knowing
    ],
)
async def test_it_counts_from_the_first_moment_that_is_known(
    world: World, times: dict[str, None], due_at: str
) -> None:
    receipt = await world.report(**times)
    await world.settled()
    assert (await world.obligation(receipt["incident_id"], "township", "first", "phone"))["due_at"] == due_at


async def test_it_owes_follow_ups_only_from_grade_three_up(world: World) -> None:
    lower, higher = await world.report(grade="IV"), await world.report(grade="III")
    await world.settled()
    stages = {
        receipt["incident_id"]: [
            one["stage"] for one in (await world.incident(receipt["incident_id"]))["obligations"]
        ]
        for receipt in (lower, higher)
    }
    assert "follow_up" not in stages[lower["incident_id"]]
    assert "follow_up" in stages[higher["incident_id"]]


async def test_it_puts_the_duty_on_the_township_of_the_place_also_when_a_company_reports(
    world: World,
) -> None:
    park = next(person.login for person in world.county.people if person.node == "park")
    place = {"division": "990101103", "text": "工业园区东门"}
    receipt = await world.report(who=park, place=place, source={"unit": "park"})
    await world.settled()
    owed = (await world.incident(receipt["incident_id"]))["obligations"]
    senders = {(one["from_role"], one["from_node"]) for one in owed if one["stage"] == "first"}
    assert senders == {("unit", "park"), ("township", "990101103"), ("county", "990101")}


async def test_it_says_who_owes_by_name_to_those_who_ask_for_obligations(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    listed = (await world.get("obligations", state="open", unit="990101103"))["obligations"]
    assert {one["incident_id"] for one in listed} == {receipt["incident_id"]}
    assert {one["from_name"] for one in listed} == {
        next(node.name for node in world.county.nodes if node.code == "990101103")
    }
    assert [one["due_at"] for one in listed] == sorted(one["due_at"] for one in listed)


async def test_it_lets_the_strictest_limit_bind_and_lists_the_others_with_their_own_due_times(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = limit(id="everywhere.first.phone", medium="phone", within="60 min")
    tighter = limit(id="tighter.first.phone", medium="phone", within="10 min")
    add_limits(monkeypatch, hour, tighter)
    world = await open_world()
    receipt = await world.report()
    await world.settled()
    owed = await world.obligation(receipt["incident_id"], "township", "first", "phone")
    assert (owed["binding"]["id"], owed["due_at"]) == ("tighter.first.phone", at(minutes=5))
    others = {one["id"]: datetime.fromisoformat(one["due_at"]) - START for one in owed["others"]}
    assert others == {
        "county.first.phone": timedelta(minutes=15),
        "everywhere.first.phone": timedelta(minutes=55),
    }
