"""A clerk with a Chinese locale reads in Chinese what is wrong with a pack; machines read both, in any locale."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jibao.command import app
from tests.jibao.test_explain import BAD, FIRE, run
from tests.jibao.test_rules_proof import DATA

BAD_CLOCK = str(BAD / "bad_clock.toml")
CITATION = '缺少此项；可用：一处依据，如 { of = "law", article = "9", status = "V1" }，并写明 [documents.law]'


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (BAD / "unknown_key.toml", "unknown_key.toml：时限 L1：minutes：没有这个键；可用：id, title, "),
        (BAD / "missing_citation.toml", f"missing_citation.toml：时限 L1：citation：{CITATION}"),
        (BAD / "criterion_grade.toml", "criterion_grade.toml：等级标准 C1：grade：'ungraded' 不能作为建议等级"),
        (DATA / "laxer.toml", "laxer.toml：时限 example.city：within：宽于上位规定：自 received 起 2 小时内；"
         "city.demo city.first.written（依据《演示市突发事件信息报送规定（虚构）》第 3 条）要求自 received 起"),
        (DATA / "gap.toml", "gap.toml：limit：空白：township → county 没有首报时限：accident.fire（所有等级）；可用："),
        (DATA / "dead_end.toml", "dead_end.toml：时限 example.village：to：有去无回：到 township 为止"),
        (DATA / "silent_clock.toml", "时限 example.village：clock：永不起算：没有任何单位须向 village 报告"),
    ],
)  # fmt: skip
def test_check_says_it_in_chinese_to_who_reads_chinese(file: Path, said: str) -> None:
    shown = run("rules", "check", str(file), lang="zh", status=1).stdout
    assert said in shown
    assert "allowed" not in shown and "allowed" in run("rules", "check", str(file), status=1).stdout


@pytest.mark.parametrize(
    "words",
    [
        ["explain", *FIRE, "--pack", BAD_CLOCK],
        ["rules", "diff", BAD_CLOCK, BAD_CLOCK],
        ["replay", "--facts", "none.jsonl", "--pack", BAD_CLOCK],
    ],
    ids=lambda words: words[0],
)
def test_every_command_refuses_a_bad_pack_in_one_chinese_line(words: list[str]) -> None:
    found = CliRunner().invoke(app, words, env={"JIBAO_LANG": "zh"})
    line = "bad_clock.toml：时限 L1：clock[1]：没有这个词：'noticed'；可用：occurred, known, "
    assert (found.exit_code, found.stderr.count("\n")) == (2, 1), found.output
    assert found.stderr.startswith(line)


def test_machines_get_both_languages_whatever_the_locale() -> None:
    answers = [
        run("rules", "check", str(BAD / "same_bound.toml"), "--json", lang=lang, status=1).stdout
        for lang in ("zh", "en")
    ]
    assert answers[0] == answers[1]
    (found,) = json.loads(answers[0])["findings"]
    assert found == {
        "file": "same_bound.toml",
        "limit": "L1",
        "key": "not_later_than",
        "problem": "not_later_than starts at occurred too",
        "allowed": "another clock than the limit's",
        "entry": "limit",
        "problem_zh": "not_later_than 的起算点也是 occurred",
        "allowed_zh": "与本时限不同的起算点",
    }
