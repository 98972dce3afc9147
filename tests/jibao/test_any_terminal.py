"""No command ends because a terminal knows only ASCII, or because a text of somebody else's looks like markup."""

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from rich.console import Console

from jibao import parked_command, stats
from jibao.words import print_anywhere
from storage.parked import Undigested

COMMANDS = [
    ["--help"], ["explain", "--category", "accident.fire", "--grade", "III", "--occurred", "2026-11-23T08:10:00+08:00",
                 "--why-not"],
    ["explain", "--category", "nothing", "--occurred", "x"], ["rules", "list"], ["rules", "check"],
    ["rules", "list", "--json"], ["roster", "check", "examples/county"], ["roster", "check", "/nowhere"],
    ["stats", "--data", "/nowhere"], ["parked", "list", "--data", "/nowhere"], ["county", "load", "/nowhere"],
    ["verify"], ["migrate"], ["report", "/nowhere"], ["nothing"],
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_it_says_what_it_has_to_say_on_any_terminal(words: list[str]) -> None:
    around = {key: value for key, value in os.environ.items() if not key.startswith(("JIBAO_", "LC_"))}
    around |= {
        "LANG": "C",
        "PYTHONIOENCODING": "ascii",
        "TERM": "dumb",
        "PYTHONUTF8": "0",
        "JIBAO_LANG": "zh",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "jibao", *words], env=around, capture_output=True, timeout=120, check=False
    )
    assert b"Traceback" not in ended.stderr, ended.stderr.decode()
    assert ended.returncode in (0, 1, 2)
    assert ended.stdout or ended.stderr


def test_what_a_machine_reads_stays_what_it_was() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    print_anywhere(out)
    said = {"title": "青云 — 😀"}
    print(json.dumps(said, ensure_ascii=False), file=out, flush=True)
    assert json.loads(raw.getvalue()) == said


@pytest.mark.parametrize("text", ["[/link]", "[bold", "[link=x]y[/]", "\\[/", "[/]", "x\\"])
def test_a_parked_error_is_shown_as_it_is(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one = Undigested(
        parked_id=uuid4(), consumer=text, stream="FACTS", subject=text, sequence=1, body=b"", error=text, tries=5,
        at=datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip
    parked_command._print([one])
    assert capsys.readouterr().out.count(text) == 3


def test_a_group_of_the_table_is_shown_as_it_is() -> None:
    out = Console(file=io.StringIO(), width=200)
    total = {"due": 1, "on_time": 1, "late": 0, "missed": 0, "overdue": 0, "waived": 0, "disputed": 0, "ratio": 1.0,
             "small_sample": True, "median_late_seconds": None, "max_late_seconds": None}  # fmt: skip
    stats.print_table({"groups": [{"name": "[/red]", **total}], "total": total}, out)
    assert isinstance(out.file, io.StringIO) and "[/red]" in out.file.getvalue()


def test_the_table_of_timeliness_is_printed_where_only_ascii_is_known() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    print_anywhere(out)
    total = {"due": 2, "on_time": 1, "late": 1, "missed": 0, "overdue": 0, "waived": 0, "disputed": 0, "ratio": 0.5,
             "small_sample": True, "median_late_seconds": 61.0, "max_late_seconds": 61.0}  # fmt: skip
    stats.print_table(
        {"groups": [{"name": "青泉镇 — 政府", **total}], "total": total}, Console(file=out, width=200)
    )
    out.flush()
    assert raw.getvalue().isascii() and b"| 1.0 min|" in raw.getvalue() and b"50" in raw.getvalue()
