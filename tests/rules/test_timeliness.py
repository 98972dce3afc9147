"""及时率 is on time ÷ due: never above 100 %, never flattered by what was waived, disputed or not sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.timeliness import Counts, Row, Spread, by_group, measure, overall, ratio, spread
from schemas.vocabulary import ObligationState as State


def rows(group: str, *states: State, late: float = 60) -> list[Row]:
    return [Row(group, state, late if state in (State.LATE, State.MISSED) else 0) for state in states]


@pytest.mark.parametrize(
    ("states", "on_time", "due", "expected"),
    [
        ((State.MET, State.MET, State.LATE, State.MISSED), 2, 4, 0.5),
        ((State.MET, State.WAIVED, State.DISPUTED), 1, 1, 1.0),  # beside it, in neither number
        ((State.WAIVED, State.DISPUTED), 0, 0, None),  # nothing due is not 100 %
        ((State.MISSED,), 0, 1, 0.0),
    ],
)
def test_the_ratio_is_on_time_over_due(
    states: tuple[State, ...], on_time: int, due: int, expected: float | None
) -> None:
    line = overall(rows("青泉镇", *states))
    assert (line.on_time, line.due, line.ratio) == (on_time, due, expected)


def test_what_is_overdue_and_still_open_is_due_and_what_is_not_due_yet_is_not() -> None:
    line = overall([Row("a", State.MET), Row("a", State.OPEN, 300), Row("a", State.OPEN, 0)])
    assert (line.counts.overdue, line.due, line.ratio) == (1, 2, 0.5)
    assert line.late_seconds == Spread()


def test_it_counts_each_unit_for_itself_in_the_order_of_names() -> None:
    lines = by_group([*rows("b", State.LATE), *rows("a", State.MET), *rows("b", State.MET)])
    assert [(line.group, line.ratio) for line in lines] == [("a", 1.0), ("b", 0.5)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], Spread()),
        ([30], Spread(30, 30, 30)),
        ([10, 20, 30, 40], Spread(20, 40, 40)),  # the lower middle, a value that really happened
        (list(range(1, 101)), Spread(50, 90, 100)),
    ],
)
def test_lateness_is_told_by_median_and_tail(values: list[float], expected: Spread) -> None:
    assert spread(reversed(values)) == expected


def test_a_missed_report_counts_in_the_lateness() -> None:
    assert overall([Row("a", State.LATE, 60), Row("a", State.MISSED, 7200)]).late_seconds.max == 7200


@pytest.mark.parametrize(("due", "marked"), [(0, True), (4, True), (5, False)])
def test_a_small_sample_is_marked(due: int, marked: bool) -> None:
    assert overall(rows("a", *[State.MET] * due)).small_sample is marked


def test_counts_from_the_database_give_the_same_line() -> None:
    found = [*rows("a", State.MET, State.LATE, State.WAIVED, State.DISPUTED)]
    assert measure("a", Counts(met=1, late=1, waived=1, disputed=1), Spread(60, 60, 60)) == overall(
        found, "a"
    )


def test_more_on_time_than_due_is_an_error_and_not_a_percentage() -> None:
    with pytest.raises(ValueError, match=r"3 on time of 2 due"):
        ratio(3, 2)


@given(st.lists(st.builds(Row, st.sampled_from("ab"), st.sampled_from(State), st.floats(0, 1e6))))
def test_no_ratio_ever_leaves_0_to_100_percent(found: list[Row]) -> None:
    for line in [*by_group(found), overall(found)]:
        assert 0 <= line.on_time <= line.due
        assert line.ratio is None if line.due == 0 else 0 <= (line.ratio or 0) <= 1


@given(st.lists(st.builds(Row, st.sampled_from("abc"), st.sampled_from(State), st.floats(0, 1e6))))
def test_the_groups_add_up_to_the_whole(found: list[Row]) -> None:
    lines = by_group(found)
    whole = overall(found)
    assert sum(line.due for line in lines) == whole.due
    assert sum(line.on_time for line in lines) == whole.on_time
