"""Step 8: grade III and above is followed up before 08:00 and before 17:00; each slot opens after the one before it."""

from typing import Any

from tests.reports import START, at
from tests.world import World, make_later

SLOTS = [at(hours=8), at(hours=23), at(hours=32)]  # 17:00, 08:00, 17:00


async def slots(world: World, incident_id: str, sender: str = "township") -> list[dict[str, Any]]:
    """The follow-up obligations of one sender in order."""
    owed = (await world.incident(incident_id))["obligations"]
    return [one for one in owed if (one["from_role"], one["stage"]) == (sender, "follow_up")]


async def opened(world: World) -> dict[str, Any]:
    """A grade III incident that somebody has acknowledged."""
    world.answering = "duty_officer"
    receipt = await world.report(grade="III")
    await world.fast_forward(seconds=1)
    return receipt


async def test_it_owes_the_next_wall_clock_slot_of_the_county(world: World) -> None:
    receipt = await opened(world)
    assert [
        (one["due_at"], one["occurrence"], one["state"]) for one in await slots(world, receipt["incident_id"])
    ] == [(SLOTS[0], 1, "open")]


async def test_it_opens_the_next_slot_when_one_is_met(world: World) -> None:
    receipt = await opened(world)
    await world.fast_forward(hours=7)
    await world.send(make_later(receipt["incident_id"]))
    await world.settled()
    assert [(one["due_at"], one["state"]) for one in await slots(world, receipt["incident_id"])] == [
        (SLOTS[0], "met"),
        (SLOTS[1], "open"),
    ]


async def test_it_opens_the_next_slot_when_one_is_missed(world: World) -> None:
    receipt = await opened(world)
    await world.fast_forward(hours=8)
    found = await slots(world, receipt["incident_id"])
    assert [(one["due_at"], one["breached_at"]) for one in found] == [(SLOTS[0], SLOTS[0]), (SLOTS[1], None)]


async def test_it_lets_one_late_follow_up_answer_the_slots_that_ran_out_but_not_the_next(
    world: World,
) -> None:
    receipt = await opened(world)
    await world.fast_forward(hours=24)
    await world.send(make_later(receipt["incident_id"]))
    await world.settled()
    assert [(one["due_at"], one["state"]) for one in await slots(world, receipt["incident_id"])] == [
        (SLOTS[0], "late"),
        (SLOTS[1], "late"),
        (SLOTS[2], "open"),
    ]


async def test_it_does_not_count_a_follow_up_twice_for_two_slots(world: World) -> None:
    receipt = await opened(world)
    await world.send(make_later(receipt["incident_id"]))  # early for 17:00 today
    await world.fast_forward(hours=8)
    found = await slots(world, receipt["incident_id"])
    assert [(one["due_at"], one["state"]) for one in found] == [(SLOTS[0], "met"), (SLOTS[1], "open")]
    await world.send(make_later(receipt["incident_id"]))  # after 17:00: for 08:00 tomorrow
    await world.fast_forward(hours=15)
    assert [one["state"] for one in await slots(world, receipt["incident_id"])] == ["met", "met", "open"]


async def test_it_counts_a_second_early_follow_up_of_the_same_window_for_no_later_slot(world: World) -> None:
    receipt = await opened(world)
    for _ in range(2):
        await world.send(make_later(receipt["incident_id"]))
        await world.settled()
    assert [one["state"] for one in await slots(world, receipt["incident_id"])] == ["met", "open"]


async def test_it_reminds_half_an_hour_before_a_slot(world: World) -> None:
    receipt = await opened(world)
    for medium in ("phone", "written"):
        await world.act(f"incidents/{receipt['incident_id']}/forward", medium=medium)
    await world.fast_forward(hours=7, minutes=30)
    rows = await world.rows("select at from events where kind = 'obligation.due_soon'"
                            " and body #>> '{obligation,duty,stage}' = 'follow_up'")  # fmt: skip
    assert {(row["at"] - START).total_seconds() for row in rows} == {7.5 * 3600}


async def test_it_takes_a_follow_up_by_phone_too(world: World) -> None:
    receipt = await opened(world)
    called = world.clock.now().isoformat()
    call = {"called_at": called, "report": make_later(receipt["incident_id"], medium="phone")}
    await world.send(call, who="duty_officer", path="calls")
    await world.settled()
    assert [one["state"] for one in await slots(world, receipt["incident_id"])] == ["met", "open"]


async def test_it_owes_the_citys_follow_ups_separately(world: World) -> None:
    receipt = await opened(world)
    await world.send(make_later(receipt["incident_id"]))
    await world.settled()
    assert [one["state"] for one in await slots(world, receipt["incident_id"], "county")] == ["open"]
    path = f"incidents/{receipt['incident_id']}/forward"
    await world.act(path, stage="follow_up", medium="written")
    await world.settled()
    assert [one["state"] for one in await slots(world, receipt["incident_id"], "county")] == ["met", "open"]


async def test_it_owes_no_follow_up_once_the_incident_is_closed(world: World) -> None:
    receipt = await opened(world)
    await world.act(f"incidents/{receipt['incident_id']}/close", why="duplicate", note="重复")
    await world.fast_forward(days=2)
    assert [one["state"] for one in await slots(world, receipt["incident_id"])] == ["waived"]
