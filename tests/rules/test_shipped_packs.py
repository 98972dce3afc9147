"""Every row that is encoded, asked with one incident: by when, by which clause, from which clock."""

from datetime import datetime, timedelta

import pytest

from rules.explanation import explain
from rules.pack_files import SHIPPED, load, read_folder
from schemas.incident import Case
from schemas.vocabulary import Grade, NodeRole
from tests.rules.cases import make_case

OCCURRED = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
KNOWN = OCCURRED + timedelta(minutes=7)
RECEIVED = OCCURRED + timedelta(minutes=15)
STOPPED = OCCURRED + timedelta(hours=5)

O, K, R, S = OCCURRED, KNOWN, RECEIVED, STOPPED  # noqa: E741 - the clocks as the table of time limits names them
ALL_ROLES = {role: RECEIVED for role in NodeRole}

HEALTH = "public_health.infectious.class_a"
WORK = "accident.work_safety.mine"
QUARRY = "natural_disaster.geological"
DAY = 24 * 60

ROWS = [
    # pack, category, grade, limit, from → to, medium, clock, minutes
    # 河南 2021: I and II 15 minutes by phone, 35 in writing, from the event
    (
        "cn.henan",
        WORK,
        "I",
        "P01.phone.county_department",
        "county_department → province_department",
        "phone",
        O,
        15,
    ),
    (
        "cn.henan",
        QUARRY,
        "II",
        "P01.phone.city_department",
        "city_department → province_department",
        "phone",
        O,
        15,
    ),
    (
        "cn.henan",
        WORK,
        "II",
        "P01.written.county_department",
        "county_department → province_department",
        "written",
        O,
        35,
    ),
    (
        "cn.henan",
        QUARRY,
        "I",
        "P01.written.city_department",
        "city_department → province_department",
        "written",
        O,
        35,
    ),
    # … III in writing within 60 minutes
    (
        "cn.henan",
        WORK,
        "III",
        "P02.county_department",
        "county_department → province_department",
        "written",
        O,
        60,
    ),
    (
        "cn.henan",
        WORK,
        "III",
        "P02.city_department",
        "city_department → province_department",
        "written",
        O,
        60,
    ),
    # … IV within 6 hours
    (
        "cn.henan",
        WORK,
        "IV",
        "P03.county_department",
        "county_department → province_department",
        "written",
        O,
        360,
    ),
    (
        "cn.henan",
        WORK,
        "IV",
        "P03.city_department",
        "city_department → province_department",
        "written",
        O,
        360,
    ),
    # … III and above twice a day: 08:00 has just struck, so before 17:00
    (
        "cn.henan",
        WORK,
        "III",
        "P01.follow_up.county_department",
        "county_department → province_department",
        "any",
        O,
        540,
    ),
    (
        "cn.henan",
        WORK,
        "I",
        "P01.follow_up.city_department",
        "city_department → province_department",
        "any",
        O,
        540,
    ),
    # 山东省安全生产条例 art. 65: governments straight to the province within 30 minutes of receiving
    ("cn.shandong", WORK, "ungraded", "P04.county", "county → province_department", "any", R, 30),
    ("cn.shandong", WORK, "IV", "P04.city", "city → province_department", "any", R, 30),
    # … III and above in writing within 60 minutes as well
    ("cn.shandong", WORK, "III", "P04.county.written", "county → province_department", "written", R, 60),
    ("cn.shandong", WORK, "I", "P04.city.written", "city → province_department", "written", R, 60),
    # 武汉 2020: IV and III from learning of it, I and II from the event
    ("cn.wuhan", "accident.fire", "IV", "P11.IV", "county → city", "any", K, 120),
    ("cn.wuhan", "social_security.mass_incident", "III", "P11.III", "city_department → city", "any", K, 60),
    ("cn.wuhan", "public_health.food_safety", "II", "P11.I-II", "county → city", "any", O, 30),
    # the fictional prefecture
    ("city.demo", "other", "ungraded", "city.first.phone", "county → city", "phone", R, 30),
    ("city.demo", "other", "ungraded", "city.first.written", "county → city", "written", R, 60),
    ("city.demo", "other", "III", "city.follow_up", "county → city", "any", O, 540),
    ("city.demo", "other", "IV", "city.final", "county → city", "written", S, DAY),
    # the fictional county, after row C01: 20 minutes by phone, 40 in writing, from the event
    ("county.demo", "other", "ungraded", "county.first.phone", "township → county", "phone", O, 20),
    ("county.demo", "other", "IV", "county.first.phone", "unit → county", "phone", O, 20),
    ("county.demo", "other", "IV", "county.first.written", "county_department → county", "written", O, 40),
    ("county.demo", "other", "II", "county.follow_up", "township → county", "any", O, 540),
    ("county.demo", "other", "IV", "county.final", "township → county", "written", S, DAY),
]


