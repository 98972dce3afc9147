"""A pull that never holds a message: handed over in the moment it arrives, whatever becomes of requests and broker.

A message counts as held against a plain subscription in the same process, so that a busy machine cannot fail it.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import APIError

from jibao.embedded.nats_server import NatsServer
from runtime import pull as pulling
from runtime.ending import end
from runtime.pull import BATCH, MOST, Pull
from runtime.stream import ACK_WAIT, FACTS, Durable, connect, consumer_config, provision
from tests.house import role_settings
from tests.servers import PASSWORDS, scratch, start_broker

NEVER_LATER = 0.25
WITHIN = 30.0


@dataclass
class Lane:
    """One durable, its subject, and when each message was seen beside the stream and handed over."""

    name: str
    seen: dict[bytes, float] = field(default_factory=dict)
    handed: dict[bytes, float] = field(default_factory=dict)
    times: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def durable(self) -> Durable:
        """Where its messages come from."""
        return Durable(self.name, FACTS, (f"facts.{self.name}",))

    async def hand_over(self, messages: Sequence[Msg]) -> None:
        """Note the moment, then acknowledge."""
        now = asyncio.get_running_loop().time()
        for message in messages:
            self.times += 1
            self.handed.setdefault(message.data, now)
        self.changed.set()
        for message in messages:
            await message.ack()

    async def see(self, message: Msg) -> None:
        """The same message, straight from the broker, past the stream."""
        self.seen.setdefault(message.data, asyncio.get_running_loop().time())

    async def until(self, count: int, within: float = WITHIN) -> None:
        """Wait until so many different messages were handed over."""
        async with asyncio.timeout(within):
            while len(self.handed) < count:
                self.changed.clear()
                await self.changed.wait()


@dataclass
class Town:
    """A broker and two connections: one with every right, one with the consumers' own."""

    folder: Path
    broker: NatsServer
    client: Client
    test: Client
    pulls: list[Pull]

    async def put(self, lane: Lane, body: bytes) -> None:
        """Lay a message on the stream, however long the broker is away."""
        while True:
            try:
                await self.test.jetstream(timeout=2).publish(
                    f"facts.{lane.name}", body, headers={"Nats-Msg-Id": f"{lane.name}-{body.decode()}"}
                )
                return
            except (nats.errors.Error, APIError, OSError):
                await asyncio.sleep(0.05)

    async def provision(self, *lanes: Lane) -> None:
        """Make the durables."""
        await provision(self.test.jetstream(), [lane.durable for lane in lanes])

    @asynccontextmanager
    async def pulled(
        self,
        lane: Lane,
        hand_over: Callable[[Sequence[Msg]], Awaitable[None]] | None = None,
        expires: float = 30.0,
    ) -> AsyncIterator[Pull]:
        """A pull that runs for the block."""
        pull = Pull(self.client, FACTS, lane.name, hand_over or lane.hand_over, expires)
        running = asyncio.create_task(pull.run())
        self.pulls.append(pull)
        try:
            yield pull
        finally:
            self.pulls.remove(pull)
            await pull.stop()
            await pull.finish()
            await end(running)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """A broker with our streams, and no durable yet."""
    pulls: list[Pull] = []

    async def again() -> None:
        for pull in pulls:
            pull.ask_again()

    with scratch() as folder:
        broker = await start_broker(folder / "nats")
        client = await connect(role_settings("consumers", broker.url, ""), reconnected_cb=again)
        test = await connect(role_settings("test", broker.url, ""))
        town = Town(folder, broker, client, test, pulls)
        await town.provision()
        yield town
        for one in (client, test):
            await one.close()
        await town.broker.stop()


async def test_it_hands_over_each_of_2000_single_messages_at_once(town: Town) -> None:
    """Random pauses of 0 to 30 ms, some longer than the pull's own expiry, on four durables side by side."""
    lanes, dice = [Lane(name) for name in "abcd"], random.Random(20261127)  # noqa: S311, pauses only
    await town.provision(*lanes)
    plain = await nats.connect(town.broker.url, user="test", password=PASSWORDS["test"])
    for lane in lanes:
        await plain.subscribe(f"facts.{lane.name}", cb=lane.see)
    await plain.flush()

    async def drip(lane: Lane) -> None:
        for number in range(500):
            await asyncio.sleep(0.35 if number % 100 == 50 else dice.uniform(0, 0.03))
            await town.put(lane, str(number).encode())
        await lane.until(500)

    async with (
        town.pulled(lanes[0], expires=0.3), town.pulled(lanes[1], expires=0.3), town.pulled(lanes[2], expires=0.3),
        town.pulled(lanes[3], expires=30),
    ):  # fmt: skip
        await asyncio.gather(*map(drip, lanes))
    await plain.close()
    late = [lane.handed[body] - seen for lane in lanes for body, seen in lane.seen.items()]
    assert len(late) == 2000
    assert max(late) <= NEVER_LATER
    assert [lane.times for lane in lanes] == [500] * 4


