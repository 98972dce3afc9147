"""The provinces' own limits, each asked with one incident: by when, from which clock, to whom."""

from datetime import datetime, timedelta

import pytest

from rules.explanation import explain
from schemas.incident import Case
from tests.rules.packs.asking import (
    DAY,
    HOUR,
    OCCURRED,
    K,
    O,
    R,
    Row,
    S,
    case_of,
    expect,
    expect_silence,
    packs_of,
    speaking_limits,
)

WORK, CHEMICALS = "accident.work_safety.mine", "accident.hazardous_chemicals"
QUAKE = "natural_disaster.earthquake"
FIRE = "natural_disaster.forest_grassland_fire"
CROWD = "social_security.mass_incident"
ILL = "public_health.infectious.class_a"

COUNTY_UP = "county_department → province_department"
CITY_UP = "city_department → province_department"

ROWS = {
    "cn.henan": [
        # 河南 2021: I and II 15 minutes by phone, 35 in writing, from the event
        Row("P01.phone.county_department", COUNTY_UP, O, 15, WORK, "I", "phone"),
        Row("P01.phone.city_department", CITY_UP, O, 15, QUAKE, "II", "phone"),
        Row("P01.written.county_department", COUNTY_UP, O, 35, WORK, "II", "written"),
        Row("P01.written.city_department", CITY_UP, O, 35, QUAKE, "I", "written"),
        # … III in writing within 60 minutes
        Row("P02.county_department", COUNTY_UP, O, 60, WORK, "III", "written"),
        Row("P02.city_department", CITY_UP, O, 60, WORK, "III", "written"),
        # … IV within 6 hours
        Row("P03.county_department", COUNTY_UP, O, 6 * HOUR, WORK, "IV", "written"),
        Row("P03.city_department", CITY_UP, O, 6 * HOUR, WORK, "IV", "written"),
        # … III and above twice a day: 08:00 has just struck, so before 17:00
        Row("P01.follow_up.county_department", COUNTY_UP, O, 9 * HOUR, WORK, "III"),
        Row("P01.follow_up.city_department", CITY_UP, O, 9 * HOUR, WORK, "I"),
        # 河南省森林防火条例: at once when 12 hours have not put it out
        Row("N44.henan.county_department", "county_department → city_department", O, 12 * HOUR + 15, FIRE),
        Row("N44.henan.city_department", CITY_UP, O, 12 * HOUR + 15, FIRE, "ungraded"),
    ],
    "cn.shandong": [
        # 安全生产条例 art. 65: governments straight to the province within 30 minutes of receiving
        Row("P04.county", "county → province_department", R, 30, WORK, "ungraded"),
        Row("P04.city", "city → province_department", R, 30, WORK),
        # … 493号令 art. 3: an accident with hazardous chemicals as well
        Row("P04.county", "county → province_department", R, 30, CHEMICALS),
        Row("P04.city", "city → province_department", R, 30, CHEMICALS),
        Row("P04.county.written", "county → province_department", R, 60, CHEMICALS, "II", "written"),
        Row("P04.city.written", "city → province_department", R, 60, CHEMICALS, "III", "written"),
        # … III and above in writing within 60 minutes as well
        Row("P04.county.written", "county → province_department", R, 60, WORK, "III", "written"),
        Row("P04.city.written", "city → province_department", R, 60, WORK, "I", "written"),
        # 突发事件应对条例 art. 29: sensitive social-security events at once
        Row("P05.county.social", "county → city", R, 10, CROWD, "ungraded", tags=("sensitive_place",)),
        Row("P05.city.social", "city → province", R, 10, CROWD, tags=("may_evolve",)),
        # … art. 30: a final report; its hours are a working target
        Row("P05.county.final", "county → city", S, DAY, QUAKE, "IV", "written"),
        Row("P05.city.final", "city → province", S, DAY, QUAKE, "II", "written"),
    ],
    "cn.shanghai": [
        # 安全生产条例 art. 58: the unit within an hour of the accident
        Row("P06.unit", "unit → county_department", O, 60, WORK, "ungraded"),
        # … each department within one hour orally and two in writing, of receiving
        Row("P06.department.phone", COUNTY_UP, R, 60, WORK, "IV", "phone"),
        Row("P06.department.written", COUNTY_UP, R, 120, WORK, "IV", "written"),
        # 493号令 art. 3: an accident with hazardous chemicals as well
        Row("P06.unit", "unit → county_department", O, 60, CHEMICALS),
        Row("P06.department.phone", COUNTY_UP, R, 60, CHEMICALS, "II", "phone"),
        Row("P06.department.written", COUNTY_UP, R, 120, CHEMICALS, "IV", "written"),
    ],
    "cn.chongqing": [
        # 突发事件应对条例 art. 28: III and above within an hour of the event
        Row("P07", "county → province", O, 60, CROWD, "III"),
        # 森林防火条例: at once when 4 hours have not put it out
        Row("N44.chongqing", COUNTY_UP, O, 4 * HOUR + 15, FIRE),
    ],
    "cn.jiangxi": [
        # 突发事件应对条例 arts 33, 34: county 2 hours, city and province departments 3 hours, from the event
        Row("P08.county", "county → city", O, 120, QUAKE, "III"),
        Row("P08.city", "city → province", O, 180, QUAKE, "I"),
        Row("P08.city", "province_department → province", O, 180, QUAKE, "II"),
    ],
    "cn.anhui": [
        # 皖政办秘〔2010〕31号: I and II within 2 hours, III within 4, in writing
        Row("P09.I-II", "city → province", O, 120, ILL, "I", "written"),
        Row("P09.I-II", "province_department → province", O, 120, ILL, "II", "written"),
        Row("P09.III", "city → province", O, 240, ILL, "III", "written"),
        # 安徽日报: III and above within 2 hours by any medium
        Row("P15", "city → province", O, 120, WORK, "III"),
        Row("P15", "province_department → province", O, 120, WORK, "I"),
    ],
    "cn.shanxi": [
        # the opinion: the unit within an hour of learning of it, then 2 hours a step, whatever the grade
        Row("P10.unit", "unit → county", K, 60, WORK, "ungraded"),
        Row("P10.county", "county → city", K, 120, WORK, "IV"),
        Row("P10.city", "city → province", K, 120, WORK, "III"),
        # … I and II straight to the province within an hour
        Row("P10.county.direct", "county → province", K, 60, WORK, "II"),
        Row("P10.city.direct", "city → province", K, 60, WORK, "I"),
        # … and the province to the State Council within 4
        Row("P10.province", "province → state", K, 240, QUAKE, "I"),
    ],
    "cn.ningxia": [
        # 2011: III and above orally at once; the text on network and by fax has its number elsewhere
        Row("P16.county", "county → city", K, 10, ILL, "III", "phone"),
        Row("P16.city", "city → province", K, 10, ILL, "II", "phone"),
    ],
    "cn.guangdong": [
        # 广东省森林防火条例: at once when 24 hours have not put it out
        Row(
            "N44.guangdong.county_department", "county_department → city_department", O, 24 * HOUR + 15, FIRE
        ),
        Row("N44.guangdong.city_department", CITY_UP, O, 24 * HOUR + 15, FIRE),
    ],
}

