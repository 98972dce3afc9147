"""Limits that are well-formed and that no incident can ever meet: contradicting conditions, clocks that never start.

Each remark is the key, what is wrong there, and what mends it.
"""

from collections.abc import Iterator

from rules.bilingual import Words
from rules.limits import Limit, Pack
from rules.pack_scope import bounds_meet, categories_meet
from schemas.vocabulary import Clock, Grade, Stage

Remark = tuple[str, Words, Words]


def never(pack: Pack, limit: Limit) -> Iterator[Remark]:
    """Why no incident starts this limit."""
    if set(limit.applies.grades) == {Grade.NON_INCIDENT}:
        yield (
            "applies.grades",
            Words("can never apply: no incident, no report", "永不适用：非突发事件不须报告"),
            Words("I, II, III, IV or ungraded", "I、II、III、IV 或 ungraded"),
        )
    yield from _alternatives(limit)
    yield from _clock(limit)
    yield from _days(pack, limit)


def _alternatives(limit: Limit) -> Iterator[Remark]:
    """One of `any` must hold beside everything else; one that cannot is dead."""
    applies = limit.applies
    for number, one in enumerate(applies.any):
        place = f"applies.any[{number}]"
        if applies.grades and one.grades and not set(one.grades) & set(applies.grades):
            yield (
                f"{place}.grades",
                Words("can never apply: the limit has other grades", "永不适用：本时限写的是其他等级"),
                Words("one of its grades", "本时限的等级之一"),
            )
        if not categories_meet(applies.categories, one.categories):
            names = ", ".join(applies.categories)
            yield (
                f"{place}.categories",
                Words(f"can never apply: outside {names}", f"永不适用：不在 {names} 之内"),
                Words("a category of the limit, or one below it", "本时限的类别或其下级类别"),
            )
        for name in applies.quantities.keys() & one.quantities.keys():
            if not bounds_meet(applies.quantities[name], one.quantities[name]):
                yield (
                    f"{place}.quantities.{name}",
                    Words(
                        f"can never apply: the limit wants other {name}",
                        f"永不适用：与本时限的 {name} 没有交集",
                    ),
                    Words("bounds that meet the limit's own", "与本时限的数量有交集的界限"),
                )


def _clock(limit: Limit) -> Iterator[Remark]:
    if limit.not_later_than is not None:
        return
    if limit.stage is Stage.FIRST and limit.clock == (Clock.STOPPED,):
        yield (
            "clock",
            Words("a first report cannot wait for the end of the response", "首报不能等到处置结束"),
            Words("occurred, known or received", "occurred、known 或 received"),
        )
    if limit.clock == (Clock.JUDGED,) and limit.applies.grades == (Grade.UNGRADED,):
        yield (
            "clock",
            Words("can never start: what is ungraded has not been judged", "永不起算：未分级的尚未初判定级"),
            Words("occurred, known or received, or other grades", "occurred、known 或 received，或其他等级"),
        )


def _days(pack: Pack, limit: Limit) -> Iterator[Remark]:
    begins, ends = limit.citation.in_force_from, limit.citation.in_force_until
    document = pack.document(limit)
    over = document.in_force_until
    if begins is not None and over is not None and begins >= over:
        yield (
            "citation.in_force_from",
            Words(
                f"begins on {begins}, when its document is no longer in force",
                f"永不适用：{begins} 才生效，而其依据文件届时已失效",
            ),
            Words(
                f"a day before {over}, or the document that took its place",
                f"{over} 之前的日期，或取代它的依据文件",
            ),
        )
    if ends is not None and ends <= document.in_force_from:
        since = document.in_force_from
        yield (
            "citation.in_force_until",
            Words(
                f"ends on {ends}, before its document comes into force",
                f"永不适用：{ends} 已失效，而其依据文件此时尚未施行",
            ),
            Words(f"a day after {since}", f"{since} 之后的日期"),
        )
