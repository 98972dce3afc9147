"""A recorded incident lives again under other packs: who would have been late, and who would have been called."""

from collections.abc import Sequence
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bench.year import make_year, until
from rules.desk import Desk
from rules.packs import Packs
from rules.replay import Late, Replayed, replay
from schemas.county import County
from schemas.outage import Window
from schemas.reasons import CloseReason
from schemas.recorded import (
    Recorded,
    RecordedAnswer,
    RecordedClose,
    RecordedEnd,
    RecordedForward,
    RecordedGrade,
    RecordedReport,
    RecordedStop,
)
from schemas.report import Report
from schemas.vocabulary import Grade, Medium, NodeRole, ObligationState, Stage
from tests.counties import demo_county
from tests.rules.cases import at, limit, make_packs

COUNTY = demo_county()
TOWNSHIP = "990101103"
ONE = UUID(int=1)
LATER = at("08:00", day=25)


def told(text: str, place: int = 0, day: int = 23, **changes: Any) -> RecordedReport:
    """A report of a III road accident at 08:10 from a township, at this time of day."""
    body = {
        "category": "accident.traffic.road",
        "grade": "III",
        "occurred_at": at("08:10"),
        "medium": "written",
    }
    later = {"incident_id": ONE} if place else {}
    moment = at(text, day)
    return RecordedReport(
        at=moment,
        judged_at=moment,
        report_id=ONE if not place else UUID(int=1000 + place),
        division=TOWNSHIP,
        from_node=TOWNSHIP,
        report=Report.model_validate(body | later | changes),
    )


def lived(
    *facts: Any, packs: Packs, county: County = COUNTY, ends: Sequence[RecordedEnd] = (), **options: Any
) -> Replayed:
    """What a replay of one incident brings."""
    recorded = Recorded(incident_id=ONE, facts=facts, ends=tuple(ends))
    return replay([recorded], Desk.of(county, packs), options.pop("until", LATER), **options)


def in_short(late: Late) -> tuple[str, str, float]:
    """What is owed, how it ended and by how many minutes."""
    return (
        f"{late.duty.stage} {late.duty.medium} {late.duty.occurrence}",
        late.outcome,
        late.late_seconds / 60,
    )


def end(outcome: ObligationState, **changes: Any) -> RecordedEnd:
    """The written first report in the record."""
    values = {
        "unit": TOWNSHIP,
        "to_role": NodeRole.COUNTY,
        "stage": Stage.FIRST,
        "medium": Medium.WRITTEN,
        "rule": "L1",
        "due_at": at("09:10"),
        "outcome": outcome,
    }
    return RecordedEnd.model_validate(values | changes)


WRITTEN = limit(medium="written", within="60 min")
SHORTER = limit(medium="written", within="30 min")


def test_it_finds_who_would_have_been_late_under_a_shorter_limit() -> None:
    result = lived(told("08:50"), packs=make_packs(SHORTER), ends=[end(ObligationState.MET)])
    (late,) = result.late
    assert in_short(late) == ("first written 1", "late", 10.0)
    assert (late.unit, late.limit.id, late.was, late.is_new) == (TOWNSHIP, "L1", "met", True)
    before, after = result.total.before, result.total.after
    assert before is not None and after is not None
    assert (before.ratio, after.ratio) == (1.0, 0.0)
    assert [line.group for line in result.by_unit] == [TOWNSHIP]


def test_it_finds_whom_a_longer_limit_no_longer_blames() -> None:
    record = [end(ObligationState.LATE, due_at=at("08:40"), late_seconds=600)]
    result = lived(told("08:50"), packs=make_packs(WRITTEN), ends=record)
    assert (result.late, result.unblamed) == ((), 1)


def test_it_counts_nothing_as_new_that_the_record_blames_already() -> None:
    record = [end(ObligationState.LATE, due_at=at("08:40"), late_seconds=600)]
    (late,) = lived(told("08:50"), packs=make_packs(SHORTER), ends=record).late
    assert (late.was, late.is_new) == ("late", False)


def test_it_does_what_is_done_at_the_due_second_in_time() -> None:
    assert lived(told("09:10"), packs=make_packs(WRITTEN)).late == ()


def test_it_never_lets_a_call_close_a_written_duty() -> None:
    result = lived(told("08:20", medium="phone"), packs=make_packs(WRITTEN))
    (late,) = result.late
    assert (late.outcome, late.done_at) == ("overdue", None)
    assert late.late_seconds == (LATER - at("09:10")).total_seconds()


def test_it_calls_missed_what_was_never_done_when_the_incident_closed_and_waives_the_rest() -> None:
    facts = [told("08:20", medium="phone"), RecordedClose(at=at("12:00"), why=CloseReason.FINAL_REPORT)]
    packs = make_packs(WRITTEN, limit(id="L2", stage="final", within="24 h"))
    result = lived(*facts, packs=packs)
    assert [in_short(late) for late in result.late] == [("first written 1", "missed", 170.0)]
    assert result.total.after is not None and result.total.after.counts.waived == 1
    duplicate = RecordedClose(at=at("12:00"), why=CloseReason.DUPLICATE)
    assert lived(facts[0], duplicate, packs=packs).late == ()


