"""`jibao explain`: what these facts start, by when, under which clause. The packs answer, no server is asked."""

import json
import sys
from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from jibao import rule_words
from jibao.question import Typed, WrongUse, read_case, read_now, read_packs
from jibao.words import fail, pick
from rules.explanation import Explanation, explain, to_json
from rules.pack_files import PackError
from schemas.incident import Case
from schemas.obligation import Planned, StampedLimit

if TYPE_CHECKING:
    from rich.table import Table

TIME = "T"
Category = Annotated[str | None, typer.Option(help="类别 · like accident.fire")]
GradeWord = Annotated[str, typer.Option(help="等级 · I, II, III, IV, ungraded, non_incident")]
Tags = Annotated[list[str] | None, typer.Option(help="敏感标签 · may stand several times")]
Quantities = Annotated[list[str] | None, typer.Option(metavar="NAME=N", help="数量 · like deaths=3")]
Division = Annotated[str | None, typer.Option(help="行政区划代码 · without one, national packs only")]
Occurred = Annotated[str | None, typer.Option(metavar=TIME, help="事发 · RFC 3339 with its zone")]
Known = Annotated[str | None, typer.Option(metavar=TIME, help="获悉 · when it became known")]
Received = Annotated[
    list[str] | None, typer.Option(metavar="[ROLE=]T", help="接报 · received by the county, or by ROLE")
]
Judged = Annotated[str | None, typer.Option(metavar=TIME, help="初判定级 · when it was graded")]
Stopped = Annotated[str | None, typer.Option(metavar=TIME, help="处置结束 · when the response ended")]
PackNames = Annotated[list[str] | None, typer.Option(help="规则包 · exactly these, by id or .toml file")]
Now = Annotated[str | None, typer.Option(metavar=TIME, help="提问时刻 · when absent, the latest time given")]
WhyNot = Annotated[
    bool, typer.Option("--why-not", help="列出不适用的时限及原因 · and what does not apply, why")
]
AsJson = Annotated[bool, typer.Option("--json", help="for machines")]


def explain_command(  # noqa: PLR0913 - one parameter is one option
    category: Category = None,
    grade: GradeWord = "ungraded",
    tag: Tags = None,
    quantity: Quantities = None,
    division: Division = None,
    occurred: Occurred = None,
    known: Known = None,
    received: Received = None,
    judged: Judged = None,
    stopped: Stopped = None,
    pack: PackNames = None,
    now: Now = None,
    why_not: WhyNot = False,
    as_json: AsJson = False,
) -> None:
    """谁应在何时前向谁报告，依据哪一条 · who must tell whom by when, under which clause."""
    typed = Typed(
        category, grade, tag or (), quantity or (), division, occurred, known, received or (), judged, stopped
    )
    try:
        case = read_case(typed)
        packs = read_packs(pack or (), division)
        answer = explain(case, packs, read_now(now, case), with_reasons=why_not)
    except PackError as error:
        fail(error.said("zh"), error.said("en"))
    except WrongUse as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    if as_json:
        print(json.dumps(to_json(answer, _zone_of(case)), ensure_ascii=False, indent=2))
    else:
        _show(answer, case)


def _zone_of(case: Case) -> tzinfo | None:
    return case.occurred_at.tzinfo if case.occurred_at is not None else None


def _show(answer: Explanation, case: Case) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    if answer.obligations:
        console.print(_table(answer, case))
    else:
        console.print(pick("没有适用且已起算的时限。", "No limit applies whose clock has started."))
    for one in answer.not_applicable:
        mark = "⏳" if one.waits else "–"
        console.print(f"{mark} {one.id}: {rule_words.reason(one.reason)}", markup=False)


def _table(answer: Explanation, case: Case) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in pick("应于,谁向谁报告,内容,依据", "due,from → to,what,clause").split(","):
        table.add_column(head, overflow="fold")
    table.columns[0].no_wrap = table.columns[2].no_wrap = True
    for planned in answer.obligations:
        table.add_row(_time(planned, case), _whom(planned), _what(planned, answer), _clauses(planned, case))
    return table


def _whom(planned: Planned) -> str:
    duty = planned.duty
    text = f"{rule_words.role(duty.from_role)} → {rule_words.role(duty.to_role)}"
    if planned.skip_level:
        text += pick("（越级）", " (skip-level)")
    if planned.copy_to:
        text += pick("\n抄送 ", "\ncopy: ") + pick("、", ", ").join(map(rule_words.role, planned.copy_to))
    return text


def _what(planned: Planned, answer: Explanation) -> str:
    duty = planned.duty
    number = f" {duty.occurrence}" if planned.counts_from is not None else ""
    text = f"{rule_words.stage(duty.stage)}{number} · {rule_words.medium(duty.medium)}"
    return text + pick("\n（有变化时）", "\n(if it changes)") if answer.is_window(planned) else text


def _clauses(planned: Planned, case: Case) -> str:
    """The binding clause, and below it the others with their own due times."""
    from rich.markup import escape

    lines = [escape(_clause(planned.binding))]
    lines += [f"[dim]{_time(other, case)} {escape(_clause(other))}[/dim]" for other in planned.others]
    return "\n".join(lines)


def _time(one: Planned | StampedLimit, case: Case) -> str:
    """In the incident's zone, with the year only where it is another one."""
    due_at = one.due_at.astimezone(_zone_of(case))
    year = "" if case.occurred_at is not None and due_at.year == case.occurred_at.year else "%Y-"
    return due_at.strftime(year + ("%m-%d %H:%M:%S" if due_at.second else "%m-%d %H:%M"))


def _clause(limit: StampedLimit) -> str:
    """N06 《生产安全事故报告和调查处理条例》 国务院令第493号 art. 9 (partial)."""
    text = f"{limit.id} 《{limit.document}》"
    if limit.number:
        text += f" {limit.number}"
    if limit.article:
        text += pick(f" 第{limit.article}条", f" art. {limit.article}")
    target = pick("工作目标", "working target") if limit.working_target else ""
    shown = ", ".join(flag for flag in (rule_words.status(limit.status), target) if flag)
    return f"{text} ({shown})" if shown else text
