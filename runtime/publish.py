"""Publishing with a durable acknowledgement; what waits together is stored by the broker as one atomic batch.

A synced write costs the broker one fsync a message, a batch a few for all of it.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from nats.aio.client import Client
from nats.errors import ConnectionClosedError, NoRespondersError, OutboundBufferLimitError
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.errors import APIError, BadRequestError, NoStreamResponseError
from nats.js.errors import Error as JetStreamError

from runtime.gather import Gatherer
from runtime.trouble import Unavailable

ACKNOWLEDGE_WITHIN = 5.0
ANSWER_WITHIN = 12.0
REFUSAL_HOLDS = 10.0
"""Who was refused tries again within so many seconds; after that nobody knows whether it would be refused now."""
"""For everything together, the sending too: whoever reports is told that it failed, whatever the client library waits
for."""
WRONG_LAST_SEQUENCE = 10071
WORTH_A_BATCH = 12
"""A batch costs the broker about as much as ten single messages, however small it is."""


@dataclass(frozen=True)
class Outgoing:
    """One message. `once`: refused by the broker if its subject already holds one."""

    stream: str
    subject: str
    body: bytes
    message_id: str
    once: bool = False

    def headers(self) -> dict[str, str]:
        """The headers by which the broker knows a repeat."""
        headers = {"Nats-Msg-Id": self.message_id, "Nats-Expected-Stream": self.stream}
        if self.once:
            headers["Nats-Expected-Last-Subject-Sequence"] = "0"
        return headers


class Publisher:
    """Publishes singly or gathered. Every answer is True when stored now, False when it was there already."""

    def __init__(self, client: Client, at_most: int = 200) -> None:
        self._client = client
        self._jetstream = client.jetstream(timeout=ACKNOWLEDGE_WITHIN)
        self._gather: Gatherer[Outgoing, bool] = Gatherer(self.together, at_most)
        self._refused_at: float | None = None

    async def __call__(self, message: Outgoing) -> bool:
        """Publish with whatever else waits. Raises Unavailable when the broker did not acknowledge in time."""
        return await self._gather(message)

    def refuses(self) -> bool:
        """Whether the broker refused what it was last given, and that was just now: it answers and stores nothing."""
        return self._refused_at is not None and time.monotonic() - self._refused_at < REFUSAL_HOLDS

    async def together(self, messages: Sequence[Outgoing]) -> list[bool]:
        """Publish many in one batch, few (or when one of them is a repeat) each on its own, in order."""
        if not self._client.is_connected:
            raise Unavailable("no connection to the broker")
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                stored = await self._stored(messages)
        except (NatsTimeout, TimeoutError, NoStreamResponseError, NoRespondersError) as error:
            self._refused_at = time.monotonic()
            raise Unavailable(f"the broker did not acknowledge: {type(error).__name__}") from error
        except (ConnectionClosedError, OutboundBufferLimitError) as error:
            raise Unavailable(f"the broker is away: {type(error).__name__}") from error
        except (NatsError, JetStreamError) as error:
            self._refused_at = time.monotonic()
            raise Unavailable(f"the broker refused: {error}") from error
        self._refused_at = None
        return stored

    async def _stored(self, messages: Sequence[Outgoing]) -> list[bool]:
        if len(messages) >= WORTH_A_BATCH:
            try:
                await self._batch(messages)
                return [True] * len(messages)
            except APIError:
                pass  # the batch was refused whole, so nothing of it is stored: find the repeat singly
        return list(await asyncio.gather(*(self._single(message) for message in messages)))

    async def _single(self, message: Outgoing) -> bool:
        try:
            answer = await self._jetstream.publish(message.subject, message.body, headers=message.headers())
        except BadRequestError as error:
            if error.err_code == WRONG_LAST_SEQUENCE:
                return False
            raise
        return not answer.duplicate

    async def _batch(self, messages: Sequence[Outgoing]) -> None:
        batch_id = uuid4().hex
        last = len(messages)
        for number, message in enumerate(messages, 1):
            headers = message.headers()
            headers["Nats-Batch-Id"] = batch_id
            headers["Nats-Batch-Sequence"] = str(number)
            if number < last:
                await self._client.publish(message.subject, message.body, headers=headers)
                continue
            headers["Nats-Batch-Commit"] = "1"
            answer = await self._client.request(
                message.subject, message.body, timeout=ACKNOWLEDGE_WITHIN, headers=headers
            )
            said = json.loads(answer.data)
            if "error" in said:
                raise APIError.from_error(said["error"])
            if said.get("count") != last:
                raise APIError(code=500, description=f"batch of {last} acknowledged {said.get('count')}")
