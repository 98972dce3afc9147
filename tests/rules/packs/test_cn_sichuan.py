"""四川: the kinds of forest fire that are reported at once, each level to the next (row N51)."""

import pytest

from rules.pack_files import load
from tests.rules.packs.asking import DAY, K, O, Row, expect, expect_silence, speaking_limits

PACK = "cn.sichuan"
FOREST = "natural_disaster.forest_grassland_fire"
COUNTY, CITY = "county_department → city_department", "city_department → province_department"

ROWS = [
    # 川森防指〔2011〕3号 part 2, no. 2: 100 hectares, the number included
    Row("N51", COUNTY, K, 15, FOREST, quantities={"area_ha": 100}),
    # … no. 3: three dead, or ten seriously hurt
    Row("N51", COUNTY, K, 15, FOREST, quantities={"deaths": 3}),
    Row("N51.city", CITY, K, 15, FOREST, "III", quantities={"serious_injuries": 10}),
    # … a threat to settlements; nos 1, 6, 7: on a border, in a reserve, a forest park or a scenic area
    Row("N51", COUNTY, K, 15, FOREST, "ungraded", tags=("sensitive_place",)),
    # … no. 8: in a sensitive period
    Row("N51", COUNTY, K, 15, FOREST, tags=("sensitive_time",)),
    # … no. 9: what the media already report
    Row("N51.city", CITY, K, 15, FOREST, tags=("media_reported",)),
    # … no. 5: not out after 24 hours
    Row("N51.24h", COUNTY, O, DAY + 15, FOREST, "ungraded"),
    Row("N51.city.24h", CITY, O, DAY + 15, FOREST),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_it_says_what_the_clause_says(row: Row) -> None:
    expect(PACK, row)


def test_every_limit_has_a_row() -> None:
    assert speaking_limits(PACK) == {row.limit for row in ROWS}


@pytest.mark.parametrize(
    "row",
    [
        # neither in the news nor in a sensitive period, and nothing counted
        Row("N51", COUNTY, K, 0, FOREST, "I"),
        # one less than each number
        Row("N51", COUNTY, K, 0, FOREST, quantities={"area_ha": 99.9, "deaths": 2, "serious_injuries": 9}),
        # a house fire is no forest fire
        Row("N51", COUNTY, K, 0, "accident.fire", tags=("media_reported",)),
        # Chongqing was Sichuan once
        Row("N51", COUNTY, K, 0, FOREST, tags=("media_reported",), division="500101"),
    ],
    ids=["nothing special", "below", "a house", "next door"],
)
def test_it_does_not_ask_for_more_than_the_clause(row: Row) -> None:
    expect_silence(PACK, row)


def test_it_holds_in_sichuan_only() -> None:
    packs = load()
    assert PACK in packs.covering("510107").ids
    assert PACK not in packs.covering("500101").ids
