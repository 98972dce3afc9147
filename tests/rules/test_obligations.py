"""What a fact changes in the record: retroactive grades, kept due times, waivers, slots; twice the same, nothing."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from rules.obligations import Changes, changes, obligation_of, plan
from rules.packs import Packs
from schemas.incident import Case
from schemas.obligation import Obligation
from schemas.reasons import OpenReason, SettleReason
from schemas.vocabulary import Grade, ObligationState
from tests.rules.cases import apply, at, limit, make_case, make_packs

IV_6H = limit(id="IV", applies='{ grades = ["IV"] }', within="360 min", medium="written")
III_1H = limit(id="III", applies='{ grades = ["III"] }', within="60 min", medium="written")
TWICE_A_DAY = limit(
    'at = ["08:00", "17:00"]', id="slots", applies='{ grades = ["III"] }', within=None, stage="follow_up"
)
GRADED = make_packs(IV_6H, III_1H, TWICE_A_DAY)


def ask(
    case: Case, packs: Packs, rows: list[Obligation], now: datetime, why: OpenReason = OpenReason.REGRADED
) -> Changes:
    return changes(plan(case, packs, now), rows, now, why)


def opened(case: Case, packs: Packs, now: datetime) -> list[Obligation]:
    return apply(ask(case, packs, [], now, OpenReason.REPORTED), [], case, now)


def test_a_first_report_that_comes_too_late_opens_a_genuine_breach() -> None:
    case = make_case()
    late = ask(case, make_packs(limit()), [], at("11:00"), OpenReason.REPORTED)
    (opening,) = late.open
    assert not opening.overdue_when_knowable
    row = obligation_of(opening, case, uuid4(), at("11:00"))
    assert (row.state, row.due_at, row.from_node) == (ObligationState.OPEN, at("09:10"), "township-1")


def test_what_was_overdue_when_it_became_knowable_does_not_count_as_late() -> None:
    case = make_case(grade=Grade.III)
    found = ask(case, make_packs(limit(id="III", applies='{ grades = ["III"] }')), [], at("11:00"))
    (opening,) = found.open
    assert opening.overdue_when_knowable
    row = obligation_of(opening, case, uuid4(), at("11:00"))
    assert (row.state, row.reason) == (ObligationState.WAIVED, SettleReason.OVERDUE_WHEN_KNOWABLE)


def test_a_higher_grade_counts_from_the_same_origin() -> None:
    case = make_case(grade=Grade.IV)
    rows = opened(case, GRADED, at("08:20"))
    raised = ask(case.model_copy(update={"grade": Grade.III}), GRADED, rows, at("08:40"))
    (revision,) = raised.revise
    assert (revision.planned.binding.id, revision.planned.due_at) == ("III", at("09:10"))
    assert [one.planned.duty.stage for one in raised.open] == ["follow_up"]


def test_a_stricter_limit_that_has_already_run_out_keeps_the_old_due_time_and_stands_beside() -> None:
    case = make_case(grade=Grade.IV)
    rows = opened(case, GRADED, at("08:20"))
    case = case.model_copy(update={"grade": Grade.III})
    raised = ask(case, GRADED, rows, at("10:00"))
    (revision,) = raised.revise
    assert (revision.planned.due_at, revision.planned.binding.id) == (at("14:10"), "IV")
    assert [(other.id, other.due_at) for other in revision.planned.others] == [("III", at("09:10"))]
    after = apply(raised, rows, case, at("10:00"))
    assert ask(case, GRADED, after, at("10:01")) == Changes()


def test_a_lower_grade_waives_what_is_owed_no_longer_and_gives_more_time() -> None:
    case = make_case(grade=Grade.III)
    rows = opened(case, GRADED, at("08:20"))
    lowered = ask(case.model_copy(update={"grade": Grade.IV}), GRADED, rows, at("08:40"))
    assert [waiver.obligation.duty.stage for waiver in lowered.waive] == ["follow_up"]
    assert [revision.planned.due_at for revision in lowered.revise] == [at("14:10")]


def test_a_breach_stays_as_it_was_announced() -> None:
    case = make_case(grade=Grade.III)
    rows = [one.model_copy(update={"breached_at": one.due_at}) for one in opened(case, GRADED, at("08:20"))]
    lowered = ask(case.model_copy(update={"grade": Grade.NON_INCIDENT}), GRADED, rows, at("08:40"))
    assert lowered == Changes()


@pytest.mark.parametrize("state", [ObligationState.MET, ObligationState.LATE, ObligationState.MISSED])
def test_what_is_settled_never_changes(state: ObligationState) -> None:
    case = make_case(grade=Grade.III)
    packs = make_packs(IV_6H, III_1H)
    rows = [one.model_copy(update={"state": state}) for one in opened(case, packs, at("08:20"))]
    for grade in (Grade.III, Grade.IV, Grade.NON_INCIDENT):
        assert ask(case.model_copy(update={"grade": grade}), packs, rows, at("08:40")) == Changes()


def test_a_waived_duty_comes_back_under_a_number_of_its_own() -> None:
    case = make_case(grade=Grade.III)
    no_incident = case.model_copy(update={"grade": Grade.NON_INCIDENT})
    packs = make_packs(III_1H)
    rows = opened(case, packs, at("08:20"))
    rows = apply(ask(no_incident, packs, rows, at("08:25")), rows, no_incident, at("08:25"))
    again = ask(case, packs, rows, at("08:30"))
    (opening,) = again.open
    assert (opening.planned.duty.occurrence, opening.planned.due_at) == (2, at("09:10"))
    assert ask(case, packs, apply(again, rows, case, at("08:30")), at("08:31")) == Changes()


def test_the_next_slot_opens_when_the_last_one_has_passed() -> None:
    case, packs = make_case(), make_packs(TWICE_A_DAY)
    rows = opened(case, packs, at("08:20"))
    assert ask(case, packs, rows, at("16:59"), OpenReason.NEXT_OCCURRENCE) == Changes()
    later = ask(case, packs, rows, at("17:00"), OpenReason.NEXT_OCCURRENCE)
    (opening,) = later.open
    assert (opening.planned.due_at, opening.planned.duty.occurrence) == (at("08:00", day=24), 2)
    assert (later.revise, later.waive) == ((), ())


def test_a_corrected_occurrence_keeps_the_slots_and_never_reuses_a_number() -> None:
    case, packs = make_case(), make_packs(TWICE_A_DAY)
    rows = opened(case, packs, at("08:20"))
    rows = [one.model_copy(update={"state": ObligationState.MET, "done_at": at("16:00")}) for one in rows]
    rows = apply(ask(case, packs, rows, at("17:00"), OpenReason.NEXT_OCCURRENCE), rows, case, at("17:00"))
    later = case.model_copy(update={"occurred_at": at("17:30")})
    assert ask(later, packs, rows, at("18:00"), OpenReason.FACTS_CHANGED) == Changes()
    follow = ask(later, packs, rows, at("08:00", day=24), OpenReason.NEXT_OCCURRENCE)
    assert [one.planned.duty.occurrence for one in follow.open] == [3]


def test_a_corrected_occurrence_moves_an_interval() -> None:
    case, packs = make_case(), make_packs(limit('every = "12 h"', within=None, stage="follow_up"))
    rows = opened(case, packs, at("08:20"))
    moved = case.model_copy(update={"occurred_at": at("08:00")})
    found = ask(moved, packs, rows, at("08:30"), OpenReason.FACTS_CHANGED)
    assert [one.planned.due_at for one in found.revise] == [at("20:00")]
    assert (found.open, found.waive) == ((), ())


def test_a_follow_up_that_met_one_clauses_slot_serves_the_other_clauses_window() -> None:
    packs = make_packs(
        limit('at = ["08:00", "17:00"]', id="slots", within=None, stage="follow_up"),
        limit('every = "10 h"', id="interval", within=None, stage="follow_up"),
    )
    case = make_case()
    rows = opened(case, packs, at("08:20"))
    rows = [one.model_copy(update={"state": ObligationState.MET, "done_at": at("16:00")}) for one in rows]
    # the interval's own window, 08:10 to 18:10, has had its report at 16:00
    assert ask(case, packs, rows, at("17:00"), OpenReason.NEXT_OCCURRENCE) == Changes()


def test_the_end_of_the_response_brings_the_final_report_forward() -> None:
    bound = 'not_later_than = { clock = "occurred", within = "15 d" }'
    packs = make_packs(limit(bound, clock="stopped", within="24 h", stage="final"))
    case = make_case()
    rows = opened(case, packs, at("08:20"))
    stopped = case.model_copy(update={"stopped_at": at("12:00")})
    found = ask(stopped, packs, rows, at("12:05"), OpenReason.STOPPED)
    assert [one.planned.due_at for one in found.revise] == [at("12:00", day=24)]


def test_a_new_version_of_a_pack_does_not_rewrite_what_is_open() -> None:
    case = make_case()
    rows = opened(case, make_packs(limit()), at("08:20"))
    newer = make_packs(limit(within="30 min"))
    newer = Packs(
        pack.model_copy(update={"header": pack.header.model_copy(update={"version": "2"})})
        for pack in newer.packs
    )
    assert ask(case, newer, rows, at("08:21"), OpenReason.FACTS_CHANGED) == Changes()


def test_the_same_fact_twice_changes_nothing() -> None:
    case = make_case()
    rows = opened(case, GRADED, at("08:20"))
    for why in OpenReason:
        assert ask(case, GRADED, rows, at("08:20") + timedelta(minutes=1), why) == Changes()
