"""Other packs, asked about what has happened: whose deadlines move, and who would not have been in time."""

from datetime import datetime, timedelta

import pytest

from rules.dry_run import Moved, Past, Shift, dry_run
from rules.settling import Lane
from schemas.incident import Case
from schemas.vocabulary import Medium, NodeRole, Stage
from tests.rules.cases import at, limit, make_case, make_packs

LANE: Lane = (NodeRole.TOWNSHIP, NodeRole.COUNTY, Stage.FIRST, Medium.ANY)


def moved(old: str, new: str, done: datetime | None = None, case: Case | None = None) -> list[Moved]:
    past = Past(case or make_case(), at("08:20"), {LANE: done} if done else {})
    return dry_run([past], make_packs(old), make_packs(new))


@pytest.mark.parametrize(
    ("new", "shifts"),
    [
        (limit(), []),
        (limit(id="other"), []),  # another clause, the same time
        (limit(within="50 min"), [Shift.EARLIER]),
        (limit(within="70 min"), [Shift.LATER]),
        (limit(medium="phone"), [Shift.GONE, Shift.NEW]),
        (limit(applies='{ grades = ["I"] }'), [Shift.GONE]),
        (limit() + limit(id="L2", stage="final"), [Shift.NEW]),
        (limit() + limit(id="L2", window=True, stage="correction"), []),  # a right is no deadline
    ],
)
def test_it_says_what_happens_to_each_duty(new: str, shifts: list[Shift]) -> None:
    assert [one.shift for one in moved(limit(), new)] == shifts


@pytest.mark.parametrize(
    ("within", "done", "late"),
    [
        ("30 min", at("08:41"), True),
        ("30 min", at("08:40"), False),  # on the second is in time
        ("30 min", at("09:11"), False),  # it was late then too
        ("30 min", None, False),
        ("90 min", at("08:41"), False),
    ],
)
def test_it_finds_who_would_not_have_been_in_time(within: str, done: datetime | None, late: bool) -> None:
    (one,) = moved(limit(), limit(within=within), done)
    assert one.late is late


def test_a_slot_is_compared_with_a_slot_and_an_incident_that_is_over_counts() -> None:
    slots = limit('at = ["17:00"]', within=None, stage="follow_up")
    earlier = limit('at = ["15:00"]', within=None, stage="follow_up")
    case = make_case(closed_at=at("12:00"))
    (one,) = moved(slots, earlier, case=case)
    assert (one.shift, one.unit) == (Shift.EARLIER, "township-1")
    assert one.before is not None and one.after is not None
    assert one.before.due_at - one.after.due_at == timedelta(hours=2)


def test_who_takes_no_part_owes_nothing_before_or_after() -> None:
    case = make_case(nodes={NodeRole.COUNTY: "county-1"})
    assert moved(limit(), limit(within="30 min"), case=case) == []
