"""Nobody is called for what she did herself: whoever logged the call, set the grade or reopened it knows already.

Where she is the first on the ladder, that she knows counts as her answer. From grade III up somebody above her must
know too, so then the next on the ladder is told. A reporter's report is never such an answer.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from rules import escalation
from rules.access import Act, may
from rules.desk import Desk
from rules.escalation import Exhausted, Scene, Tell
from schemas.county import Ladder
from schemas.reasons import AlertReason
from schemas.vocabulary import Grade

ABOVE_TOO = frozenset({Grade.I, Grade.II, Grade.III})
"""较大以上: one person's knowledge is not enough."""


@dataclass(frozen=True, slots=True)
class Known:
    """The first on the ladder did it herself; `tell` is how she would have been told."""

    tell: Tell


def actor(by: UUID | None, desk: Desk) -> UUID | None:
    """The person of the duty room who did it; None where it was anybody else."""
    person = desk.people.get(by) if by is not None else None
    return by if person is not None and may(person.role, Act.ACKNOWLEDGE) else None


def begin(
    ladder: Ladder, why: AlertReason, grade: Grade, scene: Scene, by: UUID | None
) -> Tell | Exhausted | Known:
    """Whom to tell first of what `by` (see `actor`) has done."""
    decision = escalation.begin(ladder, why, grade, scene)
    if not isinstance(decision, Tell) or decision.person.person_id != by:
        return decision
    if grade in ABOVE_TOO:
        above = escalation.begin(ladder, why, grade, replace(scene, told=scene.told | {by}))
        if isinstance(above, Tell):
            return above
    return Known(decision)
