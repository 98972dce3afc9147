"""`jibao replay`: a file of recorded facts under other packs or another roster; tables, JSON and an exit code."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner, Result

from bench.year import make_year
from jibao.command import app
from rules.desk import Desk
from rules.pack_files import SHIPPED, read_folder
from rules.packs import Packs
from tests.counties import COUNTY, demo_county

START = datetime.fromisoformat("2025-01-01T00:00:00+08:00")
DAY = timedelta(days=1)
SPAN = ("--from", "2025-01-01", "--to", "2026-01-01")
COUNT = 12


def run(*words: str | Path) -> Result:
    """`jibao replay …` as a person types it."""
    return CliRunner().invoke(app, ["replay", *map(str, words)])


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small made-up year of the demo county under the shipped packs."""
    desk = Desk.of(demo_county(), Packs(read_folder()))
    file = tmp_path_factory.mktemp("facts") / "year.jsonl"
    lines = [one.model_dump_json() for one in make_year(desk, COUNT, START)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    yield file


@pytest.fixture
def shorter(tmp_path: Path) -> Path:
    """The demo county's pack with nine minutes in place of twenty."""
    text = (SHIPPED / "county_demo.toml").read_text(encoding="utf-8")
    assert 'within = "20 min"' in text
    file = tmp_path / "shorter.toml"
    file.write_text(text.replace('within = "20 min"', 'within = "3 min"'), encoding="utf-8")
    return file


def test_it_ends_with_0_where_nobody_would_newly_be_late(facts: Path) -> None:
    found = run("--facts", facts, *SPAN)
    assert found.exit_code == 0, found.output
    assert f"{COUNT} incidents lived again: 0 newly late, missed or overdue, 0 no longer so" in found.output
    assert "night 00–06" in found.output


def test_it_ends_with_1_and_says_who_would_have_been_late_under_another_pack(
    facts: Path, shorter: Path
) -> None:
    found = run("--facts", facts, *SPAN, "--pack", shorter)
    assert found.exit_code == 1, found.output
    assert "would have been late" in found.output
    assert "county.first.phone" in found.output
    assert "Town" in found.output or "Subdistrict" in found.output


def test_it_tells_machines_everything(facts: Path, shorter: Path) -> None:
    found = run("--facts", facts, *SPAN, "--pack", shorter, "--json")
    body = json.loads(found.stdout)
    assert body["incidents"] == COUNT and body["skipped"] == 0
    assert body["newly_late"] == sum(one["new"] for one in body["late"]) > 0
    assert {one["rule"] for one in body["late"] if one["new"]} == {"county.first.phone"}
    total = body["timeliness"]["total"]
    assert total["after"]["ratio"] < total["before"]["ratio"]
    assert len(body["calls"]["after"]["by_hour"]) == 24
    assert body["calls"]["after"]["night"] == sum(body["calls"]["after"]["by_hour"][:6])


def test_it_uses_the_named_packs_alone_when_told_so(facts: Path, shorter: Path) -> None:
    body = json.loads(run("--facts", facts, *SPAN, "--pack", shorter, "--only", "--json").stdout)
    assert list(body["packs"]) == ["county.demo"]
    assert {one["pack"] for one in body["late"]} == {"county.demo"}


def test_it_counts_the_calls_of_another_roster(facts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "county"
    copytree(COUNTY, folder)
    ladders = folder / "ladders.toml"
    patient = ladders.read_text(encoding="utf-8")
    for minutes in ("2", "3", "5"):
        patient = patient.replace(f"= {minutes},", "= 600,").replace(f"= {minutes} }}", "= 600 }")
    ladders.write_text(patient, encoding="utf-8")
    calls = json.loads(run("--facts", facts, *SPAN, "--roster", folder, "--json").stdout)["calls"]
    assert 0 < calls["after"]["total"] < calls["before"]["total"]


def test_it_leaves_out_what_was_received_at_another_time(facts: Path) -> None:
    body = json.loads(run("--facts", facts, "--from", "2025-01-01", "--to", "2025-01-02", "--json").stdout)
    assert body["incidents"] < COUNT


def test_it_speaks_chinese_where_the_locale_does(facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIBAO_LANG", "zh")
    assert f"重演 {COUNT} 起事件" in run("--facts", facts, *SPAN).output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2025-02-30"], "2025-02-30"),
        (["--from", "2026-01-01", "--to", "2025-01-01"], "--from"),
        (["--pack", "nobody.here"], "nobody.here"),
        (["--only"], "--only"),
        (["--roster", "no/such/folder"], "no/such/folder"),
    ],
)
def test_it_ends_with_2_for_what_it_cannot_read(words: list[str], said: str, facts: Path) -> None:
    found = run("--facts", facts, *words)
    assert (found.exit_code, said in found.output) == (2, True), found.output


def test_it_names_the_line_of_a_file_that_it_cannot_read(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('\n{"incident_id": "nobody"}\n', encoding="utf-8")
    found = run("--facts", file, *SPAN)
    assert (found.exit_code, "bad.jsonl:2: incident_id" in found.output) == (2, True), found.output
