"""What is owed in one incident: limits that ask for the same thing become one duty, and the strictest binds.

The answer depends on the facts, the packs and `now` alone; asked twice, it is the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from rules.matching import ended, facts_hold, in_force, reference
from rules.packs import Packs, Rule
from rules.when import ELAPSED_OCCURRENCE, Moment, clocks_of, ends_before_trigger, moment
from schemas.incident import Case
from schemas.obligation import Duty, Planned, StampedLimit
from schemas.shape import Shape
from schemas.vocabulary import NodeRole


class Ask(NamedTuple):
    """One rule that asks for a report, and when."""

    rule: Rule
    moment: Moment


def plan(case: Case, packs: Packs, now: datetime, *, everyone: bool = False) -> tuple[Planned, ...]:
    """Every report that is owed, by due time (UTC); of a recurrence, the slot whose window holds `now`.

    Senders are the roles of `case.nodes`, or all roles for `everyone`. A limit whose clock has not started asks
    for nothing; correction windows are rights, not debts; a closed incident owes nothing more.
    """
    if case.closed_at is not None:
        return ()
    return merge(ask for ask in asks(case, packs, now, everyone=everyone) if not ask.rule.limit.window)


def asks(case: Case, packs: Packs, now: datetime, *, everyone: bool = False) -> Iterator[Ask]:
    """Each rule that applies and whose clock has started, with its own due time."""
    clocks = clocks_of(case)
    now = now.astimezone(UTC)
    at = reference(clocks, now)
    roles = None if everyone else case.nodes
    for rule in packs.candidates(case.category, case.grade, case.division, roles):
        limit = rule.limit
        if not in_force(rule, at) or (rule.narrowed and not facts_hold(rule, case)):
            continue
        if limit.until is not None and ended(rule, case):
            continue
        if limit.elapsed is not None and ends_before_trigger(limit, rule.from_role, clocks):
            continue
        when = moment(limit, rule.calendar, rule.from_role, clocks, now)
        if when is not None:
            yield Ask(rule, when)


def merge(found: Iterable[Ask]) -> tuple[Planned, ...]:
    """One Planned for each duty, sorted by due time; the order of the packs changes nothing."""
    lanes: dict[int, list[Ask]] = {}
    for ask in found:
        lanes.setdefault(ask.rule.lane, []).append(ask)
    planned = [_planned(group) for lane in lanes.values() for group in _duties(lane)]
    planned.sort(key=_order)
    return tuple(planned)


def _order(planned: Planned) -> tuple[datetime, str, str, str, str]:
    duty = planned.duty
    return planned.due_at, duty.from_role, duty.to_role, duty.stage, duty.medium


def _duties(lane: list[Ask]) -> list[list[Ask]]:
    """What asks once, what asks in slots and what elapsed time asks for are different reports.

    Where something is asked for once, that is the first occurrence and the slots are counted after it.
    """
    if len(lane) == 1:
        return [lane]
    once = [ask for ask in lane if ask.moment.counts_from is None]
    elapsed = [ask for ask in lane if ask.moment.occurrence == ELAPSED_OCCURRENCE]
    slots = [ask for ask in lane if ask.moment.counts_from is not None and ask.moment.occurrence > 0]
    if once:
        slots = [Ask(rule, when._replace(occurrence=when.occurrence + 1)) for rule, when in slots]
    return [group for group in (once, slots, elapsed) if group]


def _strictness(ask: Ask) -> tuple[datetime, str, str]:
    return ask.moment.due_at, ask.rule.stamp.pack, ask.rule.stamp.id


def _planned(group: list[Ask]) -> Planned:
    rule = group[0].rule
    if len(group) == 1:
        return _build(group[0], (), rule.stamp.copy_to, rule.limit.skip_level)
    group.sort(key=_strictness)
    others = tuple(_stamped(ask) for ask in group[1:])
    skips = any(ask.rule.limit.skip_level for ask in group)
    return _build(group[0], others, _copies(group), skips)


def _build(
    binding: Ask,
    others: tuple[StampedLimit, ...],
    copy_to: tuple[NodeRole, ...],
    skip_level: bool,
) -> Planned:
    rule, when = binding
    remind = rule.remind_before
    return _trusted(
        Planned,
        {
            "duty": rule.duty if when.occurrence == 1 else _numbered(rule.duty, when.occurrence),
            "due_at": when.due_at,
            "counts_from": when.counts_from,
            "remind_at": when.due_at - remind if remind is not None else None,
            "binding": _stamped(binding),
            "others": others,
            "copy_to": copy_to,
            "skip_level": skip_level,
        },
    )


def _numbered(duty: Duty, occurrence: int) -> Duty:
    return duty.model_copy(update={"occurrence": occurrence})


def _stamped(ask: Ask) -> StampedLimit:
    when = ask.moment
    return _trusted(StampedLimit, {**ask.rule.stamp.__dict__, "due_at": when.due_at, "clock": when.clock})


def _copies(group: Sequence[Ask]) -> tuple[NodeRole, ...]:
    """Everybody whom one of the limits copies, each once."""
    return tuple(dict.fromkeys(role for ask in group for role in ask.rule.stamp.copy_to))


AnyShape = TypeVar("AnyShape", bound=Shape)
_FIELDS: dict[type[Shape], set[str]] = {
    Planned: set(Planned.model_fields),
    StampedLimit: set(StampedLimit.model_fields),
}


def _trusted(shape: type[AnyShape], values: dict[str, Any]) -> AnyShape:
    """A shape from values that are already of their types and complete; no field is checked.

    Checking and copying were two thirds of the time of a decision. A test compares it with the checked way.
    """
    made = shape.__new__(shape)
    setattr_ = object.__setattr__
    setattr_(made, "__dict__", values)
    setattr_(made, "__pydantic_fields_set__", _FIELDS[shape])
    setattr_(made, "__pydantic_extra__", None)
    setattr_(made, "__pydantic_private__", None)
    return made
