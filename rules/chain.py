"""Which nodes take part in an incident: the place decides the township, the reporter brings its own seat.

`Chains` is the index over one county, built once and asked for every report; it never changes.
"""

from rules.typed.units import Units
from schemas.county import County, Node
from schemas.vocabulary import NodeRole

REPORTING_ROLES = frozenset({NodeRole.UNIT, NodeRole.VILLAGE, NodeRole.TOWNSHIP, NodeRole.COUNTY_DEPARTMENT})
"""Roles that a reporting node fills by itself; county and above are there in every incident."""

VILLAGE_DIGITS = 12


class Chains:
    """One county's nodes by code, name and division; every answer is a few dictionary look-ups."""

    def __init__(self, county: County) -> None:
        self._nodes = {node.code: node for node in county.nodes}
        self._townships = {n.division: n.code for n in county.nodes if n.role is NodeRole.TOWNSHIP}
        self._lengths = sorted({len(division) for division in self._townships}, reverse=True)
        self._divisions = {node.division for node in county.nodes}
        self._units = Units(county.nodes, county.name)
        self._upward = self._upward_from(county.code)

    def of(self, division: str | None, from_node: str | None) -> dict[NodeRole, str]:
        """The roles that take part and their node codes; a role that is absent owes nothing.

        属地: a township that reports from another one's place does not take that one's seat.
        """
        seats = dict(self._upward)
        reporter = self._nodes.get(from_node) if from_node else None
        township = self.township_of(division)
        if township is None and reporter is not None and reporter.division.startswith(division or ""):
            township = self.township_of(reporter.division)
        if township is not None:
            seats[NodeRole.TOWNSHIP] = township
        if reporter is not None and reporter.role in REPORTING_ROLES:
            seats.setdefault(reporter.role, reporter.code)
        return seats

    def township_of(self, division: str | None) -> str | None:
        """The township node whose division is `division` or a prefix of it."""
        if division is None:
            return None
        for length in self._lengths:
            code = self._townships.get(division[:length])
            if code is not None:
                return code
        return None

    def node(self, code: str | None) -> Node | None:
        """The node with this code."""
        return self._nodes.get(code) if code is not None else None

    def resolve_unit(self, text: str | None) -> str | None:
        """The node that `Source.unit` names by code or name, as typed; None when nobody or two are called so."""
        return self._units.find(text)

    def knows_division(self, division: str) -> bool:
        """Whether a place may carry this code: a node's own division or code, or a village of a township."""
        if division in self._divisions or division in self._nodes:
            return True
        return len(division) == VILLAGE_DIGITS and self.township_of(division) is not None

    def _upward_from(self, code: str) -> dict[NodeRole, str]:
        """The county and its ancestors; a loop of parents ends the walk."""
        seats: dict[NodeRole, str] = {}
        node = self._nodes.get(code)
        while node is not None and node.code not in seats.values():
            seats.setdefault(node.role, node.code)
            node = self._nodes.get(node.parent) if node.parent else None
        return seats


def chain(county: County, division: str | None, from_node: str | None) -> dict[NodeRole, str]:
    """`Chains(county).of(division, from_node)`, for a single question."""
    return Chains(county).of(division, from_node)


def resolve_unit(county: County, text: str | None) -> str | None:
    """`Chains(county).resolve_unit(text)`, for a single question."""
    return Chains(county).resolve_unit(text)
