"""`jibao rules diff`: packs by file, folder or id; a table for people, JSON for machines, an exit code for both."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from jibao.command import app
from rules.pack_files import SHIPPED
from tests.rules.cases import HEADER, limit


def run(*words: str | Path) -> Result:
    """`jibao rules diff …` as a person types it."""
    return CliRunner().invoke(app, ["rules", "diff", *map(str, words)])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A pack, and the same with a shorter limit and one more."""
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text(HEADER + limit(), encoding="utf-8")
    new.write_text(HEADER + limit(within="30 min") + limit(id="L2", stage="final"), encoding="utf-8")
    return old, new


def test_it_ends_with_0_where_nothing_differs() -> None:
    for same in ("county.demo", SHIPPED / "county_demo.toml", SHIPPED):
        found = run(same, same)
        assert (found.exit_code, found.output) == (0, "no difference\n")


def test_it_shows_what_changes_for_whom_and_ends_with_1(files: tuple[Path, Path]) -> None:
    found = run(*files)
    assert found.exit_code == 1
    assert "within: 60 min → 30 min" in found.output
    assert "township → county" in found.output
    assert "stricter" in found.output
    assert "1 added, 0 removed, 1 changed" in found.output


def test_it_speaks_chinese_where_the_locale_does(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIBAO_LANG", "zh")
    assert "更严" in run(*files).output


def test_it_tells_machines_the_words_of_the_vocabulary(files: tuple[Path, Path]) -> None:
    found = run(*files, "--json")
    body = json.loads(found.output)
    assert found.exit_code == 1
    assert body["counts"] == {"added": 1, "removed": 0, "changed": 1}
    assert body["directions"] == {"stricter": 2, "laxer": 0, "same": 0, "unclear": 0}
    (first, _) = body["changes"]
    assert (first["kind"], first["limit"], first["direction"]) == ("changed", "L1", "stricter")
    assert first["whom"]["from_roles"] == ["township"]
    assert first["differences"] == [
        {"key": "within", "old": "60 min", "new": "30 min", "direction": "stricter"}
    ]


def test_it_compares_folders_by_the_ids_of_their_packs(tmp_path: Path, files: tuple[Path, Path]) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    found = run(empty, SHIPPED, "--json")
    body = json.loads(found.output)
    assert found.exit_code == 1
    assert {change["kind"] for change in body["changes"]} == {"added"}


@pytest.mark.parametrize("name", ["nobody.here", "no_such_file.toml"])
def test_it_ends_with_2_for_what_it_cannot_read(name: str, files: tuple[Path, Path]) -> None:
    found = run(files[0], name)
    assert found.exit_code == 2
    assert name in found.output
