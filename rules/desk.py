"""What lies on the desk of every decision: the county in force, its chains, its people and the packs.

It is read at the start and again when the county's files change; a decision uses one desk from begin to end.
"""

from dataclasses import dataclass
from uuid import UUID

from rules.chain import Chains
from rules.packs import Packs
from schemas.county import County, Node, Person


@dataclass(frozen=True)
class Desk:
    """One consistent view of the county."""

    county: County
    chains: Chains
    packs: Packs
    people: dict[UUID, Person]
    nodes: dict[str, Node]

    @classmethod
    def of(cls, county: County, packs: Packs) -> "Desk":
        """Index a county once."""
        return cls(
            county=county,
            chains=Chains(county),
            packs=packs,
            people={person.person_id: person for person in county.people},
            nodes={node.code: node for node in county.nodes},
        )
