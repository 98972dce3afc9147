"""A time typed after an option of the command is as strict as one in the API: exit 2, one line, both languages."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from jibao.command import app
from tests.reports import make_report
from tests.times import NO_TEXTS, NO_TIMES

T = "2026-11-23T08:10:00+08:00"
FIRE = ("explain", "--category", "accident.fire")
EXPLAIN = ("--occurred", "--known", "--received", "--judged", "--stopped", "--now")
TOO_FAR = "2199-12-31T00:00:00Z"


def run(*words: str, lang: str = "en") -> Result:
    """The command as a person types it."""
    return CliRunner().invoke(app, list(words), env={"JIBAO_LANG": lang})


def with_time(option: str, text: str) -> list[str]:
    """A question to the packs in which this option has this time."""
    words = [*FIRE, "--occurred", T, f"{option}={text}"]
    return [*FIRE, f"--occurred={text}"] if option == "--occurred" else words


def refused(words: list[str], option: str) -> None:
    for lang in ("en", "zh"):
        result = run(*words, lang=lang)
        assert result.exit_code == 2, (words, result.output)
        assert result.stderr.startswith(option) and result.stderr.count("\n") == 1, result.stderr
        assert result.stdout == ""


@pytest.mark.parametrize("option", EXPLAIN)
def test_explain_names_the_option(option: str) -> None:
    for text in ("20261123", "202611230810", "2026-11-23", "2026-W48-1", "0001-01-01T00:00:00Z", TOO_FAR):
        refused(with_time(option, text), option)
    refused([*FIRE, "--occurred", T, "--received=township=20261123"], "--received")


@pytest.mark.parametrize(("text", "_reason"), NO_TIMES)
def test_explain_takes_no_other_form(text: str, _reason: str) -> None:
    refused(with_time("--occurred", text), "--occurred")


@pytest.mark.parametrize("command", [("stats",), ("roster", "check"), ("replay", "--facts", "/nowhere")])
def test_the_other_commands_are_as_strict(command: tuple[str, ...], tmp_path: Path) -> None:
    facts = tmp_path / "facts.jsonl"
    facts.write_text("", encoding="utf-8")
    words = [str(facts) if word == "/nowhere" else word for word in command]
    for option in ("--from", "--to") if command[0] != "roster" else ("--from",):
        for text in (
            "20261123",
            "2026-W48-1",
            "1",
            "2026-11-23T08:10:00",
            "0001-01-01",
            "9999-12-31",
            TOO_FAR,
        ):
            refused([*words, f"{option}={text}"], option)


def test_a_replay_still_takes_a_day(tmp_path: Path) -> None:
    facts = tmp_path / "facts.jsonl"
    facts.write_text("", encoding="utf-8")
    result = run("replay", "--facts", str(facts), "--from", "2025-01-01", "--to", "2026-01-01")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("value", [*NO_TEXTS, "202611230810", "2026-11-23"])
def test_report_says_what_is_wrong_before_anything_is_sent_or_kept(value: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(json.dumps(make_report(occurred_at=value)), encoding="utf-8")
    for lang, words in (("en", "is not a time"), ("zh", "不是 RFC 3339 时间")):
        result = run("report", str(file), "--data", str(tmp_path), lang=lang)
        assert result.exit_code == 2, result.output
        assert result.stderr.startswith("occurred_at: ") and words in result.stderr
        assert result.stderr.count("\n") == 1
    assert not (tmp_path / "outbox").exists()


def test_a_file_of_recorded_facts_is_refused_by_line_and_field(tmp_path: Path) -> None:
    facts = tmp_path / "facts.jsonl"
    facts.write_text('{"incident_id": "00000000-0000-0000-0000-000000000007", "facts": [{"kind": "incident.stopped",'
                     ' "at": 20261123, "stopped_at": "2026-11-23T08:10:00Z"}]}\n', encoding="utf-8")  # fmt: skip
    result = run("replay", "--facts", str(facts), "--from", "2025-01-01", "--to", "2026-01-01")
    assert result.exit_code == 2 and ":1: facts.0.incident.stopped.at: " in result.stderr, result.output


@pytest.mark.parametrize("day", ["0", "20260101", '"20260101"', '"0"', "true"])
def test_the_days_of_a_pack_are_days(day: str, tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "rules" / "packs" / "county_demo.toml"
    text = shipped.read_text(encoding="utf-8")
    first = next(line for line in text.splitlines() if line.startswith("in_force_from"))
    file = tmp_path / "mine.toml"
    file.write_text(text.replace(first, f"in_force_from = {day}", 1), encoding="utf-8")
    result = run("rules", "check", str(file))
    assert result.exit_code != 0 and "in_force_from" in result.output, result.output
