"""Limits that are well-formed and that no incident can ever meet: contradicting conditions, clocks that never start.

Each remark is the key, what is wrong there, and what mends it.
"""

from collections.abc import Iterator

from rules.limits import Limit, Pack
from rules.pack_scope import bounds_meet, categories_meet
from schemas.vocabulary import Clock, Grade, Stage

Remark = tuple[str, str, str]


def never(pack: Pack, limit: Limit) -> Iterator[Remark]:
    """Why no incident starts this limit."""
    if set(limit.applies.grades) == {Grade.NON_INCIDENT}:
        yield "applies.grades", "can never apply: no incident, no report", "I, II, III, IV or ungraded"
    yield from _alternatives(limit)
    yield from _clock(limit)
    yield from _days(pack, limit)


def _alternatives(limit: Limit) -> Iterator[Remark]:
    """One of `any` must hold beside everything else; one that cannot is dead."""
    applies = limit.applies
    for number, one in enumerate(applies.any):
        place = f"applies.any[{number}]"
        if applies.grades and one.grades and not set(one.grades) & set(applies.grades):
            yield f"{place}.grades", "can never apply: the limit has other grades", "one of its grades"
        if not categories_meet(applies.categories, one.categories):
            text = f"can never apply: outside {', '.join(applies.categories)}"
            yield f"{place}.categories", text, "a category of the limit, or one below it"
        for name in applies.quantities.keys() & one.quantities.keys():
            if not bounds_meet(applies.quantities[name], one.quantities[name]):
                text = f"can never apply: the limit wants other {name}"
                yield f"{place}.quantities.{name}", text, "bounds that meet the limit's own"


def _clock(limit: Limit) -> Iterator[Remark]:
    if limit.not_later_than is not None:
        return
    if limit.stage is Stage.FIRST and limit.clock == (Clock.STOPPED,):
        yield "clock", "a first report cannot wait for the end of the response", "occurred, known or received"
    if limit.clock == (Clock.JUDGED,) and limit.applies.grades == (Grade.UNGRADED,):
        text = "can never start: what is ungraded has not been judged"
        yield "clock", text, "occurred, known or received, or other grades"


def _days(pack: Pack, limit: Limit) -> Iterator[Remark]:
    begins, ends = limit.citation.in_force_from, limit.citation.in_force_until
    document = pack.document(limit)
    over = document.in_force_until
    if begins is not None and over is not None and begins >= over:
        text = f"begins on {begins}, when its document is no longer in force"
        yield "citation.in_force_from", text, f"a day before {over}, or the document that took its place"
    if ends is not None and ends <= document.in_force_from:
        text = f"ends on {ends}, before its document comes into force"
        yield "citation.in_force_until", text, f"a day after {document.in_force_from}"
