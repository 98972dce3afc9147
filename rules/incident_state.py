"""What stands of an incident is a function of its reports: ordered by when their content was known, never by arrival.

A report that was known earlier changes no number of one that was known later. A correction wins over what it corrects
and touches nothing else. What only a retracted report said stands no longer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from rules.amending import Heard, Told
from rules.desk import Desk
from rules.lifecycle import height
from rules.plausibility import doubtful_after, doubtful_of_all
from schemas.incident import Incident
from schemas.report import Report
from schemas.vocabulary import Grade, NodeRole, Stage, Tag

STAGES = (Stage.FIRST, Stage.FOLLOW_UP, Stage.VERIFICATION, Stage.FEEDBACK, Stage.FINAL, Stage.CORRECTION)
"""Of two contents that were known at the same moment, the one of the later stage stands."""


def known_since(opening: Heard) -> datetime:
    """When the incident itself was known, by the report that opened it."""
    return opening.report.known_at or opening.judged_at


def content_known_at(heard: Heard, since: datetime | None) -> datetime:
    """When the content of a later report was known: as it claims, else as its device sent it, else as it came in.

    `since` is when the incident itself was known. A follow-up that only repeats that says nothing of its own content,
    and nothing is known later than it comes in.
    """
    for claimed in (heard.report.known_at, heard.report.sent_at):
        if claimed is not None and (since is None or claimed > since):
            return min(claimed, heard.judged_at)
    return heard.judged_at


def is_newest(incident: Incident, heard: Heard) -> bool:
    """Whether a report brings the newest content of all, so that it is simply added to what stands.

    Corrections and retractions are about earlier reports; after a retraction nothing is simply added any more.
    """
    if heard.report.stage in (Stage.CORRECTION, Stage.RETRACTION) or incident.content_known_at is None:
        return False
    return content_known_at(heard, incident.known_since) > incident.content_known_at


def added(incident: Incident, heard: Heard, desk: Desk) -> Incident:
    """The incident with its newest content: the same as `state_of` all its reports, which need not be read for it."""
    state = _State.of(incident)
    state.add(heard, heard.report, desk)
    newest = content_known_at(heard, incident.known_since)
    joined = incident.model_copy(update=state.fields() | {"content_known_at": newest})
    return joined.model_copy(update={"doubtful_times": doubtful_after(incident, joined, heard.report)})


def state_of(heards: Sequence[Heard], incident: Incident, desk: Desk) -> Incident:
    """What stands after all these reports, in whatever order they came; the first of them opened the incident.

    `incident` gives what no report decides: its number, its state, and the grade where the duty room decided it.
    """
    opening, told = heards[0], Told.of(heards)
    first = told.effective(opening)
    state = _State(
        category=first.category,
        title=told.title_of(opening, desk),
        division=first.place.division or opening.division,
        place_text=first.place.text,
        nodes=desk.chains.of(first.place.division or opening.division, opening.from_node),
        from_node=opening.from_node,
        decided=(incident.grade, incident.graded_at) if incident.grade_decided else None,
    )
    since = known_since(opening)
    keys = {one.report_id: content_known_at(one, since) for one in heards} | {opening.report_id: since}
    for heard in sorted(told.standing or [opening], key=lambda one: _order(one, keys[one.report_id])):
        state.add(heard, told.effective(heard), desk)
    state.occurred_at = state.occurred_at or first.occurred_at
    state.known_at = state.known_at or first.known_at
    newest = max(keys[one.report_id] for one in heards if one is opening or told.brings_content(one))
    update = {"known_since": since, "content_known_at": None if told.has_retractions else newest}
    whole = incident.model_copy(update=state.fields() | update)
    return whole.model_copy(update={"doubtful_times": doubtful_of_all(whole, told.confirming)})


def _order(heard: Heard, known_at: datetime) -> tuple[datetime, int, datetime, str]:
    stage = heard.report.stage
    rank = STAGES.index(stage) if stage in STAGES else len(STAGES)
    return known_at, rank, heard.judged_at, str(heard.report_id)


@dataclass
class _State:
    """What stands while reports are added in the order in which their content was known."""

    category: str
    title: str
    division: str | None
    place_text: str | None
    nodes: dict[NodeRole, str]
    from_node: str | None
    decided: tuple[Grade, datetime | None] | None
    grade: Grade = Grade.UNGRADED
    graded_at: datetime | None = None
    tags: frozenset[Tag] = frozenset()
    quantities: dict[str, float] = field(default_factory=dict)
    occurred_at: datetime | None = None
    known_at: datetime | None = None
    final_report_id: UUID | None = None

    @classmethod
    def of(cls, one: Incident) -> Self:
        """What stands of a stored incident."""
        return cls(
            one.category, one.title, one.division, one.place_text, one.nodes, one.from_node,
            (one.grade, one.graded_at) if one.grade_decided else None, one.grade, one.graded_at, frozenset(one.tags),
            one.quantities, one.occurred_at, one.known_at, one.final_report_id,
        )  # fmt: skip

    def add(self, heard: Heard, report: Report, desk: Desk) -> None:
        """What one report brings; `report` is what it says with its corrections."""
        if report.stage is Stage.CORRECTION:
            self._correct(heard, report, desk)
        self.quantities = {**self.quantities, **report.quantity()}
        self.tags |= frozenset(report.tags)
        self.occurred_at = self.occurred_at or report.occurred_at
        self.known_at = self.known_at or report.known_at
        self.nodes = {**desk.chains.of(self.division, heard.from_node), **self.nodes}
        # 就高: until the duty room decides, the highest grade that a report gives stands.
        if report.grade is not Grade.UNGRADED and (
            self.grade is Grade.UNGRADED or height(report.grade) > height(self.grade)
        ):
            self.grade, self.graded_at = report.grade, heard.judged_at
        if report.stage is Stage.FINAL:
            self.final_report_id = heard.report_id

    def _correct(self, heard: Heard, report: Report, desk: Desk) -> None:
        """A correction that names no report corrects all that was known before it."""
        given = heard.named
        self.category = report.category if "category" in given else self.category
        self.title = report.title or self.title
        self.place_text = report.place.text or self.place_text
        self.tags = frozenset() if "tags" in given else self.tags
        self.occurred_at = report.occurred_at or self.occurred_at
        self.known_at = report.known_at or self.known_at
        if report.place.division is not None and report.place.division != self.division:
            self.division = report.place.division
            self.nodes = desk.chains.of(self.division, self.from_node)

    def fields(self) -> dict[str, Any]:
        """As the incident has them."""
        grade, graded_at = self.decided or (self.grade, self.graded_at)
        return {
            "category": self.category, "title": self.title, "division": self.division, "place_text": self.place_text,
            "nodes": self.nodes, "grade": grade, "graded_at": graded_at, "tags": tuple(sorted(self.tags)),
            "quantities": self.quantities, "occurred_at": self.occurred_at, "known_at": self.known_at,
            "final_report_id": self.final_report_id,
        }  # fmt: skip
