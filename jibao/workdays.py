"""Business days of the countries whose packs count in them, from a kept library.

It knows China's statutory holidays and make-up workdays (调休) as far as the State Council has published them; of a
later year it knows the statutory days alone, and nothing here fails for a year that is missing.
"""

from functools import cache

import holidays

from rules.workdays import Holidays, Workdays

COUNTRIES = ("CN", "US")
YEARS = range(2004, 2046)


@cache
def known_holidays() -> Holidays:
    """By country; read once."""
    found: dict[str, Workdays] = {}
    for code in COUNTRIES:
        days = holidays.country_holidays(code, years=YEARS)
        found[code] = Workdays(frozenset(days), frozenset(days.weekend_workdays))
    return found
