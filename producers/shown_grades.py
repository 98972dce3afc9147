"""How the proposed grade looks beside an incident's own: one shape, or null where no number makes a grade."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from producers import shown, unreadable
from producers.reception import Reception
from rules import grading
from rules.grading import NoProposal
from schemas.incident import Incident
from storage import incidents
from storage.database import Row


def proposed_grade(one: Incident, reception: Reception, now: datetime) -> dict[str, Any] | None:
    """What the rules propose for an incident as it stands, with the criterion that decided."""
    answer = grading.propose(one.case(), reception.desk.packs, now)
    return None if isinstance(answer, NoProposal) else answer.decided.model_dump(mode="json")


def incident(one: Incident, reception: Reception) -> dict[str, Any]:
    """An incident in full, with its proposal."""
    now = reception.clock.now()
    return shown.incident(one) | {"proposed_grade": _proposed(one.incident_id, lambda: one, reception, now)}


def _proposed(
    incident_id: UUID, read: Callable[[], Incident], reception: Reception, now: datetime
) -> dict[str, Any] | None:
    return unreadable.one("incidents", incident_id, lambda: proposed_grade(read(), reception, now), None)


def beside(
    listed: Sequence[dict[str, Any]], rows: Sequence[Row], reception: Reception
) -> list[dict[str, Any]]:
    """Listed incidents, each with its proposal; `rows` are those they were made from, in any order."""
    now, by_id = reception.clock.now(), {row["incident_id"]: row for row in rows}
    return [one | {"proposed_grade": _of_row(by_id[one["incident_id"]], reception, now)} for one in listed]


def _of_row(row: Row, reception: Reception, now: datetime) -> dict[str, Any] | None:
    return _proposed(row["incident_id"], partial(incidents.read, row), reception, now)
