"""Which grade do the known numbers make, by which criterion? It proposes; the duty officer decides.

A number that nobody knows meets no threshold, so a proposal can only rise as more becomes known.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.matching import reference
from rules.packs import Packs, Yardstick
from rules.when import clocks_of
from schemas.incident import Case
from schemas.proposal import ProposedGrade
from schemas.reasons import GradeReason
from schemas.vocabulary import Grade


class NoProposal(StrEnum):
    """Why no grade is proposed."""

    NO_CRITERION = "no_criterion"
    NO_NUMBER = "no_number"
    NONE_MET = "none_met"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The gravest grade whose criterion holds, and the other criteria that hold as well, the weightier first."""

    decided: ProposedGrade
    others: tuple[ProposedGrade, ...] = ()


def propose(case: Case, packs: Packs, now: datetime) -> Proposal | NoProposal:
    """The grade of an incident by the law of the day on which it occurred, or why none can be proposed."""
    at = reference(clocks_of(case), now)
    asked = [one for one in packs.criteria.of(case.category, case.division) if one.begins <= at < one.ends]
    if not asked:
        return NoProposal.NO_CRITERION
    if not any(name.value in case.quantities for one in asked for name in one.criterion.quantities):
        return NoProposal.NO_NUMBER
    held = sorted((one for one in asked if _holds(one, case)), key=_order)
    if not held:
        return NoProposal.NONE_MET
    return Proposal(held[0].proposal, tuple(one.proposal for one in held[1:]))


def reason(chosen: Grade, proposed: Proposal | NoProposal, note: str) -> GradeReason:
    """How a person's choice stands to the proposal; a note that is missing stops nobody."""
    if isinstance(proposed, NoProposal):
        return GradeReason.NO_PROPOSAL
    if chosen is proposed.decided.grade:
        return GradeReason.AS_PROPOSED
    return GradeReason.REASON_GIVEN if note.strip() else GradeReason.NO_REASON_GIVEN


def _holds(yardstick: Yardstick, case: Case) -> bool:
    criterion = yardstick.criterion
    if criterion.applies.tags and case.tags.isdisjoint(criterion.applies.tags):
        return False
    return all(
        (value := case.quantities.get(name.value)) is not None and bounds.hold(value)
        for name, bounds in criterion.quantities.items()
    )


def _order(yardstick: Yardstick) -> tuple[int | str, ...]:
    return yardstick.order
