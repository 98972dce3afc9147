"""Which days are worked in one country: weekdays without its holidays, and the weekend days that make up for them.

The days come from outside as data; a year of which nothing is known has its weekends and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Workdays:
    """`off` are holidays, `worked` the weekend days on which people work (调休上班)."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked."""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    def after(self, day: date, count: int) -> date:
        """The `count`-th workday after `day`, which does not count itself."""
        while count > 0:
            day += DAY
            count -= self.is_workday(day)
        return day


WEEKENDS = Workdays()
"""A country of which no holiday is known."""

Holidays = Mapping[str, Workdays]
"""By ISO 3166 code of the country, as a pack's `holidays` names it."""

NO_HOLIDAYS: Holidays = MappingProxyType({})


class Calendar(NamedTuple):
    """What wall-clock times and business days of one pack are read by."""

    zone: ZoneInfo
    workdays: Workdays = WEEKENDS