SILENT = [
    # 河南 2021: twice a day from III upward only; accidents and natural disasters only
    ("cn.henan", Row("P01.follow_up.county_department", COUNTY_UP, O, 0, WORK, "IV")),
    ("cn.henan", Row("P01.phone.county_department", COUNTY_UP, O, 0, ILL, "I")),
    # … and not in the province next to it
    ("cn.henan", Row("P02.county_department", COUNTY_UP, O, 0, WORK, "III", division="370102")),
    # 山东 art. 65: in writing from III upward only; work safety only
    ("cn.shandong", Row("P04.county.written", "county → province_department", R, 0, WORK, "IV")),
    ("cn.shandong", Row("P04.county", "county → province_department", R, 0, "accident.fire", "I")),
    # … art. 29: a social-security event that is not sensitive
    ("cn.shandong", Row("P05.county.social", "county → city", R, 0, CROWD, "I")),
    # 上海: work safety only
    ("cn.shanghai", Row("P06.unit", "unit → county_department", O, 0, "accident.fire")),
    # 重庆, 江西, 宁夏: III and above
    ("cn.chongqing", Row("P07", "county → province", O, 0, CROWD, "IV")),
    ("cn.jiangxi", Row("P08.county", "county → city", O, 0, QUAKE, "ungraded")),
    ("cn.ningxia", Row("P16.county", "county → city", K, 0, ILL, "IV")),
    # 安徽: III is not I or II; the pilot counties are drafts; a sensitive event below III has no time (及时)
    ("cn.anhui", Row("P09.III", "city → province", O, 0, CROWD, "IV", tags=("sensitive_people",))),
    ("cn.anhui", Row("P09.I-II", "city → province", O, 0, ILL, "III")),
    ("cn.anhui", Row("P21.province", "county → province", O, 0, ILL, "I")),
    # 山西: only I and II pass the city
    ("cn.shanxi", Row("P10.county.direct", "county → province", K, 0, WORK, "III")),
    # an event that is none
    ("cn.shanxi", Row("P10.unit", "unit → county", K, 0, WORK, "non_incident")),
]

