"""`jibao stats` for a person: a ratio is never rounded up to the target."""

import pytest

from jibao.stats import minutes, percent


@pytest.mark.parametrize(
    ("on_time", "due", "said"),
    [
        (1, 1, "100.0%"),
        (9_999, 10_000, "99.9%"),
        (999_999, 1_000_000, "99.9%"),
        (57, 100, "57.0%"),
        (0, 3, "0.0%"),
        (0, 0, "—"),
    ],
)
def test_it_never_rounds_up_to_the_target(on_time: int, due: int, said: str) -> None:
    assert percent(on_time, due) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "—"), (0, "0 s"), (0.2, "1 s"), (59.4, "59 s"), (60, "1.0 min"), (780, "13.0 min")],
)
def test_it_never_calls_a_late_moment_nothing(seconds: float | None, said: str) -> None:
    assert minutes(seconds) == said
