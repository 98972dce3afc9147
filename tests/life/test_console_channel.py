"""Step 4 on the console: shown at once on every screen of the person, live, and nothing missed by a reconnect."""

import asyncio

from tests.reports import make_later
from tests.world import World


async def test_it_shows_an_alert_within_a_second_of_the_report(world: World) -> None:
    loop = asyncio.get_running_loop()
    async with world.console(world.on_duty.duty_officer.login) as console:
        begun = loop.time()
        receipt = await world.report()
        await console.until(lambda one: len(one.alerts) == 1)
        took = loop.time() - begun
    assert took < 1.0
    shown = console.alerts[0]
    assert (shown["incident_id"], shown["why"], shown["step"]) == (
        receipt["incident_id"],
        "incident_reported",
        0,
    )


async def test_it_shows_an_alert_on_all_screens_of_a_person_and_on_nobody_elses(world: World) -> None:
    now = world.on_duty
    async with (
        world.console(now.duty_officer.login) as desk,
        world.console(now.duty_officer.login) as phone,
        world.console(now.duty_leader.login) as leader,
    ):
        receipt = await world.report()
        await desk.until(lambda one: len(one.alerts) == 1)
        await phone.until(lambda one: len(one.alerts) == 1)
        await world.settled()
    assert leader.alerts == []
    assert (await world.alert(receipt["incident_id"]))["attempts"][0]["detail"] == "2"


async def test_it_shows_an_alert_once_after_a_console_was_closed_and_opened_again(world: World) -> None:
    for _ in range(3):
        async with world.console(world.on_duty.duty_officer.login):
            pass
    async with world.console(world.on_duty.duty_officer.login) as console:
        await world.report()
        await console.until(lambda one: "alert.delivered" in one.kinds())
    assert len(console.alerts) == 1


async def test_it_feeds_the_facts_live_in_the_order_of_the_ledger(world: World) -> None:
    async with world.console("duty_officer") as console:
        receipt = await world.report()
        await console.until(lambda one: "alert.delivered" in one.kinds())
        await world.settled()
    assert console.kinds() == await world.kinds(receipt["incident_id"])


async def test_it_says_the_time_its_rate_and_what_it_hears_of_broker_and_database(world: World) -> None:
    async with world.console("duty_officer") as console:
        pass
    tick = console.ticks[0]
    assert tick == {"now": world.clock.now().isoformat(), "clock_rate": 1.0, "broker": True, "database": True}


async def test_it_misses_nothing_while_a_console_was_away(world: World) -> None:
    async with world.console("duty_officer") as console:
        receipt = await world.report()
        await console.until(lambda one: "alert.delivered" in one.kinds())
        await world.settled()
    await world.send(make_later(receipt["incident_id"]))
    await world.settled()
    async with world.console("duty_officer", since=console.last_id) as back:
        await back.until(lambda one: "report.stored" in one.kinds())
        await world.send(make_later(receipt["incident_id"]))
        await back.until(lambda one: one.kinds().count("report.stored") == 2)
    assert console.kinds() + back.kinds() == await world.kinds(receipt["incident_id"])


async def test_it_misses_nothing_and_repeats_nothing_however_often_it_reconnects_in_a_flood(
    world: World,
) -> None:
    async with world.console("duty_leader"):  # another screen keeps the live feed going
        ids: list[str] = []
        since = "0.0"

        async def flood() -> None:
            for _ in range(40):
                await world.report()

        flooding = asyncio.create_task(flood())
        while not flooding.done():
            async with world.console("duty_officer", since=since) as console:
                await asyncio.wait({flooding}, timeout=0.05)
                since = console.last_id
            ids += [fact["id"] for fact in console.facts]
        await flooding
        await world.settled()
        last = await world.rows(
            "select xid::text || '.' || seq as id from events order by xid desc, seq desc limit 1"
        )
        async with world.console("duty_officer", since=since) as console:
            await console.until(lambda one: one.last_id == last[0]["id"])
        ids += [fact["id"] for fact in console.facts]
    rows = await world.rows("select xid::text || '.' || seq as id from events order by xid, seq")
    assert ids == [row["id"] for row in rows]


async def test_it_shows_a_township_only_its_own(world: World) -> None:
    async with world.console("reporter.103") as own, world.console("reporter.104") as neighbour:
        receipt = await world.report()
        await own.until(lambda one: "obligation.met" in one.kinds())
        await world.settled()
        async with world.console("reporter.104", since="0.0") as later:
            pass
    assert own.kinds(receipt["incident_id"])
    assert (neighbour.facts, later.facts) == ([], [])


async def test_it_refuses_a_place_that_is_none(world: World) -> None:
    for bad in ("x", "1", "1.x", "-1.2", "1.2.3", "99999999999999999999999.1"):
        headers = {"Last-Event-ID": bad}
        answer = await world.call("duty_officer", "GET", "/api/v1/stream", headers=headers, timeout=5)
        assert answer.status_code == 422, (bad, answer.status_code)
