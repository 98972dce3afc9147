"""Laws that hold for every incident and every pack: hypothesis looks for the counterexample."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.explanation import explain
from rules.obligations import Changes, changes
from rules.pack_files import load
from rules.packs import Packs
from rules.planning import asks, plan
from rules.when import clocks_of
from schemas.categories import CATEGORIES
from schemas.incident import Case
from schemas.obligation import Obligation
from schemas.reasons import OpenReason
from schemas.vocabulary import Grade, NodeRole, ObligationState, Quantity, Tag
from tests.rules.cases import NODES, apply, limit, make_case, make_packs

ZONES = [UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-9, minutes=-30))]
DIVISIONS = [None, "41", "410102", "370102", "420106", "990101103"]
DAY = 24 * 60
MIXED = make_packs(
    limit(id="a"),
    limit(id="b", within="2 h", clock=["known", "occurred"]),
    limit(id="c", applies='{ grades = ["I", "II", "III"] }', within="25 min"),
    limit('at = ["08:00", "17:00"]', id="d", within=None, stage="follow_up", applies='{ grades = ["III"] }'),
    limit('every = "5 h"', id="e", within=None, stage="follow_up"),
    limit(id="f", stage="follow_up", clock="judged"),
    limit(id="g", stage="follow_up", elapsed="6 h", within="10 min"),
    limit('not_later_than = { clock = "occurred", within = "2 d" }', id="h", clock="stopped", stage="final"),
    limit("days = 3", id="k", within=None, stage="correction"),
    limit("business_days = 2", id="i", within=None, stage="verification"),
)
SHIPPED = load()
DEMO_EVERYWHERE = Packs(load(["county.demo"]).packs, everywhere=True)


def moments() -> st.SearchStrategy[datetime]:
    start = datetime(2026, 11, 23, tzinfo=UTC)
    return st.integers(0, 3 * DAY).map(lambda minutes: start + timedelta(minutes=minutes))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    maybe = st.none() | moments()
    return make_case(
        category=draw(st.sampled_from(sorted(CATEGORIES))),
        grade=draw(st.sampled_from(list(Grade))),
        tags=draw(st.frozensets(st.sampled_from(list(Tag)), max_size=3)),
        quantities=draw(st.dictionaries(st.sampled_from([q.value for q in Quantity]), st.integers(0, 50))),
        division=draw(st.sampled_from(DIVISIONS)),
        occurred_at=draw(maybe),
        known_at=draw(maybe),
        judged_at=draw(maybe),
        stopped_at=draw(maybe),
        received=draw(st.dictionaries(st.sampled_from(list(NodeRole)), moments(), max_size=4)),
        nodes=draw(
            st.sampled_from([NODES, {role: role.value for role in NodeRole}, {NodeRole.TOWNSHIP: "t"}])
        ),
    )


PACKS = st.sampled_from([MIXED, SHIPPED])


@given(cases(), PACKS, moments())
def test_nothing_is_due_before_the_clock_that_started_it(case: Case, packs: Any, now: datetime) -> None:
    clocks = clocks_of(case)
    for ask in asks(case, packs, now, everyone=True):
        started = clocks.read(ask.moment.clock, ask.rule.from_role)
        assert started is not None
        assert ask.moment.due_at > started
        assert ask.moment.counts_from is None or started <= ask.moment.counts_from < ask.moment.due_at


@given(cases(), PACKS, moments())
def test_the_strictest_binds(case: Case, packs: Any, now: datetime) -> None:
    for planned in plan(case, packs, now):
        assert planned.due_at == planned.binding.due_at
        assert all(planned.due_at <= other.due_at for other in planned.others)


@given(cases(), PACKS, moments())
def test_one_duty_stands_once(case: Case, packs: Any, now: datetime) -> None:
    duties = [planned.duty for planned in plan(case, packs, now)]
    assert len(duties) == len(set(duties))


@given(cases(), moments(), st.sampled_from(["999999999999", None]))
def test_an_irrelevant_fact_changes_nothing(case: Case, now: datetime, division: str | None) -> None:
    """The demo county's limits read neither tags nor numbers nor the place, once they apply."""
    plain = case.model_copy(update={"tags": frozenset(), "quantities": {}, "division": division})
    assert plan(case, DEMO_EVERYWHERE, now) == plan(plain, DEMO_EVERYWHERE, now)


@given(cases(), PACKS, moments())
def test_asked_twice_it_answers_the_same(case: Case, packs: Any, now: datetime) -> None:
    assert plan(case, packs, now) == plan(case, packs, now)


@given(cases(), PACKS, moments(), st.sampled_from(ZONES))
def test_the_zone_in_which_an_instant_is_written_changes_nothing(
    case: Case, packs: Any, now: datetime, zone: timezone
) -> None:
    clocks = {
        name: value.astimezone(zone)
        for name in ("occurred_at", "known_at", "judged_at", "stopped_at")
        if (value := getattr(case, name)) is not None
    }
    received = {role: at.astimezone(zone) for role, at in case.received.items()}
    moved = case.model_copy(update={**clocks, "received": received})
    assert plan(moved, packs, now.astimezone(zone)) == plan(case, packs, now)


@given(cases(), PACKS, moments())
def test_a_recurrence_looks_ahead(case: Case, packs: Any, now: datetime) -> None:
    for ask in asks(case, packs, now, everyone=True):
        if ask.rule.limit.recurs:
            assert ask.moment.due_at > now
            assert ask.moment.occurrence >= 1


@given(cases(), PACKS, moments())
def test_every_limit_is_either_explained_or_has_a_reason(case: Case, packs: Any, now: datetime) -> None:
    """The index finds exactly what asking every limit one by one finds."""
    answer = explain(case, packs, now, with_reasons=True)
    owed = {limit.id for p in answer.obligations for limit in (p.binding, *p.others)}
    silent = {one.id for one in answer.not_applicable}
    assert owed | silent == {limit.id for pack in packs.packs for limit in pack.limits}


STEP = st.tuples(
    st.sampled_from(list(Grade)),
    moments(),
    st.sampled_from(list(OpenReason)),
    st.none() | moments(),
    st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(cases(), PACKS, st.lists(STEP, max_size=6))
def test_recording_the_same_facts_again_changes_nothing(
    case: Case, packs: Any, steps: list[tuple[Grade, datetime, OpenReason, datetime | None, bool]]
) -> None:
    """Whatever happened before: nothing twice, nothing under a taken number, nothing that has ended touched."""
    rows: list[Obligation] = []
    for grade, now, why, occurred, done in sorted(steps, key=lambda step: step[1]):
        case = case.model_copy(update={"grade": grade, "occurred_at": occurred})
        planned, before = plan(case, packs, now), rows
        rows = apply(changes(planned, before, now, why), before, case, now)
        ended = [one for one in before if one.state is not ObligationState.OPEN or one.due_at <= now]
        assert all(one in rows for one in ended)
        assert changes(planned, rows, now, why) == Changes()
        assert len({(one.duty, one.from_node) for one in rows}) == len(rows)
        rows = [_done(one, now) if done else one for one in rows]


def _done(one: Obligation, now: datetime) -> Obligation:
    begun = one.counts_from is None or one.counts_from <= now
    if one.state is not ObligationState.OPEN or not begun or one.due_at < now:
        return one
    return one.model_copy(update={"state": ObligationState.MET, "done_at": now})
