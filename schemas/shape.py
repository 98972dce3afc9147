"""The base of every shape: immutable, and a key nobody defined is refused by name."""

import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from schemas.moment import Moment as Moment  # the one type for a time that somebody outside says


class Shape(BaseModel):
    """Immutable; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def trusted(cls, **values: Any) -> Self:
        """A shape from values that were checked before and are complete: nothing is checked or copied here.

        For what comes back from the database by the thousand; checking again was most of the work.
        """
        assert values.keys() == cls.__pydantic_fields__.keys(), f"{cls.__name__} wants every field"
        made = cls.__new__(cls)
        put = object.__setattr__
        put(made, "__dict__", values)
        put(made, "__pydantic_fields_set__", set(values))
        put(made, "__pydantic_extra__", None)
        put(made, "__pydantic_private__", None)
        return made


DIVISION = re.compile(r"[0-9]{2,12}")
Division = Annotated[str, StringConstraints(pattern=f"^{DIVISION.pattern}$")]
"""行政区划代码 (GB/T 2260 two to six digits, GB/T 10114 nine, villages twelve)."""


def _storable(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError(
            "nul_character", "a text cannot hold the character U+0000: no database keeps it"
        )
    return text


Note = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_storable)]
MAX_PHONE, MAX_LINE, MAX_PARAGRAPH = 40, 200, 20_000
Phone = Annotated[str, StringConstraints(max_length=MAX_PHONE), AfterValidator(_storable)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MAX_LINE), AfterValidator(_storable)
]
Paragraph = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MAX_PARAGRAPH), AfterValidator(_storable)
]
Words = Annotated[str, StringConstraints(max_length=65_536), AfterValidator(_storable)]
"""What was typed, whole: as long as a body may be."""
Count = Annotated[int, Field(ge=0, le=100_000_000, strict=True)]
"""A whole number of people or households; unknown is `null`, never 0."""
