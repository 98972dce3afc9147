"""Strict reading: every bad file is refused with one line that names file, limit, key and what is allowed."""

from pathlib import Path

import pytest

from rules.pack_files import MAX_BYTES, PackError, load, read_file, read_folder, read_text, try_files
from tests.rules.cases import HEADER, limit

BAD = Path(__file__).parent / "testdata" / "bad"

PROBLEMS = [
    # file, limit, key, what the line says, what is allowed
    ("unknown_key", "L1", "minutes", "unknown key", "within"),
    ("unknown_key_in_pack", None, "pack.colour", "unknown key", "timezone"),
    ("unknown_key_in_applies", "L1", "applies.category", "unknown key", "categories"),
    ("missing_citation", "L1", "citation", "is missing", "article"),
    ("unknown_document", "L1", "citation.of", "no document 'law'", "d"),
    ("bad_duration", "L1", "within", "'20 minutes' is not a duration", '"20 min", "2 h" or "30 d"'),
    ("no_duration", "L1", "within", "'0 min' is not a duration", '"20 min"'),
    ("endless_duration", "L1", "within", "too long", "3660 d"),
    (
        "bad_category",
        "L1",
        "applies.categories[0]",
        "unknown category 'accident.traffik'",
        "accident.traffic",
    ),
    ("bad_role", "L1", "to[0]", "unknown word 'mayor'", "township"),
    ("bad_clock", "L1", "clock[1]", "unknown word 'noticed'", "occurred, known, received, judged, stopped"),
    ("cyclic_fallback", "L1", "clock", "occurred stands twice", "each word once"),
    ("bad_grade", "L1", "applies.grades[1]", "unknown word 'V'", "I, II, III, IV, ungraded, non_incident"),
    ("bad_tag", "L1", "applies.tags[0]", "unknown word 'secret'", "sensitive_time"),
    ("bad_quantity", "L1", "applies.quantities.death", "unknown word 'death'", "deaths"),
    ("empty_threshold", "L1", "applies.quantities.deaths", "min 10 is not under", "below"),
    ("unverified", "L1", "citation.status", "unknown word 'U'", "draft"),
    ("two_whens", "L1", "within", "within and every stand together", "exactly one"),
    ("no_when", "L1", "within", "within is missing", "within, immediate, at, every"),
    ("bad_wall_clock", "L1", "at[0]", "'24:00' is not a time of day", "23:59"),
    ("until_alone", "L1", "until", "until stands without", "recurrence"),
    ("same_bound", "L1", "not_later_than", "not_later_than starts at occurred too", "another clock"),
    ("bad_content", "L1", "content[0]", "unknown element 'weather'", "occurred_at"),
    ("bad_date", None, "documents.d.in_force_from", "date", ""),
    ("ends_before_it_begins", "L1", "citation.in_force_until", "ends on 1999-01-01", "after 2000-01-01"),
    ("twice_in_force", "L1", "id", "stands twice", "do not overlap"),
    ("outside_region", "L1", "applies.regions", "4201 is outside the pack", "below 41"),
    ("bad_timezone", None, "pack.timezone", "unknown time zone 'Beijing'", "Asia/Shanghai"),
    ("not_toml", None, None, "is not TOML", ""),
    ("no_limits", None, "limit", "is missing", "[[limit]] or [[criterion]]"),
    ("criterion_grade", "C1", "grade", "'ungraded' cannot be proposed", "I, II, III, IV"),
    ("criterion_quantity", "C1", "quantities.dead", "unknown word 'dead'", "deaths"),
    ("criterion_bounds", "C1", "quantities.deaths", "min 10 is not under below 3", "smaller than below"),
    ("criterion_no_numbers", "C1", "quantities", "at least 1 item", ""),
    ("criterion_everywhere", "C1", "applies", "applies has no categories", "at least one"),
    ("criterion_key", "C1", "applies.grades", "unknown key", "categories, tags, regions"),
    ("criterion_document", "C1", "citation.of", "no document 'law'", "d"),
    ("criterion_region", "C1", "applies.regions", "4201 is outside the pack", "below 41"),
]


