"""What changes between two versions of a pack, for whom, and whether it asks for more or for less than before.

Only what the packs say counts: comments, the order of limits and the keys of documents are no difference.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import zip_longest

from rules.criteria import Criterion
from rules.limits import Limit, Pack
from rules.pack_direction import Direction, of_key, of_limit, opposite, together
from rules.pack_spelling import entry_texts, shape_texts
from schemas.vocabulary import Grade, Medium, NodeRole, Stage


class Kind(StrEnum):
    """What happened to an entry, or to what a pack says of itself."""

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
    """One entry of a pack that is added, removed or changed; `entry` says whether `limit` is the id of a limit or of
    a criterion, or whether the pack itself is meant: then `limit` is None.

    `whom` is the newer version's (of a removed limit, the older's), None for what is no limit. An added or removed
    entry shows all that it says.
    """

    kind: Kind
    pack: str
    limit: str | None
    title: str
    title_en: str
    whom: Whom | None
    direction: Direction
    differences: tuple[Difference, ...]
    entry: str = "limit"


Entry = Limit | Criterion
Named = tuple[Pack, Entry]
ById = dict[str, dict[date, Named]]
"""The entries of a pack by their id and the first day on which they hold."""


def diff(old: Pack | None, new: Pack | None) -> tuple[Change, ...]:
    """What is different in `new`, in its order, what was removed last. No old pack: everything is added; no new
    one: everything is removed.
    """
    return (
        *_header(old, new),
        *(change for kind in ("criteria", "limits") for change in _entries(old, new, kind)),
    )


def diff_all(old: Iterable[Pack], new: Iterable[Pack]) -> tuple[Change, ...]:
    """The same for packs that are in force together, matched by their ids."""
    before = {pack.header.id: pack for pack in old}
    after = {pack.header.id: pack for pack in new}
    ids = dict.fromkeys([*before, *after])
    return tuple(change for one in ids for change in diff(before.get(one), after.get(one)))


def _entries(old: Pack | None, new: Pack | None, name: str) -> Iterator[Change]:
    for one, other in _pairs(_by_id(old, name), _by_id(new, name)):
        if one is None and other is not None:
            yield _alone(Kind.ADDED, *other)
        elif other is None and one is not None:
            yield _alone(Kind.REMOVED, *one)
        elif one is not None and other is not None:
            entries = (one[1], other[1])
            found = _differences(entry_texts(*one), entry_texts(*other), entries)
            if found:
                yield _change(Kind.CHANGED, *other, found, together(each.direction for each in found))


def _pairs(before: ById, after: ById) -> list[tuple[Named | None, Named | None]]:
    """What became what: of one id those that begin on one day, then the others in the order of their days."""
    pairs: list[tuple[Named | None, Named | None]] = []
    for one in dict.fromkeys([*after, *before]):
        olds, news = dict(before.get(one, {})), dict(after.get(one, {}))
        for day in sorted(olds.keys() & news.keys()):
            pairs.append((olds.pop(day), news.pop(day)))
        left, came = [olds[day] for day in sorted(olds)], [news[day] for day in sorted(news)]
        pairs += zip_longest(left, came)
    return sorted(pairs, key=lambda pair: pair[1] is None)


def _by_id(pack: Pack | None, name: str) -> ById:
    found: ById = {}
    if pack is not None:
        for entry in getattr(pack, name):
            found.setdefault(entry.id, {})[pack.in_force(entry)[0]] = (pack, entry)
    return found


def _alone(kind: Kind, pack: Pack, entry: Entry) -> Change:
    """An entry that stands in one of the two packs only."""
    is_new, direction = kind is Kind.ADDED, Direction.UNCLEAR
    if isinstance(entry, Limit):
        direction = of_limit(entry) if is_new else opposite(of_limit(entry))
    shown = [
        Difference(key, None if is_new else text, text if is_new else None, direction)
        for key, text in entry_texts(pack, entry).items()
        if key not in ("id", "title", "title_en")
    ]
    return _change(kind, pack, entry, shown, direction)


def _change(
    kind: Kind, pack: Pack, entry: Entry, found: Sequence[Difference], direction: Direction
) -> Change:
    is_limit = isinstance(entry, Limit)
    whom = Whom.of(pack, entry) if isinstance(entry, Limit) else None
    names = (pack.header.id, entry.id, entry.title, entry.title_en)
    return Change(kind, *names, whom, direction, tuple(found), "limit" if is_limit else "criterion")


def _header(old: Pack | None, new: Pack | None) -> list[Change]:
    """What the pack says of itself: title, version, region, time zone, reminder."""
    said = [shape_texts(pack.header) if pack is not None else {} for pack in (old, new)]
    found = _differences(said[0], said[1], None)
    if not found:
        return []
    header = (new or old).header  # type: ignore[union-attr]
    kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.CHANGED
    direction = together(one.direction for one in found)
    names = (header.id, None, header.title, header.title_en)
    return [Change(kind, *names, None, direction, tuple(found), "pack")]


def _differences(
    old: Mapping[str, str], new: Mapping[str, str], entries: tuple[Entry, Entry] | None
) -> list[Difference]:
    """The keys that are spelled differently."""
    keys = [key for key in dict.fromkeys([*new, *old]) if old.get(key) != new.get(key)]
    return [Difference(key, old.get(key), new.get(key), _direction(key, entries)) for key in keys]


def _direction(key: str, entries: tuple[Entry, Entry] | None) -> Direction:
    """Which grade some numbers make, where a pack holds and by which calendar can only be read."""
    if entries is None:
        return Direction.UNCLEAR if key in ("region", "timezone", "holidays") else Direction.SAME
    old, new = entries
    if isinstance(old, Limit) and isinstance(new, Limit):
        return of_key(key, old, new)
    is_substance = key == "grade" or key.startswith(("quantities", "applies"))
    return Direction.UNCLEAR if is_substance else Direction.SAME
