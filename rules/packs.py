"""The packs in force, indexed by region, category, grade and sender: a question costs what applies, not what exists.

`rules/pack_files.py` reads them from `rules/packs/*.toml`. A `Packs` never changes; a draft limit is not in its index.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rules.criteria import STATUTORY, Criterion
from rules.limits import Limit, Pack, Status
from rules.places import Held, chain_of, covers, shortest, widest
from rules.when import midnight
from rules.workdays import NO_HOLIDAYS, WEEKENDS, Calendar, Holidays
from schemas.obligation import Duty, StampedLimit
from schemas.proposal import ProposedGrade
from schemas.vocabulary import Grade, NodeRole

GRADED = tuple(grade for grade in Grade if grade is not Grade.NON_INCIDENT)
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit between one sender and one recipient. `lane` is a number for (from, to, stage, medium)."""

    pack: Pack
    limit: Limit
    from_role: NodeRole
    to_role: NodeRole
    calendar: Calendar
    regions: tuple[str, ...]
    begins: datetime
    ends: datetime
    lane: int
    duty: Duty
    stamp: StampedLimit
    remind_before: timedelta | None
    narrowed: bool

    @property
    def is_draft(self) -> bool:
        """Whether it may never apply."""
        return self.limit.citation.status is Status.DRAFT


@dataclass(frozen=True, slots=True)
class Yardstick:
    """One criterion and the proposal it makes. Of those that hold, the one with the smallest `order` decides.

    The gravest grade; then the narrower place, the clause that was read better, and, for a fixed answer, the name.
    """

    criterion: Criterion
    begins: datetime
    ends: datetime
    proposal: ProposedGrade
    order: tuple[int | str, ...]


ByRole = dict[NodeRole, list[Rule]]
ByCategory = dict[str, dict[Grade, ByRole]]


class Packs:
    """Packs that are in force together. `everywhere` lifts their region, for a question about named packs.

    `holidays`: whose business days are known; elsewhere only weekends are off.
    """

    def __init__(
        self, packs: Iterable[Pack], *, everywhere: bool = False, holidays: Holidays = NO_HOLIDAYS
    ) -> None:
        self.packs = tuple(packs)
        self.holidays = holidays
        lanes: dict[tuple[object, ...], int] = {}
        self.rules = tuple(
            rule
            for pack in self.packs
            for limit in pack.limits
            for rule in _rules(pack, limit, lanes, (everywhere, holidays))
        )
        self._index: dict[str, ByCategory] = {}
        self.contents: Held[Rule] = Held()
        """The rules that say what a report must bring."""
        for rule in self.rules:
            if not rule.is_draft:
                self._add(rule)
        self.criteria = _yardsticks(self.packs, everywhere)
        """What makes which grade."""
        self._lengths = sorted({len(region) for region in self._index})

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the packs, in their order."""
        return tuple(pack.header.id for pack in self.packs)

    def covering(self, division: str | None) -> "Packs":
        """The packs whose region covers a division; without one, those of the whole country."""
        covering = (pack for pack in self.packs if covers(pack.header.region, division))
        return Packs(covering, holidays=self.holidays)

    def candidates(
        self, category: str, grade: Grade, division: str | None, roles: Collection[NodeRole] | None
    ) -> Iterator[Rule]:
        """The rules for this category, grade and place whose sender is one of `roles` (None: any sender)."""
        chain = chain_of(category)
        for length in self._lengths:
            if length > len(division or ""):
                return
            by_category = self._index.get((division or "")[:length])
            if by_category is None:
                continue
            for prefix in chain:
                by_grade = by_category.get(prefix)
                by_role = by_grade.get(grade) if by_grade else None
                if by_role:
                    for role in by_role if roles is None else roles:
                        yield from by_role.get(role, ())

    def _add(self, rule: Rule) -> None:
        applies = rule.limit.applies
        for region in shortest(rule.regions):
            for category in widest(applies.categories):
                by_grade = self._index.setdefault(region, {}).setdefault(category, {})
                for grade in applies.grades or GRADED:
                    by_grade.setdefault(grade, {}).setdefault(rule.from_role, []).append(rule)
        if rule.limit.content:
            self.contents.add(rule, rule.regions, applies.categories)


def _rules(
    pack: Pack, limit: Limit, lanes: dict[tuple[object, ...], int], where: tuple[bool, Holidays]
) -> Iterator[Rule]:
    everywhere, holidays = where
    zone = ZoneInfo(pack.header.timezone)
    calendar = Calendar(zone, holidays.get(pack.header.holidays, WEEKENDS))
    begins, ends = pack.in_force(limit)
    stamp = _stamp(pack, limit)
    applies = limit.applies
    for sender, recipient in limit.pairs():
        key = (sender, recipient, limit.stage, limit.medium, limit.window)
        yield Rule(
            pack=pack,
            limit=limit,
            from_role=sender,
            to_role=recipient,
            calendar=calendar,
            regions=applies.regions or (() if everywhere else pack.header.region),
            begins=midnight(begins, zone),
            ends=midnight(ends, zone) if ends is not None else _END_OF_TIME,
            lane=lanes.setdefault(key, len(lanes)),
            duty=Duty(from_role=sender, to_role=recipient, stage=limit.stage, medium=limit.medium),
            stamp=_copied(stamp, limit, (sender, recipient)),
            remind_before=limit.remind_before or pack.header.remind_before,
            narrowed=bool(applies.tags or applies.quantities or applies.any),
        )


def _copied(stamp: StampedLimit, limit: Limit, parties: tuple[NodeRole, NodeRole]) -> StampedLimit:
    copies = tuple(role for role in limit.copy_to if role not in parties)
    return stamp.model_copy(update={"copy_to": copies}) if copies else stamp


def _stamp(pack: Pack, limit: Limit) -> StampedLimit:
    """The limit as an obligation will carry it, but for its due time and clock."""
    document = pack.document(limit)
    return StampedLimit(
        id=limit.id,
        pack=pack.header.id,
        version=pack.header.version,
        title=limit.title,
        title_en=limit.title_en,
        due_at=_END_OF_TIME,
        clock=limit.clock[0],
        document=document.document,
        number=document.number,
        article=limit.citation.article,
        status=limit.citation.status.value,
        working_target=limit.immediate is not None,
    )


def _yardsticks(packs: Iterable[Pack], everywhere: bool) -> Held[Yardstick]:
    held: Held[Yardstick] = Held()
    for pack in packs:
        zone = ZoneInfo(pack.header.timezone)
        for place, criterion in enumerate(pack.criteria):
            if criterion.citation.status is Status.DRAFT:
                continue
            regions = criterion.applies.regions or (() if everywhere else pack.header.region)
            begins, ends = pack.in_force(criterion)
            yardstick = Yardstick(
                criterion=criterion,
                begins=midnight(begins, zone),
                ends=midnight(ends, zone) if ends is not None else _END_OF_TIME,
                proposal=_proposal(pack, criterion),
                order=(
                    STATUTORY.index(criterion.grade),
                    -max(map(len, regions), default=0),
                    tuple(Status).index(criterion.citation.status),
                    pack.header.id,
                    place,
                ),
            )
            held.add(yardstick, regions, criterion.applies.categories)
    return held


def _proposal(pack: Pack, criterion: Criterion) -> ProposedGrade:
    document = pack.document(criterion)
    return ProposedGrade(
        grade=criterion.grade,
        criterion=criterion.id,
        pack=pack.header.id,
        version=pack.header.version,
        title=criterion.title,
        title_en=criterion.title_en,
        document=document.document,
        number=document.number,
        article=criterion.citation.article,
        status=criterion.citation.status.value,
    )
