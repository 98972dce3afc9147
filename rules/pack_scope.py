"""To what an entry of a pack reaches, and where two of them meet: categories, grades, regions, days."""

from collections.abc import Iterable, Sequence

from rules.clauses import Bounds, Status
from rules.limits import Limit, Pack
from rules.packs import GRADED
from rules.places import covers
from schemas.categories import CATEGORIES, is_within
from schemas.vocabulary import Grade

NamedPack = tuple[str, Pack]
COUNTY_DIGITS = 6
LEAVES = tuple(one for one in CATEGORIES if not any(other.startswith(one + ".") for other in CATEGORIES))


def is_local(pack: Pack) -> bool:
    """Whether it is an office's own: for counties or places within, and its clauses are the office's own rules."""
    regions = pack.header.region
    small = bool(regions) and all(len(code) >= COUNTY_DIGITS for code in regions)
    return small and any(limit.citation.status is Status.LOCAL for limit in pack.limits)


def is_above(upper: Pack, pack: Pack) -> bool:
    """Whether `upper` holds in all of the region of `pack`, and further."""
    above, own = upper.header.region, pack.header.region
    return set(above) != set(own) and bool(own) and all(covers(above, code) for code in own)


def binds(limit: Limit) -> bool:
    """Whether it ever asks for a report: no draft, no window."""
    return limit.citation.status is not Status.DRAFT and not limit.window


def grades_of(limit: Limit) -> tuple[Grade, ...]:
    """The grades to which it applies."""
    return limit.applies.grades or GRADED


def categories_meet(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether one category lies in both; none named is every one."""
    if not some or not others:
        return True
    return any(is_within(one, other) or is_within(other, one) for one in some for other in others)


def regions_meet(some: Sequence[str], others: Sequence[str]) -> bool:
    """The same for division codes."""
    if not some or not others:
        return True
    return any(one.startswith(other) or other.startswith(one) for one in some for other in others)


def bounds_meet(one: Bounds, other: Bounds) -> bool:
    """Whether one number lies in both."""
    low = max(one.min or 0, other.min or 0)
    return all(bound is None or low < bound for bound in (one.below, other.below))


def days_meet(pack: Pack, limit: Limit, other_pack: Pack, other: Limit) -> bool:
    """Whether both are in force on one day."""
    begins, ends = pack.in_force(limit)
    other_begins, other_ends = other_pack.in_force(other)
    return (other_ends is None or begins < other_ends) and (ends is None or other_begins < ends)


def in_short(categories: Iterable[str]) -> list[str]:
    """Leaves by the widest prefixes that hold nothing else."""
    wanted, found = set(categories), []
    for name in CATEGORIES:
        below = [leaf for leaf in LEAVES if is_within(leaf, name)]
        if all(leaf in wanted for leaf in below):
            found.append(name)
            wanted -= set(below)
    return found
