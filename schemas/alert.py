"""An alert climbs a ladder until a person acknowledges it; an attempt is one try on one channel."""

from uuid import UUID

from pydantic import AwareDatetime

from schemas.reasons import AlertReason
from schemas.shape import Shape
from schemas.vocabulary import AlertState, AttemptState, Channel, Grade


class Attempt(Shape):
    """One try to reach one person on one channel."""

    attempt_id: UUID
    alert_id: UUID
    step: int
    round: int
    person_id: UUID
    channel: Channel
    address: str = ""
    state: AttemptState = AttemptState.PENDING


class Alert(Shape):
    """One climb of a ladder. `step` counts from 0, `round` from 1; `next_at` is when silence becomes an answer."""

    alert_id: UUID
    incident_id: UUID
    obligation_id: UUID | None = None
    reason: AlertReason
    ladder: str
    grade: Grade
    step: int
    round: int = 1
    state: AlertState
    person_id: UUID | None = None
    raised_at: AwareDatetime
    next_at: AwareDatetime | None = None
    acknowledged_at: AwareDatetime | None = None
    acknowledged_by: UUID | None = None
