"""Acts on an incident or alert are carried out, or denied with the reason that the screen shows."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from rules.lifecycle import (
    Acknowledged,
    Closed,
    Denied,
    Forwarded,
    Regraded,
    Reopened,
    Standing,
    Stopped,
    acknowledge,
    close,
    forward,
    join,
    regrade,
    reopen,
    stop,
)
from schemas.alert import Alert
from schemas.incident import Incident
from schemas.reasons import AlertReason, CloseReason, Denial, RefuseReason
from schemas.vocabulary import AlertState, Grade, IncidentState, NodeRole

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LI, WANG = uuid4(), uuid4()
OPEN = Standing()
CLOSED = Standing(state=IncidentState.CLOSED)
FINISHED = Standing(final_stored=True)


def make_alert(**changes: object) -> Alert:
    alert = Alert(
        alert_id=uuid4(),
        incident_id=uuid4(),
        reason=AlertReason.INCIDENT_REPORTED,
        ladder="default",
        grade=Grade.IV,
        step=0,
        state=AlertState.OPEN,
        raised_at=NOW,
    )
    return alert.model_copy(update=changes)


@pytest.mark.parametrize("state", [AlertState.OPEN, AlertState.EXHAUSTED])
def test_whoever_says_it_first_has_it(state: AlertState) -> None:
    alert = make_alert(state=state)
    assert acknowledge(alert, LI, WANG, NOW) == Acknowledged(alert.alert_id, LI, WANG, NOW)


def test_the_second_one_learns_who_was_first() -> None:
    alert = make_alert(state=AlertState.ACKNOWLEDGED, acknowledged_by=LI, acknowledged_at=NOW)
    assert acknowledge(alert, WANG, WANG, NOW) == Denied(Denial.ALREADY_ACKNOWLEDGED, LI, NOW)


def test_a_closed_alert_needs_no_acknowledgement() -> None:
    assert acknowledge(make_alert(state=AlertState.CLOSED), LI, LI, NOW) == Denied(Denial.ALREADY_CLOSED)


@pytest.mark.parametrize(
    ("old", "new", "note", "expected"),
    [
        (Grade.IV, Grade.III, "", Regraded(Grade.IV, Grade.III)),  # upward at once
        (Grade.III, Grade.IV, "", Denied(Denial.REASON_NEEDED)),  # downward only with a reason
        (Grade.III, Grade.IV, "  ", Denied(Denial.REASON_NEEDED)),  # blanks are no reason
        (Grade.III, Grade.IV, "重伤 0 人", Regraded(Grade.III, Grade.IV)),
        (
            Grade.UNGRADED,
            Grade.IV,
            "",
            Regraded(Grade.UNGRADED, Grade.IV),
        ),  # the first judgement is no step down
        (Grade.UNGRADED, Grade.NON_INCIDENT, "", Denied(Denial.REASON_NEEDED)),  # it stops every clock
        (Grade.II, Grade.UNGRADED, "", Denied(Denial.REASON_NEEDED)),  # taking a grade back
        (Grade.NON_INCIDENT, Grade.IV, "", Regraded(Grade.NON_INCIDENT, Grade.IV)),
        (Grade.IV, Grade.IV, "同上", Denied(Denial.SAME_GRADE)),
    ],
)
def test_a_grade_goes_up_freely_and_down_with_a_reason(
    old: Grade, new: Grade, note: str, expected: Regraded | Denied
) -> None:
    assert regrade(Standing(grade=old), new, note) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-60, Stopped(NOW - timedelta(minutes=60))),
        (1, Stopped(NOW + timedelta(minutes=1))),  # another machine's clock
        (3, Denied(Denial.FUTURE_TIME)),
    ],
)
def test_a_response_ended_in_the_past(minutes: int, expected: Stopped | Denied) -> None:
    assert stop(OPEN, NOW + timedelta(minutes=minutes), NOW) == expected


@pytest.mark.parametrize(
    ("standing", "role", "sent_minutes", "expected"),
    [
        (OPEN, NodeRole.CITY, -5, None),
        (OPEN, NodeRole.STATE, -5, None),  # nobody is blocked from skipping levels
        (CLOSED, NodeRole.CITY, -5, None),  # nor from reporting after closing
        (OPEN, NodeRole.CITY, 5, Denial.FUTURE_TIME),
        (Standing(reported=False), NodeRole.CITY, -5, Denial.NOTHING_TO_FORWARD),
        (OPEN, NodeRole.TOWNSHIP, -5, Denial.NOT_ALLOWED),  # that is not upward
    ],
)
def test_a_report_upward_is_hardly_ever_denied(
    standing: Standing, role: NodeRole, sent_minutes: int, expected: Denial | None
) -> None:
    sent_at = NOW + timedelta(minutes=sent_minutes)
    done = Denied(expected) if expected else Forwarded(role, sent_at)
    assert forward(standing, role, sent_at, NOW) == done


def test_a_forward_needs_no_claimed_time() -> None:
    assert forward(OPEN, NodeRole.CITY, None, NOW) == Forwarded(NodeRole.CITY, None)


@pytest.mark.parametrize(
    ("standing", "why", "note", "expected"),
    [
        (FINISHED, CloseReason.FINAL_REPORT, "", Closed(CloseReason.FINAL_REPORT)),
        (
            OPEN,
            CloseReason.FINAL_REPORT,
            "已处置完毕",
            Denied(Denial.NO_FINAL_REPORT),
        ),  # a note is no final report
        (OPEN, CloseReason.DUPLICATE, "与 003 号同一事件", Closed(CloseReason.DUPLICATE)),
        (OPEN, CloseReason.DUPLICATE, "", Denied(Denial.REASON_NEEDED)),
        (OPEN, CloseReason.NON_INCIDENT, " ", Denied(Denial.REASON_NEEDED)),
        (OPEN, CloseReason.RETRACTED, "误报", Closed(CloseReason.RETRACTED)),
        (CLOSED, CloseReason.RETRACTED, "误报", Denied(Denial.ALREADY_CLOSED)),
    ],
)
def test_an_incident_is_closed_by_its_final_report_or_with_a_reason(
    standing: Standing, why: CloseReason, note: str, expected: Closed | Denied
) -> None:
    assert close(standing, why, note) == expected


@pytest.mark.parametrize("why", CloseReason)
def test_whatever_was_closed_can_be_opened_again_with_a_note(why: CloseReason) -> None:
    assert reopen(CLOSED, why, "复燃") == Reopened(why)
    assert reopen(CLOSED, why, " ") == Denied(Denial.REASON_NEEDED)
    assert reopen(OPEN, None, "复燃") == Denied(Denial.ALREADY_OPEN)


def test_a_closed_incident_is_not_graded_nor_stopped() -> None:
    assert regrade(CLOSED, Grade.I, "") == Denied(Denial.ALREADY_CLOSED)
    assert stop(CLOSED, NOW, NOW) == Denied(Denial.ALREADY_CLOSED)


DONE = Standing(state=IncidentState.CLOSED, final_stored=True)


@pytest.mark.parametrize("standing", [OPEN, FINISHED, DONE, CLOSED])
def test_whatever_is_said_of_a_known_incident_is_taken(standing: Standing) -> None:
    """Also after closing, also a second final report: what was said is never lost."""
    assert join(standing) is None


def test_a_report_of_an_incident_that_nobody_knows_is_refused() -> None:
    assert join(None) is RefuseReason.UNKNOWN_INCIDENT


def test_a_correction_of_a_report_nobody_knows_is_refused() -> None:
    assert join(OPEN, corrects_known=False) is RefuseReason.UNKNOWN_REPORT


def test_a_stored_incident_says_where_it_stands() -> None:
    incident = Incident(incident_id=uuid4(), number="1", category="other", received_at=NOW, report_count=1)
    assert Standing.of(incident) == Standing(reported=True)
    assert Standing.of(incident.model_copy(update={"final_report_id": uuid4()})).final_stored
