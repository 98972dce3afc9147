"""The ladder is climbed until somebody acknowledges; a step that can tell nobody is passed at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.escalation import (
    Exhausted,
    Rung,
    Scene,
    Stay,
    Tell,
    Trigger,
    begin,
    channels_failed,
    climb,
    decide,
    every_contact,
    nobody_reached,
    unanswered,
    wait,
)
from schemas.alert import Alert, Attempt
from schemas.county import Contact, County, Ladder, Person, Post, Roster, Step
from schemas.events import AlertUnanswered
from schemas.reasons import AlertReason, EscalationReason
from schemas.vocabulary import AlertState, AttemptState, Channel, Grade, UserRole

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
POSTS = ("officer", "leader", "director", "deputy", "head")
PEOPLE = {
    post: Person(
        person_id=UUID(int=n), login=f"p.{post}", name=post, node="990101", role=UserRole.DUTY_LEADER
    )
    for n, post in enumerate(POSTS, start=1)
}
WAITS = {Grade.I: 2.0, Grade.III: 3.0, Grade.IV: 5.0}
LADDER = Ladder(
    id="default", repeat_minutes=10, steps=tuple(Step(post=post, wait_minutes=WAITS) for post in POSTS)
)


def make_county(
    holders: dict[str, str] | None = None, people: Sequence[Person] = tuple(PEOPLE.values())
) -> County:
    """A county whose posts are held as said; a post that is left out is empty."""
    held = {post: f"p.{post}" for post in POSTS} if holders is None else holders
    return County(
        code="990101",
        name="云岭县",
        phone="0990-5550100",
        nodes=(),
        people=tuple(people),
        posts=tuple(Post(code=post, name=post, holder=held.get(post)) for post in POSTS),
        roster=Roster(),
        ladders=(LADDER,),
    )


def make_alert(**changes: object) -> Alert:
    alert = Alert(
        alert_id=uuid4(),
        incident_id=uuid4(),
        reason=AlertReason.INCIDENT_REPORTED,
        ladder="default",
        grade=Grade.IV,
        step=0,
        state=AlertState.OPEN,
        person_id=PEOPLE["officer"].person_id,
        raised_at=NOW - timedelta(minutes=5),
        next_at=None,  # the clock claims the row before it speaks
    )
    return alert.model_copy(update=changes)


def silence(round: int = 1, step: int = 0, due_at: datetime = NOW) -> Trigger:
    fact = AlertUnanswered(at=NOW, alert_id=uuid4(), step=step, round=round, due_at=due_at)
    return unanswered(fact)


SCENE = Scene(make_county(), NOW)


def told(decision: object) -> Tell:
    assert isinstance(decision, Tell)
    return decision


def test_it_tells_the_duty_officer_first() -> None:
    tell = told(begin(LADDER, AlertReason.INCIDENT_REPORTED, Grade.IV, SCENE))
    assert (tell.person.login, tell.step, tell.round, tell.skipped) == ("p.officer", 0, 1, ())
    assert tell.wait_until == NOW + timedelta(minutes=5)
    assert tell.channels == (Contact(channel=Channel.CONSOLE),)


def test_it_tells_the_next_person_when_nobody_acknowledges() -> None:
    tell = told(decide(make_alert(), silence(), SCENE))
    assert (tell.person.login, tell.step, tell.why) == ("p.leader", 1, EscalationReason.UNANSWERED)


def test_it_passes_an_empty_post_at_once_and_says_why() -> None:
    scene = replace(SCENE, county=make_county({"director": "p.director", "head": "p.head"}))
    tell = told(begin(LADDER, AlertReason.INCIDENT_REPORTED, Grade.IV, scene))
    assert tell.person.login == "p.director"
    assert tell.skipped == ((0, EscalationReason.NOBODY_ON_DUTY), (1, EscalationReason.NOBODY_ON_DUTY))


def test_it_passes_a_person_without_a_channel_at_once() -> None:
    scene = replace(SCENE, reachable=lambda person: () if person.login == "p.leader" else person.contacts)
    tell = told(decide(make_alert(), silence(), scene))
    assert tell.person.login == "p.director"
    assert tell.skipped == ((1, EscalationReason.NO_CHANNEL),)


def test_it_does_not_tell_one_person_twice_in_one_round() -> None:
    scene = replace(
        SCENE, county=make_county({"officer": "p.officer", "leader": "p.officer", "head": "p.head"})
    )
    tell = told(decide(make_alert(), silence(), scene))
    assert tell.person.login == "p.head"
    assert tell.skipped[0] == (1, EscalationReason.ALREADY_TOLD)


def test_a_holder_who_left_the_county_counts_as_nobody() -> None:
    scene = replace(SCENE, county=make_county({"officer": "p.gone", "leader": "p.leader"}))
    tell = told(begin(LADDER, AlertReason.INCIDENT_REPORTED, Grade.IV, scene))
    assert tell.skipped == ((0, EscalationReason.NOBODY_ON_DUTY),)


def test_after_the_last_step_it_rests_and_then_starts_again_from_the_bottom() -> None:
    last = make_alert(step=4, person_id=PEOPLE["head"].person_id)
    rest = decide(last, silence(step=4), SCENE)
    assert rest == Exhausted(1, NOW + timedelta(minutes=10))
    exhausted = last.model_copy(update={"state": AlertState.EXHAUSTED})
    later = replace(SCENE, at=NOW + timedelta(minutes=10))
    again = told(decide(exhausted, silence(step=4, due_at=later.at), later))
    assert (again.person.login, again.round, again.why) == ("p.officer", 2, EscalationReason.NEW_ROUND)


def test_when_nobody_at_all_can_be_told_the_round_is_over_at_once() -> None:
    rest = begin(LADDER, AlertReason.INCIDENT_REPORTED, Grade.IV, replace(SCENE, county=make_county({})))
    assert isinstance(rest, Exhausted)
    assert rest.skipped == tuple((step, EscalationReason.NOBODY_ON_DUTY) for step in range(5))


@pytest.mark.parametrize("state", [AlertState.ACKNOWLEDGED, AlertState.CLOSED])
@pytest.mark.parametrize(
    "trigger", [silence(), silence(step=4), Trigger(1, 0, EscalationReason.CHANNELS_FAILED)]
)
def test_an_acknowledgement_beats_every_escalation(state: AlertState, trigger: Trigger) -> None:
    assert decide(make_alert(state=state), trigger, SCENE) == Stay(EscalationReason.ALREADY_ACKNOWLEDGED)


@pytest.mark.parametrize(
    ("alert", "trigger"),
    [
        # the step has moved on since
        (make_alert(step=1), silence(step=0)),
        # a whole round has begun since, though the step number is higher
        (make_alert(round=2, step=0), silence(round=1, step=4)),
        # the same fact again after it exhausted the ladder: the next round is still to come
        (
            make_alert(step=4, state=AlertState.EXHAUSTED, next_at=NOW + timedelta(minutes=10)),
            silence(step=4, due_at=NOW),
        ),
        # the wait was prolonged since
        (make_alert(next_at=NOW + timedelta(minutes=1)), silence()),
        # a channel that failed at last, after the ladder was exhausted, starts no new round
        (make_alert(step=4, state=AlertState.EXHAUSTED), Trigger(1, 4, EscalationReason.CHANNELS_FAILED)),
    ],
)
def test_a_fact_about_a_wait_that_is_over_changes_nothing(alert: Alert, trigger: Trigger) -> None:
    assert decide(alert, trigger, SCENE) == Stay(EscalationReason.STALE)


def test_a_clock_that_runs_ahead_of_ours_still_escalates() -> None:
    alert = make_alert(next_at=NOW)
    behind = replace(SCENE, at=NOW - timedelta(seconds=1))
    assert told(decide(alert, silence(due_at=NOW), behind)).step == 1


def test_failed_channels_call_the_next_person_before_the_wait_is_over() -> None:
    alert = make_alert(next_at=NOW + timedelta(minutes=5))
    attempt = Attempt(
        attempt_id=uuid4(),
        alert_id=alert.alert_id,
        step=0,
        round=1,
        person_id=uuid4(),
        channel=Channel.WEBHOOK,
    )
    tell = told(decide(alert, channels_failed(attempt), SCENE))
    assert (tell.step, tell.why) == (1, EscalationReason.CHANNELS_FAILED)


@pytest.mark.parametrize(
    ("states", "in_vain"),
    [
        ([AttemptState.FAILED, AttemptState.FAILED], True),
        ([AttemptState.FAILED, AttemptState.UNCERTAIN], True),  # maybe sent is no proof
        ([AttemptState.FAILED, AttemptState.SENDING], False),  # one may still succeed
        ([AttemptState.FAILED, AttemptState.DELIVERED], False),
        ([], False),  # nothing was tried, so nothing failed
    ],
)
def test_a_step_failed_when_no_channel_proved_delivery(states: list[AttemptState], in_vain: bool) -> None:
    assert nobody_reached(states) is in_vain


def test_a_breach_is_told_to_the_duty_leader_at_once() -> None:
    assert told(begin(LADDER, AlertReason.OBLIGATION_BREACHED, Grade.IV, SCENE)).person.login == "p.leader"


def test_a_breach_falls_back_to_the_duty_officer_when_nobody_stands_above() -> None:
    scene = replace(SCENE, county=make_county({"officer": "p.officer"}))
    tell = told(begin(LADDER, AlertReason.OBLIGATION_BREACHED, Grade.IV, scene))
    assert tell.person.login == "p.officer"
    assert tell.skipped == tuple((step, EscalationReason.NOBODY_ON_DUTY) for step in range(1, 5))


def test_a_reminder_tells_one_person_and_does_not_climb() -> None:
    tell = told(begin(LADDER, AlertReason.OBLIGATION_DUE_SOON, Grade.IV, SCENE))
    assert (tell.person.login, tell.wait_until) == ("p.officer", None)
    alert = make_alert(reason=AlertReason.OBLIGATION_DUE_SOON)
    assert decide(alert, silence(), SCENE) == Stay(EscalationReason.REMINDER_ONLY)


def test_a_reminder_that_reached_nobody_goes_to_the_next_person() -> None:
    alert = make_alert(reason=AlertReason.OBLIGATION_DUE_SOON)
    tell = told(decide(alert, Trigger(1, 0, EscalationReason.CHANNELS_FAILED), SCENE))
    assert (tell.person.login, tell.wait_until) == ("p.leader", None)


@pytest.mark.parametrize(
    ("waits", "grade", "minutes"),
    [
        (WAITS, Grade.I, 2),
        (WAITS, Grade.IV, 5),
        (WAITS, Grade.UNGRADED, 2),  # unknown is treated as severe
        (WAITS, Grade.II, 2),  # a grade that was forgotten as well
        ({**WAITS, Grade.UNGRADED: 4.0}, Grade.II, 4),
        ({}, Grade.I, 10),  # a file without any time (`roster check` refuses it) still climbs
    ],
)
def test_the_wait_is_data_and_falls_back_to_the_shortest(
    waits: dict[Grade, float], grade: Grade, minutes: float
) -> None:
    assert wait(Step(post="officer", wait_minutes=waits), grade, LADDER) == timedelta(minutes=minutes)


def test_a_webhook_without_an_address_is_no_channel() -> None:
    person = PEOPLE["officer"].model_copy(update={"contacts": (Contact(channel=Channel.WEBHOOK),)})
    assert every_contact(person) == ()


@given(st.sets(st.sampled_from(POSTS)), st.sampled_from(list(Grade)))
def test_one_round_of_silence_tells_every_reachable_person_exactly_once(
    manned: set[str], grade: Grade
) -> None:
    county = make_county({post: f"p.{post}" for post in manned})
    seen: list[str] = []
    already: frozenset[UUID] = frozenset()
    decision = climb(LADDER, county, Rung(0, 1, grade), NOW)
    while isinstance(decision, Tell):
        seen.append(decision.person.name)
        already |= {decision.person.person_id}
        decision = climb(LADDER, county, Rung(decision.step + 1, 1, grade, already), NOW)
    assert seen == [post for post in POSTS if post in manned]
