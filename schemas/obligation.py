"""An obligation: who must tell whom, at which stage, by which medium, by when, under which limits.

The limits are stamped on it when it opens; a later change of a pack never rewrites it.
"""

from uuid import UUID

from pydantic import AwareDatetime

from schemas.shape import Shape
from schemas.vocabulary import Clock, Medium, NodeRole, ObligationState, Stage


class StampedLimit(Shape):
    """One limit as it was when the obligation opened, with the due time that it alone would give.

    `working_target`: the clause says 立即 without a number, and the minutes are the office's own. `copy_to`: who is
    copied, among them the level that a skip-level report passes.
    """

    id: str
    pack: str
    version: str
    title: str
    title_en: str = ""
    due_at: AwareDatetime
    clock: Clock
    document: str
    number: str | None = None
    article: str | None = None
    status: str
    working_target: bool = False
    copy_to: tuple[NodeRole, ...] = ()


class Duty(Shape):
    """The key of an obligation within its incident: the same thing is owed once."""

    from_role: NodeRole
    to_role: NodeRole
    stage: Stage
    medium: Medium
    occurrence: int = 1


class Planned(Shape):
    """What the rules say is owed: the strictest limit binds, the others stand beside it with their own due times."""

    duty: Duty
    due_at: AwareDatetime
    counts_from: AwareDatetime | None = None
    remind_at: AwareDatetime | None = None
    binding: StampedLimit
    others: tuple[StampedLimit, ...] = ()
    copy_to: tuple[NodeRole, ...] = ()
    skip_level: bool = False


class Verdict(Shape):
    """How one obligation ended, by its key in the record."""

    obligation_id: UUID
    revision: int


class Obligation(Shape):
    """One row of the record while it lives. `from_node` and `to_node` are node codes of the county's tree.

    `counts_from`: a report before this moment does not meet it (the previous wall-clock slot).
    `breached_at` is the due time of a limit that ran out, `detected_at` when the clock saw it.
    """

    obligation_id: UUID
    incident_id: UUID
    duty: Duty
    from_node: str
    to_node: str | None
    state: ObligationState
    due_at: AwareDatetime
    counts_from: AwareDatetime | None = None
    opened_at: AwareDatetime
    breached_at: AwareDatetime | None = None
    detected_at: AwareDatetime | None = None
    done_at: AwareDatetime | None = None
    reason: str | None = None
    revision: int = 1
    binding: StampedLimit
    others: tuple[StampedLimit, ...] = ()
