"""The sector rules of cities and provinces: each asked in the place for which it was made, and not next door."""

from datetime import timedelta

import pytest

from rules.explanation import explain
from schemas.categories import CATEGORIES
from schemas.vocabulary import Grade
from tests.rules.packs.asking import (
    DAY,
    HOUR,
    OCCURRED,
    K,
    O,
    R,
    Row,
    case_of,
    expect,
    expect_silence,
    packs_of,
    speaking_limits,
)

PACK = "cn.sector"
SCHOOL, HEAT, LIFT = "accident.school", "accident.public_facility.heating", "accident.public_facility.lift"
WATER, MONEY = "accident.environment", "social_security.economic"
ROAD, BRIDGE = "accident.traffic.expressway", "accident.public_facility.bridge_road"
BUILDING, FOOD = "accident.work_safety.construction", "public_health.food_safety"

UP, OWN = "unit → county_department", "county_department → county"
SOURCE = ("drinking_water_source",)
LUOYANG, ZHENGZHOU, BEIJING, SHANGHAI, NINGBO = "410302", "410102", "110105", "310104", "330203"
HANGZHOU, ZAOZHUANG, ZIBO, QINGDAO, SHENZHEN = "330106", "370402", "370303", "370202", "440305"
DEMO = "990101103"

ROWS = [
    # 洛阳 art. 18: serious injury 60 minutes from the event; major at once, and the department 60 from receiving
    Row("S01.school", UP, O, 60, SCHOOL, "III", division=LUOYANG),
    Row("S01.school.major", UP, O, 10, SCHOOL, "II", division=LUOYANG),
    Row("S01.department", OWN, R, 60, SCHOOL, "II", division=LUOYANG),
    # 北京 art. 16: 24 hours, major 2; the department 2 hours to its government and the municipal department
    Row("S02.school", UP, O, DAY, SCHOOL, "ungraded", division=BEIJING),
    Row("S02.school.major", UP, O, 120, SCHOOL, "II", division=BEIJING),
    Row("S02.department", OWN, R, 120, SCHOOL, "I", division=BEIJING),
    Row("S02.department", "county_department → province_department", R, 120, SCHOOL, "II", division=BEIJING),
    # 宁波 art. 36: 24 hours, serious at once; very serious: the department at once
    Row("S03.school", UP, O, DAY, SCHOOL, division=NINGBO),
    Row("S03.school.serious", UP, O, 10, SCHOOL, "III", division=NINGBO),
    Row("S03.department", OWN, R, 10, SCHOOL, "II", division=NINGBO),
    Row("S03.department", "county_department → city_department", R, 10, SCHOOL, "I", division=NINGBO),
    # 上海食品安全条例 art. 72: 2 hours
    Row("S04", UP, O, 120, FOOD, division=SHANGHAI),
    # 洛阳供热 arts 27, 37: 2 hours from discovery; 8 hours expected, or reached
    Row("S06.report", UP, K, 120, HEAT, division=LUOYANG),
    Row("S06.expected", UP, K, 15, HEAT, quantities={"outage_minutes": 480}, division=LUOYANG),
    Row("S06.elapsed", UP, O, 8 * HOUR + 15, HEAT, division=LUOYANG),
    # 杭州 art. 22: the unit 60 minutes, the department at once
    Row("S09.unit", UP, O, 60, WATER, tags=SOURCE, division=HANGZHOU),
    Row("S09.department", OWN, R, 15, WATER, tags=SOURCE, division=HANGZHOU),
    Row(
        "S09.department", "county_department → city_department", R, 15, WATER, tags=SOURCE, division=HANGZHOU
    ),
    # 枣庄, 淄博: an hour; people trapped for 2 hours make it an accident, and the hour runs from then
    Row("S10.zaozhuang", UP, O, 60, LIFT, division=ZAOZHUANG),
    Row("S10.zaozhuang.trapped", UP, O, 180, LIFT, quantities={"trapped": 1}, division=ZAOZHUANG),
    Row("S10.zibo", UP, O, 60, LIFT, division=ZIBO),
    Row("S10.zibo.trapped", UP, O, 180, LIFT, quantities={"trapped": 3}, division=ZIBO),
    # 广东: the contractor an hour from being told
    Row("S11", UP, R, 60, BUILDING, division=SHENZHEN),
    # 上海, 北京 finance: 24 hours
    Row("S12.shanghai", "unit → province_department", O, DAY, MONEY, division=SHANGHAI),
    Row("S12.beijing", "unit → province_department", O, DAY, MONEY, division=BEIJING),
    # 公路阻断: more than 12 hours expected, or reached; anywhere in the country
    Row(
        "S13.expected",
        "unit → province_department",
        K,
        30,
        ROAD,
        medium="network",
        quantities={"outage_minutes": 721},
        division=SHENZHEN,
    ),
    Row(
        "S13.elapsed",
        "unit → province_department",
        O,
        12 * HOUR + 30,
        BRIDGE,
        medium="network",
        quantities={"outage_minutes": 1},
        division="650102",
    ),
    # … in a municipality past the district alone
    Row(
        "S13.expected.municipality",
        "unit → province_department",
        K,
        30,
        ROAD,
        medium="network",
        quantities={"outage_minutes": 721},
        division=SHANGHAI,
    ),
    Row(
        "S13.elapsed.municipality",
        "unit → province_department",
        O,
        12 * HOUR + 30,
        ROAD,
        medium="network",
        quantities={"outage_minutes": 1},
        division=BEIJING,
    ),
]

