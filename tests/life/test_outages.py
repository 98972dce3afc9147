"""Broker or database away: nothing pretends, nothing accepted is lost, and an outage is nobody's fault."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.reports import make_report
from tests.servers import start_broker
from tests.world import World


@asynccontextmanager
async def database_away(world: World) -> AsyncIterator[None]:
    """Nobody can connect and everybody is thrown out, but for the connection through which the test looks."""
    name = await world.peek.fetchval("select current_database()")
    admin = await world.admin_of_databases()
    try:
        await admin.execute(f"alter database {name} allow_connections false")
        await world.rows("select pg_terminate_backend(pid) from pg_stat_activity"
                         " where datname = current_database() and pid <> pg_backend_pid()")  # fmt: skip
        yield
        await admin.execute(f"alter database {name} allow_connections true")
    finally:
        await admin.close()


async def received(world: World, report: dict[str, object]) -> dict[str, object]:
    """Send under the same id until it is received, as the page and the command do."""
    while True:
        answer = await world.call("reporter", "POST", "/api/v1/reports", json=report)
        if answer.status_code == 202:
            return dict(answer.json())
        assert answer.status_code == 503, answer.text
        await asyncio.sleep(0.05)


async def test_it_says_plainly_that_a_report_was_not_received_and_whom_to_phone(world: World) -> None:
    await world.broker.stop()
    for language, words in (("zh", ("未收到", "没有收到")), ("en", ("NOT received", "NOT received"))):
        answer = await world.call(
            "reporter", "POST", "/api/v1/reports", json=make_report(), headers={"Accept-Language": language}
        )
        problem = answer.json()
        assert (answer.status_code, problem["phone"]) == (503, world.county.phone)
        assert words[0] in problem["title"] and words[1] in problem["detail"]
        assert world.county.phone in problem["detail"]
        assert "receipt_no" not in problem
    assert (await world.http.get("/readyz")).status_code == 503
    assert (await world.http.get("/healthz")).json()["checks"] == {"broker": False, "database": True}
    world.broker = await start_broker(world.broker_folder)
    await asyncio.wait_for(received(world, make_report()), 30)
    await world.settled()
    assert len(await world.rows("select 1 from reports")) == 1


async def test_it_loses_nothing_accepted_when_the_broker_is_killed(world: World) -> None:
    await world.stop("consumers")
    ids = [(await world.report())["report_id"] for _ in range(20)]
    world.broker.kill()
    await world.broker.wait()
    world.broker = await start_broker(world.broker_folder)
    await world.start("consumers")
    await asyncio.wait_for(received(world, make_report()), 30)
    await world.settled()
    stored = {str(row["report_id"]) for row in await world.rows("select report_id from reports")}
    assert set(ids) <= stored and len(stored) == 21


async def test_it_accepts_while_the_database_is_away_and_stores_when_it_is_back(world: World) -> None:
    await world.report()
    await world.settled()
    async with database_away(world):
        receipts = [await world.report() for _ in range(10)]
        state = await world.get(f"reports/{receipts[0]['report_id']}", who="reporter")
        ready = await world.http.get("/readyz")
    await world.settled()
    assert (state["state"], ready.status_code) == ("accepted", 503)
    assert await world.peek.fetchval("select count(*) from reports") == 11
    assert await world.rows("select 1 from parked") == []
    assert len(await world.rows("select 1 from events where kind = 'alert.raised'")) == 11


async def test_it_does_not_count_an_outage_as_tries(world: World) -> None:
    """Away for more deliveries than a failure is given tries: nothing is set aside."""
    await world.report()
    await world.settled()
    async with database_away(world):
        await world.report()
        while await deliveries(world) < 1 + world.settings["consumers"].max_tries:
            await asyncio.sleep(0.05)
    await world.settled()
    assert await world.rows("select 1 from parked") == []
    assert await world.peek.fetchval("select count(*) from reports") == 2


async def deliveries(world: World) -> int:
    """How often any report was handed to the storing consumer."""
    info = await world.jetstream.consumer_info("INTAKE", "store_reports")
    return int(info.delivered.consumer_seq)


async def test_it_survives_being_thrown_out_of_the_database_again_and_again(world: World) -> None:
    throwing = asyncio.create_task(_throw_out(world))
    receipts = await asyncio.gather(*(received(world, make_report()) for _ in range(60)))
    throwing.cancel()
    await asyncio.gather(throwing, return_exceptions=True)
    await world.settled()
    assert await world.peek.fetchval("select count(*) from reports") == len(receipts) == 60
    raised = await world.rows("select body ->> 'why' as why from events where kind = 'alert.raised'")
    # Sixty from one sender are themselves one more reason to tell the duty room, once.
    told = Counter(row["why"] for row in raised)
    assert told == {"incident_reported": 60, "many_from_one_sender": 1}
    assert await world.rows("select 1 from parked") == []
    numbers = [row["number"] for row in await world.rows("select number from incidents order by number")]
    assert numbers == [f"2026-{n:04d}" for n in range(1, 61)]


async def _throw_out(world: World) -> None:
    admin = await world.admin_of_databases()
    name = await world.peek.fetchval("select current_database()")
    mine = await world.peek.fetchval("select pg_backend_pid()")
    try:
        while True:
            await admin.execute(
                f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
                f" and pid <> {mine} and application_name like 'jibao-%'"
            )
            await asyncio.sleep(0.05)
    finally:
        await admin.close()


async def test_it_rings_and_publishes_again_after_the_database_came_back(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.fast_forward(seconds=1)
    async with database_away(world):
        pass
    await world.fast_forward(minutes=15)
    assert "obligation.breached" in await world.kinds(receipt["incident_id"])
    assert (await world.alert(receipt["incident_id"], "obligation_breached"))["state"] == "acknowledged"
