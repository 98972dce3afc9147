"""Due-time arithmetic: slots around 08:00, 17:00 and midnight, bounds, elapsed time, summer time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.pack_files import read_text
from rules.packs import Packs
from rules.planning import plan
from rules.workdays import Workdays
from schemas.obligation import Planned
from schemas.vocabulary import NodeRole
from tests.rules.cases import HEADER, at, limit, make_case, make_packs

TWICE = {"within": None, "stage": "follow_up"}
TWICE_A_DAY = 'at = ["08:00", "17:00"]'


def only(planned: tuple[Planned, ...]) -> Planned:
    (one,) = planned
    return one


@pytest.mark.parametrize(
    ("occurred", "now", "slot", "number", "counts_from"),
    [
        # the first slot after the event; a report counts from the event itself
        (at("08:10"), at("08:20"), at("17:00"), 1, at("08:10")),
        # a minute before 08:00 the slot of 08:00 is still ahead
        (at("07:50"), at("07:59"), at("08:00"), 1, at("07:50")),
        # at 08:00 sharp that slot has passed: the next window begins
        (at("07:50"), at("08:00"), at("17:00"), 2, at("08:00")),
        # what happens at 08:00 sharp is first followed up at 17:00
        (at("08:00"), at("08:00"), at("17:00"), 1, at("08:00")),
        # after 17:00 the next morning
        (at("08:10"), at("17:00:01"), at("08:00", day=24), 2, at("17:00")),
        # over midnight the slot stays the same one
        (at("08:10"), at("23:59:59"), at("08:00", day=24), 2, at("17:00")),
        (at("08:10"), at("00:00", day=24), at("08:00", day=24), 2, at("17:00")),
        # an event before midnight, asked after it
        (at("23:59"), at("00:01", day=24), at("08:00", day=24), 1, at("23:59")),
        # three days on
        (at("08:10"), at("12:00", day=26), at("17:00", day=26), 7, at("08:00", day=26)),
        # a question about the past: nothing before the event
        (at("08:10"), at("06:00"), at("17:00"), 1, at("08:10")),
    ],
)
def test_it_names_the_slot_whose_window_holds_now(
    occurred: datetime, now: datetime, slot: datetime, number: int, counts_from: datetime
) -> None:
    packs = make_packs(limit(TWICE_A_DAY, **TWICE))
    planned = only(plan(make_case(occurred_at=occurred), packs, now))
    assert (planned.due_at, planned.duty.occurrence, planned.counts_from) == (slot, number, counts_from)


def test_wall_clock_times_are_those_of_the_pack_not_of_the_reporter() -> None:
    packs = make_packs(limit(TWICE_A_DAY, **TWICE))
    utc = at("08:10").astimezone(UTC)
    assert only(plan(make_case(occurred_at=utc), packs, utc)).due_at == at("17:00")


def test_an_interval_runs_from_its_clock() -> None:
    packs = make_packs(limit('every = "12 h"', **TWICE))
    case = make_case(occurred_at=at("08:10"))
    first, second = only(plan(case, packs, at("20:09:59"))), only(plan(case, packs, at("20:10")))
    assert (first.due_at, first.duty.occurrence) == (at("20:10"), 1)
    assert (second.due_at, second.duty.occurrence) == (at("08:10", day=24), 2)
    assert second.counts_from == at("20:10")


@pytest.mark.parametrize(
    ("now", "hours_since_previous"),
    [("2026-03-29T12:00:00+02:00", 8), ("2026-10-25T12:00:00+01:00", 10)],
)
def test_a_day_of_changed_summer_time_keeps_its_wall_clock(now: str, hours_since_previous: int) -> None:
    header = HEADER.replace('title = "测试"', 'title = "测试"\ntimezone = "Europe/Berlin"')
    packs = make_packs(limit('at = ["00:00", "09:00"]', **TWICE), header=header)
    case = make_case(occurred_at=datetime.fromisoformat(now) - timedelta(days=3))
    moment = datetime.fromisoformat(now).replace(hour=5)
    planned = only(plan(case, packs, moment))
    assert planned.due_at.astimezone(ZoneInfo("Europe/Berlin")).hour == 9
    assert planned.counts_from is not None
    assert planned.due_at - planned.counts_from == timedelta(hours=hours_since_previous)


def test_a_time_of_day_that_summer_time_leaves_out_still_comes_once() -> None:
    header = HEADER.replace('title = "测试"', 'title = "测试"\ntimezone = "Europe/Berlin"')
    packs = make_packs(limit('at = ["02:30"]', **TWICE), header=header)
    midnight = datetime.fromisoformat("2026-03-29T00:00:00+01:00")
    case = make_case(occurred_at=midnight)
    left_out = only(plan(case, packs, midnight))
    following = only(plan(case, packs, left_out.due_at))
    assert midnight + timedelta(hours=1) < left_out.due_at < midnight + timedelta(hours=3)
    assert following.due_at == midnight + timedelta(hours=24 + 1.5)
    assert (left_out.duty.occurrence, following.duty.occurrence) == (1, 2)


@pytest.mark.parametrize(
    ("stopped", "due", "clock"),
    [
        # no end of the response yet: the outer bound alone
        (None, at("08:10", day=30), "occurred"),
        # 24 h after the end
        (at("10:00"), at("10:00", day=24), "stopped"),
        # the end comes so late that the outer bound is earlier
        (at("20:00", day=29), at("08:10", day=30), "occurred"),
    ],
)
def test_the_earlier_of_limit_and_outer_bound_binds(
    stopped: datetime | None, due: datetime, clock: str
) -> None:
    bound = 'not_later_than = { clock = ["occurred"], within = "7 d" }'
    packs = make_packs(limit(bound, clock="stopped", within="24 h", stage="final"))
    planned = only(plan(make_case(stopped_at=stopped), packs, at("08:30")))
    assert (planned.due_at, planned.binding.clock.value) == (due, clock)


def test_elapsed_time_asks_for_a_report_of_its_own() -> None:
    packs = make_packs(limit(), limit(id="L2", elapsed="24 h", within="30 min"))
    first, not_out = plan(make_case(), packs, at("08:30"))
    assert (first.due_at, first.duty.occurrence) == (at("09:10"), 1)
    assert (not_out.due_at, not_out.counts_from) == (at("08:40", day=24), at("08:10", day=24))
    assert not_out.duty.occurrence == 0


@pytest.mark.parametrize(
    ("stopped", "asks"),
    # 以上 includes its number: what ended at that very moment was still running then
    [(at("08:09:59", day=24), 0), (at("08:10", day=24), 1), (at("08:10:01", day=24), 1)],
)
def test_elapsed_time_asks_for_nothing_once_the_response_has_ended(stopped: datetime, asks: int) -> None:
    packs = make_packs(limit(elapsed="24 h", within="30 min"))
    assert len(plan(make_case(stopped_at=stopped), packs, at("09:00", day=24))) == asks


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        # the first clock of the list that has started counts, not the earliest
        ({"known_at": at("08:00"), "received": {NodeRole.TOWNSHIP: at("07:00")}}, at("09:10")),
        ({"occurred_at": None, "known_at": at("08:00")}, at("09:00")),
        ({"occurred_at": None, "received": {NodeRole.TOWNSHIP: at("07:00")}}, at("08:00")),
    ],
)
def test_a_clock_that_has_not_started_falls_back_in_the_order_of_the_pack(
    facts: dict[str, object], due: datetime
) -> None:
    packs = make_packs(limit(clock=["occurred", "known", "received"]))
    assert only(plan(make_case(**facts), packs, at("08:30"))).due_at == due


def test_it_asks_for_nothing_while_no_clock_has_started() -> None:
    packs = make_packs(limit(clock="received"))
    another = {NodeRole.COUNTY: at("08:20")}
    assert plan(make_case(received=another), packs, at("08:30")) == ()


@pytest.mark.parametrize(("rule", "due"), [("same_origin", at("09:10")), ("from_judged", at("10:30"))])
def test_a_regrade_moves_the_clock_only_if_the_pack_says_so(rule: str, due: datetime) -> None:
    packs = make_packs(limit(on_regrade=rule))
    assert only(plan(make_case(judged_at=at("09:30")), packs, at("09:31"))).due_at == due


# Business days, and the day before which a report must be there
NATIONAL_DAY = Workdays(
    off=frozenset(date(2026, 10, day) for day in range(1, 8)), worked=frozenset({date(2026, 10, 10)})
)


@pytest.mark.parametrize(
    ("begun", "days", "due"),
    [
        # the day of the clock itself does not count; due by the midnight that ends the last business day
        ("2026-11-23T08:10:00+08:00", 1, "2026-11-25T00:00:00+08:00"),
        ("2026-11-23T23:59:59+08:00", 1, "2026-11-25T00:00:00+08:00"),
        # a weekend lies between
        ("2026-11-26T08:10:00+08:00", 4, "2026-12-03T00:00:00+08:00"),
        # on a Saturday the count starts with Monday
        ("2026-11-28T08:10:00+08:00", 1, "2026-12-01T00:00:00+08:00"),
        # the National Day week is off, and the Saturday that makes up for it is worked
        ("2026-09-30T08:10:00+08:00", 1, "2026-10-09T00:00:00+08:00"),
        ("2026-09-30T08:10:00+08:00", 3, "2026-10-11T00:00:00+08:00"),
        # in the zone of the pack it is the next day already
        ("2026-11-23T17:00:00Z", 1, "2026-11-26T00:00:00+08:00"),
    ],
)
def test_it_counts_business_days(begun: str, days: int, due: str) -> None:
    pack = read_text((HEADER + limit(f"business_days = {days}", within=None)).encode(), "test.toml")
    packs = Packs([pack], holidays={"CN": NATIONAL_DAY})
    planned = plan(make_case(occurred_at=begun), packs, datetime.fromisoformat(begun))
    assert [one.due_at for one in planned] == [datetime.fromisoformat(due)]


@pytest.mark.parametrize(
    ("begun", "days", "due"),
    [
        # 之日起7日内: the day itself does not count, and the seventh counts to its end
        ("2026-11-23T08:10:00+08:00", 7, "2026-12-01T00:00:00+08:00"),
        ("2026-11-23T00:00:00+08:00", 7, "2026-12-01T00:00:00+08:00"),
        ("2026-11-23T23:59:59+08:00", 1, "2026-11-25T00:00:00+08:00"),
        # weekends and holidays count as any other day
        ("2026-09-29T12:00:00+08:00", 30, "2026-10-30T00:00:00+08:00"),
        # in the zone of the pack it is the next day already
        ("2026-11-23T17:00:00Z", 7, "2026-12-02T00:00:00+08:00"),
    ],
)
def test_it_counts_calendar_days(begun: str, days: int, due: str) -> None:
    packs = make_packs(limit(f"days = {days}", within=None))
    planned = plan(make_case(occurred_at=begun), packs, datetime.fromisoformat(begun))
    assert [one.due_at for one in planned] == [datetime.fromisoformat(due)]


def test_it_knows_only_weekends_where_no_holidays_are_known() -> None:
    packs = make_packs(limit("business_days = 1", within=None))
    begun = datetime.fromisoformat("2026-09-30T08:10:00+08:00")
    (planned,) = plan(make_case(occurred_at=begun), packs, begun)
    assert planned.due_at == datetime.fromisoformat("2026-10-02T00:00:00+08:00")
