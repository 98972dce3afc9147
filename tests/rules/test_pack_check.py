"""What `jibao rules check` finds in packs that can be read but cannot work, and that the shipped ones are sound."""

import pytest

from rules.pack_check import check
from rules.pack_files import SHIPPED, read_text, try_files
from tests.rules.cases import HEADER, criterion, limit


def test_the_shipped_packs_are_sound() -> None:
    packs, problems = try_files(sorted(SHIPPED.glob("*.toml")), SHIPPED)
    assert [*problems, *check(packs)] == []


CANNOT_WORK = [
    # a limit, the key to which the finding points, a part of what it says
    (limit(to="township"), "to", "township would report to itself"),
    (limit(**{"from": ["county", "city"]}, to=["city", "province"]), "to", "city would report"),
    (limit(skip_level=True), "skip_level", "passes a level that is not told"),
    (limit(applies='{ grades = ["non_incident"] }'), "applies.grades", "can never apply"),
    (
        limit(applies='{ grades = ["I"], any = [{ grades = ["II"] }] }'),
        "applies.any[0].grades",
        "can never apply",
    ),
    (limit(clock="stopped"), "clock", "cannot wait for the end"),
    (limit("window = true"), "window", "no first report is ever owed"),
    (limit(remind_before="60 min"), "remind_before", "reminds 1:00:00 ahead"),
]


@pytest.mark.parametrize(("text", "key", "problem"), CANNOT_WORK)
def test_a_limit_that_cannot_work_is_found(text: str, key: str, problem: str) -> None:
    (finding,) = check([("mine.toml", read_text((HEADER + text).encode(), "mine.toml"))])
    assert (finding.file, finding.limit, finding.key) == ("mine.toml", "L1", key)
    assert problem in finding.problem
    assert finding.allowed


def test_a_document_that_nobody_cites_is_found() -> None:
    header = HEADER + '[documents.e]\ndocument = "x"\nissuer = "y"\nin_force_from = 2000-01-01\n'
    (finding,) = check([("mine.toml", read_text((header + limit()).encode(), "mine.toml"))])
    assert (finding.key, finding.problem) == ("documents.e", "is cited by no limit")


def test_one_id_in_two_packs_is_found() -> None:
    other = HEADER.replace('id = "test"', 'id = "other"')
    packs = [
        (name, read_text((head + limit()).encode(), name)) for name, head in (("a", HEADER), ("b", other))
    ]
    (finding,) = check(packs)
    assert (finding.file, finding.limit, finding.problem) == ("b", "L1", "'L1' is also a limit of a")


def test_a_criterion_that_another_always_beats_is_found() -> None:
    wide = criterion(id='"C2"', grade='"II"', quantities="{ deaths = { min = 1 } }")
    (finding,) = check([("mine.toml", read_text((HEADER + criterion() + wide).encode(), "mine.toml"))])
    assert (finding.entry, finding.limit, finding.key) == ("criterion", "C1", "quantities")
    assert "is never proposed: whatever meets it meets C2, grade II" in str(finding)


def test_a_criterion_that_two_packs_share_is_found() -> None:
    other = HEADER.replace('id = "test"', 'id = "other"')
    packs = [
        (name, read_text((head + criterion()).encode(), name)) for name, head in (("a", HEADER), ("b", other))
    ]
    (finding,) = check(packs)
    assert (finding.file, str(finding)) == (
        "b",
        "b: criterion C1: id: 'C1' is also a criterion of a; allowed: an id of its own",
    )
