"""Rights stand in a table; each question is asked for an owner, a colleague and a stranger."""

import pytest

from rules.access import RIGHTS, Act, may, sees
from schemas.vocabulary import NodeRole, UserRole

ALL = set(UserRole)
DUTY_ROOM = {UserRole.DUTY_OFFICER, UserRole.DUTY_LEADER}
READERS = ALL - {UserRole.REPORTER}


@pytest.mark.parametrize(
    ("act", "roles"),
    [
        (Act.REPORT, DUTY_ROOM | {UserRole.REPORTER}),
        (Act.LOG_CALL, DUTY_ROOM),  # a logged call time judges timeliness
        (Act.ACKNOWLEDGE, DUTY_ROOM),
        (Act.ACKNOWLEDGE_ON_BEHALF, DUTY_ROOM),
        (Act.GRADE, DUTY_ROOM),
        (Act.FORWARD, DUTY_ROOM),
        (Act.STOP, DUTY_ROOM),
        (Act.CLOSE, DUTY_ROOM),
        (Act.SEE_ALL, READERS),
        (Act.SEE_TIMELINESS, READERS),
        (Act.SEE_EVENTS, READERS),
        (Act.SEE_METRICS, READERS),
        (Act.ADMINISTER, {UserRole.ADMIN}),  # who keeps the accounts does not decide the cases
    ],
)
def test_who_may_do_what(act: Act, roles: set[UserRole]) -> None:
    assert {role for role in UserRole if may(role, act)} == roles


def test_every_role_stands_in_the_table() -> None:
    assert set(RIGHTS) == ALL


@pytest.mark.parametrize(
    ("node_division", "division", "visible"),
    [
        ("990101103", "990101103", True),  # its own place
        ("990101103", "990101103205", True),  # a village of its own
        ("990101103", "990101104", False),  # the neighbour
        ("990101103", "990101", False),  # the county as a whole
        ("990101", "990101104", True),  # a county department
        ("990101103", None, False),  # nobody knows where
        (None, "990101103", False),  # a reporter of nowhere
        ("", "990101103", False),
    ],
)
def test_a_reporter_sees_its_own_division_and_below(
    node_division: str | None, division: str | None, visible: bool
) -> None:
    assert sees(UserRole.REPORTER, node_division, division) is visible


def test_an_enterprise_sees_only_what_it_reported_itself() -> None:
    heating = {"role": UserRole.REPORTER, "node_division": "990101", "division": "990101104"}
    assert not sees(**heating, node_role=NodeRole.UNIT)  # type: ignore[arg-type]
    assert sees(**heating, node_role=NodeRole.UNIT, own=True)  # type: ignore[arg-type]


def test_a_reporter_sees_its_own_report_wherever_it_happened() -> None:
    assert sees(UserRole.REPORTER, "990101103", None, own=True)


@pytest.mark.parametrize("role", sorted(READERS))
def test_the_others_see_all(role: UserRole) -> None:
    assert sees(role, None, None)
