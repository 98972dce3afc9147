"""The duty console: a request to whichever door has that person's console open; no door answers when none is."""

import json

from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeout

from consumers.channels import Heard, Letter
from schemas.reasons import DeliveryReason
from schemas.vocabulary import AttemptState, Channel

ANSWER_WITHIN = 2.0


def subject_of(person_id: object) -> str:
    """Where a door listens for alerts to a person whose console it holds open."""
    return f"console.{person_id}"


class Console:
    """Shown on every console that the person has open."""

    channel = Channel.CONSOLE
    repeat_is_harmless = True

    def __init__(self, client: Client) -> None:
        self._client = client

    async def send(self, letter: Letter) -> Heard:
        """Shown, or nobody is there."""
        attempt = letter.attempt
        body = {
            "alert_id": str(attempt.alert_id),
            "incident_id": letter.incident_id,
            "title": letter.title,
            "grade": letter.grade,
            "why": letter.why,
            "step": attempt.step,
            "round": attempt.round,
            "person_name": letter.person.name,
        }
        try:
            answer = await self._client.request(
                subject_of(attempt.person_id), json.dumps(body).encode(), timeout=ANSWER_WITHIN
            )
        except NoRespondersError:
            return Heard(AttemptState.FAILED, DeliveryReason.NO_CONSOLE_OPEN, again=True)
        except NatsTimeout:
            return Heard(AttemptState.UNCERTAIN, DeliveryReason.TIMED_OUT)
        screens = int(answer.data or b"0")
        if screens == 0:
            return Heard(AttemptState.FAILED, DeliveryReason.NO_CONSOLE_OPEN, again=True)
        return Heard(AttemptState.DELIVERED, DeliveryReason.SHOWN, f"{screens}")
