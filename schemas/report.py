"""A report as every door takes it, and the receipt it is answered with.

Unknown is `null`, never 0. Nothing but the shape is demanded here: what is missing is marked later, never refused.
"""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from schemas.categories import CATEGORIES
from schemas.shape import Count, Division, Line, Moment, Paragraph, Phone, Shape, Words
from schemas.vocabulary import Grade, Medium, Stage, Tag

MAX_BODY_BYTES = 64 * 1024


class Place(Shape):
    """Where it happened; longitude and latitude in degrees (WGS 84)."""

    division: Division | None = None
    text: Line | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, strict=True)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90, strict=True)] | None = None


class Source(Shape):
    """Who says so. `unit` is a node's code or its exact name where the unit is known to the county."""

    name: Line | None = None
    unit: Line | None = None
    post: Line | None = None
    phone: Phone | None = None


class Casualties(Shape):
    """伤亡: whole persons."""

    deaths: Count | None = None
    missing: Count | None = None
    serious_injuries: Count | None = None
    injuries: Count | None = None
    trapped: Count | None = None
    evacuated: Count | None = None


class Quantities(Shape):
    """Other numbers that a threshold may read: yuan, hectares, minutes, households, persons."""

    households: Count | None = None
    participants: Count | None = None
    direct_loss_cny: Annotated[float, Field(ge=0, le=1e13, strict=True)] | None = None
    area_ha: Annotated[float, Field(ge=0, le=1e9, strict=True)] | None = None
    outage_minutes: Count | None = None
    persons_to_move: Count | None = None


class Details(Shape):
    """The narrative elements of an official report; any of them may be "正在核实"."""

    cause: Paragraph | None = None
    process: Paragraph | None = None
    losses: Paragraph | None = None
    scope: Paragraph | None = None
    trend: Paragraph | None = None
    measures: Paragraph | None = None
    leaders_on_site: Paragraph | None = None
    next_steps: Paragraph | None = None
    requests: Paragraph | None = None


PARTS: dict[str, type[Shape]] = {
    "place": Place,
    "source": Source,
    "casualties": Casualties,
    "quantities": Quantities,
    "details": Details,
}
LINES = frozenset({"title", "place.text", "source.name", "source.unit", "source.post", "source.phone"})
WITH_WORDS = frozenset(
    {
        "stage",
        "medium",
        "category",
        "grade",
        "tags",
        "title",
        "occurred_at",
        "known_at",
        "place.point",
        *PARTS,
    }
    | {f"{part}.{name}" for part, shape in PARTS.items() for name in shape.model_fields}
)
"""The fields whose words may be kept, by dotted path; `place.point` is both coordinates."""


def _is_absent(moment: Moment | None) -> bool:
    return moment is None


def _is_empty(words: dict[str, str]) -> bool:
    return not words


def _named(words: dict[str, str]) -> dict[str, str]:
    unknown = next((path for path in words if path not in WITH_WORDS), None)
    if unknown is not None:
        raise PydanticCustomError("no_such_field", "a report has no field '{name}'", {"name": unknown[:100]})
    return words


WordsByField = Annotated[dict[str, Words], AfterValidator(_named)]


class Report(Shape):
    """One submission about an incident; times are RFC 3339 with their zone."""

    report_id: UUID | None = None
    stage: Stage = Stage.FIRST
    medium: Medium = Medium.WRITTEN
    incident_id: UUID | None = None
    """For every stage but `first`. A first report names it only when another medium came first (call, then text)."""
    corrects: UUID | None = None
    category: str = "other"
    grade: Grade = Grade.UNGRADED
    tags: tuple[Tag, ...] = ()
    title: Line | None = None
    occurred_at: Moment | None = None
    known_at: Moment | None = None
    times_confirmed: Annotated[
        tuple[Literal["occurred_at", "known_at"], ...], Field(exclude_if=lambda names: not names)
    ] = ()
    """Times of which the sender was asked "so long ago?" and said yes: their age is no doubt any more.

    Left out where there are none: a report that confirms nothing reads, and hashes, as it did before.
    """
    sent_at: Moment | None = Field(None, exclude_if=_is_absent)
    """When its sender pressed send, by her device: it orders what was said, and never judges timeliness."""
    place: Place = Place()
    source: Source = Source()
    casualties: Casualties = Casualties()
    quantities: Quantities = Quantities()
    details: Details = Details()
    unread: WordsByField = Field({}, exclude_if=_is_empty)
    """The words of fields that have no value because nobody could read one in them: "十几" beside no number."""
    as_typed: WordsByField = Field({}, exclude_if=_is_empty)
    """The words beside a value that says less than they do: "约10" beside 10."""

    @field_validator("category")
    @classmethod
    def _known_category(cls, value: str) -> str:
        if value not in CATEGORIES:
            raise PydanticCustomError(
                "unknown_category",
                "unknown category '{category}'; see GET /api/v1/categories",
                {"category": value[:100]},
            )
        return value

    @field_validator("medium")
    @classmethod
    def _one_medium(cls, value: Medium) -> Medium:
        if value is Medium.ANY:
            raise PydanticCustomError(
                "one_medium", "a report travels by one medium: phone, written or network"
            )
        return value

    @field_validator("tags")
    @classmethod
    def _each_tag_once(cls, value: tuple[Tag, ...]) -> tuple[Tag, ...]:
        return tuple(sorted(set(value)))

    @field_validator("times_confirmed")
    @classmethod
    def _each_time_once(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(sorted(set(value)))

    @model_validator(mode="after")
    def _names_its_incident(self) -> Self:
        if self.stage not in (Stage.FIRST, Stage.ZERO) and self.incident_id is None:
            raise PydanticCustomError(
                "incident_needed",
                "a report of stage {stage} must name its incident",
                {"field": "incident_id", "stage": self.stage.value},
            )
        if self.corrects is not None and self.stage not in (Stage.CORRECTION, Stage.RETRACTION):
            raise PydanticCustomError(
                "nothing_to_correct",
                "only a correction or a retraction points to an earlier report",
                {"field": "corrects"},
            )
        return self

    def quantity(self) -> dict[str, float]:
        """Every number that was given, by name; a number nobody knows is absent."""
        known = {**self.casualties.model_dump(), **self.quantities.model_dump()}
        return {name: value for name, value in known.items() if value is not None}


class Receipt(Shape):
    """The answer to an accepted report: it is on the broker's disk. A zero report has no incident."""

    receipt_no: str
    report_id: UUID
    incident_id: UUID | None
    received_at: AwareDatetime
