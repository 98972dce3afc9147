"""The base of every shape: immutable, and a key nobody defined is refused by name."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints


class Shape(BaseModel):
    """Immutable; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Moment = Annotated[datetime, AwareDatetime]
"""A point in time with its zone; a time without a zone is refused."""

Division = Annotated[str, StringConstraints(pattern=r"^\d{2,12}$")]
"""行政区划代码 (GB/T 2260 two to six digits, GB/T 10114 nine, villages twelve)."""


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a text cannot hold the character U+0000: no database keeps it")
    return text


Note = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_storable)]
Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(_storable)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_storable)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000), AfterValidator(_storable)]
Count = Annotated[int, Field(ge=0, le=100_000_000, strict=True)]
"""A whole number of people or households; unknown is `null`, never 0."""
