"""Numbers as people type them: `3人`, `约10`, `1.2万`, `十二`, `1小时30分`. What cannot be read stays words.

Nothing is guessed: "十几", "近百" and "5-7人" are no number. The page has the same algorithm in
`static/shared/typed.js`; `tests/typed/vectors.json` runs through both.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rules.typed.signs import fold
from rules.typed.table import longest_first, table

_RAISED = re.compile("[0-9０-９][¹²³⁰⁴-⁹₀-₉]")
_GROUPED = re.compile(r"[^0-9]*[0-9]{1,3}(?:\s[0-9]{3})+[^0-9]*")
_APART = re.compile(r"[0-9][.,]?\s+[.,]?[0-9]")
_ARABIC = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_TAIL = "。.,;、!"
_EXACT, _ABOUT = "exact", "about"


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` is what was read; `words` are kept where it says less than the words, or nothing could be read."""

    value: float | None = None
    words: str | None = None


UNKNOWN = Reading()


def read(typed: object, field: str) -> Reading:
    """A number of the report, by the field's dotted path: unknown, a value, a value with its words, or words alone."""
    spec = table()["fields"][field]
    if typed is None:
        return UNKNOWN
    if isinstance(typed, bool) or not isinstance(typed, int | float | str):
        return Reading(None, str(typed))
    if not isinstance(typed, str):
        value = _fitting(float(typed), spec) if abs(typed) < 1e300 else None
        return Reading(value, None if value is not None else str(typed))
    words = typed.strip()
    said = _compact(words)
    if said is None:
        return Reading(None, words)
    exact = True
    for _ in range(2):  # a word of the field may stand behind one of exactness: "已转移约1200人"
        said = _without_own(said, spec["own"])
        known = table()["numbers"]
        if exact and (said == "" or said in known["unknown"]):
            return UNKNOWN
        if exact and said in known["zero"]:
            return Reading(0)
        said, here = _marks(said, spec["unit"])
        exact = exact and here == _EXACT
    number = _amount(said, spec["unit"])
    value = None if number is None else _fitting(number, spec)
    if value is None:
        return Reading(None, words)
    return Reading(value, None if exact else words)


def _compact(words: str) -> str | None:
    """Folded and without spaces; None where a space or a raised digit makes two readings possible."""
    said = fold(words)
    if _RAISED.search(words) or (_APART.search(said) and not _GROUPED.fullmatch(said)):
        return None
    return re.sub(r"\s+", "", said).rstrip(_TAIL)


def _without_own(said: str, own: list[str]) -> str:
    """Without the words that only repeat the field's name: "死亡3人" in the field of deaths."""
    for word in sorted(own, key=lambda one: (-len(one), one)):
        if said.startswith(word) and len(said) > len(word):
            return said[len(word) :].lstrip(":=")
        if said.endswith(word) and len(said) > len(word):
            return said[: -len(word)]
    return said


def _marks(said: str, unit: str) -> tuple[str, str]:
    """The words before and after a number that say how exact it is, taken off, and what they say."""
    mark = _EXACT
    before = {
        **dict.fromkeys(table()["before"].get(unit, ()), _EXACT),
        **dict.fromkeys(longest_first("numbers", "exactly_before"), _EXACT),
        **dict.fromkeys(longest_first("numbers", "about_before"), _ABOUT),
        **dict.fromkeys(longest_first("numbers", "least_before"), _ABOUT),
    }
    after = [*longest_first("numbers", "about_after"), *longest_first("numbers", "least_after")]
    while found := next((one for one in sorted(before, key=len, reverse=True) if said.startswith(one)), None):
        said, mark = said[len(found) :], _ABOUT if before[found] == _ABOUT else mark
    while found := next((one for one in sorted(after, key=len, reverse=True) if said.endswith(one)), None):
        said, mark = said[: -len(found)], _ABOUT
    for inside in table()["numbers"]["least_inside"]:
        if inside in said:
            mark = _ABOUT
    return said, mark


@dataclass(frozen=True, slots=True)
class _Part:
    """A number with its multiplier (a power of ten) and, at the end of a group, its unit's factor."""

    digits: str
    scale: int
    factor: float | None
    after_zero: bool

    @property
    def size(self) -> float:
        return float(f"{self.digits}e{self.scale}")


