"""The figures as a table for a person, as JSON for a machine, and as the table of `docs/performance.md`."""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.figures import Figure

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BETWEEN = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)


def as_json(machine: dict[str, object], figures: Sequence[Figure]) -> dict[str, Any]:
    """Everything that was measured, and on what."""
    return {"machine": machine, "figures": [_line(figure) for figure in figures]}


def _line(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "what": figure.what,
        "unit": figure.unit,
        "ours": round(figure.ours, 3),
        "floor": round(figure.floor, 3),
        "floor_is": figure.floor_is,
        "ratio": round(figure.ratio, 3),
        "target": _target(figure),
        "met": figure.met,
        "note": figure.note,
    }


def _target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    sign = "≥" if figure.target.at_least else "≤"
    unit = "× floor" if figure.target.of_floor else figure.unit
    return f"{sign} {figure.target.value:g} {unit}"


def number(value: float) -> str:
    """Three significant digits, without an exponent."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def as_table(measured: dict[str, Any]) -> None:
    """For a person."""
    console = Console(width=None if sys.stdout.isatty() else 140)
    machine = measured["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    console.print(
        f"{machine['cores']} cores ({machine['processor']}), load {machine['load_before']} before; "
        f"{machine['system']}; Python {machine['python']}; {packages}; {machine['writes']}; scale {machine['scale']}"
    )
    table = Table()
    for heading in ("figure", "what", "ours", "floor", "ratio", "target", ""):
        table.add_column(
            heading, justify="right" if heading in ("ours", "floor", "ratio", "target") else "left"
        )
    for line in measured["figures"]:
        verdict = {True: "[green]ok[/]", False: "[red]missed[/]", None: ""}[line["met"]]
        what = f"{line['what']}\n[dim]floor: {line['floor_is']}[/]" + (
            f"\n{line['note']}" if line["note"] else ""
        )
        unit = line["unit"]
        table.add_row(
            line["name"], what, f"{number(line['ours'])} {unit}", f"{number(line['floor'])} {unit}",
            f"{line['ratio']:.2f}", line["target"], verdict,
        )  # fmt: skip
    console.print(table)


def as_markdown(measured: dict[str, Any]) -> str:
    """The table of `docs/performance.md`."""
    machine = measured["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    lines = [
        f"{machine['cores']} cores ({machine['processor']}), load {machine['load_before']} before the run; "
        f"{machine['system']}; Python {machine['python']}; {packages}; {machine['writes']}; scale {machine['scale']}.",
        "",
        "| figure | what | ours | floor | ours / floor | target | |",
        "|---|---|---:|---:|---:|---|---|",
    ]
    for line in measured["figures"]:
        verdict = {True: "reached", False: "**missed**", None: ""}[line["met"]]
        what = line["what"] + (f"; {line['note']}" if line["note"] else "")
        unit = line["unit"]
        lines.append(
            f"| {line['name']} | {what} | {number(line['ours'])} {unit} | {number(line['floor'])} {unit} |"
            f" {line['ratio']:.2f} | {line['target']} | {verdict} |"
        )
    return "\n".join(lines) + "\n"


def write_page(json_file: Path, page: Path = PAGE) -> None:
    """Put the figures of a JSON file (`jibao bench --json > FILE`) into the page, between its two marks."""
    table = as_markdown(json.loads(json_file.read_text(encoding="utf-8")))
    text = page.read_text(encoding="utf-8")
    page.write_text(BETWEEN.sub(lambda found: found[1] + table + found[2], text), encoding="utf-8")
