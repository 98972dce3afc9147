"""Business days as the library knows them, and what happens in a year that it does not know yet."""

from datetime import date

import pytest

from jibao.workdays import known_holidays


@pytest.mark.parametrize(
    ("country", "day", "worked"),
    [
        ("CN", date(2026, 10, 1), False),  # National Day
        ("CN", date(2026, 10, 10), True),  # the Saturday that makes up for its week
        ("CN", date(2026, 2, 14), True),  # the Saturday before the Spring Festival, worked in exchange
        ("CN", date(2026, 2, 17), False),  # the first day of the Spring Festival
        ("CN", date(2026, 11, 23), True),
        ("CN", date(2026, 11, 22), False),
        ("US", date(2026, 11, 26), False),  # Thanksgiving
        ("US", date(2026, 11, 27), True),
    ],
)
def test_it_knows_which_days_are_worked(country: str, day: date, worked: bool) -> None:
    assert known_holidays()[country].is_workday(day) is worked


def test_a_year_without_published_exchanges_has_its_statutory_days_and_weekends() -> None:
    china = known_holidays()["CN"]
    assert not china.is_workday(date(2040, 10, 1))
    assert china.after(date(2040, 9, 28), 1) > date(2040, 9, 28)


def test_a_year_of_which_nothing_is_known_has_its_weekends() -> None:
    assert known_holidays()["CN"].after(date(2099, 9, 30), 1) == date(2099, 10, 1)