SILENT = [
    # another city of the same province
    Row("S01.school", UP, O, 0, SCHOOL, "III", division=ZHENGZHOU),
    Row("S06.report", UP, K, 0, HEAT, division=ZHENGZHOU),
    Row("S10.zibo", UP, O, 0, LIFT, division=ZAOZHUANG),
    Row("S10.zaozhuang", UP, O, 0, LIFT, division=QINGDAO),
    # the province around the city, and nowhere
    Row("S03.school", UP, O, 0, SCHOOL, division="33"),
    Row("S04", UP, O, 0, FOOD),
    # a grade below
    Row("S01.school.major", UP, O, 0, SCHOOL, "III", division=LUOYANG),
    Row("S01.department", OWN, R, 0, SCHOOL, "III", division=LUOYANG),
    Row("S02.school.major", UP, O, 0, SCHOOL, "III", division=BEIJING),
    Row("S03.department", OWN, R, 0, SCHOOL, "III", division=NINGBO),
    # 8 hours are included, 12 hours are not; what nobody knows meets no threshold
    Row("S06.expected", UP, K, 0, HEAT, quantities={"outage_minutes": 479}, division=LUOYANG),
    Row("S06.expected", UP, K, 0, HEAT, division=LUOYANG),
    Row("S13.expected", UP, K, 0, ROAD, quantities={"outage_minutes": 720}, division=SHENZHEN),
    Row("S13.elapsed", UP, O, 0, ROAD, division=SHENZHEN),
    Row("S10.zibo.trapped", UP, O, 0, LIFT, quantities={"trapped": 0}, division=ZIBO),
    # a river that nobody drinks from
    Row("S09.unit", UP, O, 0, WATER, division=HANGZHOU),
    # 郑州: emergency supply after 24 hours is no report (draft)
    Row("S07", UP, O, 0, "accident.public_facility.water_supply", division=ZHENGZHOU),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_it_says_what_the_clause_says(row: Row) -> None:
    expect(PACK, row)


@pytest.mark.parametrize("row", SILENT, ids=str)
def test_it_does_not_ask_for_more_than_the_clause(row: Row) -> None:
    expect_silence(PACK, row)


def test_every_limit_has_a_row() -> None:
    assert {row.limit for row in ROWS} == speaking_limits(PACK)


@pytest.mark.parametrize(
    ("category", "quantities", "division", "copied"),
    [
        (MONEY, {}, SHANGHAI, ("county_department",)),
        (MONEY, {}, BEIJING, ("county_department",)),
        (ROAD, {"outage_minutes": 721}, SHANGHAI, ("county_department",)),
        (ROAD, {"outage_minutes": 721}, SHENZHEN, ("county_department", "city_department")),
    ],
)
def test_it_copies_the_levels_that_are_passed(
    category: str, quantities: dict[str, float], division: str, copied: tuple[str, ...]
) -> None:
    case = case_of(PACK, Row("", "", O, 0, category, quantities=quantities, division=division))
    direct = explain(case, packs_of(PACK), OCCURRED).obligations
    assert {(one.skip_level, one.copy_to) for one in direct} == {(True, copied)}


def test_every_limit_names_its_places() -> None:
    assert [limit.id for limit in packs_of(PACK).packs[0].limits if not limit.applies.regions] == []


@pytest.mark.parametrize(
    ("category", "hours", "quantities", "division"),
    [(HEAT, 8, {}, LUOYANG), (LIFT, 2, {"trapped": 1}, ZIBO), (ROAD, 12, {"outage_minutes": 1}, SHENZHEN)],
)
def test_what_ends_in_time_asks_for_nothing_more(
    category: str, hours: int, quantities: dict[str, float], division: str
) -> None:
    case = case_of(PACK, Row("", "", O, 0, category, quantities=quantities, division=division))
    in_time = case.model_copy(update={"stopped_at": OCCURRED + timedelta(hours=hours, minutes=-1)})
    late = case.model_copy(update={"stopped_at": OCCURRED + timedelta(hours=hours)})
    followed = [
        {one.duty.stage for one in explain(each, packs_of(PACK), OCCURRED).obligations}
        for each in (in_time, late)
    ]
    assert ["follow_up" in stages for stages in followed] == [False, True]


def test_the_demonstration_county_is_none_of_these_places() -> None:
    packs = packs_of(PACK)
    known = {"outage_minutes": 10_000.0, "trapped": 9.0}
    for category in CATEGORIES:
        for grade in Grade:
            row = Row("", "", O, 0, category, grade.value, tags=SOURCE, quantities=known, division=DEMO)
            assert explain(case_of(PACK, row), packs, OCCURRED).obligations == ()
