"""Times in questions: nobody asks about what lies more than ten years ahead."""

from datetime import datetime

from producers.problems import Fault, Problem
from rules import plausibility


def demand_reach(now: datetime, **asked: datetime | None) -> None:
    """Raises Problem 422 that names the parameter which lies too far ahead."""
    for field, moment in asked.items():
        if moment is not None and not plausibility.is_within_reach(moment, now):
            zh, en = (said.format(moment.isoformat()) for said in plausibility.TOO_FAR_AHEAD)
            raise Problem(422, zh, en, [Fault(field, "invalid", en, zh)])
