"""What would have been due at another time, had other packs been in force? Each incident is asked twice.

An incident is counted with the facts that are known of it now, and of a recurrence the slot at its first receipt.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rules.packs import Packs
from rules.planning import plan
from rules.settling import Lane, is_elapsed, lane_of
from schemas.incident import Case
from schemas.obligation import Duty, Planned

Key = tuple[Lane, bool, bool]
"""One duty of an incident, whichever clause asks for it: once, in slots, or after an elapsed time."""


class Shift(StrEnum):
    """What other packs do to one duty."""

    EARLIER = "earlier"
    LATER = "later"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Moved:
    """One duty that would have been due at another time. `late`: it was done in time, and would not have been."""

    incident_id: UUID
    unit: str
    duty: Duty
    shift: Shift
    before: Planned | None
    after: Planned | None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """An incident as it stands, when it was first received, and when its first duties were done, by lane."""

    case: Case
    received_at: datetime
    done: Mapping[Lane, datetime]


def dry_run(past: Iterable[Past], old: Packs, new: Packs) -> list[Moved]:
    """Every duty of these incidents that `new` moves; what stays as it was is left out."""
    return [moved for one in past for moved in _moved(one, old, new)]


def _moved(past: Past, old: Packs, new: Packs) -> Iterable[Moved]:
    case = past.case.model_copy(update={"closed_at": None})  # what is over is asked as if it were open
    before, after = (_by_key(plan(case, packs, past.received_at)) for packs in (old, new))
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key), after.get(key)
        shift = _shift(one, other)
        if shift is not None:
            duty = (other or one).duty  # type: ignore[union-attr]
            unit = case.nodes[duty.from_role]
            yield Moved(case.incident_id, unit, duty, shift, one, other, _late(past, one, other))


def _by_key(planned: Iterable[Planned]) -> dict[Key, Planned]:
    return {(lane_of(one.duty), one.counts_from is not None, is_elapsed(one.duty)): one for one in planned}


def _shift(before: Planned | None, after: Planned | None) -> Shift | None:
    if before is None:
        return Shift.NEW
    if after is None:
        return Shift.GONE
    if after.due_at == before.due_at:
        return None
    return Shift.EARLIER if after.due_at < before.due_at else Shift.LATER


def _late(past: Past, before: Planned | None, after: Planned | None) -> bool:
    if before is None or after is None or before.counts_from is not None:
        return False
    done_at = past.done.get(lane_of(before.duty))
    return done_at is not None and after.due_at < done_at <= before.due_at
