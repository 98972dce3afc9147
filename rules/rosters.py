"""Who is on duty when: an explicit shift beats a rotation, starts are included, ends are not.

Rotations turn for ever in both directions from their anchor, in absolute hours whatever zone a moment names.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from math import gcd
from typing import NamedTuple

from rules.county_faults import Fault, Finding, finding
from schemas.county import County, Person, Roster, Rotation, Shift

_FILE = "roster.toml"
_MICROSECOND = timedelta(microseconds=1)


class Change(NamedTuple):
    """From `at` on, `login` holds the post; None when nobody does."""

    at: datetime
    login: str | None


def on_duty(roster: Roster, post: str, at: datetime) -> str | None:
    """The login of whoever the roster puts at `post` at that moment."""
    shift = _shift_at(roster, post, at)
    if shift is not None:
        return shift.person
    rotation = _rotation_of(roster, post)
    if rotation is None:
        return None
    return rotation.people[_turn(rotation, at) % len(rotation.people)]


def holder(county: County, post: str, at: datetime) -> str | None:
    """Whoever holds a seat of the ladder then: its fixed holder, else the person on duty."""
    for seat in county.posts:
        if seat.code == post and seat.holder is not None:
            return seat.holder
    return on_duty(county.roster, post, at)


def next_change(roster: Roster, post: str, at: datetime) -> Change | None:
    """The next moment after `at` from which another person, or nobody, holds the post; None if never."""
    now = on_duty(roster, post, at)
    moment = _next_edge(roster, post, at)
    while moment is not None:
        then = on_duty(roster, post, moment)
        if then != now:
            return Change(moment, then)
        moment = _next_edge(roster, post, moment)
    return None


def uncovered(roster: Roster, post: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The gaps in [start, end) in which the roster puts nobody at `post`, in order."""
    if _rotation_of(roster, post) is not None:
        return []
    gaps = []
    covered_to = start
    for shift in sorted((s for s in roster.shifts if s.post == post), key=lambda s: s.starts):
        if shift.ends <= covered_to or shift.ends <= shift.starts:
            continue
        if shift.starts >= end:
            break
        if shift.starts > covered_to:
            gaps.append((covered_to, shift.starts))
        covered_to = shift.ends
    if covered_to < end:
        gaps.append((covered_to, end))
    return gaps


def problems(roster: Roster, people: Iterable[Person]) -> list[Finding]:
    """What is wrong with a roster in itself; one person at two posts is a warning only."""
    return [
        *_unknown_people(roster, {person.login for person in people}),
        *_backward_shifts(roster),
        *_overlapping_shifts(roster),
        *_overlapping_rotations(roster),
        *_at_two_posts(roster),
    ]


def _shift_at(roster: Roster, post: str, at: datetime) -> Shift | None:
    for shift in roster.shifts:
        if shift.post == post and shift.starts <= at < shift.ends:
            return shift
    return None


def _rotation_of(roster: Roster, post: str) -> Rotation | None:
    return next((rotation for rotation in roster.rotations if rotation.post == post), None)


def _turn(rotation: Rotation, at: datetime) -> int:
    """How many whole turns lie between the anchor and `at`; negative before the anchor."""
    # In UTC: two moments of one named zone subtract by the wall clock, wrong across a summer-time change.
    elapsed = at.astimezone(UTC) - rotation.anchor.astimezone(UTC)
    return elapsed // timedelta(hours=rotation.hours)


def _next_edge(roster: Roster, post: str, at: datetime) -> datetime | None:
    """The next moment at which the answer could be another one."""
    shifts = [shift for shift in roster.shifts if shift.post == post]
    edges = [edge for shift in shifts for edge in (shift.starts, shift.ends) if edge > at]
    rotation = _rotation_of(roster, post)
    # Turns that a shift hides, or that bring the same person back, change nothing and would never end.
    if rotation is not None and len(set(rotation.people)) > 1 and _shift_at(roster, post, at) is None:
        edges.append(rotation.anchor + (_turn(rotation, at) + 1) * timedelta(hours=rotation.hours))
    return min(edges, default=None)


