"""The grade that the rules propose for an incident, with the criterion that decided, stamped as it was then."""

from schemas.shape import Shape
from schemas.vocabulary import Grade


class ProposedGrade(Shape):
    """`criterion` is its id in `pack`; title, clause and status are what the pack said at that moment."""

    grade: Grade
    criterion: str
    pack: str
    version: str
    title: str
    title_en: str
    document: str
    number: str | None = None
    article: str | None = None
    status: str
