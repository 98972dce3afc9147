"""What every fact carries; the facts themselves stand in `schemas/events.py`, in the order in which they happen."""

from typing import ClassVar, Self
from uuid import UUID, uuid4

from pydantic import AwareDatetime, Field

from schemas.moment import KEPT
from schemas.shape import Shape


class Fact(Shape):
    """What every fact carries. `at` is when it was decided or said, by our clock; `division` says where."""

    kind: ClassVar[str]
    event_id: UUID = Field(default_factory=uuid4)
    incident_id: UUID | None = None
    division: str | None = None
    at: AwareDatetime

    @classmethod
    def subject(cls) -> str:
        """The subject of this kind of fact on the FACTS stream."""
        return f"facts.{cls.kind}"

    @classmethod
    def read(cls, body: bytes | str) -> Self:
        """Parse a fact from its JSON, times as they were once accepted; raises `pydantic.ValidationError`."""
        return cls.model_validate_json(body, context=KEPT)
