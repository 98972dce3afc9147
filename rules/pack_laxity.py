"""Is an office's own limit laxer than the law above it? The stricter one binds anyway; but who reads only the office's
own rule would be late by the law.

Compared is only what can be compared: the same lane, conditions that meet, and clocks of which one never starts
before the other. Whoever knows or receives, does so no earlier than it occurred.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rules.bilingual import Words
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
from rules.pack_spelling import duration, duration_zh
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
    name, document = f"{upper.header.id} {other.id}", upper.document(other).document
    article = other.citation.article
    words = [*other.applies.categories] if other.applies.categories != limit.applies.categories else []
    words += [] if set(grades) == set(grades_of(limit)) else grades
    listed = ", ".join(words)
    own, law_asks = _said(limit), _said(other)
    text = Words(
        f"is laxer than the law above it{f' ({listed})' if listed else ''}: {own.en};"
        f" {name}, {document}{f' art. {article}' if article else ''}, asks {law_asks.en}",
        f"宽于上位规定{f'（{listed}）' if listed else ''}：{own.zh}；"
        f"{name}（依据《{document}》{f'第 {article} 条' if article else ''}）要求{law_asks.zh}",
    )
    allowed = Words(f"{law_asks.en}, or earlier", f"{law_asks.zh}，或更早")
    return Problem(file, limit.id, _key(limit), text, allowed)


def _key(limit: Limit) -> str:
    return next(name for name in ("within", "immediate", "every", "at") if getattr(limit, name) is not None)


def _said(limit: Limit) -> Words:
    if limit.at is not None:
        times = ", ".join(f"{one:%H:%M}" for one in limit.at)
        return Words(f"at {times}", f"每日 {times} 前")
    length, clock = _length(limit) or timedelta(), limit.clock[0].value
    en, zh = duration(length), duration_zh(length)
    if limit.every is not None:
        return Words(f"every {en}", f"每隔 {zh}")
    return Words(f"{en} from {clock}", f"自 {clock} 起 {zh}内")
