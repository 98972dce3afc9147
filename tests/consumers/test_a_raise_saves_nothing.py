"""A reaction that raises leaves no row and no fact; it is tried again, then parked with its reason, and its neighbours
go on."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from consumers import app, store_reports
from consumers.submission import Said
from runtime import redelivery
from storage import events
from tests.conftest import OpenWorld
from tests.tables import differences, dump
from tests.world import World


class Broken(Exception):
    """What a defect of ours looks like."""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Tries follow each other at once."""
    monkeypatch.setattr(redelivery, "DELAYS", (0.01,))
    return monkeypatch


async def few_tries(open_world: OpenWorld) -> World:
    """A county whose consumers give up after two tries."""
    world = await open_world(start=False)
    world.settings["consumers"] = replace(world.settings["consumers"], max_tries=2)
    await world.start()
    return world


async def parked(world: World) -> list[Any]:
    """What was set aside, once something was."""
    while not await world.rows("select 1 from parked"):
        await asyncio.sleep(0.01)
    return await world.rows("select * from parked")


async def test_it_saves_nothing_of_a_transaction_that_fails_at_its_very_end(
    open_world: OpenWorld, impatient: pytest.MonkeyPatch
) -> None:
    world = await few_tries(open_world)
    before = await dump(world)
    storing = store_reports.store_all

    async def store_and_break(*arguments: Any) -> None:
        await storing(*arguments)
        raise Broken("after the last statement")

    impatient.setattr(store_reports, "store_all", store_and_break)
    receipt = await world.report()
    found = await asyncio.wait_for(parked(world), 20)
    assert differences(before, await dump(world)).keys() == {"parked"}
    one = found[0]
    assert (one["consumer"], one["tries"], one["error"]) == (
        "store_reports",
        2,
        "Broken: after the last statement",
    )
    assert receipt["report_id"].encode() in one["body"]


@pytest.mark.parametrize(
    "step", ["open_obligations", "route_incidents", "escalate_alerts", "record_timeliness"]
)
async def test_it_parks_a_fact_that_a_reaction_cannot_digest_and_says_which_and_why(
    open_world: OpenWorld, impatient: pytest.MonkeyPatch, step: str
) -> None:
    async def break_down(*_: Any) -> None:
        raise Broken(step)

    broken = {"react": break_down, "matters": lambda _: True}
    steps = tuple(replace(one, **broken) if one.name == step else one for one in app.STEPS)
    impatient.setattr(app, "STEPS", steps)
    world = await few_tries(open_world)
    await world.report(grade="III", occurred_at="2026-11-23T00:10:00Z")
    found = await asyncio.wait_for(parked(world), 20)
    await world.settled()
    assert {(one["consumer"], one["stream"], one["error"]) for one in found} == {
        (step, "FACTS", f"Broken: {step}")
    }
    assert {one["tries"] for one in found} == {2}


async def test_it_succeeds_when_the_second_try_does(
    open_world: OpenWorld, impatient: pytest.MonkeyPatch
) -> None:
    storing, tries = store_reports.store_all, []

    async def break_once(*arguments: Any) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Broken("only once")
        await storing(*arguments)

    impatient.setattr(store_reports, "store_all", break_once)
    world = await few_tries(open_world)
    await world.report()
    await world.settled()
    assert len(await world.rows("select 1 from reports")) == 1
    assert await world.rows("select 1 from parked") == []


async def test_it_stores_the_other_forty_nine_of_a_group_with_one_poisoned_report(
    open_world: OpenWorld, impatient: pytest.MonkeyPatch
) -> None:
    storing = store_reports.store_all

    async def choke(tx: Any, said: Sequence[Said], now: datetime, *rest: Any) -> None:
        await storing(tx, said, now, *rest)
        if any(one.fact.report.title == "毒" for one in said):
            raise Broken("poison")

    impatient.setattr(store_reports, "store_all", choke)
    world = await open_world(start=False)
    world.settings["consumers"] = replace(world.settings["consumers"], max_tries=2)
    await world.start("doors", "relay", "clock")
    await asyncio.gather(*(world.report(title="毒" if n == 30 else f"第 {n} 件") for n in range(50)))
    await world.start("consumers")
    found = await asyncio.wait_for(parked(world), 30)
    await world.settled()
    assert len(found) == 1
    assert await world.peek.fetchval("select count(*) from reports") == 49
    numbers = [row["number"] for row in await world.rows("select number from incidents order by number")]
    assert numbers == [f"2026-{n:04d}" for n in range(1, 50)]  # the poisoned one took no number with it


async def test_it_publishes_nothing_of_a_transaction_that_was_rolled_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    appending = events.append

    async def append_and_break(*arguments: Any) -> None:
        await appending(*arguments)
        raise Broken("after the facts were appended")

    receipt = await world.report()
    await world.settled()
    info = await world.jetstream.stream_info("FACTS")
    monkeypatch.setattr(events, "append", append_and_break)
    answer = await world.call("duty_officer", "POST", f"/api/v1/incidents/{receipt['incident_id']}/grade",
                              json={"grade": "I"})  # fmt: skip
    monkeypatch.setattr(events, "append", appending)
    await world.settled()
    assert answer.status_code == 500
    assert (await world.jetstream.stream_info("FACTS")).state.messages == info.state.messages
    assert (await world.incident(receipt["incident_id"]))["incident"]["grade"] == "IV"
