"""Does a changed clause ask for more than before, or for less? Where the two cannot be compared, that is the answer.

Stricter: earlier, of more senders, in more incidents, or more often. Laxer: the other way round.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from enum import StrEnum

from rules.limits import Limit, Status, Until
from schemas.categories import is_within
from schemas.vocabulary import Clock, Medium


class Direction(StrEnum):
    """`same`: asks for neither more nor less. `unclear`: more here and less there, or not to be compared."""

    STRICTER = "stricter"
    LAXER = "laxer"
    SAME = "same"
    UNCLEAR = "unclear"


_OPPOSITE = {Direction.STRICTER: Direction.LAXER, Direction.LAXER: Direction.STRICTER}
_SAYING = {"title", "title_en", "note", "id"}
_LENGTHS = {
    "within": "length",
    "immediate": "length",
    "days": "days",
    "business_days": "business_days",
    "every": "every",
    "elapsed": "elapsed",
}
_WIDER_ASKS_MORE = {
    "from": "from_roles",
    "to": "to_roles",
    "copy": "copy_to",
    "at": "at",
    "content": "content",
}
_NARROWS = {"applies.grades": "grades", "applies.regions": "regions", "applies.tags": "tags"}


def together(directions: Iterable[Direction]) -> Direction:
    """The direction of several differences taken as one."""
    found = set(directions) - {Direction.SAME}
    if not found:
        return Direction.SAME
    return found.pop() if len(found) == 1 else Direction.UNCLEAR


def of_limit(limit: Limit) -> Direction:
    """What adding this limit does: a draft applies never, and a window asks for nothing."""
    is_silent = limit.citation.status is Status.DRAFT or limit.window
    return Direction.SAME if is_silent else Direction.STRICTER


def opposite(direction: Direction) -> Direction:
    """What taking it away again does."""
    return _OPPOSITE.get(direction, direction)


def of_key(key: str, old: Limit, new: Limit) -> Direction:
    """What the change of one key does, all others being equal."""
    if key in _SAYING or key.startswith("citation."):
        return _citation(key, old, new)
    if key in _LENGTHS:
        return _longer_is_laxer(getattr(old, _LENGTHS[key]), getattr(new, _LENGTHS[key]))
    if key in _WIDER_ASKS_MORE:
        name = _WIDER_ASKS_MORE[key]
        return _wider(getattr(old, name) or (), getattr(new, name) or ())
    if key in _NARROWS:
        name = _NARROWS[key]
        return _of_all(getattr(old.applies, name), getattr(new.applies, name))
    if key == "applies.categories":
        return _categories(old.applies.categories, new.applies.categories)
    if key.startswith("not_later_than"):
        return _outer_bound(old, new)
    return _of_words(key, old, new)


def _of_words(key: str, old: Limit, new: Limit) -> Direction:
    if key == "clock":
        return _ranked(old.clock == (Clock.OCCURRED,), new.clock == (Clock.OCCURRED,))
    if key == "medium":
        return _ranked(old.medium is not Medium.ANY, new.medium is not Medium.ANY)
    if key == "until":
        return _ranked(old.until is not Until.FINAL, new.until is not Until.FINAL)
    if key == "window":
        return _ranked(not old.window, not new.window)
    return Direction.SAME if key in ("remind_before", "skip_level") else Direction.UNCLEAR


def _citation(key: str, old: Limit, new: Limit) -> Direction:
    if key == "citation.status":
        before, after = (limit.citation.status is not Status.DRAFT for limit in (old, new))
        return _ranked(before, after, equal=Direction.SAME)
    return Direction.UNCLEAR if key.startswith("citation.in_force") else Direction.SAME


def _ranked(old: bool, new: bool, equal: Direction = Direction.UNCLEAR) -> Direction:
    """True asks for more than False."""
    if old == new:
        return equal
    return Direction.STRICTER if new else Direction.LAXER


def _longer_is_laxer(old: timedelta | int | None, new: timedelta | int | None) -> Direction:
    if old is None or new is None:
        return Direction.UNCLEAR  # another way of counting took its place
    if old == new:
        return Direction.SAME
    is_shorter = new < old  # type: ignore[operator]  # one key has one type: a time, or a number of days
    return Direction.STRICTER if is_shorter else Direction.LAXER


def _wider(old: Collection[object], new: Collection[object]) -> Direction:
    """More of it asks for more."""
    before, after = set(old), set(new)
    if before == after:
        return Direction.SAME
    if not before <= after and not after <= before:
        return Direction.UNCLEAR
    return Direction.STRICTER if before < after else Direction.LAXER


def _of_all(old: Collection[object], new: Collection[object]) -> Direction:
    """As `_wider`, where naming none means all."""
    if not old or not new:
        return _ranked(not old, not new, equal=Direction.SAME)
    return _wider(old, new)


def _categories(old: Collection[str], new: Collection[str]) -> Direction:
    if not old or not new:
        return _ranked(not old, not new, equal=Direction.SAME)
    kept = all(any(is_within(one, other) for other in new) for one in old)
    grown = not all(any(is_within(one, other) for other in old) for one in new)
    if kept:
        return Direction.STRICTER if grown else Direction.SAME
    return Direction.UNCLEAR if grown else Direction.LAXER


def _outer_bound(old: Limit, new: Limit) -> Direction:
    one, other = old.not_later_than, new.not_later_than
    if one is None or other is None:
        return _ranked(one is not None, other is not None)
    if one.clock != other.clock:
        return Direction.UNCLEAR
    return _longer_is_laxer(one.within, other.within)
