"""Step 5, when the clock is not there: nothing due is lost, and any number of clocks side by side fire once."""

import asyncio
from datetime import timedelta

from jibao import roles
from producers.deadline_clock import DeadlineClock
from storage.database import Database
from tests.reports import at
from tests.world import World


async def test_it_rings_at_once_what_fell_due_while_the_clock_was_down(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    await world.stop("clock")
    world.clock.move(timedelta(hours=2))
    assert "obligation.breached" not in await world.kinds(receipt["incident_id"])
    await world.start("clock")
    await world.settled()
    told = await world.rows("select at, body ->> 'due_at' as due_at from events where kind = 'obligation.breached'"
                            " order by body ->> 'due_at'")  # fmt: skip
    assert [(row["at"].isoformat(), row["due_at"]) for row in told] == [
        (at(hours=2), at(minutes=15)),
        (at(hours=2), at(minutes=30)),
        (at(hours=2), at(minutes=60)),
    ]


async def test_it_rings_nothing_twice_after_a_restart(world: World) -> None:
    await world.report()
    await world.fast_forward(minutes=20)
    before = await world.rows("select event_id from events where kind like 'obligation.%'")
    await world.stop("clock")
    await world.start("clock")
    await world.settled()
    assert await world.rows("select event_id from events where kind like 'obligation.%'") == before


async def test_it_fires_once_with_many_clocks_side_by_side(world: World) -> None:
    await asyncio.gather(*(world.report() for _ in range(40)))
    await world.settled()
    await world.stop("clock")
    world.clock.move(timedelta(minutes=61))
    databases = [await Database.connect(world.settings["clock"], 2) for _ in range(4)]
    clocks = [DeadlineClock(database, world.clock) for database in databases]
    for _ in range(4):
        await asyncio.gather(*(clock.ring() for clock in clocks))
    for database in databases:
        await database.close()
    twice = await world.rows(
        "select 1 from events where kind = 'obligation.breached' group by body #>> '{obligation,obligation_id}'"
        " having count(*) > 1"
    )
    fired = await world.rows("select count(*) from events where kind = 'obligation.breached'")
    assert (twice, fired[0]["count"]) == ([], 3 * 40)


async def test_it_rings_on_when_one_of_two_clocks_stops(world: World) -> None:
    other = await roles.start(world.settings["clock"], world.clock)
    receipt = await world.report()
    await world.settled()
    await world.stop("clock")
    await world.fast_forward(minutes=15)
    await other.stop()
    assert (await world.kinds(receipt["incident_id"])).count("obligation.breached") == 1


async def test_it_wakes_for_a_limit_that_is_nearer_than_the_one_it_sleeps_for(world: World) -> None:
    world.answering = "duty_officer"
    await world.report()  # rings next at 09:10
    await world.settled()
    nearer = await world.report(occurred_at=at(minutes=-19))  # due at 09:01
    await world.fast_forward(minutes=1)
    owed = await world.obligation(nearer["incident_id"], "township", "first", "phone")
    assert owed["detected_at"] == at(minutes=1)
