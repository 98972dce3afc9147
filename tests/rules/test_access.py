"""Rights stand in a table; each question is asked for an owner, a colleague and a stranger."""

from uuid import UUID

import pytest

from rules.access import RIGHTS, Act, Scope, may, may_correct, scope_of
from schemas.county import Node, Person
from schemas.vocabulary import NodeRole, UserRole

ALL = set(UserRole)
DUTY_ROOM = {UserRole.DUTY_OFFICER, UserRole.DUTY_LEADER}
READERS = ALL - {UserRole.REPORTER}


@pytest.mark.parametrize(
    ("act", "roles"),
    [
        (Act.CORRECT_OTHERS, DUTY_ROOM),  # who was not there does not rewrite what somebody said
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
        (Act.SEE_SECURITY_LOG, {UserRole.AUDITOR, UserRole.ADMIN}),
        (Act.ADMINISTER, {UserRole.ADMIN}),  # who keeps the accounts does not decide the cases
    ],
)
def test_who_may_do_what(act: Act, roles: set[UserRole]) -> None:
    assert {role for role in UserRole if may(role, act)} == roles


def test_every_role_stands_in_the_table() -> None:
    assert set(RIGHTS) == ALL


TOWNSHIP = Scope(False, "990101103", "990101103")
HEALTH = Scope(False, "HEALTH", None, ("public_health.infectious", "accident.school"), "990101")


@pytest.mark.parametrize(
    ("division", "visible"),
    [
        ("990101103", True),  # its own place
        ("990101103205", True),  # a village of its own
        ("990101104", False),  # the neighbour
        ("990101", False),  # the county as a whole
        (None, False),  # nobody knows where
    ],
)
def test_a_township_sees_its_own_division_and_below(division: str | None, visible: bool) -> None:
    assert TOWNSHIP.holds(division, "accident.fire", "another") is visible


@pytest.mark.parametrize(
    ("category", "division", "visible"),
    [
        ("public_health.infectious", "990101104", True),
        ("accident.school", None, True),  # nobody knows where
        ("accident.school.violence", "990101", True),  # below what it handles
        ("accident.schooling", "990101104", False),  # a word that only begins alike
        ("public_health", "990101104", False),  # above what it handles
        ("accident.fire", "990101104", False),  # another department's
        ("public_health.infectious", "990102104", False),  # another county's
        (None, "990101104", False),
    ],
)
def test_a_department_sees_its_categories_in_its_county(
    category: str | None, division: str | None, visible: bool
) -> None:
    assert HEALTH.holds(division, category, "another") is visible


def test_everybody_sees_what_their_own_node_reported_or_takes_part_in() -> None:
    for scope in (TOWNSHIP, HEALTH, Scope(False, "HEATING")):
        assert scope.holds(None, None, scope.node)
        assert scope.holds("88", "other", "another", ["x", scope.node])
        assert not scope.holds("88", "other", "another", ["x"])


def make_node(role: NodeRole) -> Node:
    return Node(code="N", name="N", role=role, division="990101", handles=("accident.fire",))


def make_person(role: UserRole) -> Person:
    return Person(person_id=UUID(int=1), login="abc", name="A", node="N", role=role)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (NodeRole.UNIT, Scope(False, "N")),  # an enterprise is no authority where it works
        (NodeRole.TOWNSHIP, Scope(False, "N", "990101")),
        (NodeRole.VILLAGE, Scope(False, "N", "990101")),
        (NodeRole.COUNTY_DEPARTMENT, Scope(False, "N", None, ("accident.fire",), "990101")),
        (NodeRole.CDC, Scope(False, "N", None, ("accident.fire",), "990101")),
    ],
)
def test_a_reporters_scope_follows_the_role_of_its_node(role: NodeRole, expected: Scope) -> None:
    assert scope_of(make_person(UserRole.REPORTER), make_node(role)) == expected


def test_a_reporter_of_no_node_sees_only_its_own() -> None:
    assert scope_of(make_person(UserRole.REPORTER), None) == Scope(False, "N")


@pytest.mark.parametrize("role", sorted(READERS))
def test_the_others_see_all(role: UserRole) -> None:
    assert scope_of(make_person(role), make_node(NodeRole.UNIT)).holds(None, None, None)


@pytest.mark.parametrize("role", list(UserRole))
def test_only_the_duty_room_corrects_what_another_node_said(role: UserRole) -> None:
    person = make_person(role)
    assert may_correct(person, "N")
    assert may_correct(person, "another") is (role in DUTY_ROOM)
    assert may_correct(person, None) is (role in DUTY_ROOM)
