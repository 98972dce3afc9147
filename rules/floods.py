"""When does one sender send more than a duty room can look at? It is told once; each report is stored all the same."""

from collections.abc import Iterable
from datetime import datetime, timedelta

MOST = 20
WITHIN = timedelta(minutes=5)
AGAIN_AFTER = timedelta(hours=1)
"""The same sender raises the alarm once in so long."""


def recent(times: Iterable[datetime], now: datetime) -> list[datetime]:
    """Those that still count."""
    return [moment for moment in times if now - moment < WITHIN]


def is_flood(count: int) -> bool:
    """Whether so many incidents within `WITHIN` are a flood."""
    return count > MOST


def turn(now: datetime) -> int:
    """A number that changes once in `AGAIN_AFTER`: one alarm has one number, whoever notices it."""
    return int(now.timestamp() // AGAIN_AFTER.total_seconds())
