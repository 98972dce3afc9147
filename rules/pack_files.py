"""Reads packs from files, strictly: what is not understood is refused with file, limit, key and what is allowed.

Nothing outside the folder is read, and nothing larger than `MAX_BYTES`.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rules.limits import Applies, Bound, Bounds, Citation, Condition, Document, Header, Limit, Pack
from rules.packs import Packs
from rules.workdays import NO_HOLIDAYS, Holidays
from schemas.vocabulary import Quantity

SHIPPED = Path(__file__).parent / "packs"
MAX_BYTES = 1024 * 1024
Location = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a pack, where it stands, and what is allowed there instead."""

    file: str
    limit: str | None
    key: str | None
    problem: str
    allowed: str = ""

    def __str__(self) -> str:
        place = [self.file]
        if self.limit is not None:
            place.append(f"limit {self.limit}")
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


def read_folder(folder: Path = SHIPPED) -> tuple[Pack, ...]:
    """Every `*.toml` of a folder by name. Raises `PackError` with the problems of all files."""
    packs, problems = try_files(sorted(folder.glob("*.toml")), folder)
    if problems:
        raise PackError(problems)
    return tuple(pack for _, pack in packs)


def load(ids: Iterable[str] | None = None, folder: Path = SHIPPED, holidays: Holidays = NO_HOLIDAYS) -> Packs:
    """The packs with these ids, or all of a folder. `holidays`: whose business days are known.

    Raises `PackError`, also for an id that no file has.
    """
    packs = {pack.header.id: pack for pack in read_folder(folder)}
    if ids is None:
        return Packs(packs.values(), holidays=holidays)
    wanted = tuple(dict.fromkeys(ids))
    unknown = [one for one in wanted if one not in packs]
    if unknown:
        raise PackError([Problem(folder.name, None, "pack.id", f"no pack {unknown[0]!r}", ", ".join(packs))])
    return Packs((packs[one] for one in wanted), holidays=holidays)


def try_files(
    paths: Iterable[Path], folder: Path | None = None
) -> tuple[list[tuple[str, Pack]], list[Problem]]:
    """The packs that can be read with their file names, and the problems of those that cannot."""
    packs: list[tuple[str, Pack]] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            packs.append((path.name, read_file(path, folder)))
        except PackError as error:
            problems += error.problems
    return packs, problems + _twins(packs)


def read_file(path: Path, folder: Path | None = None) -> Pack:
    """One pack from one file inside `folder` (its own by default). Raises `PackError`."""
    home = (folder or path.parent).resolve()
    if not path.resolve().is_relative_to(home):
        raise PackError(
            [Problem(path.name, None, None, "a link that leads out of the folder", f"files in {home}")]
        )
    try:
        with path.open("rb") as opened:
            body = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise PackError([Problem(path.name, None, None, f"cannot be read: {error.strerror}")]) from error
    return read_text(body, path.name)


