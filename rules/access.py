"""Who may do what and who sees what. A right that is not in the table is not there."""

from enum import StrEnum

from schemas.county import Node, Person
from schemas.incident import Incident
from schemas.vocabulary import NodeRole, UserRole


class Act(StrEnum):
    """What a signed-in person can try to do."""

    REPORT = "report"
    LOG_CALL = "log_call"
    SEE_ALL = "see_all"
    ACKNOWLEDGE = "acknowledge"
    ACKNOWLEDGE_ON_BEHALF = "acknowledge_on_behalf"
    GRADE = "grade"
    FORWARD = "forward"
    STOP = "stop"
    CLOSE = "close"
    SEE_TIMELINESS = "see_timeliness"
    SEE_EVENTS = "see_events"
    SEE_METRICS = "see_metrics"
    ADMINISTER = "administer"


_READING = frozenset({Act.SEE_ALL, Act.SEE_TIMELINESS, Act.SEE_EVENTS, Act.SEE_METRICS})
_DUTY_ROOM = frozenset(
    {
        Act.REPORT,
        Act.LOG_CALL,
        Act.ACKNOWLEDGE,
        Act.ACKNOWLEDGE_ON_BEHALF,
        Act.GRADE,
        Act.FORWARD,
        Act.STOP,
        Act.CLOSE,
    }
)

RIGHTS: dict[UserRole, frozenset[Act]] = {
    UserRole.REPORTER: frozenset({Act.REPORT}),
    UserRole.DUTY_OFFICER: _DUTY_ROOM | _READING,
    UserRole.DUTY_LEADER: _DUTY_ROOM | _READING,
    UserRole.AUDITOR: _READING,
    # Whoever keeps the accounts does not also decide the cases: the record stays believable.
    UserRole.ADMIN: _READING | {Act.ADMINISTER},
}


def may(role: UserRole, act: Act) -> bool:
    """Whether `role` has the right to `act`."""
    return act in RIGHTS[role]


def is_inside(division: str, outer: str) -> bool:
    """Whether the place `division` is `outer` or lies within it; codes are prefixes of what they contain."""
    return division.startswith(outer)


def sees(
    role: UserRole,
    node_division: str | None,
    division: str | None,
    *,
    node_role: NodeRole | None = None,
    own: bool = False,
) -> bool:
    """Whether a person of the node at `node_division` may see an incident or report at `division`.

    A reporter sees its own division's subtree and whatever it reported itself (`own`); the others see all.
    A `unit` (an enterprise) sees only its own: it works all over the county but is no authority there.
    """
    if may(role, Act.SEE_ALL) or own:
        return True
    if node_role is NodeRole.UNIT or not node_division or not division:
        return False
    return is_inside(division, node_division)


def sees_incident(person: Person, node: Node | None, incident: Incident) -> bool:
    """Whether this person, who sits at `node`, may see an incident and add to it."""
    return sees(
        person.role,
        node.division if node else None,
        incident.division,
        node_role=node.role if node else None,
        own=incident.from_node == person.node,
    )
