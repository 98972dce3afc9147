"""FastStream wiring: one durable pull consumer, one fact a handler, settled with care.

FastStream hands over whatever is there at once, one by one; the gatherer joins what waits.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC
from functools import cache

from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.message import NatsMessage
from faststream.nats.prometheus import NatsPrometheusMiddleware
from faststream.security import SASLPlaintext
from prometheus_client import REGISTRY

from runtime.clock import Clock
from runtime.redelivery import Care, Delivery, carefully
from runtime.settings import Settings
from runtime.stream import Durable

log = logging.getLogger("jibao.consume")
FETCH = 500


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
        middlewares=[_measured(settings.role)],
        graceful_timeout=3.0,
        logger=None,  # our own redelivery says what matters
    )


@cache
def _measured(role: str) -> NatsPrometheusMiddleware:
    """FastStream's own metrics; one registration a process."""
    return NatsPrometheusMiddleware(registry=REGISTRY, app_name=role)


def subscribe(
    broker: NatsBroker,
    durable: Durable,
    handle: Callable[[Delivery], Awaitable[None]],
    care: Care,
    clock: Clock,
) -> None:
    """Let `handle` react to every message of `durable`."""

    async def as_delivery(message: NatsMessage) -> Delivery:
        raw = message.raw_message
        meta = raw.metadata
        return Delivery(
            body=message.body,
            at=clock.of(meta.timestamp.astimezone(UTC)),
            tries=meta.num_delivered or 1,
            stream=meta.stream,
            subject=raw.subject,
            raw=raw,
        )

    @broker.subscriber(
        durable.subjects[0],
        stream=JStream(durable.stream, declare=False),
        durable=durable.name,
        pull_sub=PullSub(batch_size=FETCH, timeout=5.0),
        ack_policy=AckPolicy.MANUAL,
        decoder=as_delivery,
        inbox_prefix=b"_INBOX_consumers.",
        title=durable.name,
    )
    async def react(delivery: Delivery) -> None:
        await carefully(care, delivery, handle)
