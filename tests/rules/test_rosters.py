"""The roster: an explicit shift beats a rotation, starts are included, ends are not, rotations never stop."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.county_faults import Fault
from rules.rosters import Change, holder, next_change, on_duty, problems, uncovered
from schemas.county import County, Ladder, Person, Post, Roster, Rotation, Shift, Step
from schemas.vocabulary import UserRole

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def shift(person: str, starts: float, ends: float, post: str = "duty_officer") -> Shift:
    return Shift(post=post, person=person, starts=at(starts), ends=at(ends))


def turns(*people: str, hours: int = 24, anchor: float = 0, post: str = "duty_officer") -> Rotation:
    return Rotation(post=post, people=people, anchor=at(anchor), hours=hours)


def people(*logins: str) -> list[Person]:
    return [
        Person(person_id=uuid4(), login=login, name=login, node="990101", role=UserRole.DUTY_OFFICER)
        for login in logins
    ]


@pytest.mark.parametrize(
    ("hours", "who"),
    [
        (0, "li"),  # the anchor begins the first turn
        (23.999, "li"),
        (24, "wang"),  # the end of a turn belongs to the next one
        (48, "li"),  # and round again
        (24 * 1001, "wang"),  # years later
        (-0.001, "wang"),  # before the anchor it turned as well
        (-24, "wang"),
        (-24.001, "li"),
    ],
)
def test_a_rotation_turns_for_ever_in_both_directions(hours: float, who: str) -> None:
    assert on_duty(Roster(rotations=(turns("li", "wang"),)), "duty_officer", at(hours)) == who


@pytest.mark.parametrize(
    ("hours", "who"),
    [
        (9.999, "li"),  # before the shift the rotation holds
        (10, "zhao"),  # its start is included
        (11.999, "zhao"),
        (12, "li"),  # its end is not
    ],
)
def test_a_shift_beats_the_rotation(hours: float, who: str) -> None:
    roster = Roster(rotations=(turns("li", "wang"),), shifts=(shift("zhao", 10, 12),))
    assert on_duty(roster, "duty_officer", at(hours)) == who


def test_nobody_is_on_duty_where_no_shift_stands() -> None:
    assert on_duty(Roster(shifts=(shift("li", 0, 8),)), "duty_officer", at(8)) is None
    assert on_duty(Roster(shifts=(shift("li", 0, 8),)), "duty_leader", at(1)) is None


def test_turns_are_whole_hours_even_when_the_wall_clock_jumps() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = datetime(2026, 10, 25, 0, tzinfo=berlin)  # 25 hours long
    rotation = Rotation(post="duty_officer", people=("li", "wang"), anchor=night, hours=24)
    roster = Roster(rotations=(rotation,))
    assert on_duty(roster, "duty_officer", datetime(2026, 10, 25, 22, 59, tzinfo=berlin)) == "li"
    assert on_duty(roster, "duty_officer", datetime(2026, 10, 25, 23, tzinfo=berlin)) == "wang"


def test_it_says_who_comes_next_and_when() -> None:
    roster = Roster(rotations=(turns("li", "wang"),), shifts=(shift("zhao", 10, 30),))
    assert next_change(roster, "duty_officer", at(0)) == Change(at(10), "zhao")
    assert next_change(roster, "duty_officer", at(10)) == Change(at(30), "wang")
    assert next_change(roster, "duty_officer", at(30)) == Change(at(48), "li")


def test_it_passes_over_a_change_that_brings_the_same_person() -> None:
    roster = Roster(rotations=(turns("li", "li", "wang"),), shifts=(shift("li", 30, 40),))
    assert next_change(roster, "duty_officer", at(1)) == Change(at(48), "wang")


def test_there_is_no_next_change_for_one_person_for_ever() -> None:
    assert next_change(Roster(rotations=(turns("li", "li", hours=1),)), "duty_officer", at(0)) is None
    assert next_change(Roster(), "duty_officer", at(0)) is None


def test_the_end_of_the_last_shift_is_a_change_to_nobody() -> None:
    assert next_change(Roster(shifts=(shift("li", 0, 8),)), "duty_officer", at(1)) == Change(at(8), None)


def test_it_finds_the_gaps_between_shifts_and_at_both_ends() -> None:
    roster = Roster(shifts=(shift("li", 2, 8), shift("wang", 7, 9), shift("zhao", 10, 12)))
    gaps = uncovered(roster, "duty_officer", at(0), at(24))
    assert gaps == [(at(0), at(2)), (at(9), at(10)), (at(12), at(24))]


def test_a_rotation_leaves_no_gap() -> None:
    assert uncovered(Roster(rotations=(turns("li"),)), "duty_officer", at(-9999), at(9999)) == []


SHIFTS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(-2, 20), st.sampled_from(["li", "wang", "zhao"])).map(
        lambda s: shift(s[2], s[0], s[0] + s[1])
    ),
    max_size=8,
).map(tuple)


@given(SHIFTS, st.integers(0, 40), st.integers(0, 40))
def test_every_moment_is_either_in_a_gap_or_has_somebody_on_duty(
    shifts: tuple[Shift, ...], start: int, length: int
) -> None:
    roster = Roster(shifts=shifts)
    gaps = uncovered(roster, "duty_officer", at(start), at(start + length))
    assert all(one[1] < other[0] for one, other in pairwise(gaps))
    for half_hours in range(2 * length):
        moment = at(start) + half_hours * HOUR / 2
        in_gap = any(first <= moment < last for first, last in gaps)
        assert in_gap is (on_duty(roster, "duty_officer", moment) is None)


@given(SHIFTS, st.lists(st.sampled_from(["li", "wang"]), min_size=1, max_size=4), st.integers(1, 30))
def test_between_now_and_the_next_change_nothing_changes(
    shifts: tuple[Shift, ...], names: list[str], hours: int
) -> None:
    roster = Roster(rotations=(turns(*names, hours=hours, anchor=5),), shifts=shifts)
    now = on_duty(roster, "duty_officer", at(0))
    change = next_change(roster, "duty_officer", at(0))
    end = change.at if change else at(200)
    assert all(on_duty(roster, "duty_officer", at(h)) == now for h in range(201) if at(h) < end)
    if change:
        assert change.login == on_duty(roster, "duty_officer", change.at) != now


def test_two_shifts_that_overlap_are_named_both() -> None:
    roster = Roster(shifts=(shift("wang", 7, 16), shift("li", 0, 8)))
    (found,) = problems(roster, people("li", "wang"))
    assert found.fault is Fault.SHIFTS_OVERLAP
    assert "wang" in found.item
    assert "li 2026-11-23 00:00–2026-11-23 08:00" in found.what_en


def test_a_long_shift_overlaps_every_shift_inside_it() -> None:
    roster = Roster(shifts=(shift("li", 0, 100), shift("wang", 1, 2), shift("zhao", 50, 60)))
    faults = [found.fault for found in problems(roster, people("li", "wang", "zhao"))]
    assert faults == [Fault.SHIFTS_OVERLAP, Fault.SHIFTS_OVERLAP]


@pytest.mark.parametrize(
    ("roster", "fault"),
    [
        # two rotations of one post can never both be right
        (Roster(rotations=(turns("li"), turns("wang"))), Fault.ROTATIONS_OVERLAP),
        # somebody nobody knows
        (Roster(rotations=(turns("li", "ghost"),)), Fault.UNKNOWN_PERSON),
        (Roster(shifts=(shift("ghost", 0, 8),)), Fault.UNKNOWN_PERSON),
        # a shift that ends when it begins covers nothing
        (Roster(shifts=(shift("li", 8, 8),)), Fault.SHIFT_ENDS_BEFORE_START),
        # one person in two chairs: by two shifts, a shift and a rotation, two rotations
        (Roster(shifts=(shift("li", 0, 8), shift("li", 7, 9, "duty_leader"))), Fault.TWO_POSTS_AT_ONCE),
        (
            Roster(rotations=(turns("wang", "li"),), shifts=(shift("li", 30, 31, "duty_leader"),)),
            Fault.TWO_POSTS_AT_ONCE,
        ),
        (
            Roster(rotations=(turns("li", "wang"), turns("wang", "li", "zhao", post="duty_leader"))),
            Fault.TWO_POSTS_AT_ONCE,
        ),
    ],
)
def test_it_finds_what_is_wrong_with_a_roster(roster: Roster, fault: Fault) -> None:
    assert {found.fault for found in problems(roster, people("li", "wang", "zhao"))} == {fault}


def test_only_one_person_at_two_posts_is_a_mere_warning() -> None:
    roster = Roster(shifts=(shift("li", 0, 8), shift("li", 7, 9, "duty_leader")))
    assert {found.warning for found in problems(roster, people("li"))} == {True}
    overlapping = Roster(shifts=(shift("li", 0, 8), shift("wang", 7, 9)))
    assert {found.warning for found in problems(overlapping, people("li", "wang"))} == {False}


@pytest.mark.parametrize(
    "roster",
    [
        # the same two people, always at opposite posts
        Roster(rotations=(turns("li", "wang"), turns("wang", "li", post="duty_leader"))),
        # one hands over to himself at another post at the same moment
        Roster(shifts=(shift("li", 0, 8), shift("li", 8, 16, "duty_leader"))),
        # a swap: his own turn is taken by somebody else while he leads
        Roster(
            rotations=(turns("li", "wang"),),
            shifts=(shift("zhao", 0, 24), shift("li", 0, 24, "duty_leader")),
        ),
    ],
)
def test_it_does_not_cry_wolf(roster: Roster) -> None:
    assert problems(roster, people("li", "wang", "zhao")) == []


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 3), st.integers(0, 40))
def test_two_rotations_meet_exactly_when_some_hour_shows_it(a: int, b: int, others: int, offset: int) -> None:
    one = turns("li", *["xu"] * others, hours=a)
    other = turns("li", "ye", "zo", hours=b, anchor=offset, post="duty_leader")
    roster = Roster(rotations=(one, other))
    cycle = a * (1 + others) * b * 3
    meets = any(
        on_duty(roster, "duty_officer", at(h)) == on_duty(roster, "duty_leader", at(h)) == "li"
        for h in range(cycle)
    )
    faults = [found.fault for found in problems(roster, people("li", "xu", "ye", "zo"))]
    assert faults == [Fault.TWO_POSTS_AT_ONCE] * meets


def test_a_fixed_holder_needs_no_roster() -> None:
    county = County(
        code="990101",
        name="云岭县",
        phone="0990-5550100",
        nodes=(),
        people=(),
        posts=(Post(code="head", name="县长", holder="zhou"), Post(code="duty_officer", name="值班员")),
        roster=Roster(rotations=(turns("li"),)),
        ladders=(Ladder(id="default", steps=(Step(post="head", wait_minutes={}),)),),
    )
    assert holder(county, "head", at(0)) == "zhou"
    assert holder(county, "duty_officer", at(0)) == "li"
    assert holder(county, "nobody", at(0)) is None
