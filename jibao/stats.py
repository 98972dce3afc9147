"""`jibao stats`: the timeliness table of a running system."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from jibao import access_file
from jibao.question import WrongUse, read_time
from jibao.words import fail, pick
from runtime.exchange import Bound, exchange, make_client

BOUND = Bound(30.0, 16 * 1024 * 1024)


@dataclass(frozen=True)
class Asked:
    """What the user asked for."""

    data: Path
    by: str
    start: str | None
    end: str | None
    as_json: bool


async def show_stats(asked: Asked) -> int:
    """Print the table; 0, or 1 when something was late or missed, or 2 for a time that is none."""
    try:
        for option, text in (("--from", asked.start), ("--to", asked.end)):
            if text is not None:
                read_time(option, text)
    except WrongUse as error:
        typer.echo(error, err=True)
        return 2
    body = await _fetch(asked)
    if asked.as_json:
        typer.echo(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        print_table(body, wide_console())
    total = body["total"]
    return 0 if total["ratio"] in (None, 1.0) else 1


async def _fetch(asked: Asked) -> dict[str, Any]:
    access = access_file.of(asked.data, "auditor")
    named = {"group_by": asked.by, "from": asked.start, "to": asked.end}
    headers = {"Authorization": f"Bearer {access.token}", "Accept-Language": pick("zh", "en")}
    async with make_client(5.0, base_url=access.base_url, headers=headers) as client:
        try:
            asked_for = {key: value for key, value in named.items() if value}
            answer = await exchange(client, "GET", "/api/v1/timeliness", BOUND, params=asked_for)
        except httpx.HTTPError as error:
            fail(f"系统没有应答：{error}", f"the system does not answer: {error}", 1)
    if answer.status_code != 200:
        fail(str(answer.json().get("detail")), str(answer.json().get("detail")))
    return dict(answer.json())


def wide_console() -> Console:
    """A table that goes to a file or a pipe is not squeezed into 80 columns."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=140)


def print_table(body: dict[str, Any], out: Console) -> None:
    """The table as a person reads it."""
    table = Table(
        title=pick("及时率（目标 100%）", "timeliness (target 100 %)"), collapse_padding=True, pad_edge=False
    )
    headings = (
        (pick("分组", "group"), "left"), (pick("应报", "due"), "right"), (pick("及时", "on time"), "right"),
        (pick("迟报", "late"), "right"), (pick("漏报", "missed"), "right"), (pick("逾期未报", "overdue"), "right"),
        (pick("免报", "waived"), "right"), (pick("存疑", "disputed"), "right"), (pick("及时率", "ratio"), "right"),
        (pick("迟报中位", "median late"), "right"), (pick("最迟", "max late"), "right"),
    )  # fmt: skip
    for heading, side in headings:
        table.add_column(heading, justify="left" if side == "left" else "right", no_wrap=True)
    for one in [*body["groups"], {"name": pick("合计", "total"), **body["total"]}]:
        table.add_row(*_cells(one))
    out.print(table)


def _cells(one: dict[str, Any]) -> list[str]:
    counts = [str(one[key]) for key in ("due", "on_time", "late", "missed", "overdue", "waived", "disputed")]
    ratio = percent(one["on_time"], one["due"]) + (" *" if one["due"] and one["small_sample"] else "")
    late = [minutes(one[key]) for key in ("median_late_seconds", "max_late_seconds")]
    return [escape(pick(one["name"], one.get("name_en") or one["name"])), *counts, ratio, *late]


def percent(on_time: int, due: int) -> str:
    """A ratio for people, never rounded up: 9,999 of 10,000 is not 100 %."""
    return f"{on_time * 1000 // due / 10:.1f}%" if due else "—"


def minutes(seconds: float | None) -> str:
    """A lateness for people."""
    if seconds is None:
        return "—"
    if seconds >= 60:
        return f"{seconds / 60:.1f} min"
    return f"{max(seconds, 1):.0f} s" if seconds else "0 s"  # late by a moment is late: never 0
