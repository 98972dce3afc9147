"""`jibao roster check`: is somebody reachable at every minute ahead, and do the county's files fit?"""

import json
import os
import sys
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from jibao.county_files import CountyFilesError, read_county
from jibao.question import WrongUse, read_time
from rules import county_check
from rules.county_faults import Fault, Finding, finding
from runtime.clock import Clock

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "county"

roster_app = typer.Typer(help="值班表 · the duty roster", no_args_is_help=True)


@roster_app.callback()
def _roster() -> None:
    """值班表 · the duty roster"""


@roster_app.command("check")
def check_roster(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="the county's files")] = EXAMPLE,
    days: Annotated[int, typer.Option(min=1, max=366, help="how many days ahead to look")] = 30,
    start: Annotated[
        str | None, typer.Option("--from", help="first moment, RFC 3339; now when absent")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Print each fault with file, item and how to mend it; exit 0 without faults, 1 with, 2 wrong use."""
    moment = _moment(start)
    try:
        county = read_county(folder)
    except NotADirectoryError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    except CountyFilesError as error:
        findings = [finding(Fault.BAD_FILE, p.file, p.item, key=p.key, name=p.what) for p in error.problems]
    else:
        moment = moment.astimezone(ZoneInfo(county.timezone))
        findings = county_check.check(county, moment, days)
    until = moment + timedelta(days=days)
    print(_as_json(findings, folder, (moment, until)) if as_json else _as_text(findings, (moment, until)))
    if any(not one.warning for one in findings):
        raise typer.Exit(1)


def _moment(text: str | None) -> datetime:
    """The first moment to look at; one that cannot be read ends the command."""
    if text is None:
        return Clock().now()
    try:
        return read_time("--from", text)
    except WrongUse as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error


def _as_json(findings: list[Finding], folder: Path, window: tuple[datetime, datetime]) -> str:
    body = {
        "folder": str(folder),
        "from": window[0].isoformat(),
        "until": window[1].isoformat(),
        "findings": [{**asdict(one), "warning": one.warning} for one in findings],
    }
    return json.dumps(body, ensure_ascii=False, indent=2)


def _as_text(findings: list[Finding], window: tuple[datetime, datetime]) -> str:
    chinese = _speaks_chinese()
    span = f"{window[0]:%Y-%m-%d %H:%M} – {window[1]:%Y-%m-%d %H:%M}"
    if not findings:
        return f"值班表无缺口：{span}" if chinese else f"the roster has no gap: {span}"
    head = f"{len(findings)} 个问题（{span}）" if chinese else f"{len(findings)} finding(s), {span}"
    lines = [head]
    for one in findings:
        kind = ("警告 " if chinese else "warning ") if one.warning else ""
        place = ": ".join(part for part in (one.file, one.item, one.key) if part)
        what, mend = (one.what_zh, one.mend_zh) if chinese else (one.what_en, one.mend_en)
        lines += [f"{kind}{place}: {what}", f"    → {mend}"]
    return "\n".join(lines)


def _speaks_chinese() -> bool:
    """Whether the locale of the terminal is a Chinese one."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in names if os.environ.get(name)), "").startswith("zh")
