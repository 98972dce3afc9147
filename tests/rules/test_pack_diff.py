"""What changes between two packs is named by limit and key, for whom, and whether it asks for more or for less."""

import pytest

from rules.limits import Pack
from rules.pack_diff import Change, Difference, Kind, diff, diff_all
from rules.pack_direction import Direction
from rules.pack_files import SHIPPED, read_folder, read_text
from schemas.vocabulary import Grade, Medium, NodeRole, Stage
from tests.rules.cases import HEADER, limit

STRICTER, LAXER, SAME, UNCLEAR = Direction.STRICTER, Direction.LAXER, Direction.SAME, Direction.UNCLEAR


def pack(*limits: str, header: str = HEADER) -> Pack:
    """A pack of these limits."""
    return read_text((header + "".join(limits)).encode(), "test.toml")


def only(old: Pack | None, new: Pack | None) -> Change:
    """The one change between two packs."""
    (change,) = diff(old, new)
    return change


def test_it_finds_nothing_between_a_pack_and_itself() -> None:
    for one in read_folder(SHIPPED):
        assert diff(one, one) == ()


def test_it_takes_order_comments_and_the_keys_of_documents_for_no_difference() -> None:
    renamed = HEADER.replace("[documents.d]", "# by hand\n[documents.law]")
    cited = '{ of = "law", article = "1", status = "V1" }'
    old = pack(limit(), limit(id="L2", stage="final"))
    new = pack(limit(id="L2", stage="final", citation=cited), limit(citation=cited), header=renamed)
    assert diff(old, new) == ()


def test_it_says_for_whom_a_limit_is_stricter() -> None:
    applies = '{ categories = ["accident"], grades = ["I", "II"] }'
    change = only(pack(limit(applies=applies)), pack(limit(applies=applies, within="30 min")))
    assert (change.kind, change.pack, change.limit, change.direction) == (
        Kind.CHANGED,
        "test",
        "L1",
        STRICTER,
    )
    assert change.differences == (Difference("within", "60 min", "30 min", STRICTER),)
    assert change.whom is not None
    assert (change.whom.from_roles, change.whom.to_roles) == ((NodeRole.TOWNSHIP,), (NodeRole.COUNTY,))
    assert (change.whom.stage, change.whom.medium) == (Stage.FIRST, Medium.ANY)
    assert (change.whom.categories, change.whom.grades) == (("accident",), (Grade.I, Grade.II))


@pytest.mark.parametrize(
    ("old", "new", "keys", "direction"),
    [
        ({"within": "2 h"}, {"within": "120 min"}, [], None),  # the same length, spelled otherwise
        ({"within": "20 min"}, {"within": "1 h"}, ["within"], LAXER),
        ({"within": "20 min"}, {"within": None, "immediate": "10 min"}, ["immediate", "within"], STRICTER),
        (
            {"within": None, "text": "days = 30"},
            {"within": None, "text": "days = 31"},
            ["days"],
            LAXER,
        ),
        (
            {"within": None, "text": "business_days = 3"},
            {"within": None, "text": "business_days = 4"},
            ["business_days"],
            LAXER,
        ),
        (
            {"within": "30 d"},
            {"within": None, "text": "days = 30"},
            ["days", "within"],
            UNCLEAR,
        ),
        (
            {"within": "5 d"},
            {"within": None, "text": "business_days = 3"},
            ["business_days", "within"],
            UNCLEAR,
        ),
        ({"clock": "known"}, {"clock": "occurred"}, ["clock"], STRICTER),
        (
            {"clock": "known"},
            {"clock": "received"},
            ["clock"],
            UNCLEAR,
        ),  # who receives may know later or earlier
        ({"medium": "any"}, {"medium": "written"}, ["medium"], STRICTER),
        ({"medium": "phone"}, {"medium": "written"}, ["medium"], UNCLEAR),
        ({"applies": "{}"}, {"applies": '{ grades = ["I"] }'}, ["applies.grades"], LAXER),
        ({"applies": '{ tags = ["may_evolve"] }'}, {}, ["applies.tags"], STRICTER),
        (
            {"applies": '{ categories = ["accident.fire"] }'},
            {"applies": '{ categories = ["accident"] }'},
            ["applies.categories"],
            STRICTER,
        ),
        (
            {"applies": "{ quantities = { deaths = { min = 3 } } }"},
            {"applies": "{ quantities = { deaths = { min = 1 } } }"},
            ["applies.quantities"],
            UNCLEAR,
        ),
        ({"from": ["township", "unit"]}, {"from": "township"}, ["from"], LAXER),
        ({"to": "county"}, {"to": "city"}, ["to"], UNCLEAR),
        ({"title": "某条"}, {"title": "另一条"}, ["title"], SAME),
        (
            {"citation": '{ of = "d", article = "1", status = "V1" }'},
            {"citation": '{ of = "d", article = "2", status = "V2" }'},
            ["citation.article", "citation.status"],
            SAME,
        ),
        ({}, {"citation": '{ of = "d", article = "1", status = "draft" }'}, ["citation.status"], LAXER),
        (
            {},
            {"citation": '{ of = "d", article = "1", status = "V1", in_force_until = 2030-01-01 }'},
            ["citation.in_force_until"],
            UNCLEAR,
        ),
        ({"within": "30 min"}, {"within": "20 min", "clock": "known"}, ["clock", "within"], UNCLEAR),
        (
            {},
            {"not_later_than": '{ clock = "known", within = "20 min" }'},
            ["not_later_than.clock", "not_later_than.within"],
            STRICTER,
        ),
    ],
)
def test_it_weighs_each_changed_key(
    old: dict[str, object], new: dict[str, object], keys: list[str], direction: Direction | None
) -> None:
    changes = diff(pack(limit(**old)), pack(limit(**new)))
    assert [sorted(one.key for one in change.differences) for change in changes] == ([keys] if keys else [])
    assert [change.direction for change in changes] == ([direction] if direction else [])


