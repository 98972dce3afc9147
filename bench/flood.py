"""flood: thousands of reports at once until the last alert stands on the console, all roles running.

The floor sends the same number of messages and rows through the same hops bare, in one process.
"""

import asyncio
from statistics import median
from uuid import uuid4

from bench import reports
from bench.alert import Console, counted
from bench.bare import Chain, Counts
from bench.figures import CannotMeasure, Figure, Say, Scale, Target
from bench.house import House
from bench.http_load import post, post_all
from bench.stack import Servers
from jibao.roles import ROLES

CONNECTIONS = 64
WITHIN = 120.0
SIZES = {Scale.FULL: (6000, 3), Scale.QUICK: (2000, 1), Scale.TINY: (60, 1)}


async def measure(servers: Servers, scale: Scale, say: Say) -> list[Figure]:
    """Seconds from the first POST to the last alert, the median of several turns."""
    count, turns = SIZES[scale]
    ours, accepted, floors = [], [], []
    counts, body = Counts(1, 1), b"{}"
    for turn in range(1, turns + 1):
        say(f"turn {turn} of {turns}: {count} reports at once")
        async with servers.house() as house:
            await house.start(*ROLES)
            taken, in_the_door = await _through_the_house(house, count)
            ours.append(taken)
            accepted.append(in_the_door)
            counts, body = await counted(house)
        say(f"turn {turn} of {turns}: as many messages and rows bare")
        async with servers.house() as house:
            floors.append(await _bare(house, counts, body, count))
    return [
        Figure(
            "flood",
            f"{count} reports at once → last alert on the console",
            f"the same hops bare: {counts.rows + 4} rows, {counts.facts + 2} facts a report, one process",
            "s",
            median(ours),
            median(floors),
            Target(10.0 * count / 6000, at_least=False),
            f"all accepted after {median(accepted):.1f} s",
        )
    ]


async def _through_the_house(house: House, count: int) -> tuple[float, float]:
    screen, loop, who = Console(house), asyncio.get_running_loop(), reports.senders(house.county)
    now, requests = house.clock.now(), []
    for number in range(count):
        sender = who[number % len(who)]
        body = reports.report(number, sender, now)
        requests.append(post("/api/v1/reports", f"token-of-{sender.person.login}", body))
    await screen.start()
    try:
        begun = loop.time()
        in_the_door = await post_all(house.ports["doors"], requests, CONNECTIONS)
        await screen.until(count, WITHIN)
        return max(screen.arrived.values()) - begun, in_the_door
    finally:
        await screen.stop()


async def _bare(house: House, counts: Counts, body: bytes, count: int) -> float:
    chain, loop = Chain(house, counts, body), asyncio.get_running_loop()
    await chain.start()
    try:
        begun = loop.time()
        async with asyncio.timeout(WITHIN):
            await asyncio.gather(*(chain.report(str(uuid4())) for _ in range(count)))
        while len(chain.arrived) < count:
            chain.check()
            if loop.time() > begun + WITHIN:
                raise CannotMeasure("the bare chain did not finish in time")
            await asyncio.sleep(0.01)
        return max(chain.arrived.values()) - begun
    finally:
        await chain.stop()
