"""Where something holds: regions and categories are prefixes, and what is wanted is found by prefix, not by search."""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from schemas.categories import CATEGORIES, is_within

EVERYWHERE = ""
"""The region prefix of a pack for the whole country, and the category prefix of what holds for every category."""
T = TypeVar("T")


def covers(regions: Sequence[str], division: str | None) -> bool:
    """Whether a division lies in one of the regions; no region is the whole country."""
    return not regions or (division is not None and division.startswith(tuple(regions)))


def chain_of(category: str) -> tuple[str, ...]:
    """The prefixes that hold a category, from all categories down to itself."""
    return _CHAINS.get(category) or _chain(category)


def _chain(category: str) -> tuple[str, ...]:
    parts = category.split(".")
    return (EVERYWHERE, *(".".join(parts[: depth + 1]) for depth in range(len(parts))))


_CHAINS = {category: _chain(category) for category in CATEGORIES}


def shortest(regions: Sequence[str]) -> list[str]:
    """Without those that lie in another of them: each stands once on every path."""
    if not regions:
        return [EVERYWHERE]
    return [one for one in regions if not any(one != other and one.startswith(other) for other in regions)]


def widest(categories: Sequence[str]) -> list[str]:
    """Without those that stand below another of them."""
    if not categories:
        return [EVERYWHERE]
    return [
        one for one in categories if not any(one != other and is_within(one, other) for other in categories)
    ]


class Held(Generic[T]):
    """Things by the region and category they hold for: asking costs what holds, not what exists."""

    def __init__(self) -> None:
        self._index: dict[str, dict[str, list[T]]] = {}
        self._lengths: set[int] = set()

    def add(self, one: T, regions: Sequence[str], categories: Sequence[str]) -> None:
        """Hold it for these; none is everywhere, or every category."""
        for region in shortest(regions):
            self._lengths.add(len(region))
            for category in widest(categories):
                self._index.setdefault(region, {}).setdefault(category, []).append(one)

    def of(self, category: str, division: str | None) -> Iterator[T]:
        """What holds there, each once."""
        place, chain = division or "", chain_of(category)
        for length in self._lengths:
            by_category = self._index.get(place[:length], {}) if length <= len(place) else {}
            for prefix in chain:
                yield from by_category.get(prefix, ())
