"""A county's own pack is proved together with all that holds there: no gap, no chain that ends, no clock that waits."""

from datetime import date
from pathlib import Path

import pytest

from rules.pack_files import SHIPPED, read_file, read_folder, read_text
from rules.pack_gaps import gaps
from rules.pack_problems import Problem
from rules.pack_proof import prove
from rules.pack_scope import in_short, is_local
from tests.rules.cases import HEADER, limit

DAY = date(2026, 11, 23)
DATA = Path(__file__).parent / "testdata" / "proof"
CITY = SHIPPED / "city_demo.toml"
COUNTY = HEADER.replace('id = "test"', 'id = "county.own"\nregion = ["990101"]')
UP = limit(id="UP", **{"from": "county"}, to="city")


def of_text(*limits: str, head: str = COUNTY, day: date = DAY) -> list[Problem]:
    """The gaps of a county's pack with nothing beside it."""
    pack = read_text((head + "".join(limits)).encode(), "mine.toml")
    return list(gaps(("mine.toml", pack), [], day))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("sound", []),
        ("laxer", [("example.city", "within", "2 h from received")]),
        (
            "gap",
            [
                (None, "limit", "no first report township → county for accident.fire (every grade)"),
                (None, "limit", "no first report county → city for every category (IV)"),
            ],
        ),
        (
            "dead_end",
            [
                (None, "limit", "no first report township → county for every category (IV)"),
                ("example.village", "to", "ends at township: nobody there has to report on"),
            ],
        ),
        (
            "silent_clock",
            [("example.village", "clock", "can never start: nobody has to report to village")],
        ),
    ],
)
def test_it_finds_in_each_example_what_it_was_made_for(
    name: str, wanted: list[tuple[str | None, str, str]]
) -> None:
    file = DATA / f"{name}.toml"
    others = [read_file(CITY)] if name == "laxer" else []
    found = prove([(file.name, read_file(file))], others, DAY)
    assert [(one.limit, one.key) for one in found] == [(limit_id, key) for limit_id, key, _ in wanted]
    for one, (_, _, words) in zip(found, wanted, strict=True):
        assert words in one.problem
        assert one.file == file.name and one.allowed


def test_the_demo_county_has_no_gap_and_every_report_in_it_goes_on() -> None:
    packs = read_folder()
    own = [(pack.header.id, pack) for pack in packs if is_local(pack)]
    assert [pack.header.id for _, pack in own] == ["county.demo"]
    assert prove(own, packs, DAY) == []


def test_it_asks_of_nobody_but_a_county_whether_it_leaves_gaps() -> None:
    for region in ('region = ["9901"]', "region = []"):
        assert of_text(limit(), head=HEADER.replace('id = "test"', f'id = "x"\n{region}')) == []


def test_it_takes_no_limit_for_a_cover_that_asks_under_conditions_only_or_is_not_in_force() -> None:
    full = limit(id="L0") + UP
    assert of_text(full) == []
    for held_back in (
        {"applies": '{ tags = ["may_evolve"] }'},
        {"applies": "{ quantities = { deaths = { min = 1 } } }"},
        {"applies": '{ any = [{ grades = ["I"] }] }'},
        {"applies": '{ regions = ["990101103"] }'},
        {"citation": '{ of = "d", status = "draft" }'},
        {"citation": '{ of = "d", status = "V1", in_force_from = 2030-01-01 }'},
    ):
        (found,) = of_text(limit(**held_back), UP)
        assert "township → county for every category (every grade)" in found.problem


def test_it_looks_at_the_day_it_is_asked_for() -> None:
    since = limit(citation='{ of = "d", status = "V1", in_force_from = 2030-01-01 }')
    assert len(of_text(since, UP)) == 1
    assert of_text(since, UP, day=date(2030, 1, 1)) == []


def test_it_puts_an_own_pack_in_the_place_of_the_one_of_its_id() -> None:
    demo = read_file(SHIPPED / "county_demo.toml")
    emptier = demo.model_copy(update={"limits": demo.limits[2:]})
    found = prove([("mine.toml", emptier)], read_folder(), DAY)
    assert any("township → county" in one.problem for one in found)


def test_it_says_categories_in_as_few_words_as_possible() -> None:
    assert in_short(["accident.traffic.road", "accident.traffic.expressway"]) == [
        "accident.traffic.road",
        "accident.traffic.expressway",
    ]
    roads = [f"accident.traffic.{one}" for one in ("road", "expressway", "rail", "water", "air")]
    assert in_short([*roads, "other"]) == ["accident.traffic", "other"]
