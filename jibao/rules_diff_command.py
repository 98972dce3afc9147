"""`jibao rules diff OLD NEW`: what changes between two packs, or two folders of them, for whom, stricter or laxer."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jibao import rule_words
from jibao.words import fail, pick
from rules.limits import Pack
from rules.pack_diff import Change, Difference, Kind, Whom, diff, diff_all
from rules.pack_direction import Direction
from rules.pack_files import PackError, load, read_file, read_folder

if TYPE_CHECKING:
    from rich.table import Table

KINDS = {Kind.ADDED: ("新增", "added"), Kind.REMOVED: ("删除", "removed"), Kind.CHANGED: ("修改", "changed")}
DIRECTIONS = {
    Direction.STRICTER: ("[red]更严[/]", "[red]stricter[/]"),
    Direction.LAXER: ("[yellow]更松[/]", "[yellow]laxer[/]"),
    Direction.SAME: ("不变", "same"),
    Direction.UNCLEAR: ("需人工判断", "read it"),
}
SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "−", Kind.CHANGED: "~"}
Named = Annotated[
    str, typer.Argument(help="文件、目录或规则包编号 · a file, a folder or a shipped pack's id")
]


def diff_rules(
    old: Named, new: Named, as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False
) -> None:
    """比较规则包 · what changes, for whom, stricter or laxer. Exit 0 no difference, 1 differences, 2 wrong use."""
    try:
        before, after = read_named(old), read_named(new)
    except PackError as error:
        fail(error.said("zh"), error.said("en"))
    alone = len(before) == len(after) == 1  # two packs are compared even where the id is another one
    changes = diff(before[0], after[0]) if alone else diff_all(before, after)
    if as_json:
        print(json.dumps(to_json(changes), ensure_ascii=False, indent=2))
    else:
        _show(changes)
    if changes:
        raise typer.Exit(1)


def read_named(name: str) -> tuple[Pack, ...]:
    """The packs of a folder, of a file (a name that ends in .toml), or the shipped one of that id. Raises PackError."""
    path = Path(name)
    if path.is_dir():
        return read_folder(path)
    if name.endswith(".toml") or path.is_file():
        return (read_file(path),)
    return load([name]).packs


def to_json(changes: Sequence[Change]) -> dict[str, Any]:
    """The answer for machines: the vocabulary's own words."""
    counts = Counter(change.kind.value for change in changes)
    directions = Counter(change.direction.value for change in changes)
    return {
        "counts": {kind.value: counts[kind.value] for kind in Kind},
        "directions": {one.value: directions[one.value] for one in Direction},
        "changes": [asdict(change) for change in changes],
    }


def _show(changes: Sequence[Change]) -> None:
    from jibao.stats import wide_console

    if not changes:
        print(pick("没有差别", "no difference"))
        return
    console = wide_console()
    console.print(_table(changes))
    counts = Counter(change.kind for change in changes)
    said = [f"{counts[kind]} {pick(*KINDS[kind])}" for kind in Kind]
    console.print(pick("、", ", ").join(said))


def _table(changes: Sequence[Change]) -> "Table":
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in pick(",时限,对谁,改了什么,严或松", ",limit,for whom,what,").split(","):
        table.add_column(head, overflow="fold")
    table.columns[0].no_wrap = table.columns[4].no_wrap = True
    for change in changes:
        title = pick(change.title, change.title_en)
        name = change.limit or pick(f"规则包 {change.pack}", f"pack {change.pack}")
        whom = _whom(change.whom) if change.whom is not None else ""
        what = "\n".join(_difference(one, change.kind) for one in change.differences)
        cells = (f"{name}\n[dim]{escape(title)}[/]", escape(whom), escape(what))
        table.add_row(SIGNS[change.kind], *cells, pick(*DIRECTIONS[change.direction]))
    return table


def _whom(whom: Whom) -> str:
    roles = [pick("、", ", ").join(map(rule_words.role, some)) for some in (whom.from_roles, whom.to_roles)]
    lines = [" → ".join(roles), f"{rule_words.stage(whom.stage)} · {rule_words.medium(whom.medium)}"]
    lines += [" ".join(some) for some in (whom.categories, whom.grades, whom.regions) if some]
    return "\n".join(lines)


def _difference(one: Difference, kind: Kind) -> str:
    if kind is Kind.CHANGED:
        return f"{one.key}: {one.old or '—'} → {one.new or '—'}"
    return f"{one.key}: {one.new if kind is Kind.ADDED else one.old}"
