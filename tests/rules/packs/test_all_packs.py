"""What holds of the shipped packs together: where each applies, what it admits about itself, and its tests."""

import re
from pathlib import Path

import pytest

from rules.limits import Status
from rules.pack_files import SHIPPED, load, read_folder

HERE = Path(__file__).parent
COUNTRY = ["cn.grades", "cn.national", "cn.sector"]


@pytest.mark.parametrize(
    ("division", "ids"),
    [
        # the demonstration's county, and the prefecture around it
        ("990101103", ["city.demo", "county.demo"]),
        ("9901", ["city.demo"]),
        # provinces
        ("140428", ["cn.shanxi"]),
        ("310104", ["cn.shanghai"]),
        ("341124", ["cn.anhui"]),
        ("360702", ["cn.jiangxi"]),
        ("370102", ["cn.shandong"]),
        ("410102", ["cn.henan"]),
        ("500101", ["cn.chongqing"]),
        ("510107", ["cn.sichuan"]),
        ("640106", ["cn.ningxia"]),
        # cities, where the province has a pack and where it has none
        ("210302", ["cn.anshan"]),
        ("220202", ["cn.jilin_city"]),
        ("220102", []),
        ("420106", ["cn.wuhan"]),
        ("420500", []),
        ("440402", ["cn.guangdong", "cn.zhuhai"]),
        ("451202", ["cn.hechi"]),
        ("620102", ["cn.lanzhou"]),
        # a county inside a province that has a pack
        ("140522", ["cn.shanxi", "cn.yangcheng"]),
        # cities of county rank
        ("152502", ["cn.xilinhot"]),
        ("320282", ["cn.yixing"]),
        ("320205", []),
        # no place
        (None, []),
    ],
)
def test_it_takes_the_packs_whose_region_covers_the_place(division: str | None, ids: list[str]) -> None:
    assert sorted(load().covering(division).ids) == sorted([*COUNTRY, *ids])


def test_what_was_not_read_in_full_is_flagged() -> None:
    """As the table of time limits marks its rows; the national ones are in test_cn_national.py."""
    marks: dict[str, set[str]] = {}
    for pack in read_folder():
        for limit in pack.limits:
            if limit.citation.status is not Status.DRAFT:
                marks.setdefault(limit.id.partition(".")[0], set()).add(limit.citation.status.value)
    local = {row: found for row, found in marks.items() if re.fullmatch(r"[PCS]\d\d", row)}
    in_full = {"P04", "P05", "P06", "P07", *("S01", "S02", "S03", "S04", "S06", "S09", "S10", "S11", "S12")}
    copies = {"P08", "P15", "S13"}
    assert {row for row in local if local[row] == {"V1"}} == in_full
    assert {row for row in local if local[row] == {"V3"}} == copies
    assert {row for row in local if local[row] == {"V2"}} == local.keys() - in_full - copies
    assert marks["NRC"] == {"V3"}
    assert all(marks[row] == {"V2"} for row in ("NIS2", "DORA", "CRA", "GDPR", "SEC", "IHR", "OSHA"))


def test_what_is_fictional_says_so() -> None:
    fictional = {pack.header.id for pack in read_folder(SHIPPED) if pack.header.fictional}
    assert fictional == {"city.demo", "county.demo"}


def test_every_pack_with_limits_is_asked_in_a_test() -> None:
    tests = "".join(
        path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py") if path.name != __file__
    )
    assert [
        pack.header.id for pack in read_folder() if pack.limits and f'"{pack.header.id}"' not in tests
    ] == []
