"""How a row of the table of time limits is asked: one incident with every clock started, one limit, one answer."""

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from jibao.workdays import known_holidays
from rules.explanation import explain
from rules.limits import Status
from rules.pack_files import load
from rules.packs import Packs
from schemas.incident import Case
from schemas.vocabulary import Grade, NodeRole
from tests.rules.cases import make_case

OCCURRED = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
"""A Monday. Every clock starts at a moment of its own, so an answer shows which one was read."""
KNOWN = OCCURRED + timedelta(minutes=7)
RECEIVED = OCCURRED + timedelta(minutes=15)
JUDGED = OCCURRED + timedelta(minutes=31)
STOPPED = OCCURRED + timedelta(days=3, minutes=3)
O, K, R, J, S = OCCURRED, KNOWN, RECEIVED, JUDGED, STOPPED  # noqa: E741 - as the table of time limits names them
HOUR, DAY = 60, 24 * 60


class Row(NamedTuple):
    """What one clause asks for: `whom` is "sender → recipient", due `minutes` after `clock`.

    `division` is where it happened; without one, where the pack's first region is.
    """

    limit: str
    whom: str
    clock: datetime
    minutes: float
    category: str
    grade: str = "IV"
    medium: str = "any"
    tags: tuple[str, ...] = ()
    quantities: dict[str, float] = {}
    division: str | None = None

    def __str__(self) -> str:
        return f"{self.limit}:{self.whom}"


@cache
def packs_of(pack: str) -> Packs:
    """One pack alone, read once; business days are known."""
    return load([pack], holidays=known_holidays())


def case_of(pack: str, row: Row) -> Case:
    """The incident that the row is about, in its place or else in one that the pack covers."""
    region = packs_of(pack).packs[0].header.region
    return make_case(
        category=row.category,
        grade=Grade(row.grade),
        tags=row.tags,
        quantities=row.quantities,
        division=row.division or (region[0] if region else None),
        occurred_at=OCCURRED,
        known_at=KNOWN,
        received=dict.fromkeys(NodeRole, RECEIVED),
        judged_at=JUDGED,
        stopped_at=STOPPED,
    )


def due_times(pack: str, row: Row) -> list[datetime]:
    """When the row's limit is due between these two by this medium; empty where it asks for nothing."""
    return [
        limit.due_at
        for planned in explain(case_of(pack, row), packs_of(pack), OCCURRED).obligations
        for limit in (planned.binding, *planned.others)
        if (limit.id, f"{planned.duty.from_role} → {planned.duty.to_role}") == (row.limit, row.whom)
        and planned.duty.medium.value == row.medium
    ]


def expect(pack: str, row: Row) -> None:
    """The clause asks for this, by then, once."""
    assert due_times(pack, row) == [row.clock + timedelta(minutes=row.minutes)]


def expect_silence(pack: str, row: Row) -> None:
    """The clause asks for nothing here; clock and minutes of the row do not matter."""
    answer = explain(case_of(pack, row), packs_of(pack), OCCURRED)
    assert row.limit not in {limit.id for p in answer.obligations for limit in (p.binding, *p.others)}


def speaking_limits(pack: str) -> set[str]:
    """The ids of a pack's limits that can apply: all but the drafts."""
    limits = packs_of(pack).packs[0].limits
    return {limit.id for limit in limits if limit.citation.status is not Status.DRAFT}
