"""What waited while nobody could be told: the gravest is told first, and a delay of ours is said, never hidden."""

from datetime import datetime, timedelta

from schemas.reasons import AlertReason, EscalationReason
from schemas.vocabulary import Grade

LONGEST_UNSAID = timedelta(minutes=1)
"""Telling takes some milliseconds; who hears of something a minute late or more is told that it is late."""

Order = tuple[int, bool, datetime]

# Nobody has judged an ungraded incident yet: it goes before what is known to be IV. The console sorts alike.
_GRAVEST_FIRST = (Grade.I, Grade.II, Grade.III, Grade.UNGRADED, Grade.IV, Grade.NON_INCIDENT)


def order(grade: Grade, why: AlertReason | EscalationReason, owed_at: datetime) -> Order:
    """Sort by it: the gravest first, of equals a reminder last, then who has waited longest."""
    return _GRAVEST_FIRST.index(grade), why is AlertReason.OBLIGATION_DUE_SOON, owed_at


def delayed_minutes(owed_at: datetime, now: datetime, rate: float = 1.0) -> int:
    """How many whole minutes late somebody hears of it by our own fault; 0 for what nobody would notice.

    `owed_at` is when she had to be told. `rate` is how fast the county's clock runs: a demo's minute is no delay.
    """
    late = now - owed_at
    return int(late / timedelta(minutes=1)) if late >= LONGEST_UNSAID * max(rate, 1.0) else 0