def _unknown_people(roster: Roster, logins: set[str]) -> Iterator[Finding]:
    for rotation in roster.rotations:
        for login in dict.fromkeys(rotation.people):
            if login not in logins:
                yield finding(
                    Fault.UNKNOWN_PERSON, _FILE, f"rotation {rotation.post}", key="people", name=login
                )
    for shift in roster.shifts:
        if shift.person not in logins:
            yield finding(Fault.UNKNOWN_PERSON, _FILE, _label(shift), key="person", name=shift.person)


def _backward_shifts(roster: Roster) -> Iterator[Finding]:
    for shift in roster.shifts:
        if shift.ends <= shift.starts:
            yield finding(
                Fault.SHIFT_ENDS_BEFORE_START, _FILE, _label(shift), key="ends", name=str(shift.ends)
            )


def _overlapping_shifts(roster: Roster) -> Iterator[Finding]:
    latest: dict[str, Shift] = {}
    for shift in sorted(roster.shifts, key=lambda s: s.starts):
        before = latest.get(shift.post)
        if before is not None and shift.starts < before.ends and shift.starts < shift.ends:
            yield finding(Fault.SHIFTS_OVERLAP, _FILE, _label(shift), key="starts", name=_label(before))
        if before is None or shift.ends > before.ends:
            latest[shift.post] = shift


def _overlapping_rotations(roster: Roster) -> Iterator[Finding]:
    for one, other in combinations(roster.rotations, 2):
        if one.post == other.post:
            names = f"{', '.join(one.people)} / {', '.join(other.people)}"
            yield finding(Fault.ROTATIONS_OVERLAP, _FILE, f"rotation {one.post}", key="post", name=names)


def _at_two_posts(roster: Roster) -> Iterator[Finding]:
    for one, other in combinations(roster.rotations, 2):
        if one.post != other.post:
            for login in dict.fromkeys(one.people):
                if _ever_meet(one, other, login):
                    label = f"rotation {one.post}"
                    yield finding(Fault.TWO_POSTS_AT_ONCE, _FILE, label, key=other.post, name=login)
    posts = dict.fromkeys([*(r.post for r in roster.rotations), *(s.post for s in roster.shifts)])
    for shift in roster.shifts:
        for post in posts:
            if post != shift.post and _holds_within(roster, post, shift):
                yield finding(Fault.TWO_POSTS_AT_ONCE, _FILE, _label(shift), key=post, name=shift.person)


def _ever_meet(one: Rotation, other: Rotation, login: str) -> bool:
    """Whether two rotations put `login` at both posts at once, ever.

    Both repeat for ever, so the distance between a turn of one and a turn of the other takes every value that
    differs by a multiple of the greatest common divisor of their periods; they meet if one is short enough.
    """
    a, b = timedelta(hours=one.hours) // _MICROSECOND, timedelta(hours=other.hours) // _MICROSECOND
    cycle = gcd(a * len(one.people), b * len(other.people))
    apart = (one.anchor.astimezone(UTC) - other.anchor.astimezone(UTC)) // _MICROSECOND
    for i, here in enumerate(one.people):
        for j, there in enumerate(other.people):
            distance = (apart + i * a - j * b) % cycle
            if here == there == login and (distance < b or cycle - distance < a):
                return True
    return False


def _holds_within(roster: Roster, post: str, shift: Shift) -> bool:
    """Whether the person of `shift` also holds `post` at some moment of it."""
    moment: datetime | None = shift.starts
    while moment is not None and moment < shift.ends:
        if on_duty(roster, post, moment) == shift.person:
            return True
        moment = _next_edge(roster, post, moment)
    return False


def _label(shift: Shift) -> str:
    return f"shift {shift.post} {shift.person} {shift.starts:%Y-%m-%d %H:%M}–{shift.ends:%Y-%m-%d %H:%M}"
