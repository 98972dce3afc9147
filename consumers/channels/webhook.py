"""A webhook: one signed POST. A clear refusal has failed; no whole answer after the request went out is uncertain.

While a receiver answers, what else it is to be told waits and travels together: a person is called once, not a
hundred times, and a slow address holds up nobody but itself.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import httpx

from consumers.channels import Heard, Letter
from consumers.channels.pace import Pace
from rules import backlog
from runtime.clock import REAL, Clock
from runtime.exchange import AT_ONE_HOST, Bound, exchange, host_of, make_client
from runtime.gather import Gatherer
from runtime.keys import WEBHOOK, key_for
from runtime.signatures import signed
from runtime.turns import Turns
from schemas.alert import Attempt
from schemas.reasons import DeliveryReason
from schemas.vocabulary import AttemptState, Channel

NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
CONNECT_WITHIN = 3.0
ANSWER_WITHIN = 10.0
"""Seconds for the whole exchange, to the last byte of the answer."""
AT_MOST = 100
"""Alerts in one POST, so that it stays below what receivers commonly take."""
MOST_WAITING = 200
"""Alerts that wait for one receiver inside this process; more of them wait on the stream."""


class Webhook:
    """Posts JSON to the person's address, with the attempt's id as `Idempotency-Key`."""

    channel = Channel.WEBHOOK
    repeat_is_harmless = False

    def __init__(self, secret: str, client: httpx.AsyncClient | None = None, clock: Clock = REAL) -> None:
        self._client = client or make_client(CONNECT_WITHIN)
        self._key = key_for(WEBHOOK, secret)
        self._clock = clock  # the receiver compares with her own: real time, also in a demo
        self._hosts = Turns(AT_ONE_HOST)
        self._gatherers: dict[tuple[str, UUID], Gatherer[Letter, Heard]] = {}
        self._of_sender: dict[tuple[str, UUID, UUID | None], Gatherer[Letter, Heard]] = {}

    def is_full(self, attempt: Attempt, sender: UUID | None) -> bool:
        """Whether so much waits for this receiver, or about this sender, that more would crowd out the others."""
        to = (attempt.address, attempt.person_id)
        waiting = [self._gatherers.get(to), self._of_sender.get((*to, sender))]
        return any(one is not None and one.waiting >= MOST_WAITING for one in waiting)

    async def send(self, letter: Letter) -> Heard:
        """Accepted with a 2xx; anything else is said as it is."""
        to = (letter.attempt.address, letter.person.person_id)
        if to not in self._gatherers:
            self._gatherers[to] = Gatherer(partial(self._together, letter.attempt.address), AT_MOST)
        if letter.sender is None:
            return await self._gatherers[to](letter)
        of_sender = (*to, letter.sender)
        if of_sender not in self._of_sender:
            one_call = partial(self._in_one_call, self._gatherers[to])
            self._of_sender[of_sender] = Gatherer(one_call, MOST_WAITING * 2, Pace().wait)
        return await self._of_sender[of_sender](letter)

    async def _in_one_call(self, gatherer: Gatherer[Letter, Heard], letters: Sequence[Letter]) -> list[Heard]:
        """The gravest alert about one sender's incidents stands for all that wait, and says how many more there are."""
        gravest = min(letters, key=lambda letter: backlog.order(letter.grade, letter.why, NO_TIME))
        heard = await gatherer(replace(gravest, more=len(letters) - 1))
        return [heard] * len(letters)

    async def _together(self, address: str, letters: Sequence[Letter]) -> list[Heard]:
        """One POST: the first alert, and under `together` what else waited. All share its answer."""
        first, *others = (_alert(letter) for letter in letters)
        body = json.dumps(first | {"together": others}, ensure_ascii=False).encode()
        return [await self._post(address, first["attempt_id"], body)] * len(letters)

    async def _post(self, address: str, key: str, body: bytes) -> Heard:
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        } | signed(self._key, body, self._clock.now())
        try:
            async with self._hosts.of(host_of(address)):
                answer = await exchange(
                    self._client, "POST", address, Bound(ANSWER_WITHIN), content=body, headers=headers
                )
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.UnsupportedProtocol,
            httpx.InvalidURL,
            UnicodeError,  # a host that is no name
        ) as error:
            return Heard(AttemptState.FAILED, DeliveryReason.UNREACHABLE, type(error).__name__)
        except httpx.TimeoutException as error:
            return Heard(AttemptState.UNCERTAIN, DeliveryReason.TIMED_OUT, type(error).__name__)
        except httpx.HTTPError as error:
            return Heard(AttemptState.UNCERTAIN, DeliveryReason.INTERRUPTED, type(error).__name__)
        if answer.is_success:
            return Heard(AttemptState.DELIVERED, DeliveryReason.ACCEPTED, str(answer.status_code))
        return Heard(AttemptState.FAILED, DeliveryReason.REJECTED, str(answer.status_code))

    async def close(self) -> None:
        """Let go of kept connections."""
        await self._client.aclose()


def _alert(letter: Letter) -> dict[str, Any]:
    """What a receiver reads of one alert."""
    attempt = letter.attempt
    return {
        "attempt_id": str(attempt.attempt_id),
        "alert_id": str(attempt.alert_id),
        "incident_id": letter.incident_id,
        "title": letter.title,
        "grade": letter.grade,
        "why": letter.why,
        "step": attempt.step,
        "round": attempt.round,
        "to": letter.person.name,
        "acknowledge": letter.link,
        "delayed_minutes": letter.delayed_minutes,
        "more_of_this_sender": letter.more,
    }
