"""FastStream wiring: one durable pull consumer, one fact a handler, settled with care.

What is there at once is fetched together and handed over one by one; the gatherer joins what waits.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC

from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.message import NatsBatchMessage
from faststream.nats.subscriber.usecases.stream_pull_subscriber import BatchPullStreamSubscriber
from faststream.security import SASLPlaintext
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError
from nats.errors import Error as NatsError
from nats.js.errors import ServiceUnavailableError

from runtime.clock import Clock
from runtime.redelivery import Care, Delivery, carefully
from runtime.settings import Settings
from runtime.stream import ACK_WAIT, Durable

log = logging.getLogger("jibao.consume")
FETCH = 500
PULL_WAITS = 5.0
IN_HAND = 2


def make_broker(settings: Settings) -> NatsBroker:
    """A broker that never gives up reconnecting. Typed injection is off: a handler gets its Delivery, nothing else."""

    async def trouble(error: Exception) -> None:
        log.error("broker: %s", error)

    return NatsBroker(
        settings.nats_url,
        security=SASLPlaintext(settings.nats_user, settings.nats_password) if settings.nats_user else None,
        name=f"jibao-{settings.role}",
        inbox_prefix=f"_INBOX_{settings.role}",
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        ping_interval=5,
        max_outstanding_pings=2,
        error_cb=trouble,
        apply_types=False,
        graceful_timeout=3.0,
        logger=None,  # our own redelivery says what matters
    )


class PullAtOnce(BatchPullStreamSubscriber):
    """Hands over what is there, and fetches the next while that is handled; `IN_HAND` groups at most.

    FastStream's own batch waits its whole timeout to fill, loses what it holds when the last wait runs out, and its
    one-by-one pull puts more machinery before each fact than the fact itself costs.
    """

    __slots__ = ()

    async def _consume_pull(self) -> None:
        in_hand: set[asyncio.Task[object]] = set()
        while self.running and self.subscription is not None:
            messages: list[Msg] = []
            with suppress(TimeoutError, ConnectionClosedError, ServiceUnavailableError):
                messages = await self.subscription.fetch(FETCH, timeout=PULL_WAITS)
            if messages:
                in_hand.add(asyncio.create_task(self.consume(messages)))
            if len(in_hand) >= IN_HAND:
                _, in_hand = await asyncio.wait(in_hand, return_when=asyncio.FIRST_COMPLETED)


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

    subscriber = broker.subscriber(
        durable.subjects[0],
        stream=JStream(durable.stream, declare=False),
        durable=durable.name,
        pull_sub=PullSub(batch_size=FETCH, timeout=PULL_WAITS, batch=True),
        ack_policy=AckPolicy.MANUAL,
        decoder=as_deliveries,
        inbox_prefix=b"_INBOX_consumers.",
        title=durable.name,
    )
    subscriber.__class__ = PullAtOnce  # FastStream has no place to say so

    @subscriber
    async def react(deliveries: list[Delivery]) -> None:
        held = asyncio.create_task(_hold([delivery.raw for delivery in deliveries]))
        try:
            await asyncio.gather(*(carefully(care, delivery, handle) for delivery in deliveries))
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
