"""A webhook: one signed POST. A clear refusal has failed; no whole answer after the request went out is uncertain.

While a receiver answers, what else it is to be told waits and travels together: a person is called once, not a
hundred times, and a slow address holds up nobody but itself.
"""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

import httpx

from consumers.channels import Heard, Letter
from runtime.clock import REAL, Clock
from runtime.exchange import Bound, Hosts, exchange, make_client
from runtime.gather import Gatherer
from runtime.keys import WEBHOOK, key_for
from runtime.signatures import signed
from schemas.alert import Attempt
from schemas.reasons import DeliveryReason
from schemas.vocabulary import AttemptState, Channel

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
        self._hosts = Hosts()
        self._gatherers: dict[tuple[str, object], Gatherer[Letter, Heard]] = {}

    def is_full(self, attempt: Attempt) -> bool:
        """Whether so much waits for this receiver that more would crowd out the others."""
        gatherer = self._gatherers.get((attempt.address, attempt.person_id))
        return gatherer is not None and gatherer.waiting >= MOST_WAITING

    async def send(self, letter: Letter) -> Heard:
        """Accepted with a 2xx; anything else is said as it is."""
        to = (letter.attempt.address, letter.person.person_id)
        if to not in self._gatherers:
            self._gatherers[to] = Gatherer(partial(self._together, letter.attempt.address), AT_MOST)
        return await self._gatherers[to](letter)

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
            async with self._hosts.turn(address):
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
    }
