"""Reads what somebody asks the rules: words and times as typed, into a case; wrong words are refused in one line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from jibao.words import pick
from jibao.workdays import known_holidays
from rules import plausibility
from rules.pack_files import load, read_file
from rules.packs import Packs
from rules.typed import categories, number
from rules.typed.words import value_of
from schemas.categories import CATEGORIES
from schemas.incident import Case
from schemas.moment import NotAMoment, read_moment
from schemas.report import Casualties
from schemas.vocabulary import Grade, NodeRole, Quantity, Tag

NOBODY = UUID(int=0)
"""The incident of a question is not in any record."""

Word = TypeVar("Word", bound=StrEnum)
TYPED: dict[type[StrEnum], str] = {Grade: "grade", Tag: "tag"}
"""Enums whose Chinese words are read too, and what they are called in the table of what people type."""


class WrongUse(Exception):
    """A question that cannot be read; the message is one line that names the option and what is allowed."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The options as they were typed."""

    category: str | None
    grade: str
    tags: Sequence[str]
    quantities: Sequence[str]
    division: str | None
    occurred: str | None
    known: str | None
    received: Sequence[str]
    judged: str | None
    stopped: str | None


def read_case(typed: Typed) -> Case:
    """The incident that is asked about. Raises `WrongUse`."""
    if typed.category is None or typed.occurred is None:
        missing = "--category" if typed.category is None else "--occurred"
        raise WrongUse(pick(f"缺少 {missing}", f"{missing} is missing"))
    return Case(
        incident_id=NOBODY,
        category=_category(typed.category),
        grade=_word("--grade", typed.grade, Grade),
        tags=frozenset(_word("--tag", tag, Tag) for tag in typed.tags),
        quantities=dict(_quantity(text) for text in typed.quantities),
        division=_division(typed.division),
        occurred_at=read_time("--occurred", typed.occurred),
        known_at=_maybe_time("--known", typed.known),
        received=dict(_received(text) for text in typed.received),
        judged_at=_maybe_time("--judged", typed.judged),
        stopped_at=_maybe_time("--stopped", typed.stopped),
    )


def read_now(text: str | None, case: Case) -> datetime:
    """The moment of the question; without one, the latest that was given, so the answer is always the same."""
    if text is not None:
        return read_time("--now", text)
    given = (case.occurred_at, case.known_at, *case.received.values(), case.judged_at, case.stopped_at)
    return max(moment for moment in given if moment is not None)


def read_packs(names: Sequence[str], division: str | None) -> Packs:
    """The packs that answer: the named ones wherever they are in force (a name ending in .toml is a file), or every
    shipped one whose region covers the division; without a division, those of the whole country.

    Raises `PackError`.
    """
    if not names:
        return load(holidays=known_holidays()).covering(division)
    shipped = [name for name in names if not name.endswith(".toml")]
    files = [read_file(Path(name)) for name in names if name.endswith(".toml")]
    return Packs([*load(shipped).packs, *files], everywhere=True, holidays=known_holidays())


def read_time(option: str, text: str) -> datetime:
    """An RFC 3339 time with its zone, as strict as the API's. Raises `WrongUse`."""
    try:
        moment = read_moment(text)
    except NotAMoment as error:
        raise WrongUse(f"{option}: {pick(error.zh, error.en)}") from None
    return reachable(option, text, moment)


def reachable(option: str, text: str, moment: datetime) -> datetime:
    """The moment, unless it lies too far ahead. Raises `WrongUse`."""
    from runtime.clock import real_now

    if not plausibility.is_within_reach(moment, real_now()):
        zh, en = plausibility.TOO_FAR_AHEAD
        raise WrongUse(f"{option}: {pick(zh.format(text), en.format(text))}")
    return moment


def _maybe_time(option: str, text: str | None) -> datetime | None:
    return None if text is None else read_time(option, text)


def _received(text: str) -> tuple[NodeRole, datetime]:
    """ROLE=T, or T alone for the county."""
    role, separator, moment = text.rpartition("=")
    node = _word("--received", role, NodeRole) if separator else NodeRole.COUNTY
    return node, read_time("--received", moment)


def _quantity(text: str) -> tuple[str, float]:
    name, _, said = text.partition("=")
    known = _word("--quantity", name, Quantity)
    part = "casualties" if known in Casualties.model_fields else "quantities"
    value = number.read(said, f"{part}.{known}").value
    if value is None:
        raise WrongUse(
            pick(
                f"--quantity: {text!r} 不是“名称=数字”，例如 deaths=3",
                f"--quantity: {text!r} is not NAME=NUMBER, like deaths=3",
            )
        )
    return known.value, value


def _division(text: str | None) -> str | None:
    if text is not None and not (text.isascii() and text.isdigit() and 2 <= len(text) <= 12):
        raise WrongUse(
            pick(
                f"--division: {text!r} 不是2至12位行政区划代码", f"--division: {text!r} is not 2 to 12 digits"
            )
        )
    return text


def _category(text: str) -> str:
    """An identifier, a name or an everyday word; one that may mean several names them."""
    found = categories.find(text)
    if len(found) > 1:
        raise WrongUse(
            pick(
                f"--category: {text!r} 可能是：{'、'.join(found)}",
                f"--category: {text!r} may mean: {', '.join(found)}",
            )
        )
    if not found:
        raise _unknown("--category", text, CATEGORIES)
    return found[0]


def _word(option: str, text: str, words: type[Word]) -> Word:
    try:
        return words(value_of(text, TYPED[words]) or text if words in TYPED else text)
    except ValueError:
        raise _unknown(option, text, [word.value for word in words]) from None


def _unknown(option: str, text: str, words: Iterable[str]) -> WrongUse:
    known = list(words)
    near = known if len(known) <= 16 else get_close_matches(text, known, n=5, cutoff=0.4)
    allowed = ", ".join(near or [word for word in known if "." not in word])
    return WrongUse(
        pick(
            f"{option}: 没有 {text!r} 这个词；可用：{allowed}",
            f"{option}: unknown word {text!r}; allowed: {allowed}",
        )
    )
