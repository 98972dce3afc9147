"""How obligations end: which report answers which duty, in time or late, and what closing leaves behind."""

from datetime import datetime

import pytest

from rules.obligations import Filing, lapse, met_before, settle
from rules.planning import plan
from schemas.obligation import Obligation
from schemas.reasons import SettleReason
from schemas.vocabulary import Medium, NodeRole, ObligationState, Stage
from tests.rules.cases import at, limit, make_case, make_packs, row

MET, LATE = ObligationState.MET, ObligationState.LATE
SLOTS = limit('at = ["08:00", "17:00"]', within=None, stage="follow_up")


def owed(*limits: str, now: datetime | None = None) -> list[Obligation]:
    return [row(planned) for planned in plan(make_case(), make_packs(*limits), now or at("08:20"))]


def filing(
    at_: datetime, stage: Stage = Stage.FIRST, medium: Medium = Medium.WRITTEN, **changes: object
) -> Filing:
    values: dict[str, object] = {"from_node": "township-1", "to_role": NodeRole.COUNTY}
    return Filing(stage=stage, medium=medium, at=at_, **(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "by", "meets"),
    [
        # a phone call never closes the written obligation
        ("written", Medium.PHONE, False),
        ("written", Medium.WRITTEN, True),
        ("written", Medium.NETWORK, True),
        # nor a text the call
        ("phone", Medium.PHONE, True),
        ("phone", Medium.WRITTEN, False),
        ("phone", Medium.NETWORK, False),
        # 网络直报 only by the network
        ("network", Medium.NETWORK, True),
        ("network", Medium.WRITTEN, False),
        ("network", Medium.PHONE, False),
        ("any", Medium.PHONE, True),
        ("any", Medium.WRITTEN, True),
        ("any", Medium.NETWORK, True),
    ],
)
def test_a_medium_meets_only_what_asks_for_it(asked: str, by: Medium, meets: bool) -> None:
    assert bool(settle(owed(limit(medium=asked)), filing(at("08:30"), medium=by), at("08:30"))) is meets


@pytest.mark.parametrize(
    ("done", "outcome", "late_by"),
    [("09:09:59", MET, 0), ("09:10", MET, 0), ("09:10:01", LATE, 1), ("11:10", LATE, 7200)],
)
def test_it_is_met_up_to_the_due_second_and_late_after_it(
    done: str, outcome: ObligationState, late_by: int
) -> None:
    (settled,) = settle(owed(limit()), filing(at(done)), at("12:00"))
    assert (settled.outcome, settled.late_by.total_seconds()) == (outcome, late_by)
    assert (settled.obligation.state, settled.obligation.done_at) == (outcome, at(done))
    assert settled.obligation.reason == SettleReason.REPORTED == settled.reason


@pytest.mark.parametrize(
    ("stage", "by", "meets"),
    [
        ("first", Stage.FIRST, True),
        ("first", Stage.FOLLOW_UP, True),  # the first text after a call, whatever its sender calls it
        ("first", Stage.FINAL, True),
        ("first", Stage.CORRECTION, False),
        ("final", Stage.FINAL, True),
        ("final", Stage.FOLLOW_UP, False),
        ("follow_up", Stage.FINAL, True),
        ("follow_up", Stage.FIRST, False),
    ],
)
def test_a_later_stage_does_what_an_earlier_one_left_undone(stage: str, by: Stage, meets: bool) -> None:
    assert bool(settle(owed(limit(stage=stage)), filing(at("08:30"), stage=by), at("08:30"))) is meets


@pytest.mark.parametrize(
    ("changes", "meets"),
    [
        ({}, True),
        ({"to_role": None}, True),
        ({"to_role": NodeRole.CITY}, False),
        ({"from_node": "township-2"}, False),
    ],
)
def test_only_its_sender_to_its_recipient_meets_it(changes: dict[str, object], meets: bool) -> None:
    assert bool(settle(owed(limit()), filing(at("08:30"), **changes), at("08:30"))) is meets


@pytest.mark.parametrize(
    ("done", "meets"),
    [
        # a report before the last slot belongs to that slot
        ("16:59:59", False),
        # at the slot itself the new window begins
        ("17:00", True),
        ("23:00", True),
    ],
)
def test_a_report_from_before_the_window_does_not_meet_the_slot(done: str, meets: bool) -> None:
    follow_up = filing(at(done), stage=Stage.FOLLOW_UP)
    assert bool(settle(owed(SLOTS, now=at("17:30")), follow_up, at("23:30"))) is meets


def test_one_late_follow_up_answers_the_missed_slots_and_not_the_next_one_too() -> None:
    slots = [*owed(SLOTS), *owed(SLOTS, now=at("17:30"))]
    settled = settle(slots, filing(at("17:30"), stage=Stage.FOLLOW_UP), at("17:30"))
    assert [(one.obligation.due_at, one.outcome) for one in settled] == [(at("17:00"), LATE)]


def test_a_final_report_answers_every_slot() -> None:
    slots = [*owed(SLOTS), *owed(SLOTS, now=at("17:30"))]
    settled = settle(slots, filing(at("17:30"), stage=Stage.FINAL), at("17:30"))
    assert [one.outcome for one in settled] == [LATE, MET]


def test_elapsed_time_is_not_answered_by_a_report_from_before_it() -> None:
    rows = owed(limit(elapsed="24 h", within="30 min"))
    assert not settle(rows, filing(at("08:30")), at("08:30"))
    assert settle(rows, filing(at("08:20", day=24)), at("08:20", day=24))


def test_what_is_settled_is_not_settled_again() -> None:
    rows = [one.model_copy(update={"state": LATE}) for one in owed(limit())]
    assert settle(rows, filing(at("08:30")), at("08:30")) == ()
    assert lapse(rows, at("12:00"), SettleReason.INCIDENT_CLOSED) == ()


def test_an_earlier_report_meets_what_a_regrade_made_owed_afterwards() -> None:
    waived = {"state": ObligationState.WAIVED, "reason": SettleReason.OVERDUE_WHEN_KNOWABLE.value}
    rows = [one.model_copy(update=waived) for one in owed(limit())]
    in_time, late = filing(at("08:50")), filing(at("09:50"))
    assert [one.outcome for one in met_before(rows, [late, in_time], at("10:00"))] == [MET]
    assert met_before(rows, [late], at("10:00")) == ()


@pytest.mark.parametrize(
    ("now", "reason", "outcome"),
    [
        # closed in time: nothing was missed
        (at("09:10"), SettleReason.INCIDENT_CLOSED, ObligationState.WAIVED),
        # closed after the limit ran out: never done
        (at("09:10:01"), SettleReason.INCIDENT_CLOSED, ObligationState.MISSED),
        # a duplicate, or no incident at all
        (at("12:00"), SettleReason.NO_LONGER_DUE, ObligationState.WAIVED),
    ],
)
def test_closing_leaves_what_ran_out_as_missed(
    now: datetime, reason: SettleReason, outcome: ObligationState
) -> None:
    (settled,) = lapse(owed(limit()), now, reason)
    assert (settled.outcome, settled.done_at, settled.obligation.reason) == (outcome, None, reason)


def test_a_breach_that_the_clock_has_seen_is_missed_at_closing() -> None:
    rows = [one.model_copy(update={"breached_at": one.due_at}) for one in owed(limit())]
    (settled,) = lapse(rows, at("09:10"), SettleReason.INCIDENT_CLOSED)
    assert settled.outcome is ObligationState.MISSED