async def test_it_goes_on_by_itself_when_the_broker_was_killed(town: Town) -> None:
    lane = Lane("a")
    await town.provision(lane)
    async with town.pulled(lane):
        for number in range(100):
            if number in (20, 60):
                town.broker.kill()
                await town.broker.wait()
                town.broker = await start_broker(town.folder / "nats")
            await town.put(lane, str(number).encode())
        await lane.until(100)
        await town.put(lane, b"after")
        await lane.until(101, within=5)


async def test_it_notices_that_nobody_answers_its_request(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The durable comes only after the pull; the broker says nothing about a request for one that is not there."""
    monkeypatch.setattr(pulling, "HEARTBEAT", 0.2)
    lane = Lane("a")
    async with town.pulled(lane):
        await asyncio.gather(*(town.test.flush() for _ in range(3)))
        await town.provision(lane)
        await town.put(lane, b"1")
        await lane.until(1, within=10)


async def test_it_takes_up_a_durable_that_was_deleted_and_made_anew(town: Town) -> None:
    lane = Lane("a")
    await town.provision(lane)
    async with town.pulled(lane):
        await town.put(lane, b"1")
        await lane.until(1)
        await town.test.jetstream().delete_consumer(FACTS, lane.name)
        await town.test.jetstream().add_consumer(FACTS, consumer_config(lane.durable))
        await town.put(lane, b"2")
        await lane.until(2, within=10)


async def test_it_asks_for_no_more_than_it_may_hold_and_goes_on_when_they_are_done(town: Town) -> None:
    lane, held, full = Lane("a"), [], asyncio.Event()
    await town.provision(lane)

    async def hold(messages: Sequence[Msg]) -> None:
        held.extend(messages)
        if len(held) >= MOST:
            full.set()
        await asyncio.Event().wait()

    js = town.test.jetstream()
    for start in range(0, 3 * BATCH, 100):
        await asyncio.gather(*(js.publish("facts.a", str(start + n).encode()) for n in range(100)))
    async with town.pulled(lane, hold) as pull:
        await asyncio.wait_for(full.wait(), WITHIN)
        await asyncio.gather(*(town.client.flush() for _ in range(3)))
        assert len(held) == MOST
        for message in tuple(held):  # each by itself: its group has not ended
            await message.ack()
            pull.settled(message)
        async with asyncio.timeout(WITHIN):
            while len(held) < 3 * BATCH:
                await town.client.flush()


async def test_one_message_that_takes_long_holds_up_no_other(town: Town) -> None:
    lane, slow = Lane("a"), asyncio.Event()
    await town.provision(lane)

    async def work(messages: Sequence[Msg]) -> None:
        if messages[0].data == b"slow":
            await slow.wait()
        await lane.hand_over(messages)

    async with town.pulled(lane, work):
        await town.put(lane, b"slow")
        for number in range(50):
            await town.put(lane, str(number).encode())
            await lane.until(number + 1, within=5)
        slow.set()
        await lane.until(51)


async def test_what_arrives_while_it_ends_goes_to_another_at_once(town: Town) -> None:
    """Nothing waits for the broker's own patience with whoever died."""
    first, second = Lane("a"), Lane("a")
    await town.provision(first)
    async with town.pulled(second):
        for _ in range(10):
            async with town.pulled(first):
                await asyncio.gather(*(town.put(first, f"{_}.{n}".encode()) for n in range(20)))
    async with town.pulled(second):
        async with asyncio.timeout(ACK_WAIT.total_seconds() / 2):
            while len(first.handed | second.handed) < 200:
                await town.client.flush()


async def test_it_shares_with_another_pull_of_the_same_durable(town: Town) -> None:
    first, second = Lane("a"), Lane("a")
    await town.provision(first)
    async with town.pulled(first), town.pulled(second):
        for number in range(200):
            await town.put(first, str(number).encode())
        async with asyncio.timeout(WITHIN):
            while len(first.handed | second.handed) < 200:
                await town.client.flush()
    assert first.times + second.times == 200
    assert min(first.times, second.times) > 20


async def test_it_leaves_alone_what_is_no_message_of_the_stream(town: Town) -> None:
    lane = Lane("a")
    await town.provision(lane)
    async with town.pulled(lane) as pull:
        stray: Any = f"{pull._inbox}.7"
        await town.test.publish(stray, b"not of the stream")
        await town.test.publish(stray, b"", reply="$JS.nothing")
        await town.put(lane, b"1")
        await lane.until(1)
    assert set(lane.handed) == {b"1"}
