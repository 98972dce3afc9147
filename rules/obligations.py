"""What a fact does to the obligations of one incident: open, revise, waive, settle, lapse.

What is settled never changes again, and asking the same question twice changes nothing the second time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rules.planning import plan
from rules.settling import Filing, Lane, Settlement, answers, is_elapsed, lane_of, lapse, met_before, settle
from schemas.incident import Case
from schemas.obligation import Obligation, Planned
from schemas.reasons import OpenReason, SettleReason
from schemas.vocabulary import ObligationState

__all__ = [
    "Changes",
    "Filing",
    "Opening",
    "Revision",
    "Settlement",
    "Waiver",
    "answers",
    "changes",
    "lapse",
    "met_before",
    "obligation_of",
    "plan",
    "revised",
    "settle",
]


@dataclass(frozen=True, slots=True)
class Opening:
    """A new obligation. `overdue_when_knowable`: it is recorded as waived and does not count as late."""

    planned: Planned
    overdue_when_knowable: bool = False


@dataclass(frozen=True, slots=True)
class Revision:
    """An open obligation that is counted anew."""

    obligation: Obligation
    planned: Planned


@dataclass(frozen=True, slots=True)
class Waiver:
    """An open obligation that is owed no longer."""

    obligation: Obligation
    reason: SettleReason = SettleReason.NO_LONGER_DUE


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between what is owed and what stands in the record."""

    open: tuple[Opening, ...] = ()
    revise: tuple[Revision, ...] = ()
    waive: tuple[Waiver, ...] = ()


def changes(
    planned: Iterable[Planned], existing: Sequence[Obligation], now: datetime, why: OpenReason
) -> Changes:
    """What must be opened, counted anew and waived so that the record says what is owed.

    Only a first report (`OpenReason.REPORTED`) opens an obligation that has already run out as a breach; one that
    a regrade or a changed fact makes owed after its time could not have been known, and is opened as waived.
    """
    lanes: dict[Lane, list[Obligation]] = {}
    taken: dict[Lane, set[int]] = {}
    for obligation in existing:
        lane = lane_of(obligation.duty)
        lanes.setdefault(lane, []).append(obligation)
        taken.setdefault(lane, set()).add(obligation.duty.occurrence)
    openings: list[Opening] = []
    revisions: list[Revision] = []
    matched: set[UUID] = set()
    for wanted in planned:
        lane = lane_of(wanted.duty)
        found = _match(wanted, lanes.get(lane, ()), now)
        if found is None:
            late = why is not OpenReason.REPORTED and wanted.due_at <= now
            openings.append(Opening(_numbered(wanted, taken.setdefault(lane, set())), late))
            continue
        matched.add(found.obligation_id)
        anew = _counted_anew(found, wanted, now) if _is_running(found, now) else None
        if anew is not None:
            revisions.append(Revision(found, anew))
    waivers = [Waiver(o) for o in existing if o.obligation_id not in matched and _is_running(o, now)]
    return Changes(tuple(openings), tuple(revisions), tuple(waivers))


def _is_running(obligation: Obligation, now: datetime) -> bool:
    """Open and not yet run out: a breach stays as it was announced."""
    return (
        obligation.state is ObligationState.OPEN
        and obligation.breached_at is None
        and obligation.due_at > now
    )


def _match(wanted: Planned, lane: Sequence[Obligation], now: datetime) -> Obligation | None:
    """The row that already stands for what is wanted. One that was waived as no longer due stands for nothing."""
    live = [o for o in lane if o.reason != SettleReason.NO_LONGER_DUE]
    if wanted.counts_from is None:
        return next((o for o in live if o.counts_from is None), None)
    slots = [o for o in live if o.counts_from is not None and is_elapsed(o.duty) == is_elapsed(wanted.duty)]
    for slot in slots:
        if slot.due_at == wanted.due_at:
            return slot
    for slot in slots:  # another clause's slot was answered inside this window
        if (
            slot.state is ObligationState.MET
            and slot.done_at is not None
            and slot.done_at > wanted.counts_from
        ):
            return slot
    same_number = (o for o in slots if o.duty.occurrence == wanted.duty.occurrence and _is_running(o, now))
    return next(same_number, None)  # its clock was corrected, so the whole row of slots moved


def _numbered(wanted: Planned, taken: set[int]) -> Planned:
    """With the next free occurrence where its own is taken; what elapsed time asks for is counted downward."""
    number = wanted.duty.occurrence
    if number in taken:
        number = min(taken) - 1 if is_elapsed(wanted.duty) else max(taken) + 1
    taken.add(number)
    if number == wanted.duty.occurrence:
        return wanted
    duty = wanted.duty.model_copy(update={"occurrence": number})
    return wanted.model_copy(update={"duty": duty})


def _counted_anew(old: Obligation, wanted: Planned, now: datetime) -> Planned | None:
    """The plan that replaces a running obligation's, or None where it stays as it is."""
    one, other = old.binding, wanted.binding
    same = (one.pack, one.id) == (other.pack, other.id)
    if same and one.version != other.version:
        return None  # it keeps the version it was born with
    if wanted.due_at <= now:
        return _with_due_time_kept(old, wanted, now)
    return None if same and old.due_at == wanted.due_at else wanted


def _with_due_time_kept(old: Obligation, wanted: Planned, now: datetime) -> Planned | None:
    """A stricter limit that ran out before anybody could know of it stands beside the one that binds."""
    known = {(limit.pack, limit.id) for limit in (old.binding, *old.others)}
    new = tuple(limit for limit in (wanted.binding, *wanted.others) if (limit.pack, limit.id) not in known)
    if not new:
        return None
    remind_at = wanted.remind_at and old.due_at - (wanted.due_at - wanted.remind_at)
    kept = {
        "due_at": old.due_at,
        "counts_from": old.counts_from,
        "remind_at": remind_at if remind_at is not None and remind_at > now else None,
        "binding": old.binding,
        "others": (*old.others, *new),
    }
    return wanted.model_copy(update=kept)


def obligation_of(opening: Opening, case: Case, obligation_id: UUID, now: datetime) -> Obligation:
    """The row that an opening begins. Raises `KeyError` when the sender takes no part in the incident."""
    planned, waived = opening.planned, opening.overdue_when_knowable
    return Obligation(
        obligation_id=obligation_id,
        incident_id=case.incident_id,
        duty=planned.duty,
        from_node=case.nodes[planned.duty.from_role],
        to_node=case.nodes.get(planned.duty.to_role),
        state=ObligationState.WAIVED if waived else ObligationState.OPEN,
        due_at=planned.due_at,
        counts_from=planned.counts_from,
        opened_at=now,
        reason=SettleReason.OVERDUE_WHEN_KNOWABLE.value if waived else None,
        binding=planned.binding,
        others=planned.others,
    )


def revised(revision: Revision) -> Obligation:
    """The row after it was counted anew."""
    old, planned = revision.obligation, revision.planned
    update = {
        "due_at": planned.due_at,
        "counts_from": planned.counts_from,
        "binding": planned.binding,
        "others": planned.others,
        "revision": old.revision + 1,
    }
    return old.model_copy(update=update)
