"""alert: from the moment a report is sent to its alert on an open duty console, at a steady rate, all roles running.

A report counts from when it was due to be sent, so a stalled system cannot hide behind a client that waits for it.
The floor makes the same hops bare, in one process, at the same rate.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from bench import reports
from bench.bare import Chain, Counts
from bench.figures import CannotMeasure, Figure, Say, Scale, Spread, Target, middle
from bench.house import House
from bench.http_load import Caller, connect, console, post
from bench.stack import Servers
from jibao.roles import ROLES
from rules.rosters import holder
from runtime.ending import end

CONNECTIONS = 16
ARRIVES_WITHIN = 30.0
SIZES = {Scale.FULL: (50, 20.0, 3), Scale.QUICK: (50, 8.0, 1), Scale.TINY: (20, 1.0, 1)}
"""Reports a second, for so many seconds, so many times."""


@dataclass
class Console:
    """The console of whoever is on duty; notes when each incident's alert arrived."""

    house: House
    arrived: dict[str, float] = field(default_factory=dict)
    _job: asyncio.Task[None] | None = None
    _open: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        """Open it and wait for its first tick."""
        self._job = asyncio.create_task(self._read())
        await asyncio.wait_for(self._open.wait(), 10)
        await asyncio.sleep(0.2)  # the tick comes before the door listens for this person

    async def stop(self) -> None:
        """Close it."""
        if self._job is not None:
            await end(self._job)

    async def until(self, count: int, within: float) -> None:
        """Wait for so many alerts. Raises CannotMeasure."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while len(self.arrived) < count:
            if loop.time() > end:
                raise CannotMeasure(
                    f"{len(self.arrived)} of {count} alerts reached the console within {within:g} s"
                )
            await asyncio.sleep(0.01)

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        login = holder(self.house.county, "duty_officer", self.house.clock.now())
        async for event, data in console(self.house.ports["doors"], f"token-of-{login}"):
            self._open.set()
            if event == "alert":
                self.arrived.setdefault(json.loads(data)["incident_id"], loop.time())


async def measure(servers: Servers, scale: Scale, say: Say) -> list[Figure]:
    """p50 and p99 in milliseconds, the median of several turns."""
    rate, seconds, turns = SIZES[scale]
    ours, floors = [], []
    counts, body = Counts(1, 1), b"{}"
    for turn in range(1, turns + 1):
        say(f"turn {turn} of {turns}: {rate} reports a second for {seconds:g} s")
        async with servers.house() as house:
            await house.start(*ROLES)
            ours.append(await _through_the_house(house, rate, seconds))
            counts, body = await counted(house)
        say(f"turn {turn} of {turns}: the same hops bare")
        async with servers.house() as house:
            floors.append(await _bare(house, counts, body, (rate, seconds)))
    what = f"report sent → alert on the console, {rate}/s for {seconds:g} s"
    floor_is = "the same hops bare, one process"
    mine, floor = middle(ours), middle(floors)
    return [
        Figure("alert p50", what, floor_is, "ms", mine.p50, floor.p50),
        Figure("alert p99", what, floor_is, "ms", mine.p99, floor.p99, Target(50, at_least=False)),
    ]


async def counted(house: House) -> tuple[Counts, bytes]:
    """How many rows and facts one report made here, and what a submission looks like."""
    look = await house.look()
    found = await look.fetchrow(
        "select count(*) as n, (select count(*) from obligations) as obligations,"
        " (select count(*) from events where kind not like 'alert.%') as facts from reports"
    )
    await look.close()
    assert found is not None
    facts = round(found["facts"] / found["n"])
    rows = 2 + round(found["obligations"] / found["n"]) + facts
    sender = reports.senders(house.county)[0]
    return Counts(rows, facts), reports.submitted(1, sender, house.clock.now()).model_dump_json().encode()


async def _through_the_house(house: House, rate: int, seconds: float) -> Spread:
    screen = Console(house)
    await screen.start()
    callers = await connect(house.ports["doors"], CONNECTIONS)
    try:
        await _steadily(house, callers, (rate, 1.0))  # warm up: statements prepared, credentials known
        await screen.until(rate, ARRIVES_WITHIN)
        sent = await _steadily(house, callers, (rate, seconds))
        await screen.until(rate + len(sent), ARRIVES_WITHIN)
    finally:
        for caller in callers:
            caller.close()
        await screen.stop()
    return Spread.of([screen.arrived[key] - at for key, at in sent.items()])


async def _steadily(house: House, callers: list[Caller], pace: tuple[int, float]) -> dict[str, float]:
    """Send reports at an even pace over kept connections; returns when each was due to be sent."""
    rate, seconds = pace
    loop, who, sent = asyncio.get_running_loop(), reports.senders(house.county), dict[str, float]()
    free: asyncio.Queue[Caller] = asyncio.Queue()
    for caller in callers:
        free.put_nowait(caller)

    async def send(request: bytes) -> None:
        caller = await free.get()
        await caller.accepted(request)
        free.put_nowait(caller)

    begun = loop.time() + 0.05
    async with asyncio.TaskGroup() as group:
        for number in range(round(rate * seconds)):
            sender = who[number % len(who)]
            body = reports.report(number, sender, house.clock.now())
            request = post("/api/v1/reports", f"token-of-{sender.person.login}", body)
            due = begun + number / rate
            await asyncio.sleep(max(0.0, due - loop.time()))
            sent[str(body["report_id"])] = due
            group.create_task(send(request))
    return sent


async def _bare(house: House, counts: Counts, body: bytes, pace: tuple[int, float]) -> Spread:
    rate, seconds = pace
    chain, loop, sent = Chain(house, counts, body), asyncio.get_running_loop(), dict[str, float]()
    await chain.start()
    try:
        begun = loop.time() + 1.0
        async with asyncio.TaskGroup() as group:
            for number in range(round(rate * (seconds + 1))):
                due, key = begun + number / rate, str(uuid4())
                await asyncio.sleep(max(0.0, due - loop.time()))
                sent[key] = due
                group.create_task(chain.report(key))
        with suppress(TimeoutError):
            async with asyncio.timeout(ARRIVES_WITHIN):
                while len(chain.arrived) < len(sent):  # noqa: ASYNC110, it ends with the last of thousands
                    await asyncio.sleep(0.01)
    finally:
        await chain.stop()
    measured = list(sent)[rate:]  # the first second warms up
    if any(key not in chain.arrived for key in measured):
        raise CannotMeasure("the bare chain lost a message")
    return Spread.of([chain.arrived[key] - sent[key] for key in measured])
