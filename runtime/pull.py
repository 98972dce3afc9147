"""A durable consumer's messages, pulled by ourselves: each is handed over in the moment it arrives.

Pull requests stand at the broker one after the other, each with a reply subject of its own, and the next is sent before
the last is used up. A request that ended or was lost is replaced: the broker says so with a status, or its heartbeat is
missing. At most `MOST` messages are asked for or being handled. nats-py's `fetch` holds a message for up to its whole
wait when a message comes between its two requests.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from uuid import uuid4

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from runtime.ending import end

log = logging.getLogger("jibao.pull")
BATCH = 500
MOST = 1000
EXPIRES = 30.0
HEARTBEAT = 2.0
MISSED = 2.5
"""So many heartbeats without a word, and a request counts as lost."""
AGAIN_AFTER = 0.5
"""Seconds before a request that the broker refused is sent again."""
END_WITHIN = 1.0
ENDS_BY_ITSELF = ("404", "408")
MOVED = ("leadership change", "server shutdown", "batch completed")

HandOver = Callable[[Sequence[Msg]], Awaitable[object]]


class Pull:
    """The pull of one durable. `hand_over` gets what lies there; `settled` says that one message is done."""

    def __init__(
        self, client: Client, stream: str, durable: str, hand_over: HandOver, expires: float = EXPIRES
    ) -> None:
        self._client = client
        self._durable = durable
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._hand_over = hand_over
        self._expires = expires
        self._heartbeat = min(HEARTBEAT, expires / 3)
        self._inbox = f"{bytes(client._inbox_prefix).decode()}.{uuid4().hex}"
        self._standing: set[str] = set()
        self._asked = 0
        self._sent = 0
        self._arrived: list[Msg] = []
        self._in_hand: set[int] = set()
        self._groups: set[asyncio.Task[object]] = set()
        self._woken = asyncio.Event()
        self._heard_at = 0.0
        self._not_before = 0.0
        self._ending = False
        self._subscription: Subscription | None = None

    async def run(self) -> None:
        """Pull until it is cancelled or `stop` is called."""
        loop = asyncio.get_running_loop()
        if self._subscription is None:
            self._subscription = await self._client.subscribe(f"{self._inbox}.*", cb=self._hear)
        self._heard_at = loop.time()
        while not self._ending:
            self._hand_on()
            self._notice_silence(loop.time())
            await self._ask(loop.time())
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_again_in(loop.time())):
                    await self._woken.wait()
            self._woken.clear()

    def ask_again(self) -> None:
        """The connection was lost and is back: nobody knows which requests are still standing."""
        self._forget()
        self._not_before = 0.0
        self._woken.set()

    def settled(self, message: Msg) -> None:
        """This message is done with, so another may be asked for."""
        self._in_hand.discard(id(message))
        if self._room() > 0 and self._asked < BATCH // 2:
            self._woken.set()

    async def stop(self) -> None:
        """Ask for nothing more. What still comes goes back to the broker at once, for somebody else."""
        self._ending = True
        self._woken.set()
        arrived, self._arrived = self._arrived, []
        with suppress(NatsError, TimeoutError, OSError):
            async with asyncio.timeout(END_WITHIN):
                for message in arrived:
                    await message.nak()
                if self._subscription is not None:
                    await self._subscription.drain()

    async def finish(self) -> None:
        """Cancel what is still being handled."""
        await end(*self._groups)

    async def _hear(self, message: Msg) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        if message.headers is not None and (status := message.headers.get("Status")) is not None:
            self._hear_status(message, status)
        elif not message.reply.startswith("$JS.ACK."):
            log.error("%s: what came on its inbox is no message of the stream", self._durable)
        elif self._ending:
            await message.nak()
        else:
            self._in_hand.add(id(message))
            self._asked = max(self._asked - 1, 0)
            self._arrived.append(message)
            self._woken.set()

    def _hear_status(self, message: Msg, status: str) -> None:
        """100 is a heartbeat; everything else ends the request that it answers, and says what that did not bring."""
        number, headers = message.subject.rsplit(".", 1)[-1], message.headers or {}
        if status == "100" or number not in self._standing:
            return
        self._standing.discard(number)
        missing = headers.get("Nats-Pending-Messages", "")
        self._asked = max(self._asked - int(missing), 0) if missing.isdecimal() and self._standing else 0
        said = headers.get("Description", "")
        if status not in ENDS_BY_ITSELF and not said.lower().startswith(MOVED):
            log.error("%s: the broker refuses to hand out messages: %s %s", self._durable, status, said)
        if status not in ENDS_BY_ITSELF:
            self._not_before = self._heard_at + AGAIN_AFTER
        self._woken.set()

    def _hand_on(self) -> None:
        if not self._arrived:
            return
        messages, self._arrived = self._arrived, []
        group = asyncio.ensure_future(self._carry(messages))
        self._groups.add(group)
        group.add_done_callback(self._groups.discard)

    async def _carry(self, messages: Sequence[Msg]) -> None:
        try:
            await self._hand_over(messages)
        except Exception:
            log.exception("%s: a group failed; the broker hands it out again", self._durable)
        finally:
            for message in messages:
                self.settled(message)

    def _notice_silence(self, now: float) -> None:
        if self._standing and now - self._heard_at > self._heartbeat * MISSED:
            if self._client.is_connected:
                log.warning("%s: the broker is silent; asking again", self._durable)
            self._forget()

    def _forget(self) -> None:
        self._standing.clear()
        self._asked = 0

    async def _ask(self, now: float) -> None:
        """Send the next request when less than half a batch is still to come and there is room for it."""
        room = self._room()
        if self._asked >= BATCH // 2 or now < self._not_before or room < (BATCH // 2 if self._asked else 1):
            return
        if not self._client.is_connected:
            return  # `ask_again` comes with the connection
        self._sent += 1
        number, batch = str(self._sent), min(BATCH, room)
        wish = {
            "batch": batch,
            "expires": int(self._expires * 1e9),
            "idle_heartbeat": int(self._heartbeat * 1e9),
        }
        if not self._asked:
            self._standing.clear()
            self._heard_at = now
        self._standing.add(number)
        self._asked += batch
        try:
            await self._client.publish(self._next, json.dumps(wish).encode(), f"{self._inbox}.{number}")
        except (NatsError, OSError) as error:
            self._forget()
            self._not_before = now + AGAIN_AFTER
            log.warning("%s: could not ask for messages: %s", self._durable, type(error).__name__)

    def _room(self) -> int:
        return MOST - len(self._in_hand) - self._asked

    def _look_again_in(self, now: float) -> float:
        wait = self._heartbeat * MISSED / 2
        return max(min(wait, self._not_before - now), 0.01) if self._not_before > now else wait
