"""A submission as the broker has it, and what storing reads of it: who sent it, when it counts, what it meets."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from rules import intake
from rules.amending import Heard
from rules.desk import Desk
from rules.obligations import Filing
from rules.typed.place import within
from schemas.county import Person
from schemas.events import ReportSubmitted
from schemas.vocabulary import Door, Medium


@dataclass(frozen=True)
class Said:
    """A submission with the broker's timestamp, on our clock, and its bytes."""

    fact: ReportSubmitted
    broker_at: datetime
    body: bytes

    def seated(self, desk: Desk) -> "Said":
        """The same with its sender and place as the county in force has them, whatever the message claims."""
        person = desk.people.get(self.fact.submitted_by)
        if person is None:
            return self
        submitter = submitter_of(person, desk)
        report = within(self.fact.report, submitter, desk.chains)
        seat = intake.seat(report, submitter, desk.chains)
        if report is self.fact.report and seat == intake.Seat(self.fact.from_node, self.fact.division):
            return self  # as a rule it claims what is true
        return replace(self, fact=self.fact.model_copy(update={"report": report, **asdict(seat)}))

    @property
    def judged_at(self) -> datetime:
        """What timeliness counts: the logged call for a phone call, never later than the broker; else the broker."""
        called_at = self.fact.called_at
        if self.fact.report.medium is Medium.PHONE and called_at is not None:
            return min(called_at, self.broker_at)
        return self.broker_at

    @property
    def sender(self) -> UUID | None:
        """Who sends it; a call is logged by the duty room's own people, for whoever called."""
        return None if self.fact.door is Door.PHONE_LOG else self.fact.submitted_by

    @property
    def heard(self) -> Heard:
        """As it joins its incident."""
        fact = self.fact
        return Heard(fact.report_id, fact.report, fact.division, fact.from_node, self.judged_at, fact.given)


def filing_of(heard: Heard) -> Filing | None:
    """A report as far as duties go; None where nobody of the chain made it."""
    if heard.from_node is None:
        return None
    return Filing(heard.from_node, None, heard.report.stage, heard.report.medium, heard.judged_at)


def submitter_of(person: Person, desk: Desk) -> intake.Submitter:
    """The person with her place in the chain, as the county in force has it."""
    node = desk.nodes.get(person.node)
    return intake.Submitter(person.role, person.node, node.division if node else None)
