"""`jibao explain` and `jibao rules` as a person or a script types them: answers, exit codes, one-line errors."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from jibao.explain import explain_command
from jibao.rules_command import rules_app, when
from jibao.words import pick
from rules.pack_files import read_text
from tests.rules.cases import HEADER, limit

app = typer.Typer()
app.command("explain")(explain_command)
app.add_typer(rules_app, name="rules")

T = "2026-11-23T08:10:00+08:00"
FIRE = ("--category", "accident.fire", "--occurred", T)
BAD = Path(__file__).parent.parent / "rules" / "testdata" / "bad"


def run(*words: str, lang: str = "en", status: int = 0) -> Any:
    result = CliRunner().invoke(app, list(words), env={"JIBAO_LANG": lang, "COLUMNS": "160"})
    assert result.exit_code == status, result.output
    return result


def ask(*words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run("explain", *words, "--json").stdout)
    return answer


def dues(answer: dict[str, Any]) -> dict[str, str]:
    return {one["binding"]: one["due_at"] for one in answer["obligations"]}


def test_without_a_division_only_the_whole_countrys_packs_answer() -> None:
    answer = ask(*FIRE)
    assert set(dues(answer)) == {"N08.unit.7d", "N08.county_department.7d"}
    assert answer["not_applicable"] == []


def test_a_division_brings_its_own_packs() -> None:
    answer = ask(
        *FIRE, "--division", "990101103", "--received", "2026-11-23T08:20:00+08:00", "--grade", "III"
    )
    owed = dues(answer)
    assert owed["county.first.phone"] == "2026-11-23T08:30:00+08:00"
    assert owed["city.first.written"] == "2026-11-23T09:20:00+08:00"
    assert owed["county.follow_up"] == "2026-11-23T17:00:00+08:00"
    assert list(owed.values()) == sorted(owed.values())


def test_named_packs_answer_alone_wherever_they_are_in_force() -> None:
    answer = ask(*FIRE, "--pack", "cn.wuhan", "--grade", "I")
    assert dues(answer) == {"P11.I-II": "2026-11-23T08:40:00+08:00"}
    assert len(answer["obligations"]) == 2


def test_a_pack_of_ones_own_can_be_asked(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEADER + limit(), encoding="utf-8")
    assert dues(ask(*FIRE, "--pack", str(path))) == {"L1": "2026-11-23T09:10:00+08:00"}


def test_received_names_the_node_that_received() -> None:
    work = ("--category", "accident.work_safety", "--occurred", T, "--pack", "cn.national")
    answer = ask(*work, "--received", "county_department=2026-11-23T09:00:00+08:00")
    assert dues(answer)["N07.county_department"] == "2026-11-23T11:00:00+08:00"
    assert {"id": "N06", "reason": "clock_not_started:received@unit"} in answer["not_applicable"]


def test_times_are_those_of_the_incidents_zone() -> None:
    answer = ask("--category", "accident.fire", "--occurred", "2026-11-23T00:10:00Z", "--pack", "county.demo")
    assert dues(answer)["county.first.phone"] == "2026-11-23T00:30:00+00:00"


def test_why_not_gives_each_limit_its_reason() -> None:
    reasons = {one["id"]: one["reason"] for one in ask(*FIRE, "--why-not")["not_applicable"]}
    assert reasons["N06"] == "category"
    assert "N08.unit.7d" not in reasons


def test_now_chooses_the_slot() -> None:
    asked = (*FIRE, "--pack", "county.demo", "--grade", "III")
    later = ask(*asked, "--now", "2026-11-25T09:00:00+08:00")
    (slot,) = [one for one in later["obligations"] if one["stage"] == "follow_up"]
    assert (slot["due_at"], slot["occurrence"]) == ("2026-11-25T17:00:00+08:00", 5)


def test_people_read_it_in_their_language_with_flags() -> None:
    asked = ("explain", "--category", "accident.environment", "--grade", "II", "--occurred", T, "--known", T)
    english, chinese = run(*asked).stdout, run(*asked, lang="zh").stdout
    assert "partial" in english
    assert "county department → province department (skip-level)" in english
    assert "部分核对" in chinese
    assert "县级部门 → 省级部门（越级）" in chinese


def test_it_takes_the_words_that_people_say() -> None:
    said = ask(
        "--category",
        "车祸",
        "--grade",
        "Ⅲ级",
        "--tag",
        "舆情",
        "--quantity",
        "deaths=3人",
        "--occurred",
        T,
    )
    plain = ask("--category", "accident.traffic.road", "--grade", "III", "--tag", "public_opinion",
                "--quantity", "deaths=3", "--occurred", T)  # fmt: skip
    assert said["obligations"] and said == plain


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--occurred", T], "--category is missing"),
        (["--category", "accident.fire"], "--occurred is missing"),
        (["--category", "accident.fires", "--occurred", T], "accident.fire"),
        (["--category", "accident.fire", "--occurred", "2026-11-23T08:10:00"], "no time zone"),
        (["--category", "accident.fire", "--occurred", "yesterday"], "is not a time"),
        (["--category", "accident.fire", "--occurred", "0001-01-01T00:00:00+08:00"], "--occurred"),
        ([*FIRE, "--grade", "V"], "I, II, III, IV"),
        ([*FIRE, "--tag", "secret"], "sensitive_time"),
        ([*FIRE, "--quantity", "deaths"], "NAME=NUMBER"),
        ([*FIRE, "--quantity", "deaths=-1"], "NAME=NUMBER"),
        ([*FIRE, "--quantity", "deaths=nan"], "NAME=NUMBER"),
        ([*FIRE, "--quantity", "deaths=十几"], "NAME=NUMBER"),
        ([*FIRE, "--quantity", "dead=1"], "deaths"),
        (
            ["--category", "爆炸", "--occurred", T],
            "may mean: accident.work_safety, accident.public_facility.gas",
        ),
        ([*FIRE, "--received", f"mayor={T}"], "township"),
        ([*FIRE, "--division", "99-01"], "2 to 12 digits"),
        ([*FIRE, "--pack", "county.demmo"], "county.demo"),
        ([*FIRE, "--pack", str(BAD / "bad_clock.toml")], "bad_clock.toml: limit L1: clock[1]"),
        ([*FIRE, "--now", "soon"], "--now"),
    ],
)
def test_wrong_use_is_told_in_one_line(words: list[str], said: str) -> None:
    result = run("explain", *words, status=2)
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_check_finds_nothing_in_the_shipped_packs() -> None:
    body = json.loads(run("rules", "check", "--json").stdout)
    assert body["findings"] == []
    assert body["files"] >= 6


def test_check_names_file_limit_key_and_what_is_allowed() -> None:
    files = [str(BAD / "bad_role.toml"), str(BAD / "cyclic_fallback.toml")]
    body = json.loads(run("rules", "check", *files, "--json", status=1).stdout)
    assert [(one["file"], one["limit"], one["key"]) for one in body["findings"]] == [
        ("bad_role.toml", "L1", "to[0]"),
        ("cyclic_fallback.toml", "L1", "clock"),
    ]
    assert "bad_role.toml: limit L1: to[0]" in run("rules", "check", *files, status=1).stdout


def test_check_of_a_file_that_is_not_there_is_wrong_use() -> None:
    assert "no such file" in run("rules", "check", "nowhere.toml", status=2).stderr


def test_list_shows_every_limit_with_its_clause() -> None:
    packs = json.loads(run("rules", "list", "--json").stdout)["packs"]
    limits = {one["id"]: one for pack in packs for one in pack["limits"]}
    assert limits["N06"]["number"] == "国务院令第493号"
    assert (limits["P02.county_department"]["when"], limits["P02.county_department"]["status"]) == (
        "within 60 min",
        "V2",
    )
    shown = run("rules", "list").stdout
    assert all(one in shown for one in ("N06", "partial", "at 08:00, 17:00"))


def test_list_says_all_of_when_a_limit_is_due() -> None:
    packs = json.loads(run("rules", "list", "--json").stdout)["packs"]
    said = {one["id"]: one["when"] for pack in packs for one in pack["limits"]}
    assert said["SEC.8-K"] == "within 4 business days"
    assert said["county.follow_up"] == "at 08:00, 17:00, until closed"
    assert said["county.final"] == "within 24 h, not later than 15 d from occurred"
    assert said["N44.elapsed"] == "immediate, target 15 min after 24 h elapsed"
    assert said["N08.unit.7d"] == "within 7 calendar days (if it changes)"
    assert said["N31.III-IV"] == "every 2 d"


@pytest.mark.parametrize(
    ("changes", "text", "said"),
    [
        ({}, "", "60分钟内"),
        ({"within": None, "immediate": "10 min"}, "", "立即，工作目标10分钟"),
        ({"within": None, "business_days": 4}, "", "4个工作日内"),
        ({"within": None}, 'at = ["08:00", "17:00"]\nuntil = "final"', "每日08:00, 17:00前，至终报止"),
        ({"within": None}, 'every = "2 h"', "每隔2小时"),
        ({"elapsed": "24 h"}, "", "持续24小时后，60分钟内"),
        ({}, 'not_later_than = { clock = "known", within = "15 d" }', "60分钟内，最迟获悉后15日"),
        ({"within": "30 d"}, "window = true", "30日内（有变化时）"),
    ],
)
def test_list_says_it_to_people_in_chinese(
    changes: dict[str, Any], text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIBAO_LANG", "zh")
    days = changes.pop("business_days", None)
    more = f"business_days = {days}" if days else text
    (one,) = read_text((HEADER + limit(more, **changes)).encode(), "test.toml").limits
    assert when(one, pick) == said


def test_it_answers_without_server_libraries() -> None:
    """It must start fast: no broker, no database, no web framework is even imported."""
    heavy = ["asyncio", "nats", "asyncpg", "faststream", "fastapi", "starlette", "prometheus_client"]
    code = f"import jibao.explain, jibao.rules_command, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_example_that_teaches_clerks_works(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "packs.md").read_text(encoding="utf-8")
    example = textwrap.dedent(guide.split("```toml\n")[1].split("```")[0])
    path = tmp_path / "my_county.toml"
    path.write_text(example, encoding="utf-8")
    assert "sound" in run("rules", "check", str(path)).stdout
    assert set(dues(ask(*FIRE, "--pack", str(path)))) == {"example.first.phone"}