def read_text(body: bytes, file: str) -> Pack:
    """One pack from its bytes; `file` is the name for errors. Raises `PackError`."""
    if len(body) > MAX_BYTES:
        raise PackError([Problem(file, None, None, "is too large", f"up to {MAX_BYTES:,} bytes")])
    try:
        raw = tomllib.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise PackError(
            [Problem(file, None, None, f"byte {error.start} is not UTF-8", "UTF-8 text")]
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PackError([Problem(file, None, None, f"is not TOML: {error}", "see docs/packs.md")]) from error
    try:
        pack = Pack.model_validate(raw)
    except ValidationError as error:
        raise PackError([_problem(file, raw, each) for each in error.errors(include_url=False)]) from error
    problems = [*_without_document(pack, file), *_out_of_time(pack, file), *_out_of_region(pack, file)]
    if problems:
        raise PackError(problems)
    return pack


def _without_document(pack: Pack, file: str) -> list[Problem]:
    known = ", ".join(pack.documents) or "none is defined"
    return [
        Problem(
            file,
            limit.id,
            "citation.of",
            f"no document {limit.citation.of!r}",
            f"a key of [documents]: {known}",
        )
        for limit in pack.limits
        if limit.citation.of not in pack.documents
    ]


def _out_of_time(pack: Pack, file: str) -> list[Problem]:
    """Validity that ends before it begins, and two versions of one limit in force on the same day."""
    problems: list[Problem] = []
    seen: dict[str, list[tuple[date, date | None]]] = {}
    for limit in pack.limits:
        if limit.citation.of not in pack.documents:
            continue
        begins, ends = pack.in_force(limit)
        if ends is not None and ends <= begins:
            text = f"ends on {ends}, not after it begins on {begins}"
            problems.append(Problem(file, limit.id, "citation.in_force_until", text, f"a day after {begins}"))
        for other_begins, other_ends in seen.get(limit.id, ()):
            if (other_ends is None or begins < other_ends) and (ends is None or other_begins < ends):
                allowed = "one id once, or versions whose in_force_from and in_force_until do not overlap"
                problems.append(Problem(file, limit.id, "id", "stands twice for the same days", allowed))
        seen.setdefault(limit.id, []).append((begins, ends))
    return problems


def _out_of_region(pack: Pack, file: str) -> list[Problem]:
    region = pack.header.region
    return [
        Problem(
            file, limit.id, "applies.regions", f"{code} is outside the pack", f"below {', '.join(region)}"
        )
        for limit in pack.limits
        for code in limit.applies.regions
        if region and not code.startswith(region)
    ]


def _twins(packs: Sequence[tuple[str, Pack]]) -> list[Problem]:
    """Two files that call themselves the same pack."""
    first: dict[str, str] = {}
    problems = []
    for file, pack in packs:
        if first.setdefault(pack.header.id, file) != file:
            text = f"{pack.header.id!r} is already the id of {first[pack.header.id]}"
            problems.append(Problem(file, None, "pack.id", text, "an id of its own"))
    return problems


_MODELS: dict[str, type[BaseModel]] = {
    "pack": Header,
    "limit": Limit,
    "citation": Citation,
    "applies": Applies,
    "any": Condition,
    "not_later_than": Bound,
}
_WANTED = {
    "citation": 'a citation, like { of = "law", article = "9", status = "V1" } with [documents.law]',
    "applies": "a table of conditions; {} for every incident",
    "documents": "[documents.KEY] with document, issuer and in_force_from for each text that is cited",
    "limit": "at least one [[limit]]",
    "status": "V1, V2, V3, local or draft; what nobody has verified (U) may stand only as draft",
}


def _problem(file: str, raw: Mapping[str, Any], error: ErrorDetails) -> Problem:
    where: Location = error["loc"]
    limit = _limit_id(raw, where)
    inside = where[2:] if where[:1] == ("limit",) and len(where) > 1 else where
    key = _spell(inside) or None
    last = next((str(part) for part in reversed(where) if isinstance(part, str) and part != "[key]"), "")
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return Problem(file, limit, key, "unknown key", ", ".join(_keys_beside(where)))
    if kind == "missing":
        return Problem(file, limit, key, "is missing", _WANTED.get(last, "this key is required"))
    if kind == "enum":
        allowed = _WANTED.get(last) or str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return Problem(file, limit, key, f"unknown word {error['input']!r}", allowed)
    text, _, allowed = error["msg"].removeprefix("Value error, ").partition("; allowed: ")
    if key is None and (named := text.split(maxsplit=1)[0]) in _keys(Limit):
        key = named  # what contradicts itself names the key it stumbled over
    return Problem(file, limit, key, text, allowed or _WANTED.get(last, ""))


def _limit_id(raw: Mapping[str, Any], where: Location) -> str | None:
    """The id of the limit in which an error stands, or its number in the file where it has none."""
    if len(where) < 2 or where[0] != "limit" or not isinstance(where[1], int):
        return None
    limit = raw["limit"][where[1]]
    named = limit.get("id") if isinstance(limit, dict) else None
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


def _keys_beside(where: Location) -> list[str]:
    """The keys that may stand where an unknown one was found."""
    above = [part for part in where[:-1] if isinstance(part, str)]
    if not above:
        return _keys(Pack)
    if above[-1] in {quantity.value for quantity in Quantity}:
        return _keys(Bounds)
    return _keys(Document if above[0] == "documents" else _MODELS.get(above[-1], Pack))


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
