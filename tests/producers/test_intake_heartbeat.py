"""A gap is what no door's heartbeats cover: not a busy door, not an absent database, never twice; it has a cause."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from nats.aio.client import Client

from producers.intake_heartbeat import IntakeHeartbeat
from runtime.clock import real_now
from runtime.trouble import Unavailable
from storage.database import Database, Transaction
from tests.world import World

OUTAGE = timedelta(minutes=10)


async def gaps(world: World) -> list[Any]:
    """What is recorded, in order."""
    return await world.rows("select started_at, ended_at from intake_gaps order by started_at")


async def causes(world: World) -> list[str]:
    """Why, in order."""
    return [row["cause"] for row in await world.rows("select cause from intake_gaps order by started_at")]


class Flaky(Database):
    """A database that can be away."""

    away = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        if self.away:
            raise Unavailable("away for a test")
        async with super().transaction() as tx:
            yield tx


class Line:
    """A broker that answers or does not."""

    is_connected = True
    before_the_answer: Callable[[], None] | None = None

    async def flush(self, timeout: int) -> None:
        """It answered, unless something came between."""
        if self.before_the_answer is not None:
            between, self.before_the_answer = self.before_the_answer, None
            between()
            raise TimeoutError


class Door:
    """The heartbeats of one process, with its own wall clock that a test sets, and the time for which it ran."""

    def __init__(self, database: Database) -> None:
        self.line = Line()
        self.wall = real_now()
        self.ran = 0.0
        self.refuses = False
        self.beats = IntakeHeartbeat(
            cast(Client, self.line), database, lambda: self.wall, lambda: self.ran, lambda: self.refuses
        )

    async def serve(self, start: datetime, seconds: int) -> None:
        """Be there for so long."""
        for second in range(0, seconds + 1, 2):
            self.wall = start + timedelta(seconds=second)
            await self.beats.listen()

    def busy(self, seconds: float) -> None:
        """Its loop is held up for so long, by work."""
        self.wall += timedelta(seconds=seconds)
        self.ran += seconds

    def frozen(self, seconds: float) -> None:
        """It is stopped for so long: nothing of it runs."""
        self.wall += timedelta(seconds=seconds)


@asynccontextmanager
async def flaky(world: World) -> AsyncIterator[Flaky]:
    """No doors but those of the test, on a database that never saw one."""
    await world.stop("doors")
    await world.rows("delete from intake_beats")
    database = cast(Flaky, await Flaky.connect(world.settings["doors"], 4))
    try:
        yield database
    finally:
        await database.close()


async def test_a_long_outage_of_the_database_alone_is_no_gap(world: World) -> None:
    start = real_now()
    async with flaky(world) as database:
        door = Door(database)
        await door.serve(start, 2)
        await door.beats.write()
        database.away = True
        await door.serve(start, 600)
        with pytest.raises(Unavailable):
            await door.beats.write()
        database.away = False
        await door.beats.write()
    assert await gaps(world) == []
    assert await world.rows("select at from intake_beats") == [(start + timedelta(seconds=600),)]


async def test_an_outage_of_the_broker_meanwhile_is_known_all_the_same(world: World) -> None:
    start = real_now()
    async with flaky(world) as database:
        door = Door(database)
        await door.serve(start, 100)
        door.line.is_connected = False
        await door.serve(start + timedelta(seconds=102), 100)
        door.line.is_connected = True
        await door.serve(start + timedelta(seconds=300), 50)
        await door.beats.write()
        await door.beats.write()
    assert await gaps(world) == [(start + timedelta(seconds=100), start + timedelta(seconds=300))]


async def test_a_door_that_was_there_takes_back_the_gap_of_one_that_came_later(world: World) -> None:
    start = real_now()
    async with flaky(world) as database:
        stayed, came = Door(database), Door(database)
        await stayed.serve(start, 2)
        await stayed.beats.write()
        await stayed.serve(start + timedelta(seconds=4), 600)  # the database is away
        await came.serve(start + timedelta(seconds=601), 0)
        await came.beats.write()
        assert len(await gaps(world)) == 1
        await stayed.beats.write()
        assert await gaps(world) == []


async def test_any_number_of_doors_that_write_at_once_record_one_gap(world: World) -> None:
    start = real_now()
    async with flaky(world) as database:
        first, *others = (Door(database) for _ in range(8))
        await first.serve(start - OUTAGE, 0)
        await first.beats.write()
        for door in others:
            await door.serve(start, 0)
        await asyncio.gather(*(door.beats.write() for door in others))
    assert await gaps(world) == [(start - OUTAGE, start)]


async def test_a_busy_loop_is_no_gap_however_long(world: World) -> None:
    async with flaky(world) as database:
        door = Door(database)
        await door.serve(real_now(), 2)
        for seconds in (30, 111, 600):
            door.busy(seconds)
            await door.beats.listen()
            await door.beats.write()
    assert await gaps(world) == []


async def test_a_loop_that_is_busy_while_it_waits_for_the_answer_is_no_gap_either(world: World) -> None:
    async with flaky(world) as database:
        door = Door(database)
        await door.serve(real_now(), 2)
        door.line.before_the_answer = lambda: door.busy(30)
        await door.beats.listen()
        await door.beats.write()
    assert await gaps(world) == []


async def test_a_door_that_was_frozen_is_a_gap(world: World) -> None:
    start = real_now()
    async with flaky(world) as database:
        door = Door(database)
        await door.serve(start, 2)
        door.frozen(60)
        await door.beats.listen()
        await door.beats.write()
    assert await gaps(world) == [(start + timedelta(seconds=2), start + timedelta(seconds=62))]
    assert await causes(world) == ["all_doors_silent"]


async def test_a_frozen_door_beside_one_that_serves_is_no_gap(world: World) -> None:
    start = real_now()
    async with flaky(world) as database:
        frozen, serves = Door(database), Door(database)
        await frozen.serve(start, 2)
        await frozen.beats.write()
        await serves.serve(start, 62)
        frozen.frozen(60)
        await frozen.beats.listen()
        await frozen.beats.write()
        await serves.beats.write()
    assert await gaps(world) == []


async def test_an_outage_begins_where_the_broker_went_not_where_the_door_was_busy(world: World) -> None:
    start = real_now()
    async with flaky(world) as database:
        door = Door(database)
        await door.serve(start, 2)
        door.busy(30)
        door.line.is_connected = False
        await door.serve(start + timedelta(seconds=32), 40)
        door.busy(40)  # busy and without a broker: nothing could be taken
        door.line.is_connected = True
        await door.beats.listen()
        await door.beats.write()
    assert await gaps(world) == [(start + timedelta(seconds=32), start + timedelta(seconds=112))]
    assert await causes(world) == ["broker_unreachable"]


async def test_a_broker_that_answers_and_refuses_reports_is_a_gap(world: World) -> None:
    start = real_now()
    async with flaky(world) as database:
        door = Door(database)
        await door.serve(start, 2)
        door.refuses = True
        await door.serve(start + timedelta(seconds=4), 60)
        door.refuses = False
        await door.serve(start + timedelta(seconds=66), 2)
        await door.beats.write()
    assert await gaps(world) == [(start + timedelta(seconds=2), start + timedelta(seconds=66))]
    assert await causes(world) == ["broker_refuses"]
