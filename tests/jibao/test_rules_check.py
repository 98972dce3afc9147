"""`jibao rules` proves grade criteria and the elements of reports like limits, and lists what it read."""

import json
from pathlib import Path

import pytest

from rules.content import SHIPPED
from rules.pack_files import read_text
from tests.jibao.test_explain import run
from tests.rules.cases import HEADER, criterion

GUIDE = Path(__file__).parents[2] / "docs" / "packs.md"


def test_check_reads_the_criteria_and_the_elements_that_are_shipped() -> None:
    body = json.loads(run("rules", "check", "--json").stdout)
    assert (body["findings"], body["criteria"] > 80) == ([], True)
    assert "grade criteria: sound" in run("rules", "check").stdout


def test_check_names_the_criterion_and_its_key(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEADER + criterion(grade='"V"'), encoding="utf-8")
    assert (
        "mine.toml: criterion C1: grade: unknown word 'V'"
        in run("rules", "check", str(path), status=1).stdout
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("in_words = true", "in_word = true", "content.toml: element casualties: in_word: unknown key; allowed: title"),
        ('elements = ["new_facts"]', 'elements = ["news"]', "content.toml: demand follow_up: elements: no element"),
    ],
)  # fmt: skip
def test_check_proves_a_changed_file_of_elements(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / SHIPPED.name
    path.write_text(SHIPPED.read_text("utf-8").replace(old, new), encoding="utf-8")
    assert said in run("rules", "check", str(path), status=1).stdout
    assert "sound" in run("rules", "check", str(SHIPPED)).stdout


def test_list_shows_each_criterion_with_its_bounds_and_clause() -> None:
    packs = json.loads(run("rules", "list", "--json").stdout)["packs"]
    criteria = {one["id"]: one for pack in packs for one in pack["criteria"]}
    assert criteria["accident.deaths.II"] == {
        "id": "accident.deaths.II",
        "title": "死亡10人以上30人以下",
        "title_en": "10 to under 30 deaths",
        "grade": "II",
        "quantities": {"deaths": {"min": 10.0, "below": 30.0}},
        "document": "生产安全事故报告和调查处理条例",
        "number": "国务院令第493号",
        "article": "3",
        "status": "V1",
    }
    assert "accident.deaths.II" in run("rules", "list").stdout


def test_the_example_of_a_criterion_in_the_guide_works() -> None:
    limits, criteria = (
        part.split("```")[0].replace("\n   ", "\n")
        for part in GUIDE.read_text("utf-8").split("```toml\n")[1:3]
    )
    pack = read_text((limits + criteria).encode(), "mine.toml")
    assert (len(pack.limits), [one.id for one in pack.criteria]) == (1, ["example.gas.III"])
