"""Our own outage excuses what ran out inside it, and nothing else; gaps are what no door's heartbeats cover."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.obligations import Settlement, lapse, settle
from rules.outages import LONGEST_SILENCE, Windows, dispute, gap_before, prolonged, unwritten, without
from rules.planning import plan
from rules.settling import Filing
from schemas.outage import Window
from schemas.reasons import SettleReason
from schemas.vocabulary import Medium, NodeRole, ObligationState, Stage
from tests.rules.cases import at, limit, make_case, make_packs, row

MET, LATE, MISSED = ObligationState.MET, ObligationState.LATE, ObligationState.MISSED
WAIVED, DISPUTED = ObligationState.WAIVED, ObligationState.DISPUTED


def gap(start: str, end: str) -> Window:
    return Window(started_at=at(start), ended_at=at(end))


def done(when: str) -> Settlement:
    """Due at 09:10, done then."""
    rows = [row(planned) for planned in plan(make_case(), make_packs(limit()), at("08:20"))]
    filing = Filing("township-1", NodeRole.COUNTY, Stage.FIRST, Medium.WRITTEN, at(when))
    (settled,) = settle(rows, filing, at(when))
    return settled


def closed(when: str, reason: SettleReason = SettleReason.INCIDENT_CLOSED) -> Settlement:
    """Due at 09:10, never done, closed then."""
    rows = [row(planned) for planned in plan(make_case(), make_packs(limit()), at("08:20"))]
    (settled,) = lapse(rows, at(when), reason)
    return settled


@pytest.mark.parametrize(
    ("ended", "gaps", "outcome"),
    [
        # it ran out inside: a verdict is left to people
        (done("09:40"), [gap("09:00", "09:30")], DISPUTED),
        (done("09:15"), [gap("09:00", "09:30")], DISPUTED),
        (closed("12:00"), [gap("09:00", "09:30")], DISPUTED),
        (done("09:40"), [gap("07:00", "07:30"), gap("09:09", "09:11")], DISPUTED),
        # half-open: the due second itself is the gap's start, or its end
        (done("09:40"), [gap("09:10", "09:30")], DISPUTED),
        (done("09:40"), [gap("09:00", "09:10")], LATE),
        (done("09:40"), [gap("09:00", "09:10:01")], DISPUTED),
        (done("09:40"), [gap("09:10:01", "09:30")], LATE),
        # it ran out outside: late stays late, however close, and missed stays missed
        (done("09:40"), [gap("08:20", "09:09"), gap("09:11", "09:30")], LATE),
        (done("09:40"), [], LATE),
        (closed("12:00"), [gap("09:11", "11:00")], MISSED),
        # on time and not owed are never touched
        (done("09:10"), [gap("09:00", "09:30")], MET),
        (closed("09:05"), [gap("09:00", "09:30")], WAIVED),
        (closed("12:00", SettleReason.NO_LONGER_DUE), [gap("09:00", "09:30")], WAIVED),
    ],
)  # fmt: skip
def test_only_what_ran_out_inside_a_gap_is_disputed(
    ended: Settlement, gaps: list[Window], outcome: ObligationState
) -> None:
    judged = dispute(ended, gaps)
    assert judged.outcome is judged.obligation.state is outcome
    if outcome is not DISPUTED:
        assert judged == ended


def test_a_disputed_one_keeps_when_it_was_done_and_says_why() -> None:
    judged = dispute(done("09:40"), [gap("09:00", "09:30")])
    assert judged.done_at == judged.obligation.done_at == at("09:40")
    assert judged.reason == judged.obligation.reason == SettleReason.OUR_OUTAGE


@pytest.mark.parametrize(
    ("last", "begins", "expected"),
    [
        (None, "09:00", ()),  # no heartbeat before: a first start is no outage
        ("09:00", "09:00:02", ()),
        ("09:00", "09:00:15", ()),
        ("09:00", "09:00:16", (gap("09:00", "09:00:16"),)),
        ("09:00", "08:50", ()),  # it was there before the other's last heartbeat
    ],
)
def test_a_gap_is_a_silence_longer_than_a_restart(last: str | None, begins: str, expected: Windows) -> None:
    assert gap_before(at(last) if last else None, gap(begins, "09:30")) == expected


@pytest.mark.parametrize(
    ("served", "remains"),
    [
        (("08:00", "10:00"), ()),
        (("09:00", "09:30"), ()),
        (("09:10", "09:20"), (gap("09:00", "09:10"), gap("09:20", "09:30"))),
        (("08:00", "09:20"), (gap("09:20", "09:30"),)),
        (("09:00", "09:29:50"), ()),  # ten seconds are no silence
        (("09:30", "10:00"), (gap("09:00", "09:30"),)),
    ],
)
def test_a_door_that_was_there_takes_back_what_another_took_for_a_gap(
    served: tuple[str, str], remains: Windows
) -> None:
    assert without([gap("09:00", "09:30")], gap(*served)) == remains


def test_heartbeats_grow_into_windows_and_a_silence_begins_a_new_one() -> None:
    served: Windows = ()
    for moment in ("09:00", "09:00:02", "09:00:17", "09:00:16", "09:01"):
        served = prolonged(served, at(moment))
    assert served == (gap("09:00", "09:00:17"), gap("09:01", "09:01"))


def test_what_was_written_is_not_written_again_but_grown_from() -> None:
    served = (gap("09:00", "09:10"), gap("09:20", "09:30"))
    assert unwritten(served, at("09:10")) == (gap("09:10", "09:10"), gap("09:20", "09:30"))
    assert unwritten(served, at("09:30")) == (gap("09:30", "09:30"),)


def recorded(order: tuple[Windows, ...]) -> set[tuple[datetime, datetime]]:
    """The gaps after doors wrote what they served, one after the other, as `producers/intake_heartbeat.py` does."""
    last: datetime | None = at("00:00")
    gaps: Windows = ()
    for windows in order:
        for window in windows:
            gaps = (*without(gaps, window), *gap_before(last, window))
            last = max(last or window.ended_at, window.ended_at)
    return {(one.started_at, one.ended_at) for one in gaps}


@given(st.lists(st.lists(st.integers(1, 400), min_size=1, max_size=12), min_size=2, max_size=3))
def test_the_order_in_which_doors_write_changes_nothing(doors: list[list[int]]) -> None:
    """As long as each covers the end, so that none speaks of a time after the others' last word."""
    served = []
    for beats in doors:
        windows: Windows = ()
        for second in (*sorted(beats), 500):
            windows = prolonged(windows, at("00:00") + timedelta(seconds=second))
        served.append(windows)
    found = [recorded(order) for order in permutations(served)]
    assert all(one == found[0] for one in found)
    assert all(end - start > LONGEST_SILENCE for start, end in found[0])
