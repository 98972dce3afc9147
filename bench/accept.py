"""accept: HTTP POST → durable acknowledgement, beside raw nats-py publishing single messages to the same stream.

The floor has as many messages in flight as we have connections, and no HTTP, no sign-in, no checks. A synced
single publish costs the broker one fsync; the door gathers what waits into atomic batches.
"""

import asyncio
from collections.abc import Iterator, Sequence
from statistics import median

from bench import reports
from bench.figures import Figure, Say, Scale, Target
from bench.house import House
from bench.http_load import post, post_all
from bench.stack import Servers
from schemas.events import subject_of

CONNECTIONS = 64
SIZES = {Scale.FULL: (6000, 5), Scale.QUICK: (2000, 3), Scale.TINY: (100, 1)}


async def measure(servers: Servers, scale: Scale, say: Say) -> list[Figure]:
    """Reports a second, the median of several turns; ours and the floor take turns on one broker."""
    count, turns = SIZES[scale]
    ours, floors = [], []
    async with servers.house() as house:
        await house.start("doors")
        say("warming up")
        await _through_the_door(house, min(count, 500))
        for turn in range(1, turns + 1):
            say(f"turn {turn} of {turns}: {count} reports over {CONNECTIONS} connections")
            ours.append(await _through_the_door(house, count))
            say(f"turn {turn} of {turns}: {count} raw publishes, {CONNECTIONS} in flight")
            floors.append(await _raw(house, count))
    return [
        Figure(
            "accept",
            f"POST → durable acknowledgement, {CONNECTIONS} connections",
            f"raw nats-py publish of single messages, {CONNECTIONS} in flight",
            "reports/s",
            median(ours),
            median(floors),
            Target(0.6, at_least=True, of_floor=True),
        )
    ]


async def _through_the_door(house: House, count: int) -> float:
    now, who = house.clock.now(), reports.senders(house.county)
    requests = []
    for number in range(count):
        sender = who[number % len(who)]
        body = reports.report(number, sender, now)
        requests.append(post("/api/v1/reports", f"token-of-{sender.person.login}", body))
    return count / await post_all(house.ports["doors"], requests, CONNECTIONS)


async def _raw(house: House, count: int) -> float:
    now, who = house.clock.now(), reports.senders(house.county)
    facts = [reports.submitted(number, who[number % len(who)], now) for number in range(count)]
    messages = [(subject_of(fact.report_id), fact.model_dump_json().encode()) for fact in facts]
    return count / await publish_singly(house, messages, CONNECTIONS)


async def publish_singly(house: House, messages: Sequence[tuple[str, bytes]], in_flight: int) -> float:
    """Publish (subject, body) with so many waiting for their acknowledgement at a time; returns seconds."""
    client = await house.broker()
    jetstream = client.jetstream(timeout=10)
    waiting: Iterator[tuple[str, bytes]] = iter(messages)

    async def work() -> None:
        for subject, body in waiting:
            await jetstream.publish(subject, body)

    loop = asyncio.get_running_loop()
    begun = loop.time()
    await asyncio.gather(*(work() for _ in range(in_flight)))
    taken = loop.time() - begun
    await client.close()
    return taken
