"""The two streams and their durable consumers: provisioned by us, create-or-update, every setting explicit.

INTAKE holds what people say and is on disk before it is acknowledged; FACTS holds what the system decided.
No default that loses a message is left on.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext, api
from nats.js.errors import NotFoundError

from runtime.settings import Settings

log = logging.getLogger("jibao.stream")

INTAKE = "INTAKE"
FACTS = "FACTS"
KEEP = timedelta(days=30)
SAME_ID_WINDOW = timedelta(hours=2)
ACK_WAIT = timedelta(seconds=10)
"""How long a message lies still after whoever held it died; who still works on one says so in time."""


@dataclass(frozen=True)
class Durable:
    """A durable pull consumer: its name, its stream and the subjects it sees."""

    name: str
    stream: str
    subjects: tuple[str, ...]


def stream_configs(replicas: int = 1) -> tuple[api.StreamConfig, api.StreamConfig]:
    """Both streams. `allow_atomic`: a gathered group is stored whole or not at all."""

    def config(name: str, subjects: Sequence[str]) -> api.StreamConfig:
        return api.StreamConfig(
            name=name,
            subjects=list(subjects),
            retention=api.RetentionPolicy.LIMITS,
            storage=api.StorageType.FILE,
            discard=api.DiscardPolicy.NEW,
            max_age=KEEP.total_seconds(),
            max_msg_size=256 * 1024,
            duplicate_window=SAME_ID_WINDOW.total_seconds(),
            num_replicas=replicas,
            allow_direct=True,
            allow_atomic=True,
            deny_delete=True,
            deny_purge=True,
        )

    return config(INTAKE, ["intake.>"]), config(FACTS, ["facts.>"])


def consumer_config(durable: Durable) -> api.ConsumerConfig:
    """Unlimited deliveries: what fails is parked by us with its reason, never dropped by the broker."""
    return api.ConsumerConfig(
        durable_name=durable.name,
        name=durable.name,
        filter_subjects=list(durable.subjects),
        deliver_policy=api.DeliverPolicy.ALL,
        ack_policy=api.AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT.total_seconds(),
        max_deliver=-1,
        max_ack_pending=5000,
        replay_policy=api.ReplayPolicy.INSTANT,
    )


async def connect(settings: Settings, **options: Any) -> Client:
    """A connection that never gives up; a refused subject is loud in the log, for it is a wrong configuration."""

    async def trouble(error: Exception) -> None:
        log.error("broker: %s", error)

    return await nats.connect(
        settings.nats_url,
        user=settings.nats_user,
        password=settings.nats_password,
        name=f"jibao-{settings.role}",
        inbox_prefix=f"_INBOX_{settings.role}".encode(),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,
        ping_interval=5,
        max_outstanding_pings=2,
        error_cb=trouble,
        **options,
    )


async def provision(js: JetStreamContext, durables: Sequence[Durable], replicas: int = 1) -> None:
    """Create or update both streams and every durable; safe to run at each start."""
    for config in stream_configs(replicas):
        try:
            await js.stream_info(str(config.name))
        except NotFoundError:
            await js.add_stream(config)
        else:
            await js.update_stream(config)
    for durable in durables:
        await js.add_consumer(durable.stream, consumer_config(durable))