ASKED = [(pack, row) for pack, rows in ROWS.items() for row in rows]


@pytest.mark.parametrize(("pack", "row"), ASKED, ids=[str(row) for _, row in ASKED])
def test_it_says_what_the_clause_says(pack: str, row: Row) -> None:
    expect(pack, row)


@pytest.mark.parametrize(("pack", "row"), SILENT, ids=[str(row) for _, row in SILENT])
def test_it_does_not_ask_for_more_than_the_clause(pack: str, row: Row) -> None:
    expect_silence(pack, row)


@pytest.mark.parametrize("pack", ROWS)
def test_every_limit_has_a_row(pack: str) -> None:
    assert {row.limit for row in ROWS[pack]} == speaking_limits(pack)


@pytest.mark.parametrize(("pack", "hours"), [("cn.henan", 12), ("cn.chongqing", 4), ("cn.guangdong", 24)])
def test_a_fire_that_is_out_in_time_asks_for_nothing_more(pack: str, hours: int) -> None:
    case = case_of(pack, Row("", "", O, 0, FIRE))
    edge = OCCURRED + timedelta(hours=hours)  # 以上 includes its number: out at that very moment is too late
    for stopped, asks in ((edge - timedelta(seconds=1), False), (edge, True)):
        fire = case.model_copy(update={"stopped_at": stopped})
        assert any(one.startswith("N44.") for one in binding(pack, fire)) is asks


def test_shandongs_work_safety_rules_hold_from_march_2022() -> None:
    """Adopted on 2021-12-03, in force three months later."""
    first = datetime.fromisoformat("2022-03-01T00:00:00+08:00")
    for occurred, asks in ((first - timedelta(seconds=1), False), (first, True)):
        case = case_of("cn.shandong", Row("", "", R, 0, WORK)).model_copy(update={"occurred_at": occurred})
        assert ("P04.county" in binding("cn.shandong", case)) is asks


def binding(pack: str, case: Case) -> set[str]:
    """The limits of a pack that bind in this incident."""
    return {planned.binding.id for planned in explain(case, packs_of(pack), OCCURRED).obligations}


@pytest.mark.parametrize(
    ("pack", "limit", "passed"),
    [("cn.shanxi", "P10.county.direct", "city"), ("cn.henan", "P02.county_department", "city_department")],
)
def test_the_level_that_is_passed_is_copied(pack: str, limit: str, passed: str) -> None:
    found = [
        planned
        for grade in ("II", "III")
        for planned in explain(
            case_of(pack, Row("", "", O, 0, WORK, grade)), packs_of(pack), OCCURRED
        ).obligations
        if planned.binding.id == limit
    ]
    assert [(planned.skip_level, planned.copy_to) for planned in found] == [(True, (passed,))]
