"""Where the national rows end: another grade, category or number, a day too early, and whatever is only a draft."""

from datetime import datetime, timedelta

import pytest

from rules.explanation import explain
from rules.limits import Status
from rules.obligations import changes
from rules.pack_files import load
from rules.planning import plan
from schemas.incident import Case
from schemas.reasons import OpenReason
from schemas.vocabulary import Grade, Medium, NodeRole, ObligationState
from tests.rules.cases import apply
from tests.rules.packs.asking import KNOWN, OCCURRED, K, O, R, Row, case_of, expect_silence

PACK = "cn.national"
WORK, FIRE, WATER = "accident.work_safety.mine", "accident.fire", "accident.environment"
HEAT, LIFT = "accident.public_facility.heating", "accident.public_facility.lift"
PLAGUE, FLU = "public_health.infectious.class_a", "public_health.infectious.class_c"
MEDICAL, DISPUTE = "public_health.medical", "social_security.dispute"
FLOOD, SLIDE = "natural_disaster.flood_drought", "natural_disaster.geological"
FOREST, NET = "natural_disaster.forest_grassland_fire", "accident.network"
CII = ("critical_infrastructure",)

SILENT = [
    # 突发事件应对法 art. 62: III that will stay one, and what is not graded and may not become worse
    Row("N04.county", "", R, 0, FLOOD, "III"),
    Row("N04.county", "", R, 0, FIRE, "ungraded"),
    Row("N04.city", "", R, 0, WORK, "IV", tags=("sensitive_place",)),
    # … the law grades no other kind of incident
    Row("N04.county", "", R, 0, "other", "I"),
    # … what is no incident starts nothing
    Row("N04.county", "", R, 0, "social_security.petition", "non_incident"),
    # 493号令 art. 10: IV ends at the city, III at the province
    Row("N07.city_department", "", R, 0, WORK, "IV"),
    Row("N07.province_department", "", R, 0, WORK, "III"),
    # … art. 13: 30 days are not for road traffic and fire
    Row("N08.unit.30d", "", O, 0, FIRE, "III"),
    # 376号令 and the laws of 2025: a medical incident is no outbreak
    Row("N13", "", R, 0, MEDICAL, "III"),
    Row("N15.county_department", "", R, 0, MEDICAL, "III"),
    # 传染病防治法 art. 45: C has 24 hours, and A has not
    Row("N16.class_a", "", K, 0, FLU),
    Row("N16.class_b_c", "", K, 0, PLAGUE),
    # … and what is no incident is nobody's but for the single case of B or C
    Row("N16.class_a", "", K, 0, PLAGUE, "non_incident"),
    # 放射性同位素条例 art. 42: III stays below
    Row("N18", "", O, 0, "accident.radiation", "III"),
    # 599号令: burst water is neither power nor heat
    Row("N20.heating", "", R, 0, "accident.public_facility.water_supply"),
    Row("N20.power", "", R, 0, HEAT),
    Row("N21.county_department", "", R, 0, "accident.public_facility.gas"),
    # 17号令: nothing binds before a grade is judged
    Row("N23.county_department", "", K, 0, WATER, "ungraded"),
    Row("N24.county_department.province", "", K, 0, WATER, "III"),
    # 应急〔2020〕19号: natural disasters only
    Row("N27", "", O, 0, FIRE),
    # 21号令: work safety only
    Row("N30", "", R, 0, FIRE),
    # geological disasters: the size decides
    Row("N33", "", R, 0, SLIDE, "III"),
    Row("N34", "", R, 0, SLIDE, "II"),
    Row("N35.III.city", "", O, 0, SLIDE, "IV"),
    Row("N33", "", R, 0, FLOOD, "I"),
    # 建设工程质量管理条例: a mine is no construction
    Row("N36", "", O, 0, WORK),
    # network: IV is nobody's; without the tag it is no critical infrastructure
    Row("N40", "", K, 0, NET, "IV"),
    Row("N38.police", "", K, 0, NET, "II"),
    Row("N38.national", "", R, 0, NET, "III", tags=CII),
    Row("N41", "", K, 0, NET),
    Row("N44", "", R, 0, FOREST),
    # what is no incident starts nothing
    Row("N47", "", O, 0, "accident.hazardous_chemicals", "non_incident"),
]

DRAFTS = [
    # 17号令: the ministry's hour and the sensitive list
    Row("N26.province", "", R, 0, WATER, "I"),
    Row("N26.sensitive", "", K, 0, WATER, "ungraded", tags=("drinking_water_source",)),
    # 灾情统计: the levels above, the zero report
    Row("N29.city", "", R, 0, FLOOD, "I"),
    Row("N29.province", "", R, 0, FLOOD, "I"),
    Row("N29.zero", "", O, 0, FLOOD, "I"),
    # 21号令 征求意见稿: follow-ups
    Row("N31.I-II", "", R, 0, WORK, "I"),
    Row("N31.III-IV", "", R, 0, WORK, "IV"),
    # the national office's hour, and what goes to the State Council
    Row("N40.province", "", R, 0, NET, "I"),
    Row("N49.phone", "", R, 0, "other", "I"),
    Row("N49.written", "", R, 0, "other", "II"),
    Row("N50", "", O, 0, "other", "I"),
]

