"""Who may do what and who sees what. A right that is not in the table is not there."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from schemas.categories import is_within
from schemas.county import Node, Person
from schemas.incident import Incident
from schemas.vocabulary import NodeRole, UserRole


class Act(StrEnum):
    """What a signed-in person can try to do."""

    REPORT = "report"
    LOG_CALL = "log_call"
    CORRECT_OTHERS = "correct_others"
    SEE_ALL = "see_all"
    ACKNOWLEDGE = "acknowledge"
    ACKNOWLEDGE_ON_BEHALF = "acknowledge_on_behalf"
    GRADE = "grade"
    FORWARD = "forward"
    STOP = "stop"
    CLOSE = "close"
    REOPEN = "reopen"
    SEE_TIMELINESS = "see_timeliness"
    SEE_EVENTS = "see_events"
    SEE_METRICS = "see_metrics"
    ADMINISTER = "administer"
    SEE_SECURITY_LOG = "see_security_log"


_READING = frozenset({Act.SEE_ALL, Act.SEE_TIMELINESS, Act.SEE_EVENTS, Act.SEE_METRICS})
_DUTY_ROOM = frozenset(
    {
        Act.REPORT,
        Act.LOG_CALL,
        Act.CORRECT_OTHERS,
        Act.ACKNOWLEDGE,
        Act.ACKNOWLEDGE_ON_BEHALF,
        Act.GRADE,
        Act.FORWARD,
        Act.STOP,
        Act.CLOSE,
        Act.REOPEN,
    }
)

RIGHTS: dict[UserRole, frozenset[Act]] = {
    UserRole.REPORTER: frozenset({Act.REPORT}),
    UserRole.DUTY_OFFICER: _DUTY_ROOM | _READING,
    UserRole.DUTY_LEADER: _DUTY_ROOM | _READING,
    UserRole.AUDITOR: _READING | {Act.SEE_SECURITY_LOG},
    # Whoever keeps the accounts does not also decide the cases: the record stays believable.
    UserRole.ADMIN: _READING | {Act.ADMINISTER, Act.SEE_SECURITY_LOG},
}

DEPARTMENTS = frozenset(
    {NodeRole.COUNTY_DEPARTMENT, NodeRole.CITY_DEPARTMENT, NodeRole.PROVINCE_DEPARTMENT, NodeRole.CDC}
)


def may(role: UserRole, act: Act) -> bool:
    """Whether `role` has the right to `act`."""
    return act in RIGHTS[role]


def is_inside(division: str, outer: str) -> bool:
    """Whether the place `division` is `outer` or lies within it; codes are prefixes of what they contain."""
    return division.startswith(outer)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person sees: everything, or by who takes part, by place and by category.

    `node`: the person's own node code. `division`: prefix of the places that are its own, None where it sees nothing
    by place. `categories`: prefixes of the categories it answers for, within `within`.
    """

    everything: bool
    node: str
    division: str | None = None
    categories: tuple[str, ...] = ()
    within: str | None = None

    def holds(
        self,
        division: str | None,
        category: str | None,
        from_node: str | None,
        taking_part: Iterable[str] = (),
    ) -> bool:
        """Whether an incident or report of this place, category and sender may be seen."""
        if self.everything or from_node == self.node or self.node in taking_part:
            return True
        if division is not None and self.division is not None and is_inside(division, self.division):
            return True
        if category is None or not any(is_within(category, one) for one in self.categories):
            return False
        return division is None or self.within is None or is_inside(division, self.within)

    def holds_incident(self, incident: Incident) -> bool:
        """Whether this incident may be seen and added to."""
        return self.holds(incident.division, incident.category, incident.from_node, incident.nodes.values())


def scope_of(person: Person, node: Node | None) -> Scope:
    """What this person, who sits at `node`, sees.

    A township or village sees its own division. A department answers for its categories (`handles`), not for a place:
    it sees those in its division. An enterprise works all over the county but is no authority there: it sees what it
    reported itself. Everybody sees what their own node takes part in.
    """
    if may(person.role, Act.SEE_ALL):
        return Scope(True, person.node)
    if node is None or node.role is NodeRole.UNIT:
        return Scope(False, person.node)
    if node.role in DEPARTMENTS:
        return Scope(False, person.node, None, node.handles, node.division)
    return Scope(False, person.node, node.division)


def may_correct(person: Person, corrected_from: str | None) -> bool:
    """Whether this person may correct or retract a report of this node: its own; the duty room may correct any."""
    return may(person.role, Act.CORRECT_OTHERS) or corrected_from == person.node
