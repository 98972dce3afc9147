"""Is every incident of a county reported, from its townships to the county and from there to the city?

Asked for a county's own pack together with everything else that holds there. Real issuers state only what they
govern; nobody can say of one law that it lacks a category.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from rules.bilingual import Words, same
from rules.limits import Limit, Pack
from rules.pack_problems import Problem
from rules.pack_scope import COUNTY_DIGITS, LEAVES, NamedPack, binds, categories_meet, grades_of, in_short
from rules.packs import GRADED
from rules.places import covers
from schemas.categories import is_within
from schemas.vocabulary import Clock, Grade, NodeRole, Stage

LANES = ((NodeRole.TOWNSHIP, NodeRole.COUNTY), (NodeRole.COUNTY, NodeRole.CITY))
GO_ON = (NodeRole.VILLAGE, NodeRole.TOWNSHIP, NodeRole.COUNTY_DEPARTMENT, NodeRole.COUNTY)
"""Offices from which a report must go on: above them begins another house."""

Cell = tuple[str, Grade]


def gaps(own: NamedPack, others: Sequence[Pack], day: date) -> Iterator[Problem]:
    """A category and grade for which a township or the county owes no first report on that day."""
    file, pack = own
    for county in counties(pack):
        standing = list(_standing((pack, *others), county, day))
        for sender, recipient in LANES:
            missing = _missing(standing, sender, recipient)
            if missing:
                place = None if pack.header.region == (county,) else county
                yield Problem(file, None, "limit", *_gap((sender, recipient), place, missing))


def dead_ends(own: NamedPack, others: Sequence[Pack], day: date) -> Iterator[Problem]:
    """An own limit whose recipient never reports on, or whose clock waits for a report that nobody owes."""
    file, pack = own
    for county in counties(pack):
        standing = list(_standing((pack, *others), county, day))
        for limit in filter(binds, pack.limits):
            if limit.stage is not Stage.FIRST or limit not in standing:
                continue
            for role in limit.to_roles:
                if role in GO_ON and not any(_goes_on(limit, role, other) for other in standing):
                    yield Problem(file, limit.id, "to", *_dead_end(role))
            for role in limit.from_roles if limit.clock == (Clock.RECEIVED,) else ():
                if not any(_reaches(other, role, limit) for other in standing):
                    wrong = Words(
                        f"can never start: nobody has to report to {role}, so it receives nothing",
                        f"永不起算：没有任何单位须向 {role} 报告，它收不到报告",
                    )
                    yield Problem(
                        file, limit.id, "clock", wrong, same('clock = ["received", "known", "occurred"]')
                    )


def _gap(lane: tuple[NodeRole, NodeRole], place: str | None, missing: set[Cell]) -> tuple[Words, Words]:
    """The lane, the place unless it is all of the pack's, and what lacks."""
    sender, recipient = lane
    what = _said(missing)
    where_en, where_zh = (f" in {place}", f"（{place}）") if place else ("", "")
    keys = f'stage = "first", from = "{sender}", to = "{recipient}"'
    return (
        Words(
            f"no first report {sender} → {recipient}{where_en} for {what.en}",
            f"空白：{sender} → {recipient}{where_zh} 没有首报时限：{what.zh}",
        ),
        Words(f"a limit with {keys} that applies to them", f"适用于它们的一条时限，{keys}"),
    )


def _dead_end(role: NodeRole) -> tuple[Words, Words]:
    return (
        Words(
            f"ends at {role}: nobody there has to report on", f"有去无回：到 {role} 为止，那里无人须继续上报"
        ),
        Words(f'a first report with from = "{role}"', f'一条 from = "{role}" 的首报时限'),
    )


def counties(pack: Pack) -> list[str]:
    """The counties for which a pack speaks."""
    return list(
        dict.fromkeys(code[:COUNTY_DIGITS] for code in pack.header.region if len(code) >= COUNTY_DIGITS)
    )


def _standing(packs: Iterable[Pack], county: str, day: date) -> Iterator[Limit]:
    """What binds in all of the county on that day."""
    for pack in packs:
        if not covers(pack.header.region, county):
            continue
        for limit in filter(binds, pack.limits):
            begins, ends = pack.in_force(limit)
            if begins <= day and (ends is None or day < ends) and covers(limit.applies.regions, county):
                yield limit


def _missing(standing: Iterable[Limit], sender: NodeRole, recipient: NodeRole) -> set[Cell]:
    missing: set[Cell] = {(leaf, grade) for leaf in LEAVES for grade in GRADED}
    for limit in standing:
        applies = limit.applies
        is_narrowed = applies.tags or applies.quantities or applies.any
        if limit.stage is Stage.FIRST and (sender, recipient) in limit.pairs() and not is_narrowed:
            grades = grades_of(limit)
            missing -= {
                cell for cell in missing if cell[1] in grades and _covers(applies.categories, cell[0])
            }
    return missing


def _covers(categories: Sequence[str], leaf: str) -> bool:
    return not categories or any(is_within(leaf, one) for one in categories)


def _said(missing: set[Cell]) -> Words:
    """Categories that lack the same grades, in as few words as possible."""
    by_grades: dict[tuple[Grade, ...], list[str]] = {}
    for leaf in LEAVES:
        grades: tuple[Grade, ...] = tuple(grade for grade in GRADED if (leaf, grade) in missing)
        if grades:
            by_grades.setdefault(grades, []).append(leaf)
    en, zh = [], []
    for grades, leaves in by_grades.items():
        names = None if len(leaves) == len(LEAVES) else ", ".join(in_short(leaves))
        words = None if grades == GRADED else ", ".join(grades)
        en.append(f"{names or 'every category'} ({words or 'every grade'})")
        zh.append(f"{names or '所有类别'}（{words or '所有等级'}）")
    return Words("; ".join(en), "；".join(zh))


def _goes_on(limit: Limit, role: NodeRole, other: Limit) -> bool:
    return other.stage is Stage.FIRST and role in other.from_roles and _meet(limit, other)


def _reaches(other: Limit, role: NodeRole, limit: Limit) -> bool:
    return role in (*other.to_roles, *other.copy_to) and _meet(limit, other)


def _meet(limit: Limit, other: Limit) -> bool:
    grades = set(grades_of(limit)) & set(grades_of(other))
    return bool(grades) and categories_meet(limit.applies.categories, other.applies.categories)
