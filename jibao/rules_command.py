"""`jibao rules`: which limits are there, and are the packs sound?"""

import json
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from jibao import rule_words
from jibao.rules_diff_command import diff_rules
from jibao.words import fail, language, pick
from rules import content
from rules.criteria import Criterion
from rules.limits import Limit, Pack, Until
from rules.pack_check import check
from rules.pack_files import SHIPPED, PackError, Problem, read_folder, try_files
from rules.pack_proof import prove
from rules.pack_scope import is_local
from rules.pack_spelling import UNITS_ZH, duration

if TYPE_CHECKING:
    from rich.table import Table

rules_app = typer.Typer(help="时限规则 · the limits", no_args_is_help=True)
rules_app.command("diff")(diff_rules)
AsJson = Annotated[bool, typer.Option("--json", help="for machines")]
Say = Callable[[str, str], str]
"""Which of two texts, Chinese and English, is meant."""
UNTIL = {Until.CLOSED: "办结", Until.FINAL: "终报"}


@rules_app.callback()
def _rules() -> None:
    """时限规则 · the limits"""


@rules_app.command("check")
def check_rules(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILES]...", help="packs; all shipped")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """检查规则包 · prove packs: file, limit, key and how to mend it. Exit 0 sound, 1 findings, 2 wrong use."""
    absent = [path for path in files or () if not path.is_file()]
    if absent:
        print(pick(f"没有这个文件：{absent[0]}", f"no such file: {absent[0]}"), file=sys.stderr)
        raise typer.Exit(2)
    paths = files or [*sorted(SHIPPED.glob("*.toml")), content.SHIPPED]
    packs, findings = try_files(
        [path for path in paths if path.name != content.SHIPPED.name], None if files else SHIPPED
    )
    findings += check(packs) + _against_the_others(packs, is_shipped=not files)
    findings += [one for path in paths if path.name == content.SHIPPED.name for one in _of_content(path)]
    counts = Counts(
        len(paths),
        sum(len(pack.limits) for _, pack in packs),
        sum(len(pack.criteria) for _, pack in packs),
    )
    print(_findings_as_json(findings, counts) if as_json else _findings(findings, counts))
    if findings:
        raise typer.Exit(1)


class Counts(NamedTuple):
    """What was read."""

    files: int
    limits: int
    criteria: int


def _of_content(path: Path) -> Sequence[Problem]:
    """What is wrong in a file of the elements that reports should bring."""
    try:
        content.read_text(path.read_bytes(), path.name)
    except PackError as error:
        return error.problems
    return ()


def _against_the_others(packs: list[tuple[str, Pack]], *, is_shipped: bool) -> list[Problem]:
    """An office's own packs beside the shipped ones. Of what is shipped, only an office's own can have gaps: the law
    says what it governs, and no more.
    """
    from runtime.clock import Clock  # it knows the event loop, which `jibao rules list` need not wait for

    own = [(file, pack) for file, pack in packs if is_local(pack) or not is_shipped]
    try:
        others = [pack for _, pack in packs] if is_shipped else read_folder()
    except PackError:
        others = []  # `jibao rules check` without a file says what is wrong there
    return prove(own, others, Clock().now().date())


def _findings_as_json(findings: list[Problem], counts: Counts) -> str:
    body = {**counts._asdict(), "findings": [one.as_json() for one in findings]}
    return json.dumps(body, ensure_ascii=False, indent=2)


def _findings(findings: list[Problem], counts: Counts) -> str:
    if not findings:
        files, limits, criteria = counts
        return pick(
            f"{files} 个文件、{limits} 条时限、{criteria} 条等级标准，未发现问题",
            f"{files} files, {limits} limits, {criteria} grade criteria: sound",
        )
    head = pick(f"{len(findings)} 个问题", f"{len(findings)} finding(s)")
    return "\n".join([head, *(one.said(language()) for one in findings)])


@rules_app.command("list")
def list_rules(as_json: AsJson = False) -> None:
    """列出全部时限 · every limit with its clause and status."""
    try:
        packs = read_folder()
    except PackError as error:
        fail(error.said("zh"), error.said("en"), 1)
    if as_json:
        print(json.dumps({"packs": [_pack(pack) for pack in packs]}, ensure_ascii=False, indent=2))
    else:
        _show(packs)


def _pack(pack: Pack) -> dict[str, Any]:
    header = pack.header
    return {
        "id": header.id,
        "version": header.version,
        "title": header.title,
        "title_en": header.title_en,
        "region": list(header.region),
        "timezone": header.timezone,
        "fictional": header.fictional,
        "limits": [_limit(pack, limit) for limit in pack.limits],
        "criteria": [_criterion(pack, criterion) for criterion in pack.criteria],
    }


def _criterion(pack: Pack, criterion: Criterion) -> dict[str, Any]:
    said = criterion.model_dump(mode="json", include={"id", "title", "title_en", "grade"})
    bounds = {name.value: one.model_dump(exclude_none=True) for name, one in criterion.quantities.items()}
    cited, document = criterion.citation, pack.document(criterion)
    clause = {"document": document.document, "number": document.number, "article": cited.article}
    return {**said, "quantities": bounds, **clause, "status": cited.status.value}


def _limit(pack: Pack, limit: Limit) -> dict[str, Any]:
    document, (begins, ends) = pack.document(limit), pack.in_force(limit)
    return {
        "id": limit.id,
        "title": limit.title,
        "title_en": limit.title_en,
        "from": [role.value for role in limit.from_roles],
        "to": [role.value for role in limit.to_roles],
        "copy": [role.value for role in limit.copy_to],
        "skip_level": limit.skip_level,
        "stage": limit.stage.value,
        "medium": limit.medium.value,
        "clock": [clock.value for clock in limit.clock],
        "when": when(limit),
        "window": limit.window,
        "document": document.document,
        "issuer": document.issuer,
        "number": document.number,
        "article": limit.citation.article,
        "status": limit.citation.status.value,
        "in_force_from": begins.isoformat(),
        "in_force_until": ends.isoformat() if ends is not None else None,
    }


def _as_a_pack(_zh: str, en: str) -> str:
    """Machines get the words of the packs in any locale."""
    return en


def when(limit: Limit, say: Say = _as_a_pack) -> str:
    """When a limit is due: as a pack spells it, or in the language of `say`."""
    text = _asked(limit, say)
    if limit.elapsed is not None:
        length = _length(limit.elapsed, say)
        text = say(f"持续{length}后，{text}", f"{text} after {length} elapsed")
    bound = limit.not_later_than
    if bound is not None:
        length, clock = _length(bound.within, say), bound.clock[0]
        text += say(
            f"，最迟{rule_words.CLOCKS[clock]}后{length}", f", not later than {length} from {clock.value}"
        )
    if limit.until is not None:
        text += say(f"，至{UNTIL[limit.until]}止", f", until {limit.until.value}")
    return text + say("（有变化时）", " (if it changes)") if limit.window else text


def _asked(limit: Limit, say: Say) -> str:
    """The one key of a limit that says when."""
    if limit.at is not None:
        times = ", ".join(f"{one:%H:%M}" for one in limit.at)
        return say(f"每日{times}前", f"at {times}")
    if limit.days is not None:
        return say(
            f"{limit.days}日内", f"within {limit.days} calendar {'day' if limit.days == 1 else 'days'}"
        )
    if limit.business_days is not None:
        days = limit.business_days
        return say(f"{days}个工作日内", f"within {days} business {'day' if days == 1 else 'days'}")
    length = _length(limit.every or limit.length or timedelta(), say)
    if limit.every is not None:
        return say(f"每隔{length}", f"every {length}")
    if limit.immediate is not None:
        return say(f"立即，工作目标{length}", f"immediate, target {length}")
    return say(f"{length}内", f"within {length}")


def _length(length: timedelta, say: Say) -> str:
    number, unit = duration(length).split()
    return say(f"{number}{UNITS_ZH[unit]}", f"{number} {unit}")


def _show(packs: tuple[Pack, ...]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    for pack in packs:
        header = pack.header
        table = Table(title=escape(f"{header.id} {header.version} · {pick(header.title, header.title_en)}"))
        for head in pick("时限,何时,起算,内容,状态", "limit,when,clock,what,status").split(","):
            table.add_column(head, overflow="fold")
        for limit in pack.limits:
            status = limit.citation.status.value
            flag = rule_words.status(status) or status
            clock = " → ".join(pick(rule_words.CLOCKS[one], one.value) for one in limit.clock)
            cells = (limit.id, when(limit, pick), clock, pick(limit.title, limit.title_en), flag)
            table.add_row(*map(escape, cells))
        if pack.limits:
            console.print(table)
        if pack.criteria:
            console.print(_criteria_table(pack))


def _criteria_table(pack: Pack) -> "Table":
    from rich.markup import escape
    from rich.table import Table

    header = pack.header
    table = Table(title=escape(f"{header.id} {header.version} · {pick(header.title, header.title_en)}"))
    for head in pick("等级标准,等级,内容,状态", "criterion,grade,what,status").split(","):
        table.add_column(head, overflow="fold")
    for one in pack.criteria:
        status = one.citation.status.value
        flag = rule_words.status(status) or status
        table.add_row(*map(escape, (one.id, one.grade.value, pick(one.title, one.title_en), flag)))
    return table
