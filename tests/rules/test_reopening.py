"""What a closing ended comes back as it would stand by the time of the reopening."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.obligations import lapse, plan
from rules.reopening import Back, Span, bring_back
from rules.settling import Filing
from schemas.obligation import Obligation
from schemas.reasons import SettleReason
from schemas.vocabulary import Medium, ObligationState, Stage
from tests.rules.cases import NODES, at, limit, make_case, make_packs, row

PACKS = make_packs(limit(within="60 min"), limit(id="F", stage="final", within="10 h"))
CASE = make_case()
DUE = at("09:10")


def owed(**changes: object) -> Obligation:
    """The first report, due at 09:10."""
    (first,) = [one for one in plan(CASE, PACKS, at("08:10")) if one.duty.stage is Stage.FIRST]
    return row(first, **changes)


def reopened(
    closed: datetime, opened: datetime, *filings: Filing, why: SettleReason = SettleReason.NO_LONGER_DUE,
    **changes: object,
) -> Back:  # fmt: skip
    """The first report after a closing and a reopening."""
    ended = [one.obligation for one in lapse([owed(**changes)], closed, why)]
    return bring_back(ended, filings, Span(closed, opened), CASE, PACKS)


def by(text: str) -> Filing:
    """A first report of the township at this time."""
    township = next(code for role, code in NODES.items() if role == "township")
    return Filing(township, None, Stage.FIRST, Medium.WRITTEN, at(text))


def test_what_is_not_due_yet_is_open_again_under_its_next_revision() -> None:
    back = reopened(at("08:30"), at("08:40"))
    ((again, look),) = back.opened
    assert (again.state, again.reason, again.revision, look) == (ObligationState.OPEN, None, 2, DUE)
    assert [one.revision for one in back.withdrawn] == [1]


def test_what_had_run_out_before_is_overdue_again_and_rings_no_second_time() -> None:
    ((again, look),) = reopened(
        at("09:30"), at("12:00"), why=SettleReason.INCIDENT_CLOSED, breached_at=DUE, detected_at=DUE
    ).opened
    assert (again.state, again.breached_at, look) == (ObligationState.OPEN, DUE, None)


def test_what_had_run_out_unseen_rings_at_once() -> None:
    ((again, look),) = reopened(at("09:30"), at("12:00")).opened
    assert (again.state, look) == (ObligationState.OPEN, DUE)


def test_what_ran_out_while_it_was_closed_stays_waived_with_that_reason() -> None:
    (waived,) = reopened(at("08:30"), at("12:00")).waived
    assert (waived.state, waived.reason, waived.revision) == ("waived", "ran_out_while_closed", 2)


def test_what_was_done_while_it_was_closed_counts_at_its_time() -> None:
    for text, state in (("09:00", ObligationState.MET), ("09:20", ObligationState.LATE)):
        (done,) = reopened(at("08:30"), at("12:00"), by(text)).settled
        assert (done.outcome, done.done_at) == (state, at(text))


def test_a_report_from_before_the_closing_settles_nothing_twice() -> None:
    assert reopened(at("08:30"), at("08:40"), by("08:20")).settled == []


@given(closed=st.integers(0, 240), after=st.integers(0, 240), done=st.integers(-60, 480))
def test_each_obligation_comes_back_once_whatever_the_times(closed: int, after: int, done: int) -> None:
    start = at("08:10")
    end = start + timedelta(minutes=closed)
    filing = by("08:10")
    moved = Filing(filing.from_node, None, filing.stage, filing.medium, start + timedelta(minutes=done))
    back = reopened(end, end + timedelta(minutes=after), moved)
    assert len(back.opened) + len(back.settled) + len(back.waived) == len(back.withdrawn) == 1
