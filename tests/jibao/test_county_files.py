"""County files are read strictly: every error names file, item and key; the demo county has none."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jibao.county_files import CountyFilesError, read_county
from jibao.roster_command import roster_app
from rules import county_check
from rules.county_faults import TEXTS, Fault
from schemas.vocabulary import NodeRole, UserRole

DEMO = Path(__file__).parents[2] / "examples" / "county"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
FROM = ["--from", "2026-11-23T08:00:00+08:00"]
ENGLISH = {"LC_ALL": "C.UTF-8"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "county"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(CountyFilesError) as error:
        read_county(folder)
    return [(problem.file, problem.item, problem.key) for problem in error.value.problems]


def faults(folder: Path) -> list[tuple[Fault, str]]:
    return [(found.fault, found.item) for found in county_check.check(read_county(folder), NOW)]


def test_the_demo_county_is_whole() -> None:
    county = read_county(DEMO)
    assert county_check.check(county, NOW, days=366) == []
    townships = [node for node in county.nodes if node.role is NodeRole.TOWNSHIP]
    reporters = {person.node for person in county.people if person.role is UserRole.REPORTER}
    assert len(townships) == 20
    assert {node.code for node in townships} | {"park", "heating"} <= reporters
    assert "990101103" in {node.code for node in townships}
    assert {person.role for person in county.people} == set(UserRole)


def test_every_phone_of_the_demo_county_is_invented() -> None:
    county = read_county(DEMO)
    phones = [node.phone for node in county.nodes] + [person.phone for person in county.people]
    assert all(phone is not None and phone.startswith("0990-555") for phone in phones)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        # a misspelt key
        (
            "people.toml",
            'login = "duty.li"',
            'login = "duty.li"\nrole2 = "x"',
            ("people[1] duty.li", "role2"),
        ),
        # a word that is no role
        ("nodes.toml", 'role = "township"', 'role = "town"', ("nodes[4] 990101001", "role")),
        # a moment without its zone
        ("roster.toml", "08:00:00+08:00\nhours", "08:00:00\nhours", ("rotations[1] duty_officer", "anchor")),
        # a grade that does not exist
        ("ladders.toml", "{ I = 2", "{ V = 2", ("ladders[1] default", "steps.0.wait_minutes.V.[key]")),
        # a list that nobody reads
        ("nodes.toml", "[[nodes]]", "[[node]]\n[[nodes]]", ("", "node")),
        # not a list
        ("ladders.toml", "[[ladders]]", "[ladders]", ("", "ladders")),
        # broken TOML
        ("people.toml", "[[people]]", "[[people", ("", "")),
        ("county.toml", "phone", "telephone", ("", "phone")),
        ("county.toml", "Asia/Shanghai", "Asia/Yunling", ("", "timezone")),
        # a list that belongs into its own file
        ("county.toml", "phone", "people = []\nphone", ("", "people")),
    ],
)
def test_an_error_names_file_item_and_key(
    folder: Path, file: str, old: str, new: str, expected: tuple[str, str]
) -> None:
    edit(folder, file, old, new)
    assert (file, *expected) in problems(folder)


def test_all_errors_are_told_at_once(folder: Path) -> None:
    edit(folder, "nodes.toml", 'role = "township"', 'role = "town"')
    edit(folder, "people.toml", 'role = "auditor"', 'role = "inspector"')
    assert {file for file, _, _ in problems(folder)} == {"nodes.toml", "people.toml"}


def test_a_missing_and_a_misnamed_file_are_errors(folder: Path) -> None:
    (folder / "roster.toml").rename(folder / "rosters.toml")
    assert problems(folder) == [("rosters.toml", "", ""), ("roster.toml", "", "")]


def test_a_folder_that_is_not_there_is_another_error(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        read_county(tmp_path / "nowhere")


SHIFT = """
[[shifts]]
post = "{}"
person = "{}"
starts = 2026-11-{}T08:00:00+08:00
ends = 2026-11-{}T08:00:00+08:00
"""


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("people.toml", 'login = "duty.wang"', 'login = "duty.li"', (Fault.DUPLICATE, "person duty.li")),
        ("nodes.toml", 'parent = "99"', 'parent = "98"', (Fault.UNKNOWN_NODE, "node 990100")),
        (
            "nodes.toml",
            'division = "99"',
            'division = "99"\nparent = "990101"',
            (Fault.PARENT_LOOP, "node 99"),
        ),
        (
            "nodes.toml",
            'division = "990101001"',
            'division = "880101001"',
            (Fault.OUTSIDE_COUNTY, "node 990101001"),
        ),
        ("nodes.toml", 'role = "county"', 'role = "city"', (Fault.NO_COUNTY_NODE, "county")),
        ("nodes.toml", "accident.school", "accident.skool", (Fault.UNKNOWN_CATEGORY, "node education")),
        ("people.toml", 'node = "park"', 'node = "parc"', (Fault.UNKNOWN_NODE, "person reporter.park")),
        (
            "people.toml",
            'login = "duty.li"',
            'login = "duty.li"\ncontacts = []',
            (Fault.NO_CONTACT, "person duty.li"),
        ),
        (
            "people.toml",
            'login = "duty.li"',
            'login = "duty.li"\ncontacts = [{ channel = "webhook" }]',
            (Fault.EMPTY_ADDRESS, "person duty.li"),
        ),
        (
            "people.toml",
            'post = "县长"\nnode = "990101"\nrole = "duty_leader"',
            'post = "县长"\nnode = "990101"\nrole = "auditor"',
            (Fault.MAY_NOT_ACKNOWLEDGE, "person head.zhou"),
        ),
        ("roster.toml", '["duty.li"', '["duty.ghost"', (Fault.UNKNOWN_PERSON, "rotation duty_officer")),
        (
            "roster.toml",
            'holder = "head.zhou"',
            'holder = "ghost"',
            (Fault.UNKNOWN_PERSON, "post county_head"),
        ),
        ("roster.toml", 'holder = "head.zhou"', "", (Fault.POST_UNCOVERED, "post county_head")),
        (
            "roster.toml",
            '[[rotations]]\npost = "duty_leader"',
            '[[rotations]]\npost = "leader"',
            (Fault.UNKNOWN_POST, "rotation leader"),
        ),
        (
            "ladders.toml",
            'id = "default"',
            'id = "fire"\ngrades = ["I"]',
            (Fault.NO_DEFAULT_LADDER, "ladders"),
        ),
        ("ladders.toml", 'post = "county_head"', 'post = "mayor"', (Fault.UNKNOWN_POST, "ladder default")),
        (
            "ladders.toml",
            "{ I = 2, II = 2, III = 3, IV = 5, non_incident = 5 }",
            "{}",
            (Fault.NO_WAIT, "ladder default"),
        ),
        (
            "ladders.toml",
            'id = "default"',
            'id = "default"\ncategories = ["fire"]',
            (Fault.UNKNOWN_CATEGORY, "ladder default"),
        ),
    ],
)
def test_the_check_finds_what_does_not_fit_together(
    folder: Path, file: str, old: str, new: str, expected: tuple[Fault, str]
) -> None:
    edit(folder, file, old, new)
    assert expected in faults(folder)


def test_an_overlapping_roster_names_both_shifts(folder: Path) -> None:
    with (folder / "roster.toml").open("a", encoding="utf-8") as roster:
        roster.write(
            SHIFT.format("duty_officer", "duty.li", 24, 26)
            + SHIFT.format("duty_officer", "duty.wang", 25, 27)
        )
    (found,) = county_check.check(read_county(folder), NOW)
    assert found.fault is Fault.SHIFTS_OVERLAP
    assert "duty.wang" in found.item
    assert "duty.li" in found.what_en


def test_a_minute_in_which_nobody_at_all_can_be_told_is_found(folder: Path) -> None:
    roster = (folder / "roster.toml").read_text(encoding="utf-8").split("# 24 小时一班")[0]
    roster = "\n".join(line for line in roster.splitlines() if not line.startswith("holder"))
    shifts = SHIFT.format("duty_officer", "duty.li", "23", "25") + SHIFT.format("head", "head.zhou", 26, 30)
    (folder / "roster.toml").write_text(
        f"{roster}\n{shifts.replace('head', 'county_head', 1)}", encoding="utf-8"
    )
    found = county_check.check(
        read_county(folder), datetime.fromisoformat("2026-11-23T08:00:00+08:00"), days=7
    )
    alone = [one.what_en for one in found if one.fault is Fault.LADDER_UNCOVERED]
    assert alone == ["nobody on the whole ladder can be told 2026-11-25 08:00 – 2026-11-26 08:00"]


def test_every_fault_says_what_is_wrong_and_how_to_mend_it_in_both_languages() -> None:
    assert set(TEXTS) == set(Fault)
    assert all(all(texts) for texts in TEXTS.values())


def test_the_command_is_content_with_the_demo_county() -> None:
    result = CliRunner().invoke(roster_app, ["check", *FROM], env=ENGLISH)
    assert result.exit_code == 0
    assert result.stdout == "the roster has no gap: 2026-11-23 08:00 – 2026-12-23 08:00\n"


def test_the_command_says_what_is_wrong_and_how_to_mend_it(folder: Path) -> None:
    edit(folder, "roster.toml", 'holder = "head.zhou"', "")
    result = CliRunner().invoke(
        roster_app, ["check", str(folder), *FROM, "--days", "1"], env={"LC_ALL": "zh_CN.UTF-8"}
    )
    assert result.exit_code == 1
    assert (
        "roster.toml: post county_head: post: 2026-11-23 08:00 – 2026-11-24 08:00 无人在岗" in result.stdout
    )
    assert "→ 安排班次或轮班" in result.stdout


def test_the_command_tells_machines_the_same(folder: Path) -> None:
    edit(folder, "nodes.toml", 'role = "township"', 'role = "town"')
    result = CliRunner().invoke(roster_app, ["check", str(folder), *FROM, "--json"])
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["findings"]
    assert (found["fault"], found["file"], found["item"], found["key"]) == (
        "bad_file",
        "nodes.toml",
        "nodes[4] 990101001",
        "role",
    )


def test_a_warning_alone_is_no_failure(folder: Path) -> None:
    with (folder / "roster.toml").open("a", encoding="utf-8") as roster:
        roster.write(SHIFT.format("duty_leader", "duty.li", 20, 28))
    result = CliRunner().invoke(roster_app, ["check", str(folder), *FROM], env=ENGLISH)
    assert result.exit_code == 0
    assert "warning roster.toml: shift duty_leader duty.li" in result.stdout


@pytest.mark.parametrize(
    "arguments", [["nowhere"], ["--from", "2026-11-23T08:00:00"], ["--from", "tomorrow"]]
)
def test_wrong_use_is_told_apart_from_a_finding(arguments: list[str]) -> None:
    assert CliRunner().invoke(roster_app, ["check", *arguments]).exit_code == 2
