"""Which ladder is climbed and from which rung: the most specific, and always one, as a default must exist."""

from collections.abc import Sequence

from schemas.categories import is_within
from schemas.county import Ladder
from schemas.reasons import AlertReason
from schemas.vocabulary import Grade


class NoDefaultLadderError(ValueError):
    """No ladder fits and none is the default (no categories, no grades): nobody would be told."""

    def __init__(self, category: str, grade: Grade) -> None:
        super().__init__(
            f"no ladder for {category} grade {grade.value}: add one without categories and grades"
        )
        self.category = category
        self.grade = grade


def pick(ladders: Sequence[Ladder], category: str, grade: Grade) -> Ladder:
    """The ladder with the longest fitting category, then one that names the grade, then the first one.

    Raises `NoDefaultLadderError`. An ungraded incident fits only ladders that name `ungraded` or no grade: a
    first report is hardly ever graded and must not wake the county head before the duty officer.
    """
    fitting = [(_fit(ladder, category, grade), ladder) for ladder in ladders]
    best = max((fit for fit, _ in fitting if fit is not None), default=None)
    for fit, ladder in fitting:
        if fit is not None and fit == best:
            return ladder
    raise NoDefaultLadderError(category, grade)


def named(ladders: Sequence[Ladder], ladder_id: str) -> Ladder:
    """The ladder an alert was raised on; the default one where a new county file no longer has it."""
    for ladder in ladders:
        if ladder.id == ladder_id:
            return ladder
    for ladder in ladders:
        if is_default(ladder):
            return ladder
    raise NoDefaultLadderError("any", Grade.UNGRADED)


def is_default(ladder: Ladder) -> bool:
    """Whether the ladder fits every incident."""
    return not ladder.categories and not ladder.grades


def first_step(ladder: Ladder, why: AlertReason) -> int:
    """Where the climb begins: a limit that ran out goes past the duty officer, who was reminded before."""
    if why is AlertReason.OBLIGATION_BREACHED:
        return min(1, len(ladder.steps) - 1)
    return 0


def climbs(why: AlertReason) -> bool:
    """Whether silence calls the next person. A reminder before a limit does not; the breach itself will."""
    return why is not AlertReason.OBLIGATION_DUE_SOON


def _fit(ladder: Ladder, category: str, grade: Grade) -> tuple[int, bool] | None:
    """How closely the ladder fits: depth of the category that matched, then whether it names the grade."""
    if ladder.grades and grade not in ladder.grades:
        return None
    if not ladder.categories:
        return 0, bool(ladder.grades)
    depths = [prefix.count(".") + 1 for prefix in ladder.categories if is_within(category, prefix)]
    return (max(depths), bool(ladder.grades)) if depths else None
