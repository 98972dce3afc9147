"""What a replay brought: a few tables for a person, one object for a machine."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from jibao import rule_words
from jibao.stats import minutes, wide_console
from jibao.words import pick
from rules.desk import Desk
from rules.replay import Compared, Late, Replayed
from rules.timeliness import Timeliness
from schemas.vocabulary import Medium, Stage

SHOWN_AT_MOST = 30
OUTCOMES = {
    "met": ("及时", "on time"),
    "late": ("迟报", "late"),
    "missed": ("漏报", "missed"),
    "overdue": ("逾期未报", "overdue"),
    "waived": ("免报", "waived"),
    "disputed": ("存疑", "disputed"),
    "open": ("未到期", "not due yet"),
    None: ("无此义务", "not owed"),
}


@dataclass(frozen=True)
class Shown:
    """A replay, and what it was asked."""

    desk: Desk
    start: datetime
    end: datetime
    result: Replayed

    @property
    def zone(self) -> ZoneInfo:
        """In which the county lives."""
        return ZoneInfo(self.desk.county.timezone)


def print_json(shown: Shown) -> None:
    """Everything; times are RFC 3339 in the county's zone, lengths in seconds."""
    result = shown.result
    body = {
        "from": shown.start.astimezone(shown.zone).isoformat(),
        "to": shown.end.astimezone(shown.zone).isoformat(),
        "packs": {pack.header.id: pack.header.version for pack in shown.desk.packs.packs},
        "incidents": result.incidents,
        "skipped": result.skipped,
        "newly_late": sum(one.is_new for one in result.late),
        "no_longer_late": result.unblamed,
        "late": [_late(one, shown.zone) for one in result.late],
        "timeliness": {
            "total": _compared(result.total),
            "unit": [_compared(one) for one in result.by_unit],
            "stage": [_compared(one) for one in result.by_stage],
            "medium": [_compared(one) for one in result.by_medium],
        },
        "calls": {
            name: {
                "total": calls.total,
                "night": calls.night,
                "people": calls.people,
                "by_hour": calls.by_hour,
            }
            for name, calls in (("before", result.calls_before), ("after", result.calls_after))
        },
    }
    print(json.dumps(body, ensure_ascii=False, indent=1))


def _late(one: Late, zone: ZoneInfo) -> dict[str, Any]:
    limit = one.limit
    return {
        "incident_id": str(one.incident_id),
        "unit": one.unit,
        **one.duty.model_dump(mode="json"),
        "due_at": one.due_at.astimezone(zone).isoformat(),
        "done_at": one.done_at.astimezone(zone).isoformat() if one.done_at else None,
        "outcome": one.outcome,
        "late_seconds": round(one.late_seconds, 3),
        "was": one.was,
        "new": one.is_new,
        "rule": limit.id,
        "pack": limit.pack,
        "document": limit.document,
        "number": limit.number,
        "article": limit.article,
    }


def _compared(one: Compared) -> dict[str, Any]:
    return {"group": one.group, "before": _line(one.before), "after": _line(one.after)}


def _line(one: Timeliness | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"due": one.due, "on_time": one.on_time, "ratio": one.ratio, **asdict(one.counts)}


def print_table(shown: Shown) -> None:
    """Who would newly be late, what changes in timeliness, and when people would have been called."""
    console, result = wide_console(), shown.result
    new = [one for one in result.late if one.is_new]
    if new:
        console.print(_late_table(new[:SHOWN_AT_MOST], shown))
        if len(new) > SHOWN_AT_MOST:
            left = len(new) - SHOWN_AT_MOST
            console.print(
                pick(f"……另有 {left} 条（--json 全部列出）", f"… and {left} more (--json lists all)")
            )
    console.print(_timeliness(shown))
    console.print(_calls(result))
    _summary(console, result, len(new))


def _summary(console: Console, result: Replayed, new: int) -> None:
    console.print(
        pick(
            f"重演 {result.incidents} 起事件：新增迟报、漏报或逾期 {new} 条，不再算迟报的 {result.unblamed} 条",
            f"{result.incidents} incidents lived again: {new} newly late, missed or overdue, "
            f"{result.unblamed} no longer so",
        )
    )
    if result.skipped:
        console.print(
            pick(
                f"{result.skipped} 起事件的首报不在记录中，未重演",
                f"{result.skipped} incidents do not begin with their first report and were left out",
            )
        )


def _late_table(late: list[Late], shown: Shown) -> Table:
    heads = pick("应于,单位,应报,迟多少,依据,原记录", "due,unit,what,by,clause,in the record")
    table = _empty(pick("将会迟报", "would have been late"), heads)
    for one in late:
        duty, node = one.duty, shown.desk.nodes.get(one.unit)
        unit = pick(node.name, node.name_en or node.name) if node else one.unit
        what = f"{rule_words.stage(duty.stage)} · {rule_words.medium(duty.medium)} → {rule_words.role(duty.to_role)}"
        by = f"{minutes(one.late_seconds)} {pick(*OUTCOMES[one.outcome])}"
        article = pick(f" 第{one.limit.article}条", f" art. {one.limit.article}") if one.limit.article else ""
        clause = f"{one.limit.id} 《{one.limit.document}》{article}"
        due = f"{one.due_at.astimezone(shown.zone):%Y-%m-%d %H:%M}"
        table.add_row(due, escape(unit), what, by, escape(clause), pick(*OUTCOMES[one.was]))
    return table


def _timeliness(shown: Shown) -> Table:
    title = pick("及时率：记录 → 重演", "timeliness: record → replay")
    table = _empty(title, pick("分组,应报,及时,及时率,变化", "group,due,on time,ratio,change"))
    result = shown.result
    for kind, lines in (("unit", result.by_unit), ("stage", result.by_stage), ("medium", result.by_medium)):
        for one in lines:
            if one.before != one.after:
                table.add_row(escape(_group(kind, one.group, shown)), *_cells(one))
    table.add_row(pick("合计", "total"), *_cells(result.total))
    return table


def _group(kind: str, group: str, shown: Shown) -> str:
    if kind == "unit":
        node = shown.desk.nodes.get(group)
        return pick(node.name, node.name_en or node.name) if node else group
    if kind == "stage":
        return rule_words.stage(Stage(group))
    return rule_words.medium(Medium(group))


def _cells(one: Compared) -> list[str]:
    before, after = one.before, one.after
    pairs = [
        (str(line.due), str(line.on_time), f"{line.ratio:.1%}" if line.ratio is not None else "—")
        if line is not None
        else ("—", "—", "—")
        for line in (before, after)
    ]
    change = ""
    if before is not None and after is not None and before.ratio is not None and after.ratio is not None:
        change = f"{(after.ratio - before.ratio) * 100:+.1f}"
    return [*(f"{old} → {new}" for old, new in zip(*pairs, strict=True)), change]


def _calls(result: Replayed) -> Table:
    title = pick("呼叫次数：记录 → 重演", "calls: record → replay")
    table = _empty(title, pick("时段,记录,重演", "hours,record,replay"))
    before, after = result.calls_before, result.calls_after
    for hour in range(24):
        one, other = before.by_hour[hour], after.by_hour[hour]
        if one or other:
            table.add_row(f"{hour:02}:00", str(one), str(other))
    table.add_row(pick("夜间 00–06", "night 00–06"), str(before.night), str(after.night))
    table.add_row(pick("合计", "total"), str(before.total), str(after.total))
    table.add_row(pick("被叫人数", "people"), str(before.people), str(after.people))
    return table


def _empty(title: str, heads: str) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads.split(","):
        table.add_column(head, overflow="fold")
    return table
