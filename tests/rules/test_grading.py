"""A grade is proposed from what is known: the gravest criterion that holds, with its clause; it never guesses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.grading import NoProposal, Proposal, propose, reason
from rules.pack_files import load, read_folder, read_text
from rules.packs import Packs
from schemas.categories import CATEGORIES
from schemas.events import IncidentRegraded
from schemas.incident import Case
from schemas.reasons import GradeReason
from schemas.vocabulary import Grade, Quantity, Tag
from tests.rules.cases import HEADER, at, criterion, make_case, make_packs

NOW = at("09:00")
SHIPPED = load()
RANK = {None: 0, Grade.IV: 1, Grade.III: 2, Grade.II: 3, Grade.I: 4}
MINE = "accident.work_safety.mine"

numbers = st.one_of(st.integers(0, 200), st.integers(0, 200_000), st.integers(0, 200_000_000))
facts = st.dictionaries(st.sampled_from([one.value for one in Quantity]), numbers, max_size=6)
cases = st.builds(
    lambda category, quantities, tags, division: make_case(
        category=category, quantities=quantities, tags=tags, division=division
    ),
    st.sampled_from(sorted(CATEGORIES)),
    facts,
    st.frozensets(st.sampled_from(Tag), max_size=2),
    st.sampled_from([None, "990101103", "141002", "141021", "150101"]),
)


def grade_of(case: Case, packs: Packs = SHIPPED) -> Grade | None:
    answer = propose(case, packs, NOW)
    return answer.decided.grade if isinstance(answer, Proposal) else None


def test_it_names_the_criterion_that_decided_with_its_clause() -> None:
    answer = propose(make_case(category=MINE, quantities={"deaths": 11}), SHIPPED, NOW)
    assert isinstance(answer, Proposal)
    decided = answer.decided
    assert (decided.grade, decided.criterion, decided.title) == (
        Grade.II,
        "accident.deaths.II",
        "死亡10人以上30人以下",
    )
    assert (decided.number, decided.article, decided.status) == ("国务院令第493号", "3", "V1")
    assert (decided.pack, decided.document) == ("cn.grades", "生产安全事故报告和调查处理条例")


def test_the_gravest_criterion_decides_and_the_others_stand_beside_it() -> None:
    quantities = {"deaths": 4, "serious_injuries": 60, "direct_loss_cny": 900_000}
    answer = propose(make_case(category=MINE, quantities=quantities), SHIPPED, NOW)
    assert isinstance(answer, Proposal)
    assert answer.decided.criterion == "accident.hurt.II"
    assert [one.criterion for one in answer.others] == ["accident.deaths.III", "accident.loss.IV"]


@pytest.mark.parametrize(
    ("case", "why"),
    [
        # nothing is known that any criterion of a road accident reads
        (make_case(quantities={}), NoProposal.NO_NUMBER),
        (make_case(quantities={"households": 5200}), NoProposal.NO_NUMBER),
        # known, and below every threshold
        (make_case(quantities={"deaths": 0}), NoProposal.NONE_MET),
        # one of two numbers that must hold together
        (
            make_case(category="accident.public_facility.gas", quantities={"households": 9_000}),
            NoProposal.NONE_MET,
        ),
        # no text grades these by numbers
        (make_case(category="warning", quantities={"deaths": 9}), NoProposal.NO_CRITERION),
    ],
)
def test_it_proposes_nothing_and_says_why(case: Case, why: NoProposal) -> None:
    assert propose(case, SHIPPED, NOW) is why


def test_a_narrower_place_decides_between_equal_grades() -> None:
    own = criterion(id='"own"', applies='{ categories = ["accident.traffic"], regions = ["990101"] }')
    answer = propose(make_case(quantities={"deaths": 3}), make_packs(criterion(), own), NOW)
    assert isinstance(answer, Proposal)
    assert (answer.decided.criterion, [one.criterion for one in answer.others]) == ("own", ["C1"])


def test_the_law_of_the_day_of_the_incident_decides() -> None:
    old = criterion(citation='{ of = "d", status = "V1", in_force_until = 2026-11-23 }', grade='"II"')
    new = criterion(citation='{ of = "d", status = "V1", in_force_from = 2026-11-23 }')
    packs = make_packs(old, new)
    assert packs.packs[0].in_force(packs.packs[0].criteria[1])[0] == date(2026, 11, 23)
    assert grade_of(make_case(quantities={"deaths": 3}), packs) is Grade.III
    before = make_case(quantities={"deaths": 3}, occurred_at=at("23:59", day=22))
    assert grade_of(before, packs) is Grade.II


def test_a_draft_is_never_proposed() -> None:
    draft = criterion(citation='{ of = "d", status = "draft" }')
    assert propose(make_case(quantities={"deaths": 3}), make_packs(draft), NOW) is NoProposal.NO_CRITERION


def test_a_tag_lowers_a_threshold_only_where_it_stands() -> None:
    packs = make_packs(
        criterion(applies='{ categories = ["accident.traffic"], tags = ["sensitive_place"] }', grade='"I"')
    )
    assert grade_of(make_case(quantities={"deaths": 3}), packs) is None
    assert grade_of(make_case(quantities={"deaths": 3}, tags={Tag.SENSITIVE_PLACE}), packs) is Grade.I


@given(cases, st.integers(1, 100))
def test_more_deaths_never_lower_the_proposal(case: Case, more: int) -> None:
    deaths = case.quantities.get("deaths", 0) + more
    worse = case.model_copy(update={"quantities": {**case.quantities, "deaths": deaths}})
    assert RANK[grade_of(worse)] >= RANK[grade_of(case)]


@given(cases, st.sampled_from([one.value for one in Quantity]), st.floats(0, 2e8))
def test_no_number_that_grows_lowers_the_proposal(case: Case, name: str, more: float) -> None:
    """The shipped bands of one clause follow each other without a gap."""
    grown = case.quantities.get(name, 0) + more
    worse = case.model_copy(update={"quantities": {**case.quantities, name: grown}})
    assert RANK[grade_of(worse)] >= RANK[grade_of(case)]


@given(cases, st.sampled_from([one.value for one in Quantity]), st.integers(0, 10**8))
def test_a_number_that_no_criterion_reads_changes_nothing(case: Case, name: str, value: int) -> None:
    asked = SHIPPED.criteria.of(case.category, case.division)
    if name in {one for yardstick in asked for one in yardstick.criterion.quantities}:
        return
    noisy = case.model_copy(update={"quantities": {**case.quantities, name: value}})
    assert propose(noisy, SHIPPED, NOW) == propose(case, SHIPPED, NOW)


@given(cases, st.permutations(read_folder()))
def test_the_order_of_the_packs_changes_nothing(case: Case, packs: list[object]) -> None:
    assert propose(case, Packs(packs), NOW) == propose(case, SHIPPED, NOW)  # type: ignore[arg-type]


def test_a_question_reads_only_the_criteria_of_its_category_and_place() -> None:
    asked = {one.criterion.id for one in SHIPPED.criteria.of("accident.public_facility.lift", "990101103")}
    assert asked
    assert all(one.startswith(("equipment.", "lift.")) for one in asked)


@pytest.mark.parametrize(
    ("chosen", "deaths", "note", "why"),
    [
        (Grade.III, 3, "", GradeReason.AS_PROPOSED),
        (Grade.III, 3, "已核实", GradeReason.AS_PROPOSED),
        (Grade.II, 3, "伤者中五人危重", GradeReason.REASON_GIVEN),
        (Grade.II, 3, " ", GradeReason.NO_REASON_GIVEN),
        (Grade.II, 0, "", GradeReason.NO_PROPOSAL),
    ],
)
def test_another_choice_keeps_its_reason_and_is_never_refused(
    chosen: Grade, deaths: int, note: str, why: GradeReason
) -> None:
    answer = propose(make_case(quantities={"deaths": deaths}), SHIPPED, NOW)
    assert reason(chosen, answer, note) is why


def test_a_pack_may_hold_criteria_alone() -> None:
    pack = read_text((HEADER + criterion()).encode(), "mine.toml")
    assert (pack.limits, len(pack.criteria)) == ((), 1)


def test_a_regrade_from_before_there_were_proposals_still_reads() -> None:
    old = '{"at": "2026-11-23T01:00:00Z", "old": "IV", "new": "III", "by": "6b5e2a0e-4c57-4a5b-9d5e-0f3f6a4c1e11"}'
    fact = IncidentRegraded.read(old)
    assert (fact.why, fact.proposed, fact.note) == (None, None, "")