EDGES = [
    # limit, category, quantity, the last number that is silent, the first that speaks: 以上 includes its number
    ("N28.province", FLOOD, "deaths", 9, 10),
    ("N28.ministry", FLOOD, "missing", 9, 10),
    ("N37", MEDICAL, "deaths", 0, 1),
    ("N37", MEDICAL, "serious_injuries", 0, 1),
    ("N37", MEDICAL, "injuries", 2, 3),
    ("N44", FOREST, "deaths", 2, 3),
    ("N44", FOREST, "serious_injuries", 9, 10),
]


def said(case: Case) -> set[str]:
    """The ids of all limits that ask for something in this incident."""
    answer = explain(case, load([PACK]), OCCURRED)
    return {limit.id for planned in answer.obligations for limit in (planned.binding, *planned.others)}


@pytest.mark.parametrize("row", SILENT, ids=lambda row: f"{row.limit}:{row.category}:{row.grade}")
def test_it_does_not_ask_for_more_than_the_clause(row: Row) -> None:
    expect_silence(PACK, row)


@pytest.mark.parametrize("row", DRAFTS, ids=lambda row: row.limit)
def test_what_nobody_verified_never_applies(row: Row) -> None:
    expect_silence(PACK, row)


def test_every_draft_was_asked() -> None:
    drafts = {one.id for one in load([PACK]).packs[0].limits if one.citation.status is Status.DRAFT}
    assert drafts == {row.limit for row in DRAFTS}


@pytest.mark.parametrize(("limit", "category", "quantity", "silent", "speaks"), EDGES)
def test_a_threshold_includes_its_own_number(
    limit: str, category: str, quantity: str, silent: int, speaks: int
) -> None:
    expect_silence(PACK, Row(limit, "", O, 0, category, quantities={quantity: silent}))
    assert limit in said(case_of(PACK, Row(limit, "", O, 0, category, quantities={quantity: speaks})))


@pytest.mark.parametrize(
    ("limit", "category", "day"),
    [
        ("N04.county", DISPUTE, "2024-11-01"),
        ("N15.county_department", PLAGUE, "2025-11-01"),
        ("N16.class_a", PLAGUE, "2025-09-01"),
        ("N40", NET, "2025-11-01"),
        ("N47", "accident.hazardous_chemicals", "2026-05-01"),
        ("N22.unit", LIFT, "2022-03-01"),
    ],
)
def test_it_holds_from_its_first_day(limit: str, category: str, day: str) -> None:
    first = datetime.fromisoformat(f"{day}T00:00:00+08:00")
    case = case_of(PACK, Row(limit, "", O, 0, category, "III"))
    assert limit in said(case.model_copy(update={"occurred_at": first}))
    assert limit not in said(case.model_copy(update={"occurred_at": first - timedelta(seconds=1)}))


def test_a_forest_fire_that_is_out_within_24_hours_stays_in_the_province() -> None:
    case = case_of(PACK, Row("N44.elapsed", "", O, 0, FOREST))
    in_time = timedelta(hours=23, minutes=59)
    assert "N44.elapsed" not in said(case.model_copy(update={"stopped_at": O + in_time}))
    assert "N44.elapsed" in said(case.model_copy(update={"stopped_at": O + timedelta(hours=24)}))


@pytest.mark.parametrize(
    ("grade", "binding", "minutes"),
    [
        # 突发公共卫生事件应对法 art. 30: an event, or what may be one, within 2 hours
        ("ungraded", "N15.unit", 120),
        ("IV", "N15.unit", 120),
        ("I", "N15.unit", 120),
        # 传染病防治法 art. 45: a single case of class B or C within 24
        ("non_incident", "N16.class_b_c", 24 * 60),
    ],
)
def test_a_case_of_class_b_has_24_hours_once_it_is_no_incident(
    grade: str, binding: str, minutes: int
) -> None:
    case = case_of(PACK, Row("", "", K, 0, "public_health.infectious.class_b", grade))
    owed = {
        (one.duty.from_role, one.duty.to_role, one.duty.medium): one
        for one in explain(case, load([PACK]), OCCURRED).obligations
    }
    direct = owed[NodeRole.UNIT, NodeRole.CDC, Medium.NETWORK]
    assert (direct.binding.id, direct.due_at) == (binding, KNOWN + timedelta(minutes=minutes))
    if grade == "non_incident":
        assert len(owed) == 1  # N11 to the health department is for events, and so is all that follows


def test_a_case_that_turns_out_to_be_no_incident_gets_the_24_hours_that_are_left() -> None:
    packs = load([PACK])
    case = case_of(PACK, Row("", "", K, 0, "public_health.infectious.class_b", "ungraded"))
    case = case.model_copy(update={"nodes": {NodeRole.UNIT: "hospital"}})
    asked = KNOWN + timedelta(minutes=30)
    rows = apply(changes(plan(case, packs, asked), [], asked, OpenReason.REPORTED), [], case, asked)
    judged = case.model_copy(update={"grade": Grade.NON_INCIDENT})
    after = apply(changes(plan(judged, packs, asked), rows, asked, OpenReason.REGRADED), rows, case, asked)
    assert {(one.binding.id, one.state, one.due_at) for one in after} == {
        ("N16.class_b_c", ObligationState.OPEN, KNOWN + timedelta(hours=24)),
        ("N11", ObligationState.WAIVED, KNOWN + timedelta(hours=2)),
    }
