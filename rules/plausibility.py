"""Can a time that somebody says be true? One rule for the doors, the consumer that stores, the acts and the command."""

from datetime import datetime, timedelta

AHEAD_AT_MOST = timedelta(days=3653)
"""Nobody asks about, or plans for, a moment more than ten years ahead."""

TOO_FAR_AHEAD = (
    "时间 {} 在十年以后；请核对年份",
    "{} is more than ten years ahead; check the year",
)


def is_within_reach(moment: datetime, now: datetime) -> bool:
    """Whether a moment is at most ten years ahead; how far back it may lie is said by `schemas.moment`."""
    return moment <= now + AHEAD_AT_MOST