def _amount(said: str, kind: str) -> float | None:
    """Numbers with multipliers and units added up, each smaller than the one before; None for anything else."""
    parts = _parts(said, kind)
    if not parts:
        return None
    total, group, before, last_factor = 0.0, 0.0, None, math.inf
    for nth, part in enumerate(parts):
        if before is not None and not _follows(part, before):
            return None
        group, before = group + part.size, part
        if part.factor is None and nth < len(parts) - 1:
            continue
        factor = part.factor or 1.0
        if factor >= last_factor:
            return None
        total += group * factor
        group, before, last_factor = 0.0, None, factor
    return total


def _follows(part: _Part, before: _Part) -> bool:
    """Whether 2000 may follow 1万: smaller than its multiplier, and not the 2 of 1万2, which means 12000."""
    if before.scale == 0 or part.size >= 10.0**before.scale:
        return False
    return part.scale > 0 or part.after_zero or part.size >= 10.0 ** (before.scale - 1)


def _parts(said: str, kind: str) -> list[_Part] | None:
    """The text taken apart from left to right; None where something is no number and no unit."""
    units: dict[str, dict[str, int]] = table()["units"][kind]
    parts: list[_Part] = []
    while said:
        if parts and parts[-1].factor is not None and kind != "minutes":
            return None
        number = _digits(said)
        if number is None:
            return None
        digits, said, after_zero = number
        inside = longest_first("numbers", "least_inside")
        said = _off(said, inside)[1]
        multiplier, rest = _off(said, longest_first("numbers", "tens"))
        if len(_off(said, longest_first("units", kind))[0]) <= len(multiplier):
            said = rest
        else:
            multiplier = ""  # "km2" is a unit and not thousand times something
        said = _off(said, inside)[1]
        half = table()["numbers"]["and_a_half"]
        if said.startswith(half) and "." not in digits and not multiplier:
            digits, said = f"{digits}.5", said[len(half) :]
        unit, said = _off(said, longest_first("units", kind))
        scale = table()["numbers"]["tens"][multiplier] if multiplier else 0
        factor = units[unit].get("times", 1) / units[unit].get("per", 1) if unit else None
        parts.append(_Part(digits, scale, factor, after_zero))
    return parts


def _off(said: str, words: Iterable[str]) -> tuple[str, str]:
    """The first of these words that the text begins with, and the rest."""
    found = next((word for word in words if said.startswith(word)), "")
    return found, said[len(found) :]


def _digits(said: str) -> tuple[str, str, bool] | None:
    """The number at the beginning as plain digits, the rest, and whether a Chinese zero led it in."""
    numbers = table()["numbers"]
    if arabic := _ARABIC.match(said):
        return arabic[0].replace(",", ""), said[arabic.end() :], False
    if said.startswith(numbers["half"]):
        return "0.5", said[len(numbers["half"]) :], False
    english = next((word for word in longest_first("numbers", "english") if said.startswith(word)), None)
    if english:
        return str(numbers["english"][english]), said[len(english) :], False
    end = next(
        (
            nth
            for nth, sign in enumerate(said)
            if sign not in numbers["digits"] and sign not in numbers["small"]
        ),
        len(said),
    )
    value = _section(said[:end])
    return None if value is None else (str(value), said[end:], said[0] in "零〇")


def _section(said: str) -> int | None:
    """A Chinese number below ten thousand; None for what is none, or leaves a choice: 三四十, 二百五."""
    digits, small = table()["numbers"]["digits"], table()["numbers"]["small"]
    if not said:
        return None
    if all(sign in digits for sign in said):
        plain = "".join(str(digits[sign]) for sign in said)
        return int(plain) if len(said) == 1 or "0" in plain else None
    total, digit, last, zero = 0, None, 5, False
    for nth, sign in enumerate(said):
        if sign in small:
            power = small[sign]
            if power >= last or (digit is None and (power > 1 or nth > 0)):
                return None
            total, digit, last, zero = total + (1 if digit is None else digit) * 10**power, None, power, False
        elif digits[sign] == 0:
            if digit is not None or zero:
                return None
            zero = True
        elif digit is not None:
            return None
        else:
            digit = digits[sign]
    if digit is not None and last > 1 and not zero:
        return None
    return total + (digit or 0)


def _fitting(value: float, spec: dict[str, Any]) -> float | None:
    """The value in the field's own precision and bounds; whole where the field counts."""
    if not 0 <= value <= spec["most"]:
        return None
    exact = value if value == math.floor(value) else math.floor(value * 1e6 + 0.5) / 1e6
    if spec["whole"]:
        return int(exact) if exact == math.floor(exact) else None
    return int(exact) if exact == math.floor(exact) else exact
