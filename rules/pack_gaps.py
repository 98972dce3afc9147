"""Is every incident of a county reported, from its townships to the county and from there to the city?

Asked for a county's own pack together with everything else that holds there. Real issuers state only what they
govern; nobody can say of one law that it lacks a category.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

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
                place = "" if pack.header.region == (county,) else f" in {county}"
                text = f"no first report {sender} → {recipient}{place} for {_said(missing)}"
                mend = f'a limit with stage = "first", from = "{sender}", to = "{recipient}" that applies to them'
                yield Problem(file, None, "limit", text, mend)


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
                    text = f"ends at {role}: nobody there has to report on"
                    yield Problem(file, limit.id, "to", text, f'a first report with from = "{role}"')
            for role in limit.from_roles if limit.clock == (Clock.RECEIVED,) else ():
                if not any(_reaches(other, role, limit) for other in standing):
                    text = f"can never start: nobody has to report to {role}, so it receives nothing"
                    yield Problem(file, limit.id, "clock", text, 'clock = ["received", "known", "occurred"]')


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


def _said(missing: set[Cell]) -> str:
    """Categories that lack the same grades, in as few words as possible."""
    by_grades: dict[tuple[Grade, ...], list[str]] = {}
    for leaf in LEAVES:
        grades: tuple[Grade, ...] = tuple(grade for grade in GRADED if (leaf, grade) in missing)
        if grades:
            by_grades.setdefault(grades, []).append(leaf)
    parts = []
    for grades, leaves in by_grades.items():
        names = "every category" if len(leaves) == len(LEAVES) else ", ".join(in_short(leaves))
        parts.append(f"{names} ({'every grade' if grades == GRADED else ', '.join(grades)})")
    return "; ".join(parts)


def _goes_on(limit: Limit, role: NodeRole, other: Limit) -> bool:
    return other.stage is Stage.FIRST and role in other.from_roles and _meet(limit, other)


def _reaches(other: Limit, role: NodeRole, limit: Limit) -> bool:
    return role in (*other.to_roles, *other.copy_to) and _meet(limit, other)


def _meet(limit: Limit, other: Limit) -> bool:
    grades = set(grades_of(limit)) & set(grades_of(other))
    return bool(grades) and categories_meet(limit.applies.categories, other.applies.categories)
