"""All reactions in the order of one report's life, each on a durable consumer of its own: the wiring only."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from faststream.nats import NatsBroker
from nats.aio.client import Client

from consumers import (
    escalate_alerts,
    notice_floods,
    open_obligations,
    record_timeliness,
    route_incidents,
    store_reports,
)
from consumers.channels import Port
from consumers.channels.console import Console
from consumers.channels.webhook import Webhook
from consumers.deliver_alerts import FACTS as TELLING
from consumers.deliver_alerts import PATIENCE, Courier, Task, Telling
from consumers.notice_floods import Senders
from consumers.set_aside import park
from consumers.submission import Said
from rules.desk import Desk
from runtime.clock import Clock
from runtime.consume import make_broker, subscribe
from runtime.gather import Gatherer
from runtime.links import Links
from runtime.redelivery import Care, Delivery
from runtime.settings import Settings
from runtime.stream import FACTS, INTAKE, Durable
from runtime.trouble import TryAgain, Unreadable
from schemas.events import KINDS, Fact, ReportSubmitted, subject_of
from schemas.vocabulary import Channel
from storage.database import Database, Transaction

log = logging.getLogger("jibao.consumers")

Reaction = Callable[[Transaction, Sequence[Fact], datetime, Desk], Awaitable[None]]


@dataclass(frozen=True)
class Step:
    """One reaction: its durable's name, the facts it reacts to, and what it does with those that wait.

    A fact that does not matter to it costs no transaction.
    """

    name: str
    facts: tuple[type[Fact], ...]
    react: Reaction
    matters: Callable[[Fact], bool] = lambda _: True


STEPS: tuple[Step, ...] = (
    Step("open_obligations", open_obligations.FACTS, open_obligations.open_all, open_obligations.matters),
    Step("route_incidents", route_incidents.FACTS, route_incidents.route_all),
    Step("escalate_alerts", escalate_alerts.FACTS, escalate_alerts.escalate_all),
    Step("record_timeliness", record_timeliness.FACTS, record_timeliness.record_all),
)
STORE = Durable("store_reports", INTAKE, ("intake.report.submitted.*",))
LATER = 5.0
"""Seconds until an alert is looked at again for which there was no room: its receiver is slow, or its sender floods."""
CHANNELS = (Channel.CONSOLE, Channel.WEBHOOK)


def _durable(name: str, facts: Sequence[type[Fact]]) -> Durable:
    return Durable(name, FACTS, tuple(fact.subject() for fact in facts))


def durables() -> tuple[Durable, ...]:
    """Every durable consumer of the house, for provisioning."""
    return (
        STORE,
        *(_durable(step.name, step.facts) for step in STEPS),
        *(_durable(f"deliver_alerts_{channel}", TELLING) for channel in CHANNELS),
    )


def read_fact(delivery: Delivery) -> Fact:
    """The fact in a message of FACTS. Raises Unreadable."""
    kind = KINDS.get(delivery.subject.removeprefix("facts."))
    if kind is None:
        raise Unreadable(f"no fact travels on {delivery.subject}")
    try:
        return kind.read(delivery.body)
    except ValueError as error:
        raise Unreadable(str(error)) from error


def read_submission(delivery: Delivery) -> ReportSubmitted:
    """The submission in a message of INTAKE. Raises Unreadable, also where it came under another report's subject."""
    try:
        fact = ReportSubmitted.read(delivery.body)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    if subject_of(fact.report_id) != delivery.subject:
        raise Unreadable(f"report_id: {fact.report_id} came under {delivery.subject}")
    return fact


class Consumers:
    """All reactions of one process. `desk` is replaced when the county's files change."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, desk: Desk) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.desk = desk
        self.broker: NatsBroker = make_broker(settings)
        self.ports: list[Port] = []
        self.patience = PATIENCE

    async def start(self, client: Client) -> None:
        """Subscribe everything and begin; `client` carries the console's requests."""
        self.ports = [Console(client), Webhook(self.settings.link_key)]
        subscribe(self.broker, STORE, self._storing(), self._care(STORE.name), self.clock)
        for step in STEPS:
            subscribe(
                self.broker,
                _durable(step.name, step.facts),
                self._reacting(step),
                self._care(step.name),
                self.clock,
            )
        for port in self.ports:
            durable = _durable(f"deliver_alerts_{port.channel}", TELLING)
            handle = self._delivering(port)
            subscribe(self.broker, durable, handle, self._care(durable.name), self.clock)
        await self.broker.start()

    async def stop(self) -> None:
        """Let what is in hand finish, then let go; a broker that is away must not hold up the end."""
        try:
            await asyncio.wait_for(self.broker.stop(), 4)
        except Exception as error:
            log.warning("the broker was away at the end: %s", type(error).__name__)
        for port in self.ports:
            if isinstance(port, Webhook):
                await port.close()

    def _care(self, consumer: str) -> Care:
        return Care(
            consumer, lambda *about: park(self.database, self.clock.now(), *about), self.settings.max_tries
        )

    def _storing(self) -> Callable[[Delivery], Awaitable[None]]:
        senders = Senders()

        async def together(said: Sequence[Said]) -> Sequence[None]:
            async with self.database.transaction() as tx:
                await store_reports.store_all(tx, said, self.clock.now(), self.desk, self.clock)
                await notice_floods.notice(tx, said, self.clock.now(), self.desk, senders)
            return [None] * len(said)

        gather = Gatherer(together)

        async def handle(delivery: Delivery) -> None:
            await gather(Said(read_submission(delivery), delivery.at, delivery.body))

        return handle

    def _reacting(self, step: Step) -> Callable[[Delivery], Awaitable[None]]:
        async def together(facts: Sequence[Fact]) -> Sequence[None]:
            async with self.database.transaction() as tx:
                await step.react(tx, facts, self.clock.now(), self.desk)
            return [None] * len(facts)

        gather = Gatherer(together)

        async def handle(delivery: Delivery) -> None:
            fact = read_fact(delivery)
            if step.matters(fact):
                await gather(fact)

        return handle

    def _delivering(self, port: Port) -> Callable[[Delivery], Awaitable[None]]:
        links = Links(self.settings.base_url, self.settings.link_key)
        courier = Courier(
            port, self.database, self.clock, lambda: self.desk, links.acknowledge, self.patience
        )
        # A channel that must not repeat sends one by one, so that one slow address holds up nobody else's note.
        gather = Gatherer(courier.deliver_all) if port.repeat_is_harmless else None

        async def deliver(task: Task) -> bool:
            return await gather(task) if gather else (await courier.deliver_all([task]))[0]

        async def handle(delivery: Delivery) -> None:
            fact = read_fact(delivery)
            assert isinstance(fact, Telling)
            mine = [Task(a, fact, delivery.tries) for a in fact.attempts if a.channel is port.channel]
            if any(port.is_full(task.attempt, fact.sender) for task in mine):
                raise TryAgain(LATER, counts=False)
            settled = await asyncio.gather(*(deliver(task) for task in mine))
            if not all(settled):
                raise TryAgain(1.0)

        return handle
