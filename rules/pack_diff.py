"""What changes between two versions of a pack, for whom, and whether it asks for more or for less than before.

Only what the packs say counts: comments, the order of limits and the keys of documents are no difference.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import BaseModel

from rules.limits import Limit, Pack
from rules.pack_direction import Direction, of_key, of_limit, opposite, together
from rules.pack_spelling import limit_texts, shape_texts
from schemas.vocabulary import Grade, Medium, NodeRole, Stage


class Kind(StrEnum):
    """What happened to a limit, or to what a pack says of itself."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One key as the two packs spell it; None where one of them says nothing."""

    key: str
    old: str | None
    new: str | None
    direction: Direction = Direction.SAME


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a limit binds, at which stage, by which medium; no categories, grades or regions: all of them."""

    from_roles: tuple[NodeRole, ...]
    to_roles: tuple[NodeRole, ...]
    stage: Stage
    medium: Medium
    categories: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()
    regions: tuple[str, ...] = ()

    @classmethod
    def of(cls, pack: Pack, limit: Limit) -> "Whom":
        """As a limit says it; without regions of its own, its pack's."""
        applies = limit.applies
        regions = applies.regions or pack.header.region
        ends = (limit.from_roles, limit.to_roles, limit.stage, limit.medium)
        return cls(*ends, applies.categories, applies.grades, regions)


@dataclass(frozen=True, slots=True)
class Change:
    """One limit that is added, removed or changed; `limit` and `whom` are None for what the pack says of itself.

    `whom` is the newer version's (of a removed limit, the older's). An added or removed limit shows all that it says.
    """

    kind: Kind
    pack: str
    limit: str | None
    title: str
    title_en: str
    whom: Whom | None
    direction: Direction
    differences: tuple[Difference, ...]


def diff(old: Pack | None, new: Pack | None) -> tuple[Change, ...]:
    """What is different in `new`, in its order, what was removed last. No old pack: everything is added; no new
    one: everything is removed.
    """
    changes = [*_header(old, new), *_tables(old, new, "criteria")]
    pairs = _pairs(old, new)
    for one, other in pairs:
        if other is None:
            assert old is not None and one is not None
            changes.append(_alone(Kind.REMOVED, old, one))
        elif one is None:
            assert new is not None
            changes.append(_alone(Kind.ADDED, new, other))
        else:
            assert old is not None and new is not None
            found = _differences(limit_texts(old, one), limit_texts(new, other), (one, other))
            if found:
                changes.append(_changed(new, other, found))
    return tuple(changes)


def diff_all(old: Iterable[Pack], new: Iterable[Pack]) -> tuple[Change, ...]:
    """The same for packs that are in force together, matched by their ids."""
    before = {pack.header.id: pack for pack in old}
    after = {pack.header.id: pack for pack in new}
    ids = dict.fromkeys([*before, *after])
    return tuple(change for one in ids for change in diff(before.get(one), after.get(one)))


def _pairs(old: Pack | None, new: Pack | None) -> list[tuple[Limit | None, Limit | None]]:
    """Which limit became which: of one id those that begin on one day, then the others in the order of their days."""
    before, after = _by_id(old), _by_id(new)
    pairs: list[tuple[Limit | None, Limit | None]] = []
    for one in dict.fromkeys([*after, *before]):
        olds, news = dict(before.get(one, {})), dict(after.get(one, {}))
        for day in sorted(olds.keys() & news.keys()):
            pairs.append((olds.pop(day), news.pop(day)))
        left, came = [olds[day] for day in sorted(olds)], [news[day] for day in sorted(news)]
        matched = min(len(left), len(came))
        pairs += zip(left[:matched], came[:matched], strict=True)
        pairs += [(None, limit) for limit in came[matched:]]
        pairs += [(limit, None) for limit in left[matched:]]
    return sorted(pairs, key=lambda pair: pair[1] is None)


def _by_id(pack: Pack | None) -> dict[str, dict[date, Limit]]:
    found: dict[str, dict[date, Limit]] = {}
    for limit in pack.limits if pack is not None else ():
        found.setdefault(limit.id, {})[pack.in_force(limit)[0]] = limit  # type: ignore[union-attr]
    return found


def _alone(kind: Kind, pack: Pack, limit: Limit) -> Change:
    """A limit that stands in one of the two packs only."""
    is_new = kind is Kind.ADDED
    direction = of_limit(limit) if is_new else opposite(of_limit(limit))
    said = limit_texts(pack, limit).items()
    shown = tuple(
        Difference(key, None if is_new else text, text if is_new else None, direction)
        for key, text in said
        if key not in ("id", "title", "title_en")
    )
    whom = Whom.of(pack, limit)
    return Change(kind, pack.header.id, limit.id, limit.title, limit.title_en, whom, direction, shown)


def _changed(pack: Pack, limit: Limit, found: Sequence[Difference]) -> Change:
    direction, whom = together(one.direction for one in found), Whom.of(pack, limit)
    names = (pack.header.id, limit.id, limit.title, limit.title_en)
    return Change(Kind.CHANGED, *names, whom, direction, tuple(found))


def _header(old: Pack | None, new: Pack | None) -> list[Change]:
    """What the pack says of itself: title, version, region, time zone, reminder."""
    said = [shape_texts(pack.header) if pack is not None else {} for pack in (old, new)]
    found = _differences(said[0], said[1], None)
    if not found:
        return []
    header = (new or old).header  # type: ignore[union-attr]
    kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.CHANGED
    direction = together(one.direction for one in found)
    return [Change(kind, header.id, None, header.title, header.title_en, None, direction, tuple(found))]


def _tables(old: Pack | None, new: Pack | None, name: str) -> list[Change]:
    """Tables beside the limits that have an id of their own."""
    before, after = (_named(pack, name) for pack in (old, new))
    pack = (new or old).header.id  # type: ignore[union-attr]
    changes = []
    for one in dict.fromkeys([*after, *before]):
        found = _differences(before.get(one, {}), after.get(one, {}), None)
        if found:
            kind = (
                Kind.CHANGED
                if one in before and one in after
                else Kind.ADDED
                if one in after
                else Kind.REMOVED
            )
            said = after.get(one) or before[one]
            titles = (said.get("title", one), said.get("title_en", one))
            unclear = Direction.UNCLEAR
            changes.append(Change(kind, pack, one, *titles, None, unclear, tuple(found)))
    return changes


def _named(pack: Pack | None, name: str) -> dict[str, dict[str, str]]:
    tables: Iterable[BaseModel] = getattr(pack, name, ())
    return {text.get("id", str(n)): text for n, text in enumerate(map(shape_texts, tables), 1)}


def _differences(
    old: Mapping[str, str], new: Mapping[str, str], limits: tuple[Limit, Limit] | None
) -> list[Difference]:
    """The keys that are spelled differently; without limits to compare, a region or time zone is unclear."""
    found = []
    for key in dict.fromkeys([*new, *old]):
        one, other = old.get(key), new.get(key)
        if one != other:
            if limits is not None:
                direction = of_key(key, *limits)
            else:
                direction = Direction.UNCLEAR if key in ("region", "timezone") else Direction.SAME
            found.append(Difference(key, one, other, direction))
    return found
