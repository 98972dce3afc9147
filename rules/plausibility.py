"""Can a time that somebody says be true? One rule for the doors, the consumer that stores, the acts and the command.

What belongs together: occurred ≤ known ≤ called ≤ received; stopped ≥ occurred; sent upward ≥ received. A time of a
report that breaks this, or is too old to be the right year, is kept as claimed and marked doubtful; what counts from
it counts from the receipt, so its duty neither vanishes nor is a year late at once. What a signed-in officer says of
an act is refused instead: nothing is lost by asking again.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.incident import Incident
from schemas.reasons import Doubt
from schemas.report import Report

AHEAD_AT_MOST = timedelta(days=3653)
"""Nobody asks about, or plans for, a moment more than ten years ahead."""
CLOCK_SKEW = timedelta(minutes=2)
"""How far ahead of ours another clock may be before its time counts as the future."""
MINUTE = timedelta(minutes=1)
"""People write whole minutes: what is less than one apart is not out of order."""
ASK_AFTER = timedelta(hours=24)
"""A page asks whether the year is right for what happened longer ago."""
DOUBTFUL_AFTER = timedelta(days=30)
"""What is said to have happened longer before its receipt is doubtful, unless the sender says that it is right."""

TOO_FAR_AHEAD = (
    "时间 {} 在十年以后；请核对年份",
    "{} is more than ten years ahead; check the year",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """The times that are claimed of one incident."""

    occurred_at: datetime | None
    known_at: datetime | None
    stopped_at: datetime | None = None

    @classmethod
    def of(cls, one: Incident) -> "Claim":
        """What is claimed of an incident as it stands."""
        return cls(one.occurred_at, one.known_at, one.stopped_at)


def is_within_reach(moment: datetime, now: datetime) -> bool:
    """Whether a moment is at most ten years ahead; how far back it may lie is said by `schemas.moment`."""
    return moment <= now + AHEAD_AT_MOST


def is_future(moment: datetime, now: datetime) -> bool:
    """Whether a claimed moment lies ahead of now by more than `CLOCK_SKEW`."""
    return moment - now > CLOCK_SKEW


def precedes(one: datetime, other: datetime) -> bool:
    """Whether `one` comes before `other` by a minute or more."""
    return other - one >= MINUTE


def is_old(moment: datetime, received_at: datetime) -> bool:
    """Whether it is so long before its receipt that the year is more likely to be wrong."""
    return received_at - moment > DOUBTFUL_AFTER


def doubt(name: str, claim: Claim, received_at: datetime) -> Doubt | None:
    """Why a claimed time (`occurred_at` or `known_at`) is not believed; None where nothing speaks against it."""
    at = claim.occurred_at if name == "occurred_at" else claim.known_at
    if at is None:
        return None
    if is_future(at, received_at):
        return Doubt.AFTER_RECEIPT
    if name == "occurred_at":
        if claim.stopped_at is not None and precedes(claim.stopped_at, at):
            return Doubt.AFTER_END
    elif (
        claim.occurred_at is not None
        and precedes(at, claim.occurred_at)
        and doubt("occurred_at", claim, received_at) in (None, Doubt.TOO_OLD)
    ):
        return Doubt.BEFORE_EVENT
    return Doubt.TOO_OLD if is_old(at, received_at) else None


def doubtful(claim: Claim, received_at: datetime, confirmed: Collection[str] = ()) -> tuple[str, ...]:
    """The names of the times that do not count; age alone is no doubt for those that were `confirmed`."""
    found = ((name, doubt(name, claim, received_at)) for name in ("occurred_at", "known_at"))
    return tuple(
        name for name, why in found if why is not None and not (why is Doubt.TOO_OLD and name in confirmed)
    )


def doubtful_after(before: Incident, after: Incident, report: Report) -> tuple[str, ...]:
    """The doubtful times of an incident once a later report has joined it: a better time clears the doubt."""
    confirmed = {
        name
        for name in ("occurred_at", "known_at")
        if _confirms(report, name, after)
        or (getattr(before, name) == getattr(after, name) and name not in before.doubtful_times)
    }
    return doubtful(Claim.of(after), after.received_at, confirmed)


def doubtful_of_all(after: Incident, reports: Iterable[Report]) -> tuple[str, ...]:
    """The doubtful times of an incident after all these reports, in whatever order they came."""
    confirmed = {
        name for one in reports for name in ("occurred_at", "known_at") if _confirms(one, name, after)
    }
    return doubtful(Claim.of(after), after.received_at, confirmed)


def _confirms(report: Report, name: str, after: Incident) -> bool:
    """Whether the report says of the time that now stands: yes, it is right."""
    return name in report.times_confirmed and getattr(report, name) in (None, getattr(after, name))


def earliest_stop(incident: Incident) -> datetime:
    """No response ends before its event; where nobody knows when that was, not long before it was heard of."""
    if incident.occurred_at is not None and "occurred_at" not in incident.doubtful_times:
        return incident.occurred_at
    return incident.received_at - DOUBTFUL_AFTER
