"""No row of the table of time limits is lost: each is a limit, or stands with its reason in NOT_ENCODED.md."""

import re

import pytest

from rules.limits import Status
from rules.pack_files import SHIPPED, read_folder

# fmt: off
NATIONAL = [
    "N01", "N02", "N03", "N04", "N05", "N06", "N07", "N08", "N09", "N10", "N11", "N12", "N13",
    "N14", "N15", "N16", "N17", "N18", "N19", "N20", "N21", "N22", "N23", "N24", "N25", "N26",
    "N27", "N28", "N29", "N30", "N31", "N32", "N33", "N34", "N35", "N36", "N37", "N38", "N39",
    "N40", "N41", "N42", "N43", "N44", "N45", "N46", "N47", "N48", "N49", "N50", "N51", "N52",
]
PROVINCIAL = [
    "P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08", "P09", "P10", "P11", "P12", "P13",
    "P14", "P15", "P16", "P17", "P18", "P19", "P20", "P21", "P22",
]
COUNTY = [
    "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09",
]
SECTOR = [
    "S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10", "S11", "S12", "S13",
    "S14", "S15", "S16",
]
# fmt: on

LIMITS = {limit.id: limit for pack in read_folder() for limit in pack.limits}
TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (SHIPPED / "NOT_ENCODED.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [NPCS]\d\d", line)
]
NAMED = {row for cells in TABLE for row in re.findall(r"\b[NPCS]\d\d\b", cells[0])}


def row_of(limit_id: str) -> str:
    """N08.unit.30d → N08."""
    return limit_id.partition(".")[0]


@pytest.mark.parametrize("row", [*NATIONAL, *PROVINCIAL, *COUNTY, *SECTOR])
def test_each_row_is_a_limit_or_says_why_not(row: str) -> None:
    assert row in {row_of(one) for one in LIMITS} | NAMED


@pytest.mark.parametrize("cells", TABLE, ids=lambda cells: cells[0])
def test_what_is_left_out_says_what_it_is_and_why(cells: list[str]) -> None:
    assert len([cell for cell in cells if cell]) == 3


def test_nothing_is_named_that_is_no_row() -> None:
    assert NAMED.issubset([*NATIONAL, *PROVINCIAL, *COUNTY, *SECTOR])


def test_a_national_row_that_nobody_verified_is_named_as_a_draft() -> None:
    drafts = {one for one in LIMITS if LIMITS[one].citation.status is Status.DRAFT}
    text = (SHIPPED / "NOT_ENCODED.md").read_text(encoding="utf-8")
    assert [one for one in drafts if one.startswith("N") and f"`{one}`" not in text] == []
