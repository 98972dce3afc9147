"""What was measured is shown as it is: a missed target is said, and the page takes the figures from the JSON."""

import json
from pathlib import Path

import pytest

from bench import run_bench, show
from bench.figures import CannotMeasure, Figure, Scale, Spread, Target
from bench.machine import describe

REACHED = Figure(
    "accept", "POST → ack", "raw publish", "reports/s", 3000, 4000, Target(0.6, at_least=True, of_floor=True)
)
MISSED = Figure("alert p99", "sent → alert", "bare hops", "ms", 81.25, 10, Target(50, at_least=False))
PLAIN = Figure("alert p50", "sent → alert", "bare hops", "ms", 9, 4)


def test_it_compares_a_share_with_the_floor_and_a_time_with_itself() -> None:
    assert [figure.met for figure in (REACHED, MISSED, PLAIN)] == [True, False, None]


def test_it_finds_the_middle_and_the_tail() -> None:
    assert Spread.of([number / 1000 for number in range(1, 101)]) == pytest.approx(Spread(51, 99), abs=1)
    with pytest.raises(CannotMeasure):
        Spread.of([])


def test_it_writes_the_figures_between_the_marks_of_the_page(tmp_path: Path) -> None:
    measured, page = tmp_path / "bench.json", tmp_path / "performance.md"
    body = show.as_json(describe(Scale.TINY), [REACHED, MISSED, PLAIN])
    measured.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    page.write_text("before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n", encoding="utf-8")
    show.write_page(measured, page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- bench -->\n") and text.endswith("<!-- /bench -->\nafter\n")
    assert "old" not in text
    assert (
        "| accept | POST → ack | 3,000 reports/s | 4,000 reports/s | 0.75 | ≥ 0.6 × floor | reached |" in text
    )
    assert "| alert p99 | sent → alert | 81.2 ms | 10 ms | 8.12 | ≤ 50 ms | **missed** |" in text
    assert "faststream" in text and "cores" in text


def test_it_knows_its_figures_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_bench(["speed"], as_json=True, quick=True) == 2
    assert "no figure speed" in capsys.readouterr().err