@pytest.mark.parametrize(
    ("name", "limit_id", "key", "problem", "allowed"), PROBLEMS, ids=[p[0] for p in PROBLEMS]
)
def test_a_bad_pack_is_refused_in_one_line(
    name: str, limit_id: str | None, key: str | None, problem: str, allowed: str
) -> None:
    with pytest.raises(PackError) as caught:
        read_file(BAD / f"{name}.toml")
    error = caught.value
    assert (error.file, error.limit, error.key) == (f"{name}.toml", limit_id, key)
    assert problem in str(error)
    assert allowed in error.allowed
    assert "\n" not in str(error)
    assert all(part in str(error) for part in (error.file, error.limit, error.key) if part)


def test_every_bad_file_has_its_promise() -> None:
    assert {path.stem for path in BAD.glob("*.toml")} == {row[0] for row in PROBLEMS}


def test_every_problem_of_a_file_is_told_at_once() -> None:
    text = HEADER + limit("minutes = 1", to="mayor") + limit(id="L2", stage="last")
    with pytest.raises(PackError) as caught:
        read_text(text.encode(), "mine.toml")
    assert {(one.limit, one.key) for one in caught.value.problems} == {
        ("L1", "minutes"),
        ("L1", "to[0]"),
        ("L2", "stage"),
    }


def test_a_limit_without_an_id_is_named_by_its_place() -> None:
    with pytest.raises(PackError, match=r"mine.toml: limit no. 2: id: is missing"):
        read_text((HEADER + limit() + limit(id=None)).encode(), "mine.toml")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"x" * (MAX_BYTES + 1), "too large"),
        (b'title = "\xff"', "no encoding"),
        (b"[" * 100_000, "is not TOML"),
        (b"pack = 1\nlimit = 2\ndocuments = 3", "pack"),
        (b'limit = ["x"]', "pack"),
        (b"", "is missing"),
    ],
)
def test_rubbish_is_refused_and_harms_nothing(body: bytes, problem: str) -> None:
    with pytest.raises(PackError, match=problem):
        read_text(body, "rubbish.toml")


def test_a_file_of_ten_megabytes_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.write_bytes(b"#" * 10_000_000)
    with pytest.raises(PackError, match="too large"):
        read_file(path)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text(HEADER + limit())
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "linked.toml").symlink_to(outside)
    with pytest.raises(PackError, match=r"linked.toml: a link that leads out of the folder"):
        read_folder(folder)


def test_two_files_cannot_be_the_same_pack(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(HEADER + limit())
    with pytest.raises(PackError, match=r"b.toml: pack.id: 'test' is already the id of a.toml"):
        read_folder(tmp_path)


def test_good_files_are_read_beside_bad_ones(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(HEADER + limit())
    (tmp_path / "bad.toml").write_text("?")
    packs, problems = try_files(sorted(tmp_path.glob("*.toml")))
    assert [name for name, _ in packs] == ["good.toml"]
    assert [one.file for one in problems] == ["bad.toml"]


def test_an_unknown_pack_is_named_with_those_that_exist() -> None:
    with pytest.raises(PackError, match=r"no pack 'county.demmo'; allowed: .*county.demo"):
        load(["county.demmo"])


def test_a_criterion_is_named_as_a_criterion() -> None:
    with pytest.raises(PackError, match=r"criterion_grade.toml: criterion C1: grade: 'ungraded' cannot be"):
        read_file(BAD / "criterion_grade.toml")


def test_versions_of_a_limit_may_follow_each_other() -> None:
    old = limit(citation='{ of = "d", status = "V1", in_force_until = 2026-01-01 }')
    new = limit(citation='{ of = "d", status = "V1", in_force_from = 2026-01-01 }', within="30 min")
    assert len(read_text((HEADER + old + new).encode(), "mine.toml").limits) == 2
