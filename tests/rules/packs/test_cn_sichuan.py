"""四川: forest fires that are in the news or fall in a sensitive period (row N51)."""

import pytest

from rules.pack_files import load
from tests.rules.packs.asking import K, Row, expect, expect_silence, speaking_limits

PACK = "cn.sichuan"
FOREST = "natural_disaster.forest_grassland_fire"
WHOM = "county_department → city_department"

ROWS = [
    # 川森防指〔2011〕3号: what the media already report
    Row("N51", WHOM, K, 15, FOREST, "ungraded", tags=("media_reported",)),
    # … and whatever burns in a sensitive period
    Row("N51", WHOM, K, 15, FOREST, tags=("sensitive_time",)),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.tags[0])
def test_it_says_what_the_clause_says(row: Row) -> None:
    expect(PACK, row)


def test_every_limit_has_a_row() -> None:
    assert speaking_limits(PACK) == {row.limit for row in ROWS}


@pytest.mark.parametrize(
    "row",
    [
        # neither in the news nor in a sensitive period
        Row("N51", WHOM, K, 15, FOREST, "I"),
        # a house fire is no forest fire
        Row("N51", WHOM, K, 15, "accident.fire", tags=("media_reported",)),
    ],
    ids=lambda row: row.category,
)
def test_it_does_not_ask_for_more_than_the_clause(row: Row) -> None:
    expect_silence(PACK, row)


def test_it_holds_in_sichuan_only() -> None:
    packs = load()
    assert PACK in packs.covering("510107").ids
    assert PACK not in packs.covering("500101").ids
