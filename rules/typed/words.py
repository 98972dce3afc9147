"""Words for values of an enum, as people say them: 三级, Ⅲ级, 较大 → III; 续报 → follow_up; 电话 → phone."""

from functools import cache

from rules.typed.signs import key
from rules.typed.table import table


def value_of(typed: object, group: str) -> str | None:
    """The enum's value that a word names, or the word itself where it is one; None for a word nobody knows.

    `group`: stage, medium, grade or tag.
    """
    if isinstance(typed, bool) or not isinstance(typed, str | int):
        return None
    return _known(group).get(key(str(typed)))


def is_unknown(typed: object) -> bool:
    """Whether a text says that nobody knows, or nothing: 不详, —, empty."""
    return typed is None or (isinstance(typed, str) and key(typed) in ("", *table()["numbers"]["unknown"]))


@cache
def _known(group: str) -> dict[str, str]:
    """Every word by its key; the values themselves first, so that no word can hide one."""
    values = table()["words"][group]
    words = {key(word): value for value, said in values.items() for word in said}
    plain = {key(value.replace("_", mark)): value for value in values for mark in ("_", "-", " ")}
    return {**words, **plain}
