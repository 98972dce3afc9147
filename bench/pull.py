"""pull: a single message sent to the stream → in our hands, beside a plain subscription and nats-py's own `fetch`.

All three listen to the same messages in the same process. They come singly, with random pauses around the wait of a
`fetch`: a message that comes as its request runs out is held by `fetch` for up to its whole next wait.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from bench.figures import CannotMeasure, Figure, Say, Scale, Spread, Target
from bench.house import House
from bench.stack import Servers
from runtime.ending import end
from runtime.pull import Pull
from runtime.stream import FACTS, Durable, consumer_config

SIZES = {Scale.FULL: (100, 20, 8.0), Scale.QUICK: (60, 6, 8.0), Scale.TINY: (5, 3, 0.1)}
"""Subjects side by side, messages on each, the longest pause before one in seconds."""
NEVER_LATER = 250.0
FETCH, WAIT = 500, 5.0
WITHIN = 20.0


@dataclass
class Heard:
    """When each message was heard one way, in seconds after it was sent."""

    sent: dict[bytes, float]
    after: dict[bytes, float] = field(default_factory=dict)

    def note(self, messages: Sequence[Msg]) -> None:
        """They are here."""
        now = perf_counter()
        for message in messages:
            self.after.setdefault(message.data, now - self.sent[message.data])

    @property
    def spread(self) -> Spread:
        """p50 and p99 in milliseconds."""
        return Spread.of(list(self.after.values()))

    @property
    def most(self) -> float:
        """The longest, in milliseconds."""
        return max(self.after.values()) * 1000


async def measure(servers: Servers, scale: Scale, say: Say) -> list[Figure]:
    """p50, p99 and the longest of each way, over the same messages."""
    lanes, each, pause = SIZES[scale]
    async with servers.house() as house:
        say(f"{lanes * each} single messages with pauses of up to {pause:g} s")
        ours, fetched, plain = await _listen(house, scale)
    what = f"message sent → handed over, {lanes * each} single messages with random pauses"
    floor = "a plain subscription to the same subjects, without the stream"

    def figure(name: str, three: Callable[[Heard], float], target: Target | None = None) -> Figure:
        note = f"nats-py fetch: {three(fetched):.3g} ms"
        return Figure(f"pull {name}", what, floor, "ms", three(ours), three(plain), target, note)

    return [
        figure("p50", lambda heard: heard.spread.p50),
        figure("p99", lambda heard: heard.spread.p99),
        figure("max", lambda heard: heard.most, Target(NEVER_LATER, at_least=False)),
    ]


async def _listen(house: House, scale: Scale) -> tuple[Heard, Heard, Heard]:
    lanes, each, pause = SIZES[scale]
    sent: dict[bytes, float] = {}
    ours, fetched, plain = Heard(sent), Heard(sent), Heard(sent)
    client = await house.broker()

    async def see(message: Msg) -> None:
        plain.note([message])

    await client.subscribe("facts.bench.*", cb=see)
    pulls, jobs = [], []
    for lane in range(lanes):
        own, by_fetch = (Durable(f"bench_{way}_{lane}", FACTS, (_subject(lane),)) for way in ("own", "fetch"))
        for durable in (own, by_fetch):
            await client.jetstream().add_consumer(FACTS, consumer_config(durable))
        pulls.append(Pull(client, FACTS, own.name, _acknowledging(ours.note)))
        jobs += [asyncio.create_task(pulls[-1].run()), asyncio.create_task(_fetch(client, by_fetch, fetched))]
    try:
        await asyncio.gather(*(_send(client, sent, lane, each, pause) for lane in range(lanes)))
        await asyncio.wait_for(_all_heard(lanes * each, ours, fetched, plain), WITHIN)
    except TimeoutError as error:
        raise CannotMeasure("a message did not come at all") from error
    finally:
        await asyncio.gather(*(pull.stop() for pull in pulls))
        await end(*jobs)
        await asyncio.gather(*(pull.finish() for pull in pulls))
        await client.close()
    return ours, fetched, plain


def _subject(lane: int) -> str:
    return f"facts.bench.{lane}"


async def _send(client: Client, sent: dict[bytes, float], lane: int, count: int, pause: float) -> None:
    dice = random.Random(lane)
    for number in range(count):
        await asyncio.sleep(dice.uniform(0, pause))
        body = f"{lane}.{number}".encode()
        sent[body] = perf_counter()
        await client.jetstream(timeout=10).publish(_subject(lane), body)


async def _all_heard(count: int, *ways: Heard) -> None:
    while any(len(heard.after) < count for heard in ways):  # noqa: ASYNC110, a look now and then is enough
        await asyncio.sleep(0.02)


def _acknowledging(note: Callable[[Sequence[Msg]], None]) -> Callable[[Sequence[Msg]], Awaitable[None]]:
    async def hand_over(messages: Sequence[Msg]) -> None:
        note(messages)
        for message in messages:
            await message.ack()

    return hand_over


async def _fetch(client: Client, durable: Durable, fetched: Heard) -> None:
    """As the consumers did before they had a pull of their own."""
    subscription = await client.jetstream().pull_subscribe_bind(durable=durable.name, stream=FACTS)
    hand_over = _acknowledging(fetched.note)
    while True:
        messages: list[Msg] = []
        with suppress(TimeoutError, nats.errors.Error):
            messages = await subscription.fetch(FETCH, timeout=WAIT)
        if messages:
            await hand_over(messages)
