"""The ways to reach a person, one file each behind one small port: a letter in, what was heard out."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from schemas.alert import Attempt
from schemas.county import Person
from schemas.reasons import AlertReason, DeliveryReason, EscalationReason
from schemas.vocabulary import AttemptState, Channel, Grade


@dataclass(frozen=True)
class Letter:
    """What a channel is asked to tell one person. `link` opens a page on which she can acknowledge.

    `delayed_minutes`: so late does she hear of it by our own fault; 0 as a rule. `sender` reported the incident; `more`
    other alerts about incidents of the same sender are told with this one.
    """

    attempt: Attempt
    incident_id: str
    person: Person
    title: str
    grade: Grade
    why: AlertReason | EscalationReason
    link: str
    delayed_minutes: int = 0
    sender: UUID | None = None
    more: int = 0


@dataclass(frozen=True)
class Heard:
    """What the channel answered. `again`: nobody was there yet, and another try in a moment may find somebody."""

    state: AttemptState
    reason: DeliveryReason
    detail: str = ""
    again: bool = False


class Port(Protocol):
    """A channel. It never raises for what the other side does; that is an answer too."""

    channel: Channel
    repeat_is_harmless: bool
    """True where sending twice shows once; else a try that may have been sent is `uncertain` and not repeated."""

    def is_full(self, attempt: Attempt, sender: UUID | None) -> bool:
        """Whether too much waits for this receiver already; the attempt then waits on the stream, not yet begun."""
        ...

    async def send(self, letter: Letter) -> Heard:
        """Tell one person."""
        ...
