"""The ladder that is picked is the most specific one, and there always is one."""

import pytest

from rules.routing import NoDefaultLadderError, climbs, first_step, named, pick
from schemas.county import Ladder, Step
from schemas.reasons import AlertReason
from schemas.vocabulary import Grade

STEP = Step(post="duty_officer", wait_minutes={Grade.IV: 5})


def ladder(name: str, *categories: str, grades: tuple[Grade, ...] = (), steps: int = 2) -> Ladder:
    return Ladder(id=name, categories=categories, grades=grades, steps=(STEP,) * steps)


LADDERS = (
    ladder("default"),
    ladder("severe", grades=(Grade.I, Grade.II)),
    ladder("traffic", "accident.traffic"),
    ladder("traffic_severe", "accident.traffic", grades=(Grade.I,)),
    ladder("expressway", "social_security", "accident.traffic.expressway"),
)


@pytest.mark.parametrize(
    ("category", "grade", "expected"),
    [
        ("public_health.drug", Grade.IV, "default"),
        ("public_health.drug", Grade.II, "severe"),  # a grade beats no grade
        ("accident.traffic.road", Grade.IV, "traffic"),  # a prefix covers what is below it
        ("accident.traffic.road", Grade.I, "traffic_severe"),
        ("accident.traffic.road", Grade.II, "traffic"),  # a category beats a grade
        (
            "accident.traffic.expressway",
            Grade.I,
            "expressway",
        ),  # the deeper category beats category and grade
        ("social_security.foreign", Grade.III, "expressway"),  # any of its categories will do
        ("accident.traffic_light", Grade.IV, "default"),  # a prefix ends at a dot
        (
            "accident.traffic.road",
            Grade.UNGRADED,
            "traffic",
        ),  # ungraded wakes nobody whom only a grade I may wake
        ("public_health.drug", Grade.UNGRADED, "default"),
    ],
)
def test_the_most_specific_ladder_is_picked(category: str, grade: Grade, expected: str) -> None:
    assert pick(LADDERS, category, grade).id == expected


def test_of_two_equal_ladders_the_first_in_the_file_is_picked() -> None:
    assert (
        pick((ladder("default"), ladder("a", "warning"), ladder("b", "warning")), "warning", Grade.I).id
        == "a"
    )


def test_without_a_default_it_says_so_instead_of_telling_nobody() -> None:
    with pytest.raises(NoDefaultLadderError, match=r"no ladder for other grade IV"):
        pick(LADDERS[1:], "other", Grade.IV)


def test_an_alert_whose_ladder_is_gone_climbs_the_default() -> None:
    assert named(LADDERS, "traffic").id == "traffic"
    assert named(LADDERS, "of_last_year").id == "default"
    with pytest.raises(NoDefaultLadderError):
        named(LADDERS[1:], "of_last_year")


def test_a_breach_starts_above_the_duty_officer() -> None:
    assert first_step(ladder("two"), AlertReason.OBLIGATION_BREACHED) == 1
    assert first_step(ladder("one", steps=1), AlertReason.OBLIGATION_BREACHED) == 0
    assert first_step(ladder("two"), AlertReason.INCIDENT_REPORTED) == 0


def test_only_a_reminder_does_not_climb() -> None:
    assert {why for why in AlertReason if not climbs(why)} == {AlertReason.OBLIGATION_DUE_SOON}
