"""When our own intake was down, what ran out meanwhile is disputed, not late: seen afterwards by the doors' silence."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from jibao import roles
from runtime.clock import real_now
from tests.reports import at
from tests.world import PATIENCE, World, make_later

OUTAGE = timedelta(minutes=10)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def gaps(world: World) -> list[Any]:
    """What is recorded, in order."""
    return await world.rows("select started_at, ended_at from intake_gaps order by started_at")


async def beaten_since(world: World, moment: datetime) -> None:
    """Wait until a door has beaten after this moment."""
    deadline = time.monotonic() + PATIENCE
    while not await world.rows("select 1 from intake_beats where at > $1", moment):
        assert time.monotonic() < deadline, "no door beats"
        await asyncio.sleep(0.01)


async def silent_since(world: World, moment: datetime) -> None:
    """As if the last beat of all doors had been then."""
    await world.rows("update intake_beats set at = $1", moment)


async def outage(world: World, **delta: float) -> None:
    """The doors are away for so long by the county's clock, and for ten minutes by the wall's."""
    await beaten_since(world, LONG_AGO)
    await world.stop("doors")
    world.clock.move(timedelta(**delta))
    await silent_since(world, real_now() - OUTAGE)
    back = real_now()
    await world.start("doors")
    await beaten_since(world, back)
    await world.settled()


async def verdict(world: World, incident_id: str, *key: str) -> tuple[str, str, float, str | None]:
    """Outcome, reason, lateness and when it was done, of one row of the record."""
    rows = await world.rows(
        "select * from timeliness where incident_id = $1 and (from_role, stage, medium) = ($2, $3, $4)",
        UUID(incident_id), *key,
    )  # fmt: skip
    (row,) = rows
    done_at = row["done_at"] and row["done_at"].isoformat()
    return row["outcome"], row["reason"], row["lateness_seconds"], done_at


async def test_a_first_start_is_no_outage(world: World) -> None:
    await beaten_since(world, LONG_AGO)
    assert await gaps(world) == []


async def test_what_ran_out_inside_is_disputed_and_what_ran_out_after_is_late(world: World) -> None:
    receipt = await world.report()
    incident_id = receipt["incident_id"]
    await outage(world, minutes=20)
    await world.send(make_later(incident_id, stage="first", medium="phone"))  # was due at 09:15
    await world.fast_forward(minutes=20)
    await world.act(f"incidents/{incident_id}/forward", medium="phone")  # was due at 09:30
    await world.settled()
    call = await verdict(world, incident_id, "township", "first", "phone")
    assert call == ("disputed", "our_outage", 0, at(minutes=20))
    forward = await verdict(world, incident_id, "county", "first", "phone")
    assert forward == ("late", "forwarded", 600, at(minutes=40))
    owed = await world.obligation(incident_id, "township", "first", "phone")
    assert (owed["state"], owed["reason"], owed["done_at"]) == ("disputed", "our_outage", at(minutes=20))
    assert owed["outage"]["cause"] == "all_doors_silent"
    assert owed["outage"]["started_at"] <= owed["due_at"] < owed["outage"]["ended_at"]
    found = await world.get("timeliness", **{"from": at(days=-1), "to": at(days=1), "group_by": "medium"})
    counts = {key: found["total"][key] for key in ("due", "on_time", "late", "disputed")}
    assert counts == {"due": 2, "on_time": 1, "late": 1, "disputed": 1}


async def test_it_disputes_a_first_report_that_could_not_come_in_time(world: World) -> None:
    await outage(world, minutes=50)
    receipt = await world.report()  # happened at 08:55, its text was due at 09:35
    await world.settled()
    written = await verdict(world, receipt["incident_id"], "township", "first", "written")
    assert written == ("disputed", "our_outage", 0, at(minutes=50))


async def test_it_disputes_the_countys_own_duty_and_what_nobody_did_until_the_close(world: World) -> None:
    receipt = await world.report()
    incident_id = receipt["incident_id"]
    await outage(world, minutes=40)
    await world.act(f"incidents/{incident_id}/forward", medium="phone")
    await world.send(make_later(incident_id, stage="final"))
    await world.settled()
    await world.act(f"incidents/{incident_id}/close", why="final_report")
    await world.settled()
    forward = await verdict(world, incident_id, "county", "first", "phone")
    assert forward == ("disputed", "our_outage", 0, at(minutes=40))
    call = await verdict(world, incident_id, "township", "first", "phone")
    assert call == ("disputed", "our_outage", 0, None)


async def test_it_leaves_what_was_done_in_time_alone(world: World) -> None:
    await outage(world, minutes=20)
    receipt = await world.report()
    await world.settled()
    assert (await verdict(world, receipt["incident_id"], "township", "first", "written"))[0] == "met"


async def test_doors_side_by_side_record_one_gap(world: World) -> None:
    await beaten_since(world, LONG_AGO)
    await world.stop("doors")
    silent = real_now() - OUTAGE
    await silent_since(world, silent)
    both = await asyncio.gather(*(roles.start(world.settings["doors"], world.clock) for _ in range(2)))
    await beaten_since(world, real_now())
    await asyncio.gather(*(one.stop() for one in both))
    found = await gaps(world)
    assert [row["started_at"] for row in found] == [silent]
