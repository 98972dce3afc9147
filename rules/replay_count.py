"""Adds up what a replay brought: who was late, timeliness before and after, calls by the hour.

"Before" is the record itself, not a second guess; what the record does not say stands as None.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from rules.replay_life import Life
from rules.timeliness import Counts, Timeliness, measure, spread
from schemas.obligation import Duty, Obligation, StampedLimit
from schemas.recorded import Recorded, RecordedCall, RecordedEnd
from schemas.vocabulary import Medium, NodeRole, ObligationState, Stage

Key = tuple[str, NodeRole, Stage, Medium, int]
"""One obligation of an incident, in the record and in the replay: unit, recipient, stage, medium, occurrence."""

BLAMED = ("late", "missed", "overdue")
"""The outcomes that count against a unit; `overdue` is an obligation that is open and has run out."""
NIGHT = range(6)
"""The hours from 00:00 to 06:00 of the county's own day."""


@dataclass(frozen=True, slots=True)
class Late:
    """An obligation that would have been late, missed or overdue, under the limit that binds it.

    `was`: how the same obligation ended in the record; None where nobody owed it then.
    """

    incident_id: UUID
    unit: str
    duty: Duty
    due_at: datetime
    done_at: datetime | None
    outcome: str
    late_seconds: float
    limit: StampedLimit
    was: str | None

    @property
    def is_new(self) -> bool:
        """Whether the record does not hold it against anybody."""
        return self.was not in BLAMED


@dataclass(frozen=True, slots=True)
class Compared:
    """One line: how it was in the record (None: the record has no such line) and how it would have been."""

    group: str
    before: Timeliness | None
    after: Timeliness | None


