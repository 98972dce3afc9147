"""What every entry of a pack stands on: the clause it cites, how far that was read, half-open bounds for numbers."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from rules.bilingual import Words, contradiction
from rules.pack_words import Day, Text
from schemas.shape import Shape


class Status(StrEnum):
    """How far the clause was read. `draft` never applies; `local` is an office's own rule."""

    V1 = "V1"
    V2 = "V2"
    V3 = "V3"
    LOCAL = "local"
    DRAFT = "draft"


class Bounds(Shape):
    """A half-open interval: 以上 includes `min`, 以下 excludes `below`."""

    min: Annotated[float, Field(ge=0)] | None = None
    below: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.min is None and self.below is None:
            raise contradiction(
                Words("an empty threshold", "界限为空"),
                Words(
                    "min (included), below (excluded) or both", "min（含本数）、below（不含本数），或两者都写"
                ),
            )
        if self.min is not None and self.below is not None and self.min >= self.below:
            raise contradiction(
                Words(
                    f"min {self.min:g} is not under below {self.below:g}",
                    f"min {self.min:g} 不小于 below {self.below:g}",
                ),
                Words("a min smaller than below", "小于 below 的 min"),
            )
        return self

    def hold(self, value: float) -> bool:
        """Whether `value` lies inside."""
        return (self.min is None or value >= self.min) and (self.below is None or value < self.below)

    def holds_all(self, other: "Bounds") -> bool:
        """Whether every value inside `other` lies inside this as well."""
        return (self.min or 0) <= (other.min or 0) and (
            self.below is None or (other.below is not None and other.below <= self.below)
        )


class Citation(Shape):
    """The clause. `of` names a document of the pack; the dates are the document's unless the clause has its own."""

    of: Text
    article: Text | None = None
    status: Status
    in_force_from: Day | None = None
    in_force_until: Day | None = None