def everything_known(category: str, grade: str) -> Case:
    return make_case(
        category=category,
        grade=Grade(grade),
        occurred_at=OCCURRED,
        known_at=KNOWN,
        received=ALL_ROLES,
        stopped_at=STOPPED,
    )


@pytest.mark.parametrize(
    ("pack", "category", "grade", "limit_id", "whom", "medium", "clock", "minutes"),
    ROWS,
    ids=[f"{row[3]}:{row[4]}" for row in ROWS],
)
def test_it_says_what_the_clause_says(  # noqa: PLR0913 - the columns of the table
    pack: str, category: str, grade: str, limit_id: str, whom: str, medium: str, clock: datetime, minutes: int
) -> None:
    packs = load([pack])
    regions = packs.packs[0].header.region
    case = everything_known(category, grade).model_copy(update={"division": regions[0] if regions else None})
    found = [
        limit
        for planned in explain(case, packs, OCCURRED).obligations
        for limit in (planned.binding, *planned.others)
        if (limit.id, f"{planned.duty.from_role} → {planned.duty.to_role}") == (limit_id, whom)
        and planned.duty.medium.value == medium
    ]
    assert [limit.due_at for limit in found] == [clock + timedelta(minutes=minutes)]


def test_it_has_a_row_for_every_limit() -> None:
    here = load({row[0] for row in ROWS})  # the other packs have a file of their own in tests/rules/packs/
    assert {limit.id for pack in here.packs for limit in pack.limits} == {row[3] for row in ROWS}


@pytest.mark.parametrize(
    ("pack", "category", "grade", "absent"),
    [
        # 河南 2021: twice a day from III upward only; accidents and natural disasters only
        ("cn.henan", WORK, "IV", "P01.follow_up.county_department"),
        ("cn.henan", HEALTH, "I", "P01.phone.county_department"),
        # 山东 art. 65: in writing from III upward only; work safety only
        ("cn.shandong", WORK, "IV", "P04.county.written"),
        ("cn.shandong", "accident.fire", "I", "P04.county"),
        # 武汉: a warning is not yet an event
        ("cn.wuhan", "warning", "I", "P11.I-II"),
        # what is no incident starts nothing
        ("county.demo", "other", "non_incident", "county.first.phone"),
    ],
)
def test_it_does_not_ask_for_more_than_the_clause(pack: str, category: str, grade: str, absent: str) -> None:
    packs = load([pack])
    regions = packs.packs[0].header.region
    case = everything_known(category, grade).model_copy(update={"division": regions[0] if regions else None})
    answer = explain(case, packs, OCCURRED)
    assert absent not in {limit.id for p in answer.obligations for limit in (p.binding, *p.others)}


@pytest.mark.parametrize(
    ("division", "ids"),
    [
        ("990101103", ["city.demo", "cn.grades", "cn.national", "county.demo"]),
        ("9901", ["city.demo", "cn.grades", "cn.national"]),
        ("410102", ["cn.grades", "cn.henan", "cn.national"]),
        ("370102", ["cn.grades", "cn.national", "cn.shandong"]),
        ("420106", ["cn.grades", "cn.national", "cn.wuhan"]),
        ("420500", ["cn.grades", "cn.national"]),
        (None, ["cn.grades", "cn.national"]),
    ],
)
def test_it_takes_the_packs_whose_region_covers_the_place(division: str | None, ids: list[str]) -> None:
    assert sorted(load().covering(division).ids) == ids


def test_what_was_not_read_in_full_is_flagged() -> None:
    status = {limit.id: limit.citation.status.value for pack in read_folder() for limit in pack.limits}
    assert {status[one] for one in status if one.startswith("P04")} == {"V1"}
    assert {status[one] for one in status if one.startswith(("P01", "P02", "P03", "P11"))} == {"V2"}


def test_what_is_fictional_says_so() -> None:
    fictional = {pack.header.id for pack in read_folder(SHIPPED) if pack.header.fictional}
    assert fictional == {"city.demo", "county.demo"}
