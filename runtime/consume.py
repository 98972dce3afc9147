"""FastStream wiring: one durable pull consumer, one fact a handler, settled with care.

What arrives together is handed over one by one; the gatherer joins what waits.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC
from typing import Any, cast

from faststream import AckPolicy
from faststream._internal.endpoint.subscriber.call_item import CallsCollection
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.broker.registrator import NatsRegistrator
from faststream.nats.configs import NatsBrokerConfig
from faststream.nats.message import NatsBatchMessage
from faststream.nats.subscriber.config import NatsSubscriberConfig, NatsSubscriberSpecificationConfig
from faststream.nats.subscriber.specification import NatsSubscriberSpecification
from faststream.nats.subscriber.usecases.stream_pull_subscriber import BatchPullStreamSubscriber
from faststream.security import SASLPlaintext
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import ConsumerConfig

from runtime.clock import Clock
from runtime.pull import Pull
from runtime.redelivery import Care, Delivery, carefully
from runtime.settings import Settings
from runtime.stream import ACK_WAIT, Durable

log = logging.getLogger("jibao.consume")


def make_broker(settings: Settings) -> NatsBroker:
    """A broker that never gives up reconnecting. Typed injection is off: a handler gets its Delivery, nothing else."""

    pulls: list[Pull] = []

    async def trouble(error: Exception) -> None:
        log.error("broker: %s", error)

    async def connected_again() -> None:
        for pull in pulls:
            pull.ask_again()

    broker = NatsBroker(
        settings.nats_url,
        security=SASLPlaintext(settings.nats_user, settings.nats_password) if settings.nats_user else None,
        name=f"jibao-{settings.role}",
        inbox_prefix=f"_INBOX_{settings.role}",
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        ping_interval=5,
        max_outstanding_pings=2,
        error_cb=trouble,
        reconnected_cb=connected_again,
        apply_types=False,
        graceful_timeout=3.0,
        logger=None,  # our own redelivery says what matters
    )
    broker.context.set_global("pulls", pulls)
    return broker


class PulledSubscriber(BatchPullStreamSubscriber):
    """FastStream's subscriber of groups with a pull of our own.

    FastStream's batch waits its whole timeout to fill, loses what it holds when the last wait runs out, and its
    one-by-one pull puts more machinery before each fact than the fact itself costs; both hold messages now and then.
    """

    __slots__ = ("durable", "pull", "pulls")

    def __init__(self, durable: Durable, pulls: "list[Pull]", **options: Any) -> None:
        super().__init__(**options)
        self.durable = durable
        self.pulls = pulls
        self.pull: Pull | None = None

    async def _create_subscription(self) -> None:
        """Begin to pull. Raises NotFoundError when the durable was never provisioned."""
        if self.pull is None:
            await self.jetstream.consumer_info(self.durable.stream, self.durable.name)
            self.pull = Pull(self.connection, self.durable.stream, self.durable.name, self.consume)
            self.pulls.append(self.pull)
            self.add_task(self.pull.run)

    async def stop(self) -> None:
        """Take nothing more, let what is in hand finish, and end."""
        pull, self.pull = self.pull, None
        if pull is not None:
            self.pulls.remove(pull)
            await pull.stop()
        await super().stop()
        if pull is not None:
            await pull.finish()


def _register(
    broker: NatsBroker, durable: Durable, decode: Callable[[Any], Awaitable[Any]]
) -> PulledSubscriber:
    """What FastStream's own factory makes for a pull of groups, with our class."""
    config = ConsumerConfig(durable_name=durable.name)
    calls: CallsCollection[Any] = CallsCollection()
    options = NatsSubscriberConfig(
        subject=durable.subjects[0],
        sub_config=config,
        no_reply=True,
        _outer_config=cast("NatsBrokerConfig", broker.config),
        _ack_policy=AckPolicy.MANUAL,
    )
    specification = NatsSubscriberSpecification(
        _outer_config=cast("NatsBrokerConfig", broker.config),
        calls=calls,
        specification_config=NatsSubscriberSpecificationConfig(
            subject=durable.subjects[0], queue=None, title_=durable.name, description_=None
        ),
    )
    subscriber = PulledSubscriber(
        durable,
        broker.context.get("pulls"),
        config=options,
        specification=specification,
        calls=calls,
        stream=JStream(durable.stream, declare=False),
        pull_sub=PullSub(batch=True),
    )
    super(NatsRegistrator, broker).subscriber(subscriber)
    subscriber.add_call(parser_=None, decoder_=decode, dependencies_=())
    return subscriber


def subscribe(
    broker: NatsBroker,
    durable: Durable,
    handle: Callable[[Delivery], Awaitable[None]],
    care: Care,
    clock: Clock,
) -> None:
    """Let `handle` react to every message of `durable`."""

    async def as_deliveries(batch: NatsBatchMessage) -> list[Delivery]:
        return [_delivery(raw, care, clock) for raw in batch.raw_message]

    subscriber = _register(broker, durable, as_deliveries)

    async def one(delivery: Delivery) -> None:
        await carefully(care, delivery, handle)
        if subscriber.pull is not None:
            subscriber.pull.settled(delivery.raw)

    @subscriber
    async def react(deliveries: list[Delivery]) -> None:
        held = asyncio.create_task(_hold([delivery.raw for delivery in deliveries]))
        try:
            await asyncio.gather(*(one(delivery) for delivery in deliveries))
        finally:
            held.cancel()


async def _hold(messages: Sequence[Msg]) -> None:
    """Tell the broker in time what is still being worked on, so that it is not handed to somebody else."""
    while True:
        await asyncio.sleep(ACK_WAIT.total_seconds() / 3)
        for message in messages:
            if not message.is_acked:
                with suppress(NatsError):  # without a broker there is nobody who could hand it out
                    await message.in_progress()


def _delivery(raw: Msg, care: Care, clock: Clock) -> Delivery:
    meta = raw.metadata
    return Delivery(
        body=raw.data,
        at=clock.of(meta.timestamp.astimezone(UTC)),
        tries=care.tried.get(meta.sequence.stream, 0) + 1,
        sequence=meta.sequence.stream,
        stream=meta.stream,
        subject=raw.subject,
        raw=raw,
    )
