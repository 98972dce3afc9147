"""pydantic's errors in the words of the file in which they were found: entry, key, what is wrong, what is allowed.

What our own validators refuse says so itself in both languages; pydantic's own kinds get their Chinese here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rules.bilingual import CONTRADICTION, NOTHING, Words, same
from rules.clauses import Bounds
from rules.limits import Document
from rules.pack_problems import AT_MOST, NAMELESS, Problem, in_bounds, shortened
from schemas.vocabulary import Quantity

Location = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """How a kind of file is spelled: the whole, its numbered tables, and what stands below which key.

    A key below one table only is written with it, as in `criterion.applies`.
    """

    whole: type[BaseModel]
    entries: tuple[str, ...]
    models: Mapping[str, type[BaseModel]]

    @property
    def keys(self) -> set[str]:
        """Every key by which an entry or the whole may name its own contradiction."""
        return {
            key for model in (self.whole, *(self.models[e] for e in self.entries)) for key in keys_of(model)
        }


_WANTED = {
    "citation": Words(
        'a citation, like { of = "law", article = "9", status = "V1" } with [documents.law]',
        '一处依据，如 { of = "law", article = "9", status = "V1" }，并写明 [documents.law]',
    ),
    "applies": Words("a table of conditions; {} for every incident", "一组适用条件；{} 表示适用于所有事件"),
    "documents": Words(
        "[documents.KEY] with document, issuer and in_force_from for each text that is cited",
        "为每个被引用的依据文件写一个 [documents.KEY]，含 document、issuer 和 in_force_from",
    ),
    "status": Words(
        "V1, V2, V3, local or draft; what nobody has verified (U) may stand only as draft",
        "V1、V2、V3、local 或 draft；无人核对过的（U）只能写作 draft",
    ),
}
_REQUIRED = Words("this key is required", "此键必填")

_CHINESE = {
    "string_type": "应为文字",
    "string_too_short": "不能为空",
    "string_too_long": "文字过长，最多 {max_length} 个字",
    "string_pattern_mismatch": "写法不对，应符合 {pattern}",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "int_parsing": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "greater_than": "应大于 {gt:g}",
    "greater_than_equal": "应不小于 {ge:g}",
    "less_than_equal": "应不大于 {le:g}",
    "bool_type": "应为 true 或 false",
    "date_type": "应为日期，如 2026-01-01",
    "date_parsing": "不是日期，应写作 2026-01-01",
    "date_from_datetime_parsing": "不是日期，应写作 2026-01-01",
    "date_from_datetime_inexact": "应为日期，不带时刻",
    "tuple_type": "应为列表，如 [ … ]",
    "dict_type": "应为一个表，如 {{ … }}",
    "model_type": "应为一个表，如 {{ … }}",
    "model_attributes_type": "应为一个表，如 {{ … }}",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
}
_ELSE = "内容不符合要求"
"""For a kind that no file of ours meets today: it names no reason, the key beside it says where."""


def of_errors(
    file: str, raw: Mapping[str, Any], error: ValidationError, tables: Tables
) -> tuple[Problem, ...]:
    """All of pydantic's errors, as far as anybody reads them."""
    found = error.errors(include_url=False)
    return in_bounds([problem_of(file, raw, each, tables) for each in found[:AT_MOST]], len(found))


def problem_of(file: str, raw: Mapping[str, Any], error: ErrorDetails, tables: Tables) -> Problem:
    """One of pydantic's errors in the words of the file in which it was found."""
    where: Location = error["loc"]
    entry = str(where[0]) if where[:1] and where[0] in tables.entries and len(where) > 1 else ""
    name, inside = (_id_of(raw, where), where[2:]) if entry else (None, where)
    key = _spell(inside) or None
    wrong, allowed = _said(error, tables)
    if key is None and (named := wrong.en.split(maxsplit=1)[0]) in tables.keys:
        key = named  # what contradicts itself names the key it stumbled over
    return Problem(file, name, key, wrong, allowed, entry or "limit")


def _said(error: ErrorDetails, tables: Tables) -> tuple[Words, Words]:
    """What is wrong and what is allowed."""
    where: Location = error["loc"]
    last = next((str(part) for part in reversed(where) if isinstance(part, str) and part != "[key]"), "")
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return Words("unknown key", "没有这个键"), same(", ".join(_keys_beside(where, tables)))
    if kind == "missing":
        return Words("is missing", "缺少此项"), _WANTED.get(last, _REQUIRED)
    if kind == "enum":
        listed = same(str(context["expected"]).replace("'", "").replace(" or ", ", "))
        text = shortened(repr(error["input"]))
        return Words(f"unknown word {text}", f"没有这个词：{text}"), _WANTED.get(last, listed)
    if kind == CONTRADICTION:
        return Words(context["en"], context["zh"]), Words(context["allowed_en"], context["allowed_zh"])
    return Words(error["msg"], _CHINESE.get(kind, _ELSE).format(**context)), _WANTED.get(last, NOTHING)


def _id_of(raw: Mapping[str, Any], where: Location) -> str | None:
    """The id of the entry in which an error stands, or its number in the file where it has none."""
    if not isinstance(where[1], int):
        return str(where[1])
    entry = raw[str(where[0])][where[1]]
    named = entry.get("id") if isinstance(entry, dict) else None
    return named if isinstance(named, str) else f"{NAMELESS}{where[1] + 1}"


def _spell(where: Location) -> str:
    """("not_later_than", "clock", 0) → not_later_than.clock[0]."""
    text = ""
    for part in where:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part != "[key]":
            text += f".{part}" if text else part
    return text


def _keys_beside(where: Location, tables: Tables) -> list[str]:
    """The keys that may stand where an unknown one was found."""
    named = 1 if where[0] in tables.entries else 0  # the name of an entry is no key: [element.deaths]
    above = [part for at, part in enumerate(where[:-1]) if isinstance(part, str) and not (named and at == 1)]
    if not above:
        return keys_of(tables.whole)
    if above[-1] in {quantity.value for quantity in Quantity}:
        return keys_of(Bounds)
    if above[0] == "documents":
        return keys_of(tables.models.get("documents", Document))
    own, shared = tables.models.get(f"{above[0]}.{above[-1]}"), tables.models.get(above[-1])
    return keys_of(own or shared or tables.whole)


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys of a model as a file spells them."""
    return [field.alias or name for name, field in model.model_fields.items()]
