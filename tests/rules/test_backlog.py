"""What waited while nobody could be told: in which order, and how late by our own fault."""

from datetime import timedelta

import pytest

from rules import backlog
from schemas.reasons import AlertReason, EscalationReason
from schemas.vocabulary import Grade
from tests.reports import START

NEW, SOON, AGAIN = (
    AlertReason.INCIDENT_REPORTED,
    AlertReason.OBLIGATION_DUE_SOON,
    EscalationReason.UNANSWERED,
)


def test_the_gravest_comes_first_then_a_reminder_last_then_who_has_waited_longest() -> None:
    early, late = START, START + timedelta(minutes=5)
    wanted = [
        (Grade.I, NEW, late),  # however short its wait
        (Grade.I, SOON, early),  # a reminder after what already happened
        (Grade.II, AGAIN, late),
        (Grade.III, NEW, early),
        (Grade.III, NEW, late),
        (Grade.UNGRADED, NEW, early),  # nobody has judged it yet
        (Grade.IV, NEW, early),
        (Grade.NON_INCIDENT, NEW, early),
    ]
    assert sorted(reversed(wanted), key=lambda one: backlog.order(*one)) == wanted


def test_every_grade_has_its_place() -> None:
    assert len({backlog.order(grade, NEW, START) for grade in Grade}) == len(Grade)


@pytest.mark.parametrize(
    ("late", "rate", "minutes"),
    [
        (timedelta(seconds=59), 1, 0),  # nobody would notice
        (timedelta(seconds=60), 1, 1),
        (timedelta(minutes=7, seconds=59), 1, 7),  # whole minutes
        (timedelta(seconds=-5), 1, 0),  # another machine's clock is ahead
        (
            timedelta(minutes=5),
            60,
            0,
        ),  # five seconds on the wall beside a clock that runs sixty times as fast
        (timedelta(minutes=90), 60, 90),
        (timedelta(seconds=60), 0.5, 1),
    ],
)
def test_a_delay_is_said_from_a_minute_on(late: timedelta, rate: float, minutes: int) -> None:
    assert backlog.delayed_minutes(START, START + late, rate) == minutes
