"""The duty console: a request to whichever door has that person's console open; no door answers when none is."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeout

from consumers.channels import Heard, Letter
from runtime.gather import Gatherer
from schemas.alert import Attempt
from schemas.reasons import DeliveryReason
from schemas.vocabulary import AttemptState, Channel

ANSWER_WITHIN = 2.0


def subject_of(person_id: object) -> str:
    """Where a door listens for alerts to a person whose console it holds open."""
    return f"console.{person_id}"


class Console:
    """Shown on every console that the person has open; alerts for one person that wait together travel together."""

    channel = Channel.CONSOLE
    repeat_is_harmless = True

    def __init__(self, client: Client) -> None:
        self._client = client
        self._gather: Gatherer[Letter, Heard] = Gatherer(self._together)

    def is_full(self, attempt: Attempt, sender: UUID | None) -> bool:
        """Never: an answer comes within 2 s or not at all, and all that waits for one person is one request."""
        return False

    async def send(self, letter: Letter) -> Heard:
        """Shown, or nobody is there."""
        return await self._gather(letter)

    async def _together(self, letters: Sequence[Letter]) -> list[Heard]:
        by_person: dict[UUID, list[Letter]] = defaultdict(list)
        for letter in letters:
            by_person[letter.person.person_id].append(letter)
        answers = await asyncio.gather(*(self._show(whose, alerts) for whose, alerts in by_person.items()))
        heard = dict(zip(by_person, answers, strict=True))
        return [heard[letter.person.person_id] for letter in letters]

    async def _show(self, person_id: UUID, letters: Sequence[Letter]) -> Heard:
        body = json.dumps([_alert(letter) for letter in letters], ensure_ascii=False)
        try:
            answer = await self._client.request(subject_of(person_id), body.encode(), timeout=ANSWER_WITHIN)
        except NoRespondersError:
            return Heard(AttemptState.FAILED, DeliveryReason.NO_CONSOLE_OPEN, again=True)
        except NatsTimeout:
            return Heard(AttemptState.UNCERTAIN, DeliveryReason.TIMED_OUT)
        screens = int(answer.data or b"0")
        if screens == 0:
            return Heard(AttemptState.FAILED, DeliveryReason.NO_CONSOLE_OPEN, again=True)
        return Heard(AttemptState.DELIVERED, DeliveryReason.SHOWN, f"{screens}")


def _alert(letter: Letter) -> dict[str, object]:
    """What a screen shows of it."""
    return {
        "alert_id": str(letter.attempt.alert_id),
        "incident_id": letter.incident_id,
        "title": letter.title,
        "grade": letter.grade,
        "why": letter.why,
        "step": letter.attempt.step,
        "round": letter.attempt.round,
        "person_name": letter.person.name,
        "delayed_minutes": letter.delayed_minutes,
    }