@dataclass(frozen=True, slots=True)
class Calls:
    """How many calls fell into each hour of the county's day, and how many different people were called."""

    by_hour: tuple[int, ...]
    people: int

    @property
    def night(self) -> int:
        """Those between 00:00 and 06:00."""
        return sum(self.by_hour[hour] for hour in NIGHT)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_hour)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came out. `skipped` incidents do not begin with the report that opened them, so they cannot live again.

    `unblamed`: how many obligations that the record calls late, missed or overdue would not be so.
    """

    incidents: int
    skipped: int
    unblamed: int
    late: tuple[Late, ...]
    total: Compared
    by_unit: tuple[Compared, ...]
    by_stage: tuple[Compared, ...]
    by_medium: tuple[Compared, ...]
    calls_before: Calls
    calls_after: Calls


@dataclass
class Tally:
    """How the obligations of one group ended, and how late the late ones were, in seconds."""

    ended: Counter[str] = field(default_factory=Counter)
    late_seconds: list[float] = field(default_factory=list)

    def add(self, word: str, late_seconds: float) -> None:
        """One obligation; `overdue` is one that is open and has run out."""
        self.ended[word] += 1
        if word in (ObligationState.LATE, ObligationState.MISSED):
            self.late_seconds.append(late_seconds)

    def line(self, group: str) -> Timeliness:
        """As the timeliness table shows it."""
        words = ("met", "late", "missed", "overdue", "waived", "disputed")
        counts = Counts(**{word: self.ended[word] for word in words})
        return measure(group, counts, spread(self.late_seconds))


Grouping = dict[str, dict[str, Tally]]
"""By unit, stage or medium, or all together: the tally of each group."""


class Count:
    """Takes one incident after the other."""

    def __init__(self, until: datetime, zone: ZoneInfo) -> None:
        self._until, self._zone = until, zone
        self._incidents = self._skipped = self._unblamed = 0
        self._late: list[Late] = []
        self._before: Grouping = {}
        self._after: Grouping = {}
        self._called: tuple[list[int], list[int]] = ([0] * 24, [0] * 24)
        self._people: tuple[set[UUID], set[UUID]] = (set(), set())

    def take(self, recorded: Recorded, life: Life | None) -> None:
        """One incident as it was and as it lived again."""
        if life is None:
            self._skipped += 1
            return
        self._incidents += 1
        was = {_key_of_end(end): self._outcome(end.outcome, end.due_at) for end in recorded.ends}
        for end in recorded.ends:
            word = self._outcome(end.outcome, end.due_at)
            _add(self._before, (end.unit, end.stage, end.medium), word, end.late_seconds)
        blamed = {key for key, word in was.items() if word in BLAMED}
        for row in life.rows.values():
            late = self._row(row, life, was)
            if late is not None:
                self._late.append(late)
                blamed.discard(_key_of_row(row))
        self._unblamed += len(blamed)
        self._take_calls(0, ((f.at, f.person_id) for f in recorded.facts if isinstance(f, RecordedCall)))
        calls = life.climbing.calls if life.climbing else ()
        self._take_calls(1, ((call.at, call.person_id) for call in calls))

    def result(self) -> Replayed:
        """The sum."""
        total, unit, stage, medium = (self._compared(by) for by in ("total", "unit", "stage", "medium"))
        calls = [Calls(tuple(h), len(p)) for h, p in zip(self._called, self._people, strict=True)]
        nothing = Compared("", None, None)
        return Replayed(
            incidents=self._incidents,
            skipped=self._skipped,
            unblamed=self._unblamed,
            late=tuple(sorted(self._late, key=lambda one: (one.due_at, one.unit))),
            total=total[0] if total else nothing,
            by_unit=unit,
            by_stage=stage,
            by_medium=medium,
            calls_before=calls[0],
            calls_after=calls[1],
        )

    def _row(self, row: Obligation, life: Life, was: dict[Key, str]) -> Late | None:
        """Count one obligation of the replay; returns it where it is held against somebody."""
        duty, word = row.duty, self._outcome(row.state, row.due_at)
        end = row.done_at if row.state is ObligationState.LATE else life.ended_at.get(row.obligation_id)
        late_seconds = (
            max(((end or self._until) - row.due_at).total_seconds(), 0.0) if word in BLAMED else 0.0
        )
        _add(self._after, (row.from_node, duty.stage, duty.medium), word, late_seconds)
        if word not in BLAMED:
            return None
        return Late(
            incident_id=row.incident_id,
            unit=row.from_node,
            duty=duty,
            due_at=row.due_at,
            done_at=row.done_at,
            outcome=word,
            late_seconds=late_seconds,
            limit=row.binding,
            was=was.get(_key_of_row(row)),
        )

    def _outcome(self, state: ObligationState, due_at: datetime) -> str:
        """The word under which it is counted; what is open has run out or not."""
        return "overdue" if state is ObligationState.OPEN and due_at < self._until else state.value

    def _take_calls(self, which: int, calls: Iterable[tuple[datetime, UUID]]) -> None:
        for at, person in calls:
            self._called[which][at.astimezone(self._zone).hour] += 1
            self._people[which].add(person)

    def _compared(self, by: str) -> tuple[Compared, ...]:
        before, after = self._before.get(by, {}), self._after.get(by, {})
        return tuple(
            Compared(
                group,
                before[group].line(group) if group in before else None,
                after[group].line(group) if group in after else None,
            )
            for group in sorted({*before, *after})
        )


def _add(grouping: Grouping, groups: tuple[str, str, str], word: str, late_seconds: float) -> None:
    for by, group in zip(("total", "unit", "stage", "medium"), ("", *groups), strict=True):
        grouping.setdefault(by, {}).setdefault(str(group), Tally()).add(word, late_seconds)


def _key_of_end(end: RecordedEnd) -> Key:
    return end.unit, end.to_role, end.stage, end.medium, end.occurrence


def _key_of_row(row: Obligation) -> Key:
    return row.from_node, row.duty.to_role, row.duty.stage, row.duty.medium, row.duty.occurrence
