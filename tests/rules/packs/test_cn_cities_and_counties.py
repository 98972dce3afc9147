"""The cities', the counties' and the fictional demonstration's limits, each asked with one incident."""

import pytest

from tests.rules.packs.asking import (
    DAY,
    HOUR,
    K,
    O,
    R,
    Row,
    S,
    expect,
    expect_silence,
    speaking_limits,
)

CROWD = "social_security.mass_incident"
FOOD = "public_health.food_safety"
FLOOD = "natural_disaster.flood_drought"
FIRE = "accident.fire"

COUNTY, DEPARTMENT = "county → city", "city_department → city"

ROWS = {
    "cn.wuhan": [
        # 武政〔2020〕27号: IV and III from learning of it, I and II from the event
        Row("P11.IV", COUNTY, K, 120, FIRE, "IV"),
        Row("P11.III", DEPARTMENT, K, 60, CROWD, "III"),
        Row("P11.I-II", COUNTY, O, 30, FOOD, "II"),
        Row("P11.I-II", DEPARTMENT, O, 30, FOOD, "I"),
    ],
    "cn.lanzhou": [
        # 2014: two hours from the event, I and II one
        Row("P12", COUNTY, O, 120, FIRE, "ungraded"),
        Row("P12", DEPARTMENT, O, 120, FLOOD, "III"),
        Row("P12.I-II", COUNTY, O, 60, FLOOD, "II"),
        # 2008: III and above two hours, and I straight to the province as well
        Row("P19", COUNTY, O, 120, CROWD, "III"),
        Row("P19.province", "county → province", O, 120, CROWD, "I"),
    ],
    "cn.anshan": [
        # 鞍政办发〔2007〕76号: III and above one hour, IV 24
        Row("P13.III", COUNTY, O, 60, FOOD, "III"),
        Row("P13.III", DEPARTMENT, O, 60, FOOD, "I"),
        Row("P13.IV", COUNTY, O, DAY, FOOD, "IV"),
    ],
    "cn.jilin_city": [
        # 吉市政办函〔2006〕1号: I and II one hour, and every day while it is handled
        Row("P14", COUNTY, O, 60, FLOOD, "I"),
        Row("P14", DEPARTMENT, O, 60, FLOOD, "II"),
        Row("P14.daily", COUNTY, O, DAY, FLOOD, "II"),
    ],
    "cn.zhuhai": [
        # the plan: I and II the main facts in 30 minutes, the details in writing in two hours
        Row("P17.first", COUNTY, O, 30, FIRE, "I"),
        Row("P17.first", DEPARTMENT, O, 30, FIRE, "II"),
        Row("P17.written", COUNTY, O, 120, FIRE, "II", "written"),
        # … an air crash or terror at once, whatever the grade
        Row("P17.immediate", COUNTY, O, 10, "accident.traffic.air", "ungraded"),
        Row("P17.immediate", DEPARTMENT, O, 10, "social_security.terror", "IV"),
    ],
    "cn.hechi": [
        # the notice: III and above in writing, and a final report; both times are working targets
        Row("P20.first", COUNTY, O, 60, CROWD, "III", "written"),
        Row("P20.final", DEPARTMENT, S, DAY, CROWD, "I", "written"),
    ],
    "cn.xilinhot": [
        # 2024: the duty room by phone at once, and after verifying within 30 minutes
        Row("C02.phone", "township → county", O, 10, FLOOD, "ungraded", "phone"),
        Row("C02.phone", "unit → county", O, 10, FIRE, "IV", "phone"),
        Row("C02.report", "county_department → county", O, 30, FLOOD, "IV"),
    ],
    "cn.yangcheng": [
        # 阳政办函〔2023〕19号: the enterprise to the township first of all, the township to the county at once
        Row("C04.unit", "unit → township", K, 10, FIRE, "ungraded"),
        Row("C04.township", "township → county", R, 10, FLOOD, "IV"),
    ],
    "cn.yixing": [
        # 宜政办发〔2018〕88号: in special periods before 16:30 every day
        Row(
            "C08",
            "township → county",
            O,
            8 * HOUR + 30,
            FIRE,
            "IV",
            tags=("sensitive_time", "media_reported"),
        ),
        Row("C08", "county_department → county", O, 8 * HOUR + 30, "other", tags=("sensitive_time",)),
    ],
    "city.demo": [
        # the fictional prefecture
        Row("city.first.phone", COUNTY, R, 30, "other", "ungraded", "phone"),
        Row("city.first.written", COUNTY, R, 60, "other", "ungraded", "written"),
        Row("city.follow_up", COUNTY, O, 9 * HOUR, "other", "III"),
        Row("city.final", COUNTY, S, DAY, "other", "IV", "written"),
    ],
    "county.demo": [
        # the fictional county, after row C01: 20 minutes by phone, 40 in writing, from the event
        Row("county.first.phone", "township → county", O, 20, "other", "ungraded", "phone"),
        Row("county.first.phone", "unit → county", O, 20, "other", "IV", "phone"),
        Row("county.first.written", "county_department → county", O, 40, "other", "IV", "written"),
        Row("county.follow_up", "township → county", O, 9 * HOUR, "other", "II"),
        Row("county.final", "township → county", S, DAY, "other", "IV", "written"),
    ],
}

SILENT = [
    # 武汉: a warning is not yet an event; the clock of IV is not that of III
    ("cn.wuhan", Row("P11.I-II", COUNTY, O, 0, "warning", "I")),
    ("cn.wuhan", Row("P11.IV", COUNTY, K, 0, FIRE, "III")),
    # 兰州: only I also goes to the province; the older notice knows no IV
    ("cn.lanzhou", Row("P19.province", "county → province", O, 0, CROWD, "II")),
    ("cn.lanzhou", Row("P19", COUNTY, O, 0, CROWD, "IV")),
    # 鞍山: the 24 hours are for IV alone
    ("cn.anshan", Row("P13.IV", COUNTY, O, 0, FOOD, "III")),
    # 吉林市 is a city, not the province around it
    ("cn.jilin_city", Row("P14", COUNTY, O, 0, FLOOD, "I", division="220102")),
    ("cn.jilin_city", Row("P14.daily", COUNTY, O, 0, FLOOD, "III")),
    # 珠海: neither an air crash nor terror; III is not II
    ("cn.zhuhai", Row("P17.immediate", COUNTY, O, 0, "accident.traffic.rail", "I")),
    ("cn.zhuhai", Row("P17.first", COUNTY, O, 0, FIRE, "III")),
    # 河池: III and above
    ("cn.hechi", Row("P20.final", COUNTY, S, 0, CROWD, "IV")),
    # 锡林浩特: a warning is not yet an event
    ("cn.xilinhot", Row("C02.phone", "township → county", O, 0, "warning")),
    # 阳城: a warning is not yet an event; the county next door has no such rule
    ("cn.yangcheng", Row("C04.township", "township → county", R, 0, "warning")),
    ("cn.yangcheng", Row("C04.unit", "unit → township", K, 0, FIRE, division="140521")),
    # 宜兴: only in special periods
    ("cn.yixing", Row("C08", "township → county", O, 0, FIRE, tags=("sensitive_place",))),
    # what is no incident starts nothing
    ("county.demo", Row("county.first.phone", "township → county", O, 0, "other", "non_incident")),
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