def test_it_opens_the_slots_of_a_recurrence_one_after_the_other() -> None:
    slots = limit(id="L2", stage="follow_up", within=None).replace(
        "clock =", 'at = ["08:00", "17:00"]\nclock ='
    )
    facts = [told("08:20"), told("16:00", 1, stage="follow_up"), told("07:00", 2, day=24, stage="follow_up")]
    result = lived(*facts, packs=make_packs(slots), until=at("18:00", day=24))
    assert [in_short(late) for late in result.late] == [("follow_up any 3", "overdue", 60.0)]
    assert result.total.after is not None and result.total.after.counts.met == 2


def test_it_counts_anew_after_a_regrade_and_takes_what_was_done_before_for_done() -> None:
    packs = make_packs(limit(applies='{ grades = ["II"] }', medium="written"), limit(id="L2", to="city"))
    upward = RecordedForward(at=at("08:30"), to_role=NodeRole.CITY, stage=Stage.FIRST, medium=Medium.PHONE)
    graded = RecordedGrade(at=at("08:40"), new=Grade.II)
    result = lived(told("08:20"), upward, graded, packs=packs)
    assert result.total.after is not None and result.total.after.counts.met == 1
    assert [late.duty.to_role for late in result.late] == [
        NodeRole.CITY
    ]  # the township's own duty, not the county's


def test_it_starts_the_clock_of_the_end_when_the_response_stops() -> None:
    packs = make_packs(limit(stage="final", clock="stopped", within="2 h"))
    stop = RecordedStop(at=at("10:00"), stopped_at=at("09:50"))
    (late,) = lived(told("08:20"), stop, packs=packs).late
    assert late.due_at == at("11:50")


def test_it_disputes_what_ran_out_while_our_own_intake_was_down() -> None:
    gap = Window(started_at=at("08:35"), ended_at=at("08:45"))
    result = lived(told("08:50"), packs=make_packs(SHORTER), gaps=[gap])
    assert result.late == ()
    assert result.total.after is not None and result.total.after.counts.disputed == 1


def test_it_calls_step_by_step_until_the_recorded_answer() -> None:
    packs = make_packs(limit(within="10 h"))  # III waits three minutes on each step
    result = lived(told("03:00"), RecordedAnswer(at=at("03:04")), packs=packs)
    assert (result.calls_after.by_hour[3], result.calls_after.night, result.calls_after.people) == (2, 2, 2)
    assert result.calls_before.total == 0


def test_it_calls_the_next_person_at_once_when_limits_run_out_and_one_only() -> None:
    packs = make_packs(
        limit(medium="written", within="52 min"), limit(id="L2", medium="network", within="52 min")
    )
    facts = [told("09:00", medium="phone"), RecordedAnswer(at=at("09:03"))]
    result = lived(*facts, packs=packs, until=at("09:02", day=23))
    assert result.calls_after.by_hour[9] == 2  # the officer at 09:00, the leader at 09:02


def test_it_climbs_once_only_where_the_record_has_no_answer() -> None:
    result = lived(told("03:00"), packs=make_packs(limit(within="100 d")))
    assert (result.calls_after.total, result.calls_after.people) == (5, 5)


def test_it_leaves_the_calls_out_when_nobody_asks_for_them() -> None:
    assert lived(told("03:00"), packs=make_packs(WRITTEN), ladders=False).calls_after.total == 0


def test_it_says_how_many_incidents_do_not_begin_with_their_first_report() -> None:
    result = lived(told("08:50", 1, stage="follow_up"), packs=make_packs(WRITTEN))
    assert (result.incidents, result.skipped) == (0, 1)


def test_it_finds_no_change_under_the_packs_and_the_roster_of_the_record() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    desk = Desk.of(
        COUNTY, make_packs(WRITTEN, limit(id="L2", **{"from": "county"}, to="city", clock="received"))
    )
    facts = list(make_year(desk, 20, start))
    result = replay(facts, desk, until(start))
    assert (result.incidents, result.unblamed, any(late.is_new for late in result.late)) == (20, 0, False)
    assert result.total.before == result.total.after
    assert result.calls_before == result.calls_after
    shorter = changed(desk, packs=make_packs(SHORTER))
    assert any(late.is_new for late in replay(facts, shorter, until(start)).late)


@pytest.mark.parametrize("minutes", [0, 1])
def test_it_stops_at_the_moment_up_to_which_it_was_asked(minutes: int) -> None:
    end_at = at("09:10") + timedelta(minutes=minutes)
    result = lived(told("08:20", medium="phone"), packs=make_packs(WRITTEN), until=end_at)
    assert len(result.late) == minutes
