"""The shape of one time limit as a pack says it: every word is a vocabulary word, every key is known.

A contradiction inside a limit is an error when it is read, never a surprise when it is applied.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from rules.bilingual import Words, contradiction
from rules.clauses import Bounds as Bounds
from rules.clauses import Citation as Citation
from rules.clauses import Status as Status
from rules.criteria import Criterion
from rules.pack_words import (
    Category,
    Clocks,
    Content,
    CountryCode,
    Day,
    Duration,
    LimitId,
    Once,
    Region,
    Roles,
    Sorted,
    Text,
    WallClock,
    ZoneName,
)
from schemas.shape import Shape
from schemas.vocabulary import Clock, Grade, Medium, NodeRole, Quantity, Stage, Tag

WHEN = ("within", "immediate", "at", "every", "days", "business_days")


class Until(StrEnum):
    """What ends a recurrence; closing the incident always does."""

    CLOSED = "closed"
    FINAL = "final"


class Regrade(StrEnum):
    """Where the clock starts after a regrade: where it always started, or at the newer judgement."""

    SAME_ORIGIN = "same_origin"
    FROM_JUDGED = "from_judged"


class Condition(Shape):
    """All that is said must hold: one of the categories, one of the grades, one of the tags, every threshold."""

    categories: Annotated[tuple[Category, ...], Once] = ()
    grades: Annotated[tuple[Grade, ...], Once] = ()
    tags: Annotated[tuple[Tag, ...], Once] = ()
    quantities: dict[Quantity, Bounds] = {}


class Applies(Condition):
    """To which incidents a limit applies. Without `grades`: to all but `non_incident`. `any`: one of these as well."""

    regions: Annotated[tuple[Region, ...], Once] = ()
    any: tuple[Condition, ...] = ()


class Bound(Shape):
    """An outer bound: not later than `within` after another clock."""

    clock: Clocks
    within: Duration


class Limit(Shape):
    """One clause that demands a report by a time. Exactly one of `WHEN` says when."""

    id: LimitId
    title: Text
    title_en: Text
    citation: Citation
    applies: Applies
    from_roles: Roles = Field(alias="from")
    to_roles: Roles = Field(alias="to")
    skip_level: StrictBool = False
    copy_to: Roles | tuple[()] = Field(default=(), alias="copy")
    stage: Stage
    medium: Medium
    clock: Clocks
    within: Duration | None = None
    immediate: Duration | None = None
    at: Annotated[tuple[WallClock, ...], Field(min_length=1), Sorted] | None = None
    every: Duration | None = None
    days: Annotated[StrictInt, Field(ge=1, le=366)] | None = None
    business_days: Annotated[StrictInt, Field(ge=1, le=365)] | None = None
    until: Until | None = None
    elapsed: Duration | None = None
    not_later_than: Bound | None = None
    window: StrictBool = False
    on_regrade: Regrade = Regrade.SAME_ORIGIN
    remind_before: Duration | None = None
    content: tuple[Content, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _says_when_once(self) -> Self:
        said = [name for name in WHEN if getattr(self, name) is not None]
        if len(said) != 1:
            together = Words(f"{' and '.join(said)} stand together", f"{'、'.join(said)} 不能同时写")
            found = together if said else Words("within is missing", "缺少 within（何时报）")
            keys = ", ".join(WHEN)
            raise contradiction(found, Words(f"exactly one of {keys}", f"{keys} 中恰好一个"))
        return self

    @model_validator(mode="after")
    def _recurs_or_asks_once(self) -> Self:
        if self.recurs:
            for key in ("elapsed", "not_later_than"):
                if getattr(self, key) is not None:
                    raise contradiction(
                        Words(f"{key} stands beside at or every", f"{key} 不能与 at 或 every 同时写"),
                        Words("only with a limit that asks once", "只用于报一次的时限"),
                    )
        elif self.until is not None:
            raise contradiction(
                Words("until stands without at or every", "until 缺少与之相配的 at 或 every"),
                Words("only with a recurrence", "只用于重复报送的时限"),
            )
        return self

    @model_validator(mode="after")
    def _does_not_contradict_itself(self) -> Self:
        if self.window and self.within is None and self.days is None:
            raise contradiction(
                Words("window stands without within or days", "window 缺少与之相配的 within 或 days"),
                Words("only with one of them", "只与其中之一同时写"),
            )
        if self.elapsed is not None and Clock.STOPPED in self.clock:
            raise contradiction(
                Words("elapsed counts while the response runs", "elapsed 只在处置期间计时"),
                Words("any clock but stopped", "stopped 以外的起算点"),
            )
        return self

    @model_validator(mode="after")
    def _has_one_outer_bound(self) -> Self:
        bound = self.not_later_than
        if bound is not None and self.elapsed is not None:
            raise contradiction(
                Words("not_later_than stands beside elapsed", "not_later_than 不能与 elapsed 同时写"),
                Words("one of them", "其中之一"),
            )
        if bound is not None and bound.clock[0] is self.clock[0]:
            clock = bound.clock[0]
            raise contradiction(
                Words(f"not_later_than starts at {clock} too", f"not_later_than 的起算点也是 {clock}"),
                Words("another clock than the limit's", "与本时限不同的起算点"),
            )
        return self

    @property
    def recurs(self) -> bool:
        """Whether it asks again and again."""
        return self.at is not None or self.every is not None

    @property
    def length(self) -> timedelta | None:
        """`within`, or the local working target of `immediate`."""
        return self.within if self.within is not None else self.immediate

    def pairs(self) -> tuple[tuple[NodeRole, NodeRole], ...]:
        """Every sender with every recipient; nobody reports to itself."""
        return tuple((one, other) for one in self.from_roles for other in self.to_roles if one is not other)


class Document(Shape):
    """A law, regulation, notice or plan. `note` says what is not certain about it."""

    document: Text
    issuer: Text
    number: Text | None = None
    in_force_from: Day
    in_force_until: Day | None = None
    note: Text | None = None


class Header(Shape):
    """What holds for the whole pack. An empty `region` is the whole country; `timezone` is for wall-clock times, and
    `holidays` names the country (ISO 3166) whose business days count.
    """

    id: LimitId
    version: Text
    title: Text
    title_en: Text
    region: Annotated[tuple[Region, ...], Once] = ()
    timezone: ZoneName = "Asia/Shanghai"
    holidays: CountryCode = "CN"
    fictional: StrictBool = False
    remind_before: Duration | None = None
    note: Text | None = None


class Pack(Shape):
    """One issuer's limits and grade criteria, as one file says them."""

    header: Header = Field(alias="pack")
    documents: dict[LimitId, Document]
    limits: tuple[Limit, ...] = Field(alias="limit", default=())
    criteria: tuple[Criterion, ...] = Field(alias="criterion", default=())

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.limits and not self.criteria:
            raise contradiction(
                Words("limit is missing", "缺少 limit（时限）"),
                Words("at least one [[limit]] or [[criterion]]", "至少一个 [[limit]] 或 [[criterion]]"),
            )
        return self

    def document(self, entry: Limit | Criterion) -> Document:
        """The document that a limit or a criterion cites."""
        return self.documents[entry.citation.of]

    def in_force(self, entry: Limit | Criterion) -> tuple[date, date | None]:
        """First day in force and first day no more in force."""
        document, cited = self.document(entry), entry.citation
        return cited.in_force_from or document.in_force_from, cited.in_force_until or document.in_force_until
