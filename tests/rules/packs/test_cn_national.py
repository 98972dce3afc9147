"""The national rows, one incident each: what the clause asks for, from whom, and from which clock."""

import pytest

from rules.explanation import explain
from rules.pack_files import load
from schemas.vocabulary import NodeRole
from tests.rules.packs.asking import DAY, HOUR, OCCURRED, J, K, O, R, Row, case_of, expect, speaking_limits

PACK = "cn.national"
WORK, FIRE, WATER = "accident.work_safety.mine", "accident.fire", "accident.environment"
EXPRESSWAY = "accident.traffic.expressway"
HEAT, POWER, LIFT = (f"accident.public_facility.{one}" for one in ("heating", "power", "lift"))
PLAGUE, FLU = "public_health.infectious.class_a", "public_health.infectious.class_c"
FOOD, ANIMAL, LAB, MEDICAL = (
    f"public_health.{one}" for one in ("food_safety", "animal_disease", "lab_biosafety", "medical")
)
FLOOD, SLIDE = "natural_disaster.flood_drought", "natural_disaster.geological"
FOREST, NET, SECRET = "natural_disaster.forest_grassland_fire", "accident.network", "accident.data_secrecy"
CHEMICALS, DISPUTE = "accident.hazardous_chemicals", "social_security.dispute.land"
THAT_DAY = OCCURRED.replace(hour=0)
"""之日起: the day itself does not count, and the last one counts to its end."""
CII, EVOLVES = ("critical_infrastructure",), ("may_evolve",)

