"""The floor of `alert` and `flood`: the same hops bare, in one process that decides nothing.

publish → fetch → insert → publish → fetch → insert → publish → fetch → request → answer → insert: the same streams,
the same durables, as many messages and rows as our own run made, each hop taking whatever waits at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from bench.house import House
from runtime.ending import end
from runtime.publish import Outgoing, Publisher
from runtime.stream import FACTS, INTAKE

FETCH = 500
INSERT = "insert into bare (id, body) select * from unnest($1::uuid[], $2::jsonb[])"


@dataclass(frozen=True)
class Counts:
    """What one report makes: rows when it is stored, and how many of those are facts to publish."""

    rows: int
    facts: int


@dataclass
class Chain:
    """The bare hops. `arrived` holds, by report, when its alert reached the console."""

    house: House
    counts: Counts
    body: bytes
    arrived: dict[str, float] = field(default_factory=dict)
    _publisher: Publisher | None = None
    _clients: list[Client] = field(default_factory=list)
    _jobs: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Connect, and let every hop wait for work; a connection a hop, as a role has."""
        look = await self.house.look()
        await look.execute("create table bare (id uuid primary key, body jsonb not null)")
        await look.close()
        console = await self._client()
        await console.subscribe("console.bare", cb=self._show)
        door = await self._client()
        self._publisher = Publisher(door)
        for stream, durable, hop in (
            (INTAKE, "store_reports", self._store),
            (FACTS, "route_incidents", self._route),
            (FACTS, "deliver_alerts_console", self._deliver),
        ):
            self._jobs.append(asyncio.create_task(await self._hop(stream, durable, hop)))

    async def stop(self) -> None:
        """End every hop."""
        await end(*self._jobs)
        for client in self._clients:
            await client.close()

    def check(self) -> None:
        """Raise what ended a hop, if one has ended: without it nothing arrives any more."""
        for job in self._jobs:
            if job.done():
                job.result()

    async def report(self, key: str) -> None:
        """One report at the door, with whatever else waits there."""
        assert self._publisher is not None
        await self._publisher(Outgoing(INTAKE, f"intake.report.submitted.{key}", self.body, key))

    async def _client(self) -> Client:
        client = await self.house.broker()
        self._clients.append(client)
        return client

    async def _hop(self, stream: str, durable: str, react: "React") -> Any:
        client, database = await self._client(), await self.house.look()
        subscription = await client.jetstream(timeout=10).pull_subscribe_bind(durable=durable, stream=stream)
        publisher = Publisher(client)

        async def work() -> None:
            while True:
                messages: list[Msg] = []
                with suppress(nats.errors.TimeoutError, TimeoutError):
                    messages = await subscription.fetch(FETCH, timeout=5)
                if messages:
                    await react(messages, Tools(client, publisher, database))
                    for message in messages:
                        await message.ack()

        return work()

    async def _store(self, messages: Sequence[Msg], tools: "Tools") -> None:
        keys = [message.subject.rsplit(".", 1)[-1] for message in messages]
        text = self.body.decode()
        await tools.insert([text] * (len(keys) * self.counts.rows))
        said = [_fact("incident.opened", key, self.body) for key in keys]
        said += [_fact("report.stored", key, self.body) for key in keys for _ in range(self.counts.facts - 1)]
        await tools.publish(said)

    async def _route(self, messages: Sequence[Msg], tools: "Tools") -> None:
        keys = [_key(message) for message in messages]
        await tools.insert([self.body.decode()] * (len(keys) * 3))  # the alert, its attempt, its fact
        await tools.publish([_fact("alert.raised", key, self.body) for key in keys])

    async def _deliver(self, messages: Sequence[Msg], tools: "Tools") -> None:
        keys = [_key(message) for message in messages]
        await asyncio.gather(
            *(tools.client.request("console.bare", key.encode(), timeout=10) for key in keys)
        )
        await tools.insert([self.body.decode()] * len(keys))
        await tools.publish([_fact("alert.delivered", key, self.body) for key in keys])

    async def _show(self, request: Msg) -> None:
        self.arrived[request.data.decode()] = asyncio.get_running_loop().time()
        await request.respond(b"1")


@dataclass(frozen=True)
class Tools:
    """What a hop works with."""

    client: Client
    publisher: Publisher
    database: Any

    async def insert(self, bodies: Sequence[str]) -> None:
        """Rows, in one transaction."""
        await self.database.execute(INSERT, [uuid4() for _ in bodies], bodies)

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        """Facts, in atomic batches of 500."""
        for start in range(0, len(messages), FETCH):
            await self.publisher.together(messages[start : start + FETCH])


React = Callable[[Sequence[Msg], Tools], Awaitable[None]]


def _fact(kind: str, key: str, body: bytes) -> Outgoing:
    """A fact whose id carries the report it is about."""
    return Outgoing(FACTS, f"facts.{kind}", body, f"{key}.{UUID(int=uuid4().int).hex}")


def _key(message: Msg) -> str:
    return (message.headers or {})["Nats-Msg-Id"].split(".")[0]
