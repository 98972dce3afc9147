"""Due-time arithmetic: from clocks and one limit to a moment. Everything is computed in UTC; only wall-clock
times know a zone, the pack's. No moment is due before the clock that started it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rules.limits import Limit, Regrade
from rules.workdays import Calendar
from schemas.incident import Case
from schemas.moment import EARLIEST, LATEST
from schemas.vocabulary import Clock, NodeRole

ELAPSED_OCCURRENCE = 0
"""The occurrence of a report that elapsed time asks for: beside the first one and every slot; again, it is -1."""


class Clocks(NamedTuple):
    """The clocks of one incident in UTC; None has not started. `received` holds one for each role."""

    occurred: datetime | None
    known: datetime | None
    judged: datetime | None
    stopped: datetime | None
    received: dict[NodeRole, datetime]

    def read(self, clock: Clock, role: NodeRole) -> datetime | None:
        """The moment at which `clock` started for `role`."""
        if clock is Clock.OCCURRED:
            return self.occurred
        if clock is Clock.RECEIVED:
            return self.received.get(role)
        if clock is Clock.KNOWN:
            return self.known
        return self.judged if clock is Clock.JUDGED else self.stopped


class Moment(NamedTuple):
    """When one limit falls due. `counts_from` is None for a limit that asks once."""

    due_at: datetime
    clock: Clock
    counts_from: datetime | None = None
    occurrence: int = 1


def clocks_of(case: Case) -> Clocks:
    """The clocks of an incident, in UTC."""
    return Clocks(
        case.occurred_at and _within_calendar(case.occurred_at),
        case.known_at and _within_calendar(case.known_at),
        case.judged_at and _within_calendar(case.judged_at),
        case.stopped_at and _within_calendar(case.stopped_at),
        {role: _within_calendar(at) for role, at in case.received.items()},
    )


def _within_calendar(at: datetime) -> datetime:
    """The moment in UTC, far enough from both ends of the calendar to count from.

    Nothing beyond comes in any more; a record may hold it from before.
    """
    if EARLIEST.year < at.year < LATEST.year:
        return at.astimezone(UTC)
    return EARLIEST if at.year <= EARLIEST.year else LATEST


def start(chain: Sequence[Clock], clocks: Clocks, role: NodeRole) -> tuple[Clock, datetime] | None:
    """The first clock of the chain that has started for `role`."""
    for clock in chain:
        at = clocks.read(clock, role)
        if at is not None:
            return clock, at
    return None


def moment(limit: Limit, calendar: Calendar, role: NodeRole, clocks: Clocks, now: datetime) -> Moment | None:
    """When `limit` is due for the sender `role`; None while no clock of it has started.

    A recurrence answers with the slot whose window holds `now` (UTC): the first slot after it.
    """
    begun = start(limit.clock, clocks, role)
    if begun is not None and limit.on_regrade is Regrade.FROM_JUDGED and clocks.judged is not None:
        begun = begun[0], max(begun[1], clocks.judged)
    if limit.at is not None or limit.every is not None:
        return None if begun is None else slot(limit, calendar.zone, begun, now)
    return _bounded(limit, role, clocks, _once(limit, calendar, begun))


def _once(limit: Limit, calendar: Calendar, begun: tuple[Clock, datetime] | None) -> Moment | None:
    if begun is None:
        return None
    clock, origin = begun
    if limit.elapsed is None:
        return Moment(_end(limit, calendar, origin), clock)
    trigger = origin + limit.elapsed
    return Moment(_end(limit, calendar, trigger), clock, trigger, ELAPSED_OCCURRENCE)


def _end(limit: Limit, calendar: Calendar, origin: datetime) -> datetime:
    """A length after `origin`, or the midnight that ends the last of so many days or business days after its day."""
    if limit.days is None and limit.business_days is None:
        return origin + (limit.length or timedelta())
    day = origin.astimezone(calendar.zone).date()
    if limit.business_days is not None:
        last = calendar.workdays.after(day, limit.business_days)
    else:
        last = day + timedelta(days=limit.days or 0)
    return midnight(last + timedelta(days=1), calendar.zone)


def _bounded(limit: Limit, role: NodeRole, clocks: Clocks, first: Moment | None) -> Moment | None:
    """The earlier of the limit's own moment and its outer bound."""
    if limit.not_later_than is None:
        return first
    begun = start(limit.not_later_than.clock, clocks, role)
    if begun is None:
        return first
    outer = Moment(begun[1] + limit.not_later_than.within, begun[0])
    return outer if first is None or outer.due_at < first.due_at else first


def slot(limit: Limit, zone: ZoneInfo, begun: tuple[Clock, datetime], now: datetime) -> Moment:
    """The first slot after `now` and after the origin; slots are counted from the origin, from 1."""
    clock, origin = begun
    after = max(now, origin)
    if limit.every is not None:
        passed = (after - origin) // limit.every
        before = origin + passed * limit.every
        return Moment(before + limit.every, clock, before, passed + 1)
    times = limit.at or ()
    number = _slots_until(times, zone, after)
    first = _slots_until(times, zone, origin)
    before = _slot_at(times, zone, number)
    due_at = _slot_at(times, zone, number + 1)
    return Moment(due_at, clock, max(before, origin), number - first + 1)


@lru_cache(maxsize=4096)
def _slots_until(times: tuple[time, ...], zone: ZoneInfo, at: datetime) -> int:
    """How many wall-clock slots have passed at `at`, counted from the first day of the calendar."""
    local = at.astimezone(zone)
    number = (local.toordinal() - 1) * len(times) + bisect_right(times, local.time())
    while _slot_at(times, zone, number) > at:  # an hour that a change of summer time repeats
        number -= 1
    while _slot_at(times, zone, number + 1) <= at:  # or leaves out
        number += 1
    return number


@lru_cache(maxsize=4096)
def _slot_at(times: tuple[time, ...], zone: ZoneInfo, number: int) -> datetime:
    """The moment of the slot with this number, in UTC."""
    day, index = divmod(number - 1, len(times))
    return datetime.combine(date.fromordinal(day + 1), times[index], tzinfo=zone).astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day in a zone, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def ends_before_trigger(limit: Limit, role: NodeRole, clocks: Clocks) -> bool:
    """Whether the response ended before the time elapsed that would have asked for a report.

    以上 includes its number: a response that ended at that very moment was still running then.
    """
    begun = start(limit.clock, clocks, role)
    if limit.elapsed is None or begun is None or clocks.stopped is None:
        return False
    return clocks.stopped < begun[1] + limit.elapsed
