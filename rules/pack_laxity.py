"""Is an office's own limit laxer than the law above it? The stricter one binds anyway; but who reads only the office's
own rule would be late by the law.

Compared is only what can be compared: the same lane, conditions that meet, and clocks of which one never starts
before the other. Whoever knows or receives, does so no earlier than it occurred.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rules.limits import Limit, Pack
from rules.pack_problems import Problem
from rules.pack_scope import (
    NamedPack,
    binds,
    categories_meet,
    days_meet,
    grades_of,
    is_above,
    regions_meet,
)
from rules.pack_spelling import duration
from schemas.vocabulary import Clock, Grade, Medium, NodeRole

NEVER_BEFORE: dict[Clock, tuple[Clock, ...]] = {
    Clock.OCCURRED: (Clock.KNOWN, Clock.RECEIVED, Clock.JUDGED, Clock.STOPPED)
}
"""Clocks that never start before this one."""


def laxer(own: NamedPack, others: Sequence[Pack]) -> Iterator[Problem]:
    """The limits of an office's own pack that the packs above it outdo."""
    file, pack = own
    above = [upper for upper in others if is_above(upper, pack)]
    for limit in filter(binds, pack.limits):
        for upper in above:
            for law in filter(binds, upper.limits):
                grades = _where(pack, limit, upper, law)
                if grades and not _done_by_another(pack, limit, law):
                    yield _finding(file, limit, (upper, law), grades)
                    break


def _where(pack: Pack, limit: Limit, upper: Pack, law: Limit) -> tuple[Grade, ...]:
    """The grades for which the law asks for the same thing earlier; empty where it never does."""
    if not (_same_lane(limit, law) and _law_holds_too(pack, limit, upper, law)):
        return ()
    later = is_later(limit, law)
    return tuple(grade for grade in grades_of(limit) if grade in grades_of(law)) if later else ()


def _same_lane(limit: Limit, law: Limit) -> bool:
    return (
        limit.stage is law.stage
        and (law.medium is limit.medium or law.medium is Medium.ANY)
        and bool(_pairs(limit) & _pairs(law))
    )


def _pairs(limit: Limit) -> set[tuple[NodeRole, NodeRole]]:
    return set(limit.pairs())


def _law_holds_too(pack: Pack, limit: Limit, upper: Pack, law: Limit) -> bool:
    """Whether the law applies to some incidents of the limit, without conditions that the limit does not share."""
    one, other = limit.applies, law.applies
    if (other.tags, other.quantities, other.any) not in (
        ((), {}, ()),
        (one.tags, one.quantities, one.any),
    ):
        return False
    return (
        categories_meet(one.categories, other.categories)
        and regions_meet(one.regions or pack.header.region, other.regions or upper.header.region)
        and days_meet(pack, limit, upper, law)
    )


def is_later(limit: Limit, law: Limit) -> bool:
    """Whether the limit is due after the law, wherever both have started. What cannot be compared is not."""
    same = limit.clock[0] is law.clock[0]
    after = limit.clock[0] in NEVER_BEFORE.get(law.clock[0], ())
    if law.at is not None or limit.at is not None:
        return same and law.at is not None and limit.at is not None and set(limit.at) < set(law.at)
    one, other = _length(limit), _length(law)
    if one is None or other is None or law.immediate is not None or not (same or after):
        return False  # 立即 has no number of its own: the minutes beside it are somebody's working target
    if (limit.every is None) is not (law.every is None) or limit.elapsed != law.elapsed:
        return False
    return one > other or (after and one == other)


def _length(limit: Limit) -> timedelta | None:
    """None where days are counted by a calendar, or where another clock may end it earlier."""
    if limit.not_later_than is not None:
        return None
    return limit.every if limit.every is not None else limit.length


def _done_by_another(pack: Pack, limit: Limit, law: Limit) -> bool:
    """Whether a law that any medium fulfils is kept by another limit of the pack: the call, say, before the text."""
    return law.medium is Medium.ANY and any(
        other is not limit
        and binds(other)
        and other.stage is law.stage
        and _pairs(other) & _pairs(limit) >= _pairs(limit) & _pairs(law)
        and set(grades_of(other)) >= set(grades_of(limit)) & set(grades_of(law))
        and (not other.applies.categories or other.applies.categories == limit.applies.categories)
        and not (other.applies.tags or other.applies.quantities or other.applies.any)
        and other.clock[0] is law.clock[0]
        and not is_later(other, law)
        for other in pack.limits
    )


def _finding(file: str, limit: Limit, law: tuple[Pack, Limit], grades: tuple[Grade, ...]) -> Problem:
    upper, other = law
    article = f" art. {other.citation.article}" if other.citation.article else ""
    words = [*other.applies.categories] if other.applies.categories != limit.applies.categories else []
    words += [] if set(grades) == set(grades_of(limit)) else grades
    whom = f" ({', '.join(words)})" if words else ""
    text = (
        f"is laxer than the law above it{whom}: {_said(limit)}; {upper.header.id} {other.id},"
        f" {upper.document(other).document}{article}, asks {_said(other)}"
    )
    return Problem(file, limit.id, _key(limit), text, f"{_said(other)}, or earlier")


def _key(limit: Limit) -> str:
    return next(name for name in ("within", "immediate", "every", "at") if getattr(limit, name) is not None)


def _said(limit: Limit) -> str:
    if limit.at is not None:
        return "at " + ", ".join(f"{one:%H:%M}" for one in limit.at)
    length = duration(_length(limit) or timedelta())
    return f"every {length}" if limit.every is not None else f"{length} from {limit.clock[0].value}"
