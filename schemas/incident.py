"""One real-world event as the rules see it: its facts, its clocks and who is involved."""

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime

from schemas.shape import Shape
from schemas.vocabulary import Grade, IncidentState, NodeRole, Tag


class Case(Shape):
    """Everything the rules may read of one incident.

    `received` holds, for each role, when that node received the first report from below it.
    `nodes` maps the roles that take part to their node codes; a role that is absent owes nothing here.
    `final_at` holds, for each role, when it filed its final report.
    """

    incident_id: UUID
    category: str
    grade: Grade = Grade.UNGRADED
    tags: frozenset[Tag] = frozenset()
    quantities: dict[str, float] = {}
    division: str | None = None
    occurred_at: AwareDatetime | None = None
    known_at: AwareDatetime | None = None
    received: dict[NodeRole, AwareDatetime] = {}
    judged_at: AwareDatetime | None = None
    stopped_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    nodes: dict[NodeRole, str] = {}
    final_at: dict[NodeRole, AwareDatetime] = {}


class Incident(Shape):
    """The incident as it stands now; its history is in its reports and events."""

    incident_id: UUID
    number: str
    category: str
    grade: Grade = Grade.UNGRADED
    tags: tuple[Tag, ...] = ()
    title: str = ""
    division: str | None = None
    place_text: str | None = None
    from_node: str | None = None
    sender: UUID | None = None
    """The person who reported it first; None for a logged call, which the duty room's own people enter for others."""
    nodes: dict[NodeRole, str] = {}
    quantities: dict[str, float] = {}
    occurred_at: AwareDatetime | None = None
    known_at: AwareDatetime | None = None
    doubtful_times: tuple[str, ...] = ()
    """Names of claimed times that are not believed; what would count from them counts from `received_at`."""
    received_at: AwareDatetime
    graded_at: AwareDatetime | None = None
    stopped_at: AwareDatetime | None = None
    state: IncidentState = IncidentState.OPEN
    closed_at: AwareDatetime | None = None
    close_reason: str | None = None
    report_count: int = 0
    final_report_id: UUID | None = None
    forward_count: int = 0
    grade_decided: bool = False
    """By the duty room: no report changes it any more."""
    known_since: AwareDatetime | None = None
    """When the incident itself was known, by the report that opened it."""
    content_known_at: AwareDatetime | None = None
    """When the newest content that reports have brought was known; what was known earlier changes no number."""

    def case(self) -> Case:
        """What the rules may read of it."""
        return Case.trusted(
            incident_id=self.incident_id,
            category=self.category,
            grade=self.grade,
            tags=frozenset(self.tags),
            quantities=self.quantities,
            division=self.division,
            occurred_at=self._counted("occurred_at", self.occurred_at),
            known_at=self._counted("known_at", self.known_at),
            received={NodeRole.COUNTY: self.received_at},
            judged_at=self.graded_at,
            stopped_at=self.stopped_at,
            closed_at=self.closed_at,
            nodes=self.nodes,
            final_at={},
        )

    def _counted(self, name: str, claimed: datetime | None) -> datetime | None:
        return self.received_at if name in self.doubtful_times else claimed
