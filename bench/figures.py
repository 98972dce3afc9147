"""What a measurement hands back: our figure, its floor, their ratio, and whether the target was reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

Say = Callable[[str], None]
"""Tells whoever watches what is being measured now."""


class Scale(StrEnum):
    """How much is measured: the figures of `docs/performance.md`, a look, or a test that it works at all."""

    FULL = "full"
    QUICK = "quick"
    TINY = "tiny"


class CannotMeasure(Exception):
    """The measurement itself went wrong; a missed target is not that."""


@dataclass(frozen=True)
class Target:
    """What is to be reached: a share of the floor (`of_floor`), or a figure of our own."""

    value: float
    at_least: bool
    of_floor: bool = False

    def is_met(self, ours: float, ratio: float) -> bool:
        """Whether the figure reaches it."""
        shown = ratio if self.of_floor else ours
        return shown >= self.value if self.at_least else shown <= self.value


@dataclass(frozen=True)
class Figure:
    """One line of the table. `ratio` is ours / floor: a share for a rate, a multiple for a time."""

    name: str
    what: str
    floor_is: str
    unit: str
    ours: float
    floor: float
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours / floor."""
        return self.ours / self.floor if self.floor else float("inf")

    @property
    def met(self) -> bool | None:
        """None where no target was set."""
        return self.target.is_met(self.ours, self.ratio) if self.target else None


@dataclass(frozen=True)
class Spread:
    """Where a set of times lies, in milliseconds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Spread":
        """Of times in seconds. Raises CannotMeasure when there are none."""
        if not seconds:
            raise CannotMeasure("nothing arrived, so there is nothing to measure")
        ordered = sorted(seconds)
        last = len(ordered) - 1
        return cls(ordered[round(0.5 * last)] * 1000, ordered[round(0.99 * last)] * 1000)


def middle(spreads: Sequence[Spread]) -> Spread:
    """The median of several runs, each number by itself."""
    return Spread(median(one.p50 for one in spreads), median(one.p99 for one in spreads))
