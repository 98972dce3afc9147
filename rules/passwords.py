"""Which new password is taken: long, not one that is tried first, not made of what everybody knows about the person."""

import itertools
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).parent / "common_passwords.txt"
LONGEST = 200
LEET = str.maketrans({"@": "a", "0": "o", "1": "l", "3": "e", "$": "s", "5": "s", "7": "t", "!": "i"})
OWN_AT_LEAST = 6
"""So many characters must be left when common words and the person's own data are taken out."""
SHORTEST_WORD = 4


class PasswordFault(StrEnum):
    """Why a password is not taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    ONLY_DIGITS = "only_digits"
    MONOTONOUS = "monotonous"
    COMMON = "common"
    PERSONAL = "personal"
    SAME = "same"


@cache
def common() -> frozenset[str]:
    """The shipped list."""
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("# "))


def faults(password: str, shortest: int, known: Iterable[str] = ()) -> list[PasswordFault]:
    """What is wrong with a password; nothing when it is taken.

    `known`: login, name, telephone, names of unit and county; words of fewer than four letters (two characters in
    Chinese) are passed over.
    """
    plain = unicodedata.normalize("NFKC", password).casefold()
    found: list[PasswordFault] = []
    if len(password) < shortest:
        found.append(PasswordFault.TOO_SHORT)
    if len(password) > LONGEST:
        return [PasswordFault.TOO_LONG]
    if plain.isdigit():
        found.append(PasswordFault.ONLY_DIGITS)
    if _is_monotonous(plain):
        found.append(PasswordFault.MONOTONOUS)
    if _is_common(plain):
        found.append(PasswordFault.COMMON)
    if len(_without(plain, _words(known))) < OWN_AT_LEAST and any(word in plain for word in _words(known)):
        found.append(PasswordFault.PERSONAL)
    return found


def _is_common(plain: str) -> bool:
    forms = {plain, plain.translate(LEET)}
    cores = {form.strip("".join(set(form) - _letters(form))) for form in forms}
    if (forms | cores) & common():
        return True
    return any(len(_own_of(form)) < OWN_AT_LEAST and _own_of(form) != form for form in forms)


def _letters(text: str) -> set[str]:
    return {one for one in text if one.isalpha()}


def _own_of(text: str) -> str:
    """What is left of a text when the common words in it are taken out, the longest first."""
    rest = text
    for size in range(min(len(rest), 24), SHORTEST_WORD - 1, -1):
        start = 0
        while start + size <= len(rest):
            if rest[start : start + size] in common():
                rest = rest[:start] + rest[start + size :]
            else:
                start += 1
    return rest


def _words(known: Iterable[str]) -> list[str]:
    words = set()
    for text in known:
        plain = unicodedata.normalize("NFKC", text or "").casefold()
        parts = {plain, *plain.replace("-", ".").replace("_", ".").replace(" ", ".").split(".")}
        words |= {part for part in parts if len(part) >= (SHORTEST_WORD if part.isascii() else 2)}
    return sorted(words, key=len, reverse=True)


def _without(plain: str, words: list[str]) -> str:
    for word in words:
        plain = plain.replace(word, "")
    return plain


def _is_monotonous(plain: str) -> bool:
    """Few different characters, one piece again and again, or runs like 12345678 and abcdefgh."""
    if not plain:
        return False
    if len(set(plain)) < min(5, len(plain)):
        return True
    if any(plain == plain[:size] * (len(plain) // size) for size in range(1, len(plain) // 2 + 1)):
        return True
    steps = [ord(after) - ord(before) for before, after in itertools.pairwise(plain)]
    return sum(step in (-1, 0, 1) for step in steps) > 0.7 * len(steps)
