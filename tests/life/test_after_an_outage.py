"""After an outage of ours: the gravest is told first, late is said to be late, and what is over calls nobody."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.world import World

LATE = 7


async def stored_while_nobody_is_told(world: World, *grades: str) -> list[str]:
    """Reports of these grades are stored while nothing is handed on; it waits for the consumers to come back."""
    await world.stop("relay")
    ids = [(await world.report(grade=grade))["incident_id"] for grade in grades]
    await world.settled()
    await world.stop("consumers")
    world.clock.move(timedelta(minutes=LATE))
    await world.start("relay")
    await world.settled()
    return ids


async def said(world: World, incident_id: str, kind: str) -> list[dict[str, Any]]:
    """The facts of one kind about an incident."""
    rows = await world.rows(
        "select body::text from events where incident_id = $1 and kind = $2", UUID(incident_id), kind
    )
    return [json.loads(row["body"]) for row in rows]


async def test_it_tells_the_gravest_first_and_says_how_late_we_are(world: World) -> None:
    first, *_ = await stored_while_nobody_is_told(world, "IV", "III", "ungraded", "I", "II")
    async with world.console("duty_officer") as console:
        await world.start("consumers")
        await console.until(lambda one: len(one.alerts) == 5)
        await world.settled()
    assert [alert["grade"] for alert in console.alerts] == ["I", "II", "III", "ungraded", "IV"]
    assert {alert["delayed_minutes"] for alert in console.alerts} == {LATE}
    assert [fact["delayed_minutes"] for fact in await said(world, first, "alert.delivered")] == [LATE]


async def test_it_says_no_delay_where_there_was_none(world: World) -> None:
    async with world.console("duty_officer") as console:
        receipt = await world.report()
        await console.until(lambda one: len(one.alerts) == 1)
        await world.settled()
    assert console.alerts[0]["delayed_minutes"] == 0
    assert [
        fact["delayed_minutes"] for fact in await said(world, receipt["incident_id"], "alert.delivered")
    ] == [0]


async def test_it_counts_the_delay_of_the_next_person_from_when_the_wait_ran_out(world: World) -> None:
    leader = world.on_duty.duty_leader.login
    async with world.console("duty_officer") as officer, world.console(leader) as above:
        receipt = await world.report()
        await officer.until(lambda one: len(one.alerts) == 1)
        await world.settled()
        waits_until = (await world.alert(receipt["incident_id"]))["next_at"]
        await world.stop("clock")
        world.clock.move(timedelta(minutes=9))
        await world.start("clock")
        await above.until(lambda one: len(one.alerts) >= 1)
        await world.settled()
    since = world.clock.now() - datetime.fromisoformat(waits_until)
    assert above.alerts[0]["delayed_minutes"] == int(since / timedelta(minutes=1)) > 0


async def test_it_calls_nobody_for_what_was_closed_meanwhile(world: World) -> None:
    open_still, over = await stored_while_nobody_is_told(world, "III", "III")
    await world.act(f"incidents/{over}/close", why="non_incident", note="误报")
    async with world.console("duty_officer") as console:
        await world.start("consumers")
        await console.until(lambda one: len(one.alerts) == 1)
        await world.settled()
    assert [alert["incident_id"] for alert in console.alerts] == [open_still]
    assert await said(world, over, "alert.raised") == []
