"""及时率 = on time ÷ due, per group. It cannot exceed 100 %: what is on time is a part of what is due.

Waived and disputed obligations stand beside it, in neither number. A group with nothing due has no ratio.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from schemas.vocabulary import ObligationState

SMALL_SAMPLE = 5
"""Below this many due obligations a ratio says little and is marked."""


@dataclass(frozen=True, slots=True)
class Row:
    """One obligation as the record has it.

    `late_seconds` runs from due to done; for a missed one to when that was settled, for an open one to now.
    """

    group: str
    state: ObligationState
    late_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many obligations of a group ended how; `overdue` are still open though their limit has run out."""

    met: int = 0
    late: int = 0
    missed: int = 0
    overdue: int = 0
    waived: int = 0
    disputed: int = 0

    @property
    def due(self) -> int:
        """The denominator."""
        return self.met + self.late + self.missed + self.overdue


@dataclass(frozen=True, slots=True)
class Spread:
    """How late the late and missed ones were, in seconds; None where there were none."""

    median: float | None = None
    p90: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True)
class Timeliness:
    """One line of the table."""

    group: str
    counts: Counts
    due: int
    on_time: int
    ratio: float | None
    late_seconds: Spread
    small_sample: bool


def by_group(rows: Iterable[Row]) -> list[Timeliness]:
    """One line for each group, in the order of their names."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return [_line(group, members) for group, members in sorted(groups.items())]


def overall(rows: Iterable[Row], group: str = "") -> Timeliness:
    """All rows as one line; medians cannot be added up from the groups' lines."""
    return _line(group, list(rows))


def measure(group: str, counts: Counts, late_seconds: Spread) -> Timeliness:
    """One line from numbers that the database has counted."""
    return Timeliness(
        group=group,
        counts=counts,
        due=counts.due,
        on_time=counts.met,
        ratio=ratio(counts.met, counts.due),
        late_seconds=late_seconds,
        small_sample=counts.due < SMALL_SAMPLE,
    )


def ratio(on_time: int, due: int) -> float | None:
    """On time ÷ due, between 0 and 1; None when nothing was due. Raises `ValueError`."""
    if not 0 <= on_time <= due:
        raise ValueError(f"{on_time} on time of {due} due: what is on time is a part of what is due")
    return on_time / due if due else None


def spread(values: Iterable[float]) -> Spread:
    """Median, 90th percentile and maximum by nearest rank: each is a lateness that really happened."""
    ordered = sorted(values)
    return Spread(*(_nearest_rank(ordered, share) for share in (0.5, 0.9, 1.0))) if ordered else Spread()


def _nearest_rank(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def _line(group: str, rows: list[Row]) -> Timeliness:
    ended = Counter(row.state for row in rows)
    counts = Counts(
        met=ended[ObligationState.MET],
        late=ended[ObligationState.LATE],
        missed=ended[ObligationState.MISSED],
        # Otherwise a unit could keep its ratio clean by never sending what is overdue.
        overdue=sum(row.state is ObligationState.OPEN and row.late_seconds > 0 for row in rows),
        waived=ended[ObligationState.WAIVED],
        disputed=ended[ObligationState.DISPUTED],
    )
    late = (ObligationState.LATE, ObligationState.MISSED)
    return measure(group, counts, spread(row.late_seconds for row in rows if row.state in late))
