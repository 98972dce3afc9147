"""What does a report add to its incident? The first one opens it; of the others `incident_state` says what stands."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from rules.amending import Heard
from rules.desk import Desk
from rules.incident_state import added, content_known_at, is_newest, known_since, state_of
from rules.plausibility import Claim, doubtful
from rules.titles import title_of
from schemas.incident import Incident
from schemas.vocabulary import Grade

__all__ = ["Heard", "join", "needs_all", "opened"]


def opened(heard: Heard, desk: Desk, sender: UUID | None = None) -> Incident:
    """The incident that a first report opens; a grade it gives is provisional and starts the clocks that need one.

    `sender`: who sent it, None for a call that the duty room logged.
    """
    report = heard.report
    claim = Claim(report.occurred_at, report.known_at)
    return Incident(
        incident_id=heard.report_id,
        number="",
        category=report.category,
        grade=report.grade,
        tags=report.tags,
        title=title_of(report, heard.division, desk),
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
        sender=sender,
        known_since=known_since(heard),
        content_known_at=known_since(heard),
    )


def needs_all(incident: Incident, heards: Iterable[Heard]) -> bool:
    """Whether one of these, taken one after the other, is not the newest, so that the earlier reports must be read."""
    for heard in heards:
        if not is_newest(incident, heard):
            return True
        newest = content_known_at(heard, incident.known_since)
        incident = incident.model_copy(update={"content_known_at": newest})
    return False


def join(incident: Incident, heard: Heard, before: Sequence[Heard] | None, desk: Desk) -> Incident:
    """The incident with a later report.

    `before`: all earlier reports, the first of which opened it; None will do for the newest content (`is_newest`).
    """
    if is_newest(incident, heard):
        return added(incident, heard, desk)
    assert before, "what is not the newest is read together with all that came before"
    return state_of([*before, heard], incident, desk)
