"""Which real moment was it when a clock showed a time? The other way of what it showed at a real moment."""

from datetime import UTC, datetime, timedelta

import pytest

from runtime.clock import REAL, Clock, ManualClock, real_now

ORIGIN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "shown", "real"),
    [
        (REAL, timedelta(minutes=7), timedelta(minutes=7)),
        (Clock(ORIGIN, ORIGIN, rate=60), timedelta(hours=1), timedelta(minutes=1)),
        (Clock(ORIGIN, ORIGIN + timedelta(days=1), rate=60), timedelta(hours=25), timedelta(minutes=1)),
    ],
)
def test_a_straight_clock_is_turned_back(clock: Clock, shown: timedelta, real: timedelta) -> None:
    assert clock.real(ORIGIN + shown) == ORIGIN + real
    assert clock.of(ORIGIN + real) == ORIGIN + shown


def test_a_manual_clock_knows_when_it_was_moved_past_a_time() -> None:
    clock = ManualClock(ORIGIN)
    before = real_now()
    clock.move(timedelta(minutes=20))
    after = real_now()
    assert before <= clock.real(ORIGIN + timedelta(minutes=15)) <= after
    assert clock.real(ORIGIN + timedelta(minutes=20)) >= after  # it shows this still
    assert clock.real(ORIGIN - timedelta(minutes=1)) < before
