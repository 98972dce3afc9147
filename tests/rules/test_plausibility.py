"""Which claimed times are believed: age, and the order occurred ≤ known ≤ called ≤ received, stopped ≥ occurred."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import lifecycle
from rules.explanation import explain
from rules.lifecycle import Denied
from rules.pack_files import load
from rules.plausibility import Claim, doubt, doubtful, doubtful_after, earliest_stop
from rules.when import clocks_of
from schemas.incident import Incident
from schemas.reasons import Denial, Doubt
from schemas.report import Report
from schemas.vocabulary import NodeRole, Stage

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PACKS = load()


def ago(**delta: float) -> datetime:
    """So long before the receipt."""
    return NOW - timedelta(**delta)


@pytest.mark.parametrize(
    ("occurred", "known", "stopped", "names"),
    [
        (None, None, None, {}),
        (ago(minutes=5), ago(minutes=3), None, {}),
        (ago(minutes=5), ago(minutes=5), None, {}),
        (ago(days=30), None, None, {}),  # at the bound
        (ago(days=30, seconds=1), None, None, {"occurred_at": Doubt.TOO_OLD}),
        (ago(days=365), ago(minutes=3), None, {"occurred_at": Doubt.TOO_OLD}),  # last year typed for this one
        (ago(days=3653), ago(days=3653), None, {"occurred_at": Doubt.TOO_OLD, "known_at": Doubt.TOO_OLD}),
        (ago(minutes=5), ago(minutes=6), None, {"known_at": Doubt.BEFORE_EVENT}),
        (ago(minutes=5), ago(minutes=5, seconds=59), None, {}),  # people write whole minutes
        (ago(minutes=-3), None, None, {"occurred_at": Doubt.AFTER_RECEIPT}),
        (ago(minutes=-2), None, None, {}),  # the other clock may be two minutes ahead
        (ago(hours=-1), ago(minutes=5), None, {"occurred_at": Doubt.AFTER_RECEIPT}),  # known is not to blame
        (ago(minutes=5), None, ago(minutes=9), {"occurred_at": Doubt.AFTER_END}),
        (ago(minutes=9), None, ago(minutes=5), {}),
    ],
)
def test_it_doubts_what_cannot_be(
    occurred: datetime | None, known: datetime | None, stopped: datetime | None, names: dict[str, Doubt]
) -> None:
    claim = Claim(occurred, known, stopped)
    found = {name: doubt(name, claim, NOW) for name in ("occurred_at", "known_at")}
    assert {name: why for name, why in found.items() if why} == names
    assert doubtful(claim, NOW) == tuple(names)


def test_age_alone_is_confirmed_away_and_nothing_else() -> None:
    old = Claim(ago(days=400), ago(days=401))
    assert doubtful(old, NOW, ["occurred_at"]) == ("known_at",)
    assert doubtful(Claim(ago(minutes=5), ago(minutes=9)), NOW, ["known_at", "occurred_at"]) == ("known_at",)


def incident(**changes: Any) -> Incident:
    """An incident that was heard of now."""
    values: dict[str, Any] = {
        "number": "1",
        "category": "accident.fire",
        "received_at": NOW,
        "report_count": 1,
    }
    return Incident(**{"incident_id": uuid4(), **values, **changes})


def later(**changes: Any) -> Report:
    """A later report."""
    return Report(**{"stage": Stage.CORRECTION, "incident_id": uuid4(), **changes})


def test_a_better_time_clears_the_doubt_and_an_unchanged_one_stays_as_it_was() -> None:
    before = incident(occurred_at=ago(days=3653), doubtful_times=("occurred_at",))
    better = before.model_copy(update={"occurred_at": ago(minutes=5)})
    assert doubtful_after(before, better, later(occurred_at=ago(minutes=5))) == ()
    assert doubtful_after(before, before, later()) == ("occurred_at",)
    confirmed = incident(occurred_at=ago(days=400))
    assert doubtful_after(confirmed, confirmed, later()) == ()  # whoever confirmed it once is not asked again
    said = later(times_confirmed=("occurred_at",))
    assert doubtful_after(before, before, said) == ()
    assert doubtful_after(before, before, said.model_copy(update={"occurred_at": ago(days=1)})) == (
        "occurred_at",
    )


def test_a_doubtful_time_counts_as_the_receipt() -> None:
    one = incident(occurred_at=ago(days=3653), known_at=ago(minutes=3), doubtful_times=("occurred_at",))
    assert (one.case().occurred_at, one.case().known_at) == (NOW, ago(minutes=3))
    assert one.occurred_at == ago(days=3653)  # as it was claimed


@pytest.mark.parametrize(
    ("occurred", "marks", "stopped", "denied"),
    [
        (ago(hours=1), (), ago(hours=1), False),
        (ago(hours=1), (), ago(hours=1, seconds=59), False),
        (ago(hours=1), (), ago(hours=1, minutes=1), True),
        (ago(days=400), ("occurred_at",), ago(days=29), False),  # nobody knows when it was
        (ago(days=400), ("occurred_at",), ago(days=31), True),
        (ago(days=400), (), ago(days=399), False),
        (None, (), ago(days=31), True),
        (None, (), datetime(1900, 1, 1, tzinfo=UTC), True),
    ],
)
def test_no_response_ends_before_its_event(
    occurred: datetime | None, marks: tuple[str, ...], stopped: datetime, denied: bool
) -> None:
    begun = earliest_stop(incident(occurred_at=occurred, doubtful_times=marks))
    answer = lifecycle.stop(lifecycle.Standing(), stopped, NOW, begun)
    assert isinstance(answer, Denied) is denied
    if isinstance(answer, Denied):
        assert (answer.reason, answer.at, answer.not_before) == (Denial.IMPLAUSIBLE_TIME, stopped, begun)


def test_nothing_goes_up_before_it_came_in() -> None:
    standing = lifecycle.Standing()
    early = lifecycle.forward(standing, NodeRole.CITY, ago(minutes=1), NOW, NOW)
    assert isinstance(early, Denied) and early.reason is Denial.IMPLAUSIBLE_TIME
    assert not isinstance(lifecycle.forward(standing, NodeRole.CITY, ago(seconds=59), NOW, NOW), Denied)
    assert not isinstance(lifecycle.forward(standing, NodeRole.CITY, None, NOW, NOW), Denied)


FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
ANY_TIME = st.none() | st.sampled_from(
    [
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime(1, 1, 2, tzinfo=UTC),
        ago(days=3),
        NOW,
    ]
)


@given(ANY_TIME, ANY_TIME, ANY_TIME, st.booleans())
def test_no_time_that_an_old_record_may_hold_overflows(
    occurred: datetime | None, known: datetime | None, stopped: datetime | None, old: bool
) -> None:
    one = incident(occurred_at=occurred, known_at=known, stopped_at=stopped, graded_at=occurred)
    one = one.model_copy(update={"received_at": FIRST}) if old else one
    assert all(at is None or 1900 <= at.year <= 2200 for at in clocks_of(one.case())[:4])
    explain(one.case(), PACKS, NOW, with_reasons=True)
    doubtful(Claim.of(one), NOW)
