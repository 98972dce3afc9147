"""What is wrong in a file of rules, in one line: file, entry, key, and what is allowed there instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from rules.clauses import Bounds
from rules.limits import Document
from schemas.vocabulary import Quantity

Location = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a pack, where it stands, and what is allowed there instead.

    `limit` is the id of the entry: of a limit, or of the criterion or other table that `entry` says.
    """

    file: str
    limit: str | None
    key: str | None
    problem: str
    allowed: str = ""
    entry: str = "limit"

    def __str__(self) -> str:
        place = [self.file]
        if self.limit is not None:
            place.append(f"{self.entry} {self.limit}")
        if self.key is not None:
            place.append(self.key)
        text = f"{': '.join(place)}: {self.problem}"
        return " ".join((f"{text}; allowed: {self.allowed}" if self.allowed else text).split())


class PackError(Exception):
    """A pack that cannot be used. The message is the first problem on one line; `problems` holds them all."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(str(problems[0]))
        self.problems = tuple(problems)

    @property
    def file(self) -> str:
        """The file of the first problem."""
        return self.problems[0].file

    @property
    def limit(self) -> str | None:
        """The limit of the first problem; None where the file as a whole is wrong."""
        return self.problems[0].limit

    @property
    def key(self) -> str | None:
        """The key of the first problem."""
        return self.problems[0].key

    @property
    def allowed(self) -> str:
        """What may stand there."""
        return self.problems[0].allowed


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
    "citation": 'a citation, like { of = "law", article = "9", status = "V1" } with [documents.law]',
    "applies": "a table of conditions; {} for every incident",
    "documents": "[documents.KEY] with document, issuer and in_force_from for each text that is cited",
    "status": "V1, V2, V3, local or draft; what nobody has verified (U) may stand only as draft",
}


def problem_of(file: str, raw: Mapping[str, Any], error: ErrorDetails, tables: Tables) -> Problem:
    """One of pydantic's errors in the words of the file in which it was found."""
    where: Location = error["loc"]
    entry = str(where[0]) if where[:1] and where[0] in tables.entries and len(where) > 1 else ""
    name, inside = (_id_of(raw, where), where[2:]) if entry else (None, where)
    key, problem, allowed = _said(error, _spell(inside) or None, tables)
    return Problem(file, name, key, problem, allowed, entry or "limit")


def _said(error: ErrorDetails, key: str | None, tables: Tables) -> tuple[str | None, str, str]:
    """The key, what is wrong with it and what is allowed."""
    where: Location = error["loc"]
    last = next((str(part) for part in reversed(where) if isinstance(part, str) and part != "[key]"), "")
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return key, "unknown key", ", ".join(_keys_beside(where, tables))
    if kind == "missing":
        return key, "is missing", _WANTED.get(last, "this key is required")
    if kind == "enum":
        allowed = _WANTED.get(last) or str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return key, f"unknown word {error['input']!r}", allowed
    text, _, allowed = error["msg"].removeprefix("Value error, ").partition("; allowed: ")
    if key is None and (named := text.split(maxsplit=1)[0]) in tables.keys:
        key = named  # what contradicts itself names the key it stumbled over
    return key, text, allowed or _WANTED.get(last, "")


def _id_of(raw: Mapping[str, Any], where: Location) -> str | None:
    """The id of the entry in which an error stands, or its number in the file where it has none."""
    if not isinstance(where[1], int):
        return str(where[1])
    entry = raw[str(where[0])][where[1]]
    named = entry.get("id") if isinstance(entry, dict) else None
    return named if isinstance(named, str) else f"no. {where[1] + 1}"


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
