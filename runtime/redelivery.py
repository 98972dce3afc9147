"""What happens to a message after its handler: acknowledged, tried again later, or set aside with its reason.

Nothing is dropped: an outage is waited out for as long as it lasts, and a fact that fails again and again is parked
in the database before the broker is told to forget it.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from runtime import metrics
from runtime.trouble import TryAgain, Unavailable, Unreadable

log = logging.getLogger("jibao.redelivery")

DELAYS = (0.2, 1.0, 5.0, 15.0)
WHILE_AWAY = 2.0


@dataclass(frozen=True)
class Delivery:
    """One message as a handler gets it. `at` is the broker's timestamp on our clock; `tries` counts from 1."""

    body: bytes
    at: datetime
    tries: int
    sequence: int
    stream: str
    subject: str
    raw: Any


@dataclass(frozen=True)
class Care:
    """How one consumer treats trouble: after `max_tries` a message goes to `set_aside(consumer, delivery, error)`.

    `tried` counts, by stream sequence, what went wrong with a message itself: the broker's own count also holds every
    delivery during an outage, for which no message is to blame. It starts anew with the process.
    """

    consumer: str
    set_aside: Callable[[str, Delivery, str], Awaitable[None]]
    max_tries: int = 5
    tried: dict[int, int] = field(default_factory=dict)


async def carefully(care: Care, delivery: Delivery, handle: Callable[[Delivery], Awaitable[None]]) -> None:
    """Run one handler and settle its message. Never raises but for a cancel."""
    try:
        await handle(delivery)
    except TryAgain as later:
        if later.counts:
            care.tried[delivery.sequence] = delivery.tries
        await delivery.raw.nak(delay=later.seconds)
    except Unavailable as error:
        log.warning("%s waits: %s", care.consumer, error)
        await delivery.raw.nak(delay=WHILE_AWAY)
    except Exception as error:
        await _after_failure(care, delivery, error)
    else:
        care.tried.pop(delivery.sequence, None)
        await delivery.raw.ack()


async def _after_failure(care: Care, delivery: Delivery, error: Exception) -> None:
    final = isinstance(error, Unreadable) or delivery.tries >= care.max_tries
    said = f"{type(error).__name__}: {error}"[:2000]
    if not final:
        care.tried[delivery.sequence] = delivery.tries
        delay = DELAYS[min(delivery.tries, len(DELAYS)) - 1]
        log.warning("%s failed (try %d), again in %.1f s: %s", care.consumer, delivery.tries, delay, said)
        await delivery.raw.nak(delay=delay)
        return
    log.error("%s sets aside %s after %d tries: %s", care.consumer, delivery.subject, delivery.tries, said)
    try:
        await care.set_aside(care.consumer, delivery, said)
    except Exception:
        log.exception("%s could not set the message aside; it stays on the stream", care.consumer)
        await delivery.raw.nak(delay=WHILE_AWAY)
        return
    reason = "unreadable" if isinstance(error, Unreadable) else "failed"
    metrics.PARKED.labels(care.consumer, reason).inc()
    care.tried.pop(delivery.sequence, None)
    await delivery.raw.term()