ROWS = [
    # 突发事件应对法 art. 62: I and II, or what may become so, at once to the next level of governments
    Row("N04.county", "county → city", R, 15, FLOOD, "II"),
    Row("N04.county", "county → city", R, 15, "accident.fire", "ungraded", tags=EVOLVES),
    Row("N04.city", "city → province", R, 15, FOOD, "I"),
    # … and of departments
    Row("N04.county_department", "county_department → city_department", R, 15, FIRE, "I"),
    # … art. 64: a warning
    Row("N04.county", "county → city", R, 15, "warning", "ungraded"),
    # … art. 69: a social-security event, whatever its grade
    Row("N04.county", "county → city", R, 15, DISPUTE, "ungraded"),
    Row("N04.city", "city → province", R, 15, DISPUTE),
    Row("N04.county_department", "county_department → city_department", R, 15, DISPUTE),
    # 493号令 art. 9: the head of the unit within 1 hour of being told
    Row("N06", "unit → county_department", R, 60, WORK),
    # 493号令 arts 10, 11: 2 hours a level; IV climbs to the city, and the own government is told at the same time
    Row("N07.county_department", "county_department → city_department", R, 120, WORK),
    Row("N07.county_department", "county_department → county", R, 120, WORK),
    # … III climbs to the province
    Row("N07.city_department", "city_department → province_department", R, 120, WORK, "III"),
    Row("N07.city_department", "city_department → city", R, 120, WORK, "III"),
    # … II and I to the State Council's department
    Row("N07.province_department", "province_department → ministry", R, 120, WORK, "II"),
    Row("N07.province_department", "province_department → province", R, 120, WORK, "I"),
    # … art. 3: an accident with hazardous chemicals is one of them
    Row("N06", "unit → county_department", R, 60, CHEMICALS),
    Row("N07.county_department", "county_department → county", R, 120, CHEMICALS, "ungraded"),
    Row("N07.city_department", "city_department → province_department", R, 120, CHEMICALS, "III"),
    Row("N07.province_department", "province_department → ministry", R, 120, CHEMICALS, "II"),
    Row("N08.unit.30d", "unit → county_department", THAT_DAY, 31 * DAY, CHEMICALS),
    Row("N08.county_department.30d", "county_department → city_department", THAT_DAY, 31 * DAY, CHEMICALS),
    # 493号令 art. 13: 30 days from the occurrence
    Row("N08.unit.30d", "unit → county_department", THAT_DAY, 31 * DAY, WORK),
    Row("N08.county_department.30d", "county_department → city_department", THAT_DAY, 31 * DAY, WORK, "I"),
    # … road traffic and fire 7 days
    Row("N08.unit.7d", "unit → county_department", THAT_DAY, 8 * DAY, FIRE),
    Row("N08.unit.7d", "unit → county_department", THAT_DAY, 8 * DAY, "accident.traffic.road", "II"),
    Row(
        "N08.county_department.7d",
        "county_department → city_department",
        THAT_DAY,
        8 * DAY,
        EXPRESSWAY,
        "III",
    ),
    # 376号令 arts 19, 20: units within 2 hours of learning of it
    Row("N11", "unit → county_department", K, 120, PLAGUE),
    Row("N11", "cdc → county_department", K, 120, PLAGUE),
    # … the health department within 2 hours of receiving: own government, upper department, national department
    Row("N12", "county_department → county", R, 120, PLAGUE),
    Row("N12", "county_department → city_department", R, 120, PLAGUE),
    Row("N12.national", "county_department → ministry", R, 120, PLAGUE),
    # … the county government to the city government
    Row("N13", "county → city", R, 120, PLAGUE, "ungraded"),
    # … the city to the province, the province within 1 hour to the national department
    Row("N14.city", "city → province", R, 120, PLAGUE),
    Row("N14.province", "province → ministry", R, 60, PLAGUE),
    # 突发公共卫生事件应对法 arts 30, 33, 34: hospitals by the network within 2 hours, the others at once; the
    # centre verifies first, for which 传染病防治法 art. 49 gives it 2 hours
    Row("N15.unit", "unit → cdc", K, 120, FOOD, medium="network"),
    Row("N15.cdc", "cdc → county_department", R, 120, FOOD),
    Row("N15.county_department", "county_department → county", R, 15, FOOD, "ungraded"),
    # 传染病防治法 art. 45: class A, novel and unexplained within 2 hours, B and C within 24
    Row("N16.class_a", "unit → cdc", K, 120, PLAGUE, medium="network"),
    Row("N16.class_a", "unit → cdc", K, 120, "public_health.unexplained", medium="network"),
    Row("N16.class_b_c", "unit → cdc", K, DAY, FLU, medium="network"),
    # … a single case as well, which is no incident
    Row("N16.class_b_c", "unit → cdc", K, DAY, FLU, "non_incident", "network"),
    # … art. 49: the centre verifies and reports within 2 hours
    Row("N16.cdc", "cdc → county_department", R, 120, "public_health.infectious.novel"),
    # 重大动物疫情应急条例 arts 16–18: 2 hours to the province from the judgement on site, then 1 hour to the nation,
    # 1 and 1 over the department to the province government, and 4 to the State Council
    Row("N17.county_department", "county_department → province_department", J, 120, ANIMAL),
    Row("N17.province_department", "province_department → ministry", R, 60, ANIMAL),
    Row("N17.province_department.own", "province_department → province", R, 120, ANIMAL),
    Row("N17.province", "province → state", R, 240, ANIMAL),
    # 放射性同位素条例 art. 42: I and II to the State Council within 4 hours
    Row("N18", "province → state", O, 240, "accident.radiation", "II"),
    Row("N18", "ministry → state", O, 240, "accident.radiation", "I"),
    # 病原微生物实验室条例 art. 17: 2 hours at each step, the province 1 hour
    Row("N19.unit", "unit → county_department", K, 120, LAB),
    Row("N19.county_department", "county_department → county", R, 120, LAB),
    Row("N19.county", "county → city", R, 120, LAB),
    Row("N19.city", "city → province", R, 120, LAB),
    Row("N19.province", "province → ministry", R, 60, LAB),
    # 599号令 arts 8–10: at once; heat that a thermal plant no longer supplies to the heating department as well
    Row("N20.power", "unit → county_department", R, 15, POWER),
    Row("N20.heating", "unit → county_department", R, 15, HEAT),
    # 特种设备安全监察条例 art. 66: the department at once to its own government, and up level by level
    Row("N21.county_department", "county_department → county", R, 15, LIFT),
    Row("N21.county_department", "county_department → city_department", R, 15, LIFT),
    Row("N21.city_department", "city_department → city", R, 15, LIFT),
    Row("N21.city_department", "city_department → province_department", R, 15, LIFT),
    # 总局令第50号: the head of the unit within 1 hour of being told
    Row("N22.unit", "unit → county_department", R, 60, "accident.public_facility.special_equipment"),
    # 17号令 art. 3: IV and III within 4 hours of 发现或者得知
    Row("N23.county_department", "county_department → county", K, 240, WATER),
    Row("N23.county_department", "county_department → city_department", K, 240, WATER, "III"),
    Row("N23.city_department", "city_department → city", K, 240, WATER, "III"),
    Row("N23.city_department", "city_department → province_department", K, 240, WATER),
    # … II and I within 2 hours, and straight to the province
    Row("N24.county_department.own", "county_department → county", K, 120, WATER, "II"),
    Row("N24.county_department.province", "county_department → province_department", K, 120, WATER, "I"),
    Row("N24.city_department", "city_department → city", K, 120, WATER, "II"),
    Row("N24.city_department", "city_department → province_department", K, 120, WATER, "II"),
    # 应急〔2020〕19号: losses into the network within 2 hours of the event
    Row("N27", "county_department → city_department", O, 120, FLOOD, medium="network"),
    # … from 10 dead or 10 missing, sensitive, or II and above also straight to province and ministry
    Row("N28.province", "county_department → province_department", O, 120, FLOOD, "II", "network"),
    Row("N28.ministry", "county_department → ministry", O, 120, FLOOD, "IV", "network", ("may_evolve",)),
    # 21号令 arts 3, 5, 6: the unit within 1 hour
    Row("N30", "unit → county_department", R, 60, WORK, "ungraded"),
    Row("N30", "unit → county_department", R, 60, CHEMICALS),
    # 国家突发地质灾害应急预案: I and II within 4 hours of receiving, III and IV within 12
    Row("N33", "county_department → county", R, 240, SLIDE, "II"),
    Row("N33", "county_department → city_department", R, 240, SLIDE, "I"),
    Row("N34", "county_department → county", R, 720, SLIDE, "IV"),
    Row("N34", "county_department → city_department", R, 720, SLIDE, "III"),
    # 地质灾害速报制度: 6, 12, 24 hours from the event, to the city and straight to province and ministry
    Row("N35.I.city", "county_department → city_department", O, 6 * HOUR, SLIDE, "I"),
    Row("N35.I.direct", "county_department → ministry", O, 6 * HOUR, SLIDE, "I"),
    Row("N35.II.city", "county_department → city_department", O, 12 * HOUR, SLIDE, "II"),
    Row("N35.II.direct", "county_department → province_department", O, 12 * HOUR, SLIDE, "II"),
    Row("N35.III.city", "county_department → city_department", O, DAY, SLIDE, "III"),
    Row("N35.III.direct", "county_department → province_department", O, DAY, SLIDE, "III"),
    # 建设工程质量管理条例 art. 52: 24 hours
    Row("N36", "unit → county_department", O, DAY, "accident.work_safety.construction"),
    # 医疗事故处理条例 art. 14: a death, or 3 persons harmed: 12 hours
    Row("N37", "unit → county_department", O, 12 * HOUR, MEDICAL, quantities={"deaths": 1}),
    # 国家网络安全事件报告管理办法 art. 4: critical infrastructure 1 hour, then 30 minutes; anybody else 4 hours
    Row("N38.police", "unit → county_department", K, 60, NET, "III", tags=CII),
    Row("N38.protection", "unit → province_department", K, 60, NET, "III", tags=CII),
    Row("N38.national", "province_department → ministry", R, 30, NET, "II", tags=CII),
    Row("N40", "unit → province_department", K, 240, NET, "III"),
    # 网络数据安全管理条例 art. 10: a flaw that touches public interest, 24 hours
    Row("N41", "unit → county_department", K, DAY, NET, "ungraded", tags=("sensitive_nature",)),
    # 保守国家秘密法实施条例 art. 61: 24 hours to the secrecy department and the superior, 24 to the national one
    Row("N42.unit", "unit → county_department", K, DAY, SECRET),
    Row("N42.superior", "county_department → city_department", K, DAY, SECRET),
    Row("N42.county", "county → city", K, DAY, SECRET),
    Row("N42.national", "county_department → ministry", R, DAY, SECRET),
    # 森林防火条例 arts 31, 32: at once from 3 dead, 10 seriously injured or a threat to settlements
    Row("N44", "province → ministry", R, 15, FOREST, tags=("sensitive_place",)),
    # … and when open fire is not out after 24 hours
    Row("N44.elapsed", "province → ministry", O, DAY + 15, FOREST),
    # 危险化学品安全法 art. 93: the head of the unit at once
    Row("N47", "unit → county_department", O, 15, CHEMICALS),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_it_says_what_the_clause_says(row: Row) -> None:
    expect(PACK, row)


def test_every_limit_has_a_row() -> None:
    assert speaking_limits(PACK) == {row.limit for row in ROWS}


@pytest.mark.parametrize(
    ("row", "copied"),
    [
        (
            Row("N24.county_department.province", "province_department", K, 0, WATER, "I"),
            ["ministry", "city_department"],
        ),
        (Row("N12.national", "ministry", R, 0, PLAGUE), ["city_department", "province_department"]),
        (Row("N28.province", "province_department", O, 0, FLOOD, "I"), ["city_department"]),
        (Row("N35.I.direct", "ministry", O, 0, SLIDE, "I"), ["city_department"]),
        (Row("N40", "province_department", K, 0, NET, "II"), ["county_department", "city_department"]),
    ],
    ids=lambda one: one.limit if isinstance(one, Row) else "",
)
def test_it_copies_the_level_that_is_passed(row: Row, copied: list[str]) -> None:
    answer = explain(case_of(PACK, row), load([PACK]), OCCURRED)
    to_role = NodeRole(row.whom)
    (direct,) = [p for p in answer.obligations if (p.binding.id, p.duty.to_role) == (row.limit, to_role)]
    assert direct.skip_level
    assert direct.copy_to == tuple(NodeRole(role) for role in copied)


def test_a_time_for_at_once_is_shown_as_the_houses_own() -> None:
    at_once = {rule.limit.id for rule in load([PACK]).rules if rule.stamp.working_target}
    assert at_once == {
        *("N04.county", "N04.city", "N04.county_department"),
        *("N15.cdc", "N15.county_department", "N20.power", "N20.heating", "N21.county_department"),
        *("N21.city_department", "N44", "N44.elapsed", "N47"),
    }


def test_what_was_not_read_in_full_is_flagged() -> None:
    status = {one.id: one.citation.status.value for one in load([PACK]).packs[0].limits}
    flagged = {
        row: {status[one] for one in status if one.partition(".")[0] == row and status[one] != "draft"}
        for row in {one.partition(".")[0] for one in status}
    }
    partial, secondary = {"N23", "N24", "N27", "N28", "N30", "N38", "N40"}, {"N22", "N33", "N34", "N35"}
    never = {"N26", "N29", "N31", "N49", "N50"}
    assert {row for row in flagged if flagged[row] == {"V2"}} == partial
    assert {row for row in flagged if flagged[row] == {"V3"}} == secondary
    assert {row for row in flagged if not flagged[row]} == never
    assert {row for row in flagged if flagged[row] == {"V1"}} == flagged.keys() - partial - secondary - never
