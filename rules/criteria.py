"""The shape of one grade criterion as a pack says it: which numbers make which grade, for which incidents and where.

One criterion is one alternative of its clause: all its thresholds must hold, and any one criterion is enough.
"""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from rules.bilingual import Words, contradiction, same
from rules.clauses import Bounds, Citation
from rules.pack_words import Category, LimitId, Once, Region, Text
from schemas.shape import Shape
from schemas.vocabulary import Grade, Quantity, Tag

STATUTORY = (Grade.I, Grade.II, Grade.III, Grade.IV)
"""The four grades, the gravest first."""


def _statutory(grade: Grade) -> Grade:
    if grade in STATUTORY:
        return grade
    wrong = Words(f"{grade.value!r} cannot be proposed", f"{grade.value!r} 不能作为建议等级")
    raise contradiction(wrong, same("I, II, III, IV"))


class Where(Shape):
    """For which incidents: one of the categories, one of the tags (a sensitive place, say), one of the regions."""

    categories: Annotated[tuple[Category, ...], Once] = ()
    tags: Annotated[tuple[Tag, ...], Once] = ()
    regions: Annotated[tuple[Region, ...], Once] = ()


class Criterion(Shape):
    """The grade that these numbers make. A number that nobody knows meets no threshold."""

    id: LimitId
    title: Text
    title_en: Text
    citation: Citation
    applies: Where
    grade: Annotated[Grade, AfterValidator(_statutory)]
    quantities: Annotated[dict[Quantity, Bounds], Field(min_length=1)]
    note: Text | None = None

    @model_validator(mode="after")
    def _speaks_of_somewhere(self) -> Self:
        if not self.applies.categories:
            raise contradiction(
                Words("applies has no categories", "applies 没有写 categories（类别）"),
                Words(
                    "at least one, for no number grades everything",
                    "至少一个类别，没有哪个数量能为所有事件定级",
                ),
            )
        return self