def test_it_shows_all_that_an_added_and_a_removed_limit_says() -> None:
    shorter, longer = pack(limit()), pack(limit(), limit(id="L2", stage="final", within="24 h"))
    added, removed = only(shorter, longer), only(longer, shorter)
    assert (added.kind, added.limit, added.direction) == (Kind.ADDED, "L2", STRICTER)
    assert Difference("within", None, "24 h", STRICTER) in added.differences
    assert (removed.kind, removed.limit, removed.direction) == (Kind.REMOVED, "L2", LAXER)
    assert Difference("citation.document", "某办法", None, LAXER) in removed.differences


def test_it_asks_nothing_more_of_anybody_when_a_draft_or_a_window_is_added() -> None:
    draft = limit(id="L2", citation='{ of = "d", status = "draft" }')
    window = limit("window = true", id="L3", stage="correction", within="30 d")
    assert {change.direction for change in diff(pack(limit()), pack(limit(), draft, window))} == {SAME}


def test_it_pairs_the_versions_of_one_limit_by_the_days_on_which_they_begin() -> None:
    ending = '{ of = "d", article = "1", status = "V1", in_force_until = 2027-01-01 }'
    since = '{ of = "d", article = "1", status = "V1", in_force_from = 2027-01-01 }'
    changed, added = diff(pack(limit()), pack(limit(citation=ending), limit(citation=since, within="30 min")))
    assert (changed.kind, [one.key for one in changed.differences]) == (
        Kind.CHANGED,
        ["citation.in_force_until"],
    )
    assert (added.kind, added.limit) == (Kind.ADDED, "L1")


def test_it_names_what_the_pack_says_of_itself() -> None:
    change = only(pack(limit()), pack(limit(), header=HEADER.replace('version = "1"', 'version = "2"')))
    assert (change.kind, change.limit, change.whom) == (Kind.CHANGED, None, None)
    assert change.differences == (Difference("version", "1", "2"),)


def test_it_compares_with_no_pack_at_all_and_folders_by_the_ids_of_their_packs() -> None:
    one, other = pack(limit()), pack(limit(id="L2"), header=HEADER.replace('id = "test"', 'id = "other"'))
    assert [(change.kind, change.limit) for change in diff(None, one)] == [
        (Kind.ADDED, None),
        (Kind.ADDED, "L1"),
    ]
    changes = diff_all([one], [one, other])
    assert {(change.pack, change.kind) for change in changes} == {("other", Kind.ADDED)}


CRITERION = """
[[criterion]]
id = "C1"
title = "较大"
title_en = "Considerable"
citation = { of = "d", article = "3", status = "V1" }
applies = { categories = ["accident"] }
grade = "III"
quantities = { deaths = { min = 3, below = 10 } }
"""


def test_it_names_changed_criteria_of_a_grade_and_leaves_their_weight_to_a_reader() -> None:
    old, new = pack(limit(), CRITERION), pack(limit(), CRITERION.replace("min = 3", "min = 2"))
    change = only(old, new)
    assert (change.entry, change.limit, change.whom, change.direction) == ("criterion", "C1", None, UNCLEAR)
    (difference,) = change.differences
    assert (difference.key, difference.old) == ("quantities", "{ deaths = { min = 3; below = 10 } }")
    assert [(one.kind, one.entry) for one in diff(pack(limit()), new)] == [(Kind.ADDED, "criterion")]
