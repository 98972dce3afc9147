"""Everyday words find a category: 车祸, 着火, 停电. They are data (`category_words.json`), one list for all doors."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from rules.typed.signs import key
from schemas.categories import CATEGORIES

_IDENTIFIER = re.compile(r"[a-z_]+(\.[a-z_]+)+")
FILE = Path(__file__).with_name("category_words.json")


def find(typed: str) -> tuple[str, ...]:
    """The categories that a text may mean, the likeliest first; one alone is certain, none is unknown.

    An identifier, a name or a word itself comes before a word that stands somewhere in the text, and of those the
    longest count: "高速追尾三车" holds 追尾 and 高速追尾.
    """
    said = key(typed)
    if not said:
        return ()
    meanings = _meanings()
    if said in meanings:
        return meanings[said]
    if _IDENTIFIER.fullmatch(said):
        return ()  # an identifier that does not exist is no sentence about what happened
    longest = max((len(word) for word in meanings if _stands_in(word, said)), default=0)
    found = [meanings[word] for word in meanings if len(word) == longest and _stands_in(word, said)]
    return tuple(dict.fromkeys(category for one in found for category in one))


def is_name(typed: str) -> bool:
    """Whether a text is a category's identifier or one of its names, so that nothing is lost by reading it."""
    return key(typed) in _names()


@cache
def words() -> dict[str, dict[str, Any]]:
    """The `words` of each category, for the page's search; `several` says of those that name others too which place
    among them this category has, the likeliest being 0."""
    data = json.loads(FILE.read_bytes())
    said: dict[str, dict[str, Any]] = {
        category: {"words": list(data["words"].get(category, ()))} for category in CATEGORIES
    }
    for word, categories in data["several"].items():
        for place, category in enumerate(categories):
            said[category]["words"].append(word)
            said[category].setdefault("several", {})[word] = place
    return said


@cache
def _names() -> frozenset[str]:
    return frozenset([*CATEGORIES, *(key(name) for names in CATEGORIES.values() for name in names)])


@cache
def _meanings() -> dict[str, tuple[str, ...]]:
    """Every identifier, name and word by its key."""
    data = json.loads(FILE.read_bytes())
    named = {key(name): (category,) for category, names in CATEGORIES.items() for name in names}
    plain = {key(word): (category,) for category, own in data["words"].items() for word in own}
    several = {key(word): tuple(categories) for word, categories in data["several"].items()}
    return {**several, **plain, **named, **{category: (category,) for category in CATEGORIES}}


def _stands_in(word: str, said: str) -> bool:
    """Whether a word stands in a text; a short Latin one would stand in many by chance."""
    return len(word) >= (2 if word[0] > "\x7f" else 5) and word in said
