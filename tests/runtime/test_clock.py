"""One place knows the time: real, faster than real for a demonstration, or standing still for a test."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.clock import Clock, ManualClock

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LONG = timedelta(seconds=30)


def test_it_shows_real_time_when_nothing_is_said() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert Clock.parse("").of(moment) == moment
    assert abs(Clock.parse("").now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_runs_faster_from_its_origin() -> None:
    clock = Clock(origin=START, started=START + timedelta(days=1), rate=60)
    assert clock.of(START + timedelta(seconds=10)) == START + timedelta(days=1, minutes=10)


# hypothesis wants its bounds without a zone and adds one itself
FIRST, LAST = datetime(2000, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001


@given(st.datetimes(min_value=FIRST, max_value=LAST), st.floats(0.001, 10_000))
def test_it_reads_back_what_it_writes(moment: datetime, rate: float) -> None:
    clock = Clock(START, moment.replace(tzinfo=UTC), rate)
    later = START + timedelta(minutes=7)
    assert Clock.parse(str(clock)).of(later) == clock.of(later)


@pytest.mark.parametrize("rate", [0, -1])
def test_it_never_runs_backward(rate: float) -> None:
    with pytest.raises(ValueError, match="forward"):
        Clock(START, START, rate)


@pytest.mark.parametrize("text", ["x", "a|b|c", f"{START}|{START}"])
def test_it_refuses_a_text_that_is_no_clock(text: str) -> None:
    with pytest.raises(ValueError):
        Clock.parse(text)


async def test_it_wakes_at_once_for_a_moment_that_has_passed() -> None:
    await asyncio.wait_for(Clock().wait(datetime(2020, 1, 1, tzinfo=UTC), asyncio.Event(), LONG), 2)


async def test_it_wakes_when_it_is_called() -> None:
    woken = asyncio.Event()
    waiting = asyncio.create_task(Clock().wait(None, woken, LONG))
    await asyncio.sleep(0)
    woken.set()
    await asyncio.wait_for(waiting, 2)


async def test_it_sleeps_shorter_where_time_runs_faster() -> None:
    clock = Clock(datetime.now(UTC), START, rate=10_000)
    await asyncio.wait_for(clock.wait(START + timedelta(minutes=5), asyncio.Event(), LONG), 5)
    assert clock.now() >= START + timedelta(minutes=5)


async def test_a_manual_clock_stands_still_until_it_is_moved() -> None:
    clock = ManualClock(START)
    waiting = asyncio.create_task(clock.wait(START + timedelta(minutes=1), asyncio.Event(), LONG))
    await asyncio.sleep(0)
    assert (clock.now(), waiting.done()) == (START, False)
    assert clock.move(timedelta(minutes=1)) == START + timedelta(minutes=1)
    await asyncio.wait_for(waiting, 2)


async def test_a_manual_clock_remembers_what_it_showed() -> None:
    clock = ManualClock(START)
    before = datetime.now(UTC)
    clock.move(timedelta(hours=1))
    assert clock.of(before) == START
    assert clock.of(datetime.now(UTC) + timedelta(seconds=1)) == START + timedelta(hours=1)
