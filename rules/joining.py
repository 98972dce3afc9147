"""What does a report add to its incident? The first one opens it; the later ones bring what was not known before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rules.desk import Desk
from rules.plausibility import Claim, doubtful, doubtful_after
from schemas.categories import CATEGORIES
from schemas.incident import Incident
from schemas.report import Report
from schemas.vocabulary import Grade, Stage


@dataclass(frozen=True, slots=True)
class Heard:
    """A report as it joins its incident; `judged_at` is the time by which it is judged."""

    report_id: UUID
    report: Report
    division: str | None
    from_node: str | None
    judged_at: datetime


def opened(heard: Heard, desk: Desk) -> Incident:
    """The incident that a first report opens; a grade it gives is provisional and starts the clocks that need one."""
    report = heard.report
    claim = Claim(report.occurred_at, report.known_at)
    return Incident(
        incident_id=heard.report_id,
        number="",
        category=report.category,
        grade=report.grade,
        tags=report.tags,
        title=report.title or _title(heard, desk),
        division=heard.division,
        place_text=report.place.text,
        from_node=heard.from_node,
        nodes=desk.chains.of(heard.division, heard.from_node),
        quantities=report.quantity(),
        occurred_at=report.occurred_at,
        known_at=report.known_at,
        doubtful_times=doubtful(claim, heard.judged_at, report.times_confirmed),
        received_at=heard.judged_at,
        graded_at=heard.judged_at if report.grade is not Grade.UNGRADED else None,
        report_count=1,
    )


def _title(heard: Heard, desk: Desk) -> str:
    """A report without a title still needs a name on the screen: where, and what kind."""
    report = heard.report
    township = desk.chains.node(desk.chains.township_of(heard.division))
    where = report.place.text or (township.name if township else desk.county.name)
    return f"{where} {CATEGORIES[report.category][0]}"


def with_news(incident: Incident, heard: Heard, desk: Desk) -> Incident:
    """What a later report adds: newer numbers, more tags, times that were unknown, a grade where there was none."""
    report = heard.report
    if report.stage is Stage.RETRACTION:
        return incident
    graded = incident.grade is Grade.UNGRADED and report.grade is not Grade.UNGRADED
    corrects = report.stage is Stage.CORRECTION
    update = {
        "tags": tuple(sorted({*incident.tags, *report.tags})),
        "quantities": {**incident.quantities, **report.quantity()},
        "occurred_at": (report.occurred_at if corrects else None)
        or incident.occurred_at
        or report.occurred_at,
        "known_at": (report.known_at if corrects else None) or incident.known_at or report.known_at,
        "nodes": {**desk.chains.of(incident.division, heard.from_node), **incident.nodes},
        "grade": report.grade if graded else incident.grade,
        "graded_at": heard.judged_at if graded else incident.graded_at,
    }
    joined = incident.model_copy(update=update)
    return joined.model_copy(update={"doubtful_times": doubtful_after(incident, joined, report)})


def final_report(incident: Incident, heard: Heard) -> UUID | None:
    """The final report that stands after this one: itself, or none where it retracts the one that stood."""
    report = heard.report
    if report.stage is Stage.FINAL:
        return heard.report_id
    retracted = report.stage is Stage.RETRACTION and report.corrects == incident.final_report_id
    return None if retracted else incident.final_report_id
