"""Who is next: a ladder is climbed until somebody acknowledges, round after round.

It never waits for nobody: a step with nobody on duty, no way to reach them, or a person already told in this
round is passed at once with its reason. An acknowledgement ends the climb, whatever fact arrives after it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from rules import rosters, routing
from schemas.alert import Alert, Attempt
from schemas.county import Contact, County, Ladder, Person, Step
from schemas.events import AlertUnanswered
from schemas.reasons import AlertReason, EscalationReason
from schemas.vocabulary import AlertState, AttemptState, Channel, Grade

Reach = Callable[[Person], Sequence[Contact]]
"""The contacts of a person that work at present."""

ENDED_IN_VAIN = frozenset({AttemptState.FAILED, AttemptState.UNCERTAIN})

Skipped = tuple[tuple[int, EscalationReason], ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """Where the climb goes on: the first step to try, the round, and who was already told in this round."""

    step: int
    round: int
    grade: Grade
    told: frozenset[UUID] = frozenset()
    climbs: bool = True


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell this person now; silence until `wait_until` calls the next one. None: silence is no question."""

    step: int
    round: int
    person: Person
    channels: tuple[Contact, ...]
    wait_until: datetime | None
    skipped: Skipped = ()
    why: EscalationReason | None = None


@dataclass(frozen=True, slots=True)
class Exhausted:
    """Nobody is left in this round; the next one begins at `next_round_at`."""

    round: int
    next_round_at: datetime
    skipped: Skipped = ()
    why: EscalationReason = EscalationReason.LADDER_EXHAUSTED


@dataclass(frozen=True, slots=True)
class Stay:
    """Nothing is to be done, and why."""

    why: EscalationReason


Decision = Tell | Exhausted | Stay


@dataclass(frozen=True, slots=True)
class Trigger:
    """Why the question is asked now: of which wait (round, step) something is said, and what.

    `due_at` is the moment at which the wait ran out, as the clock read it from the row.
    """

    round: int
    step: int
    why: EscalationReason
    due_at: datetime | None = None


def every_contact(person: Person) -> tuple[Contact, ...]:
    """All contacts that could work: the console needs no address, every other channel does."""
    return tuple(c for c in person.contacts if c.address or c.channel is Channel.CONSOLE)


@dataclass(frozen=True, slots=True)
class Scene:
    """What the decision may look at: the county now, who was told in this round, who can be reached."""

    county: County
    at: datetime
    told: frozenset[UUID] = frozenset()
    reachable: Reach = every_contact


def climb(
    ladder: Ladder, county: County, rung: Rung, at: datetime, reachable: Reach = every_contact
) -> Tell | Exhausted:
    """The first person from `rung` upward who can be told; passes over the others at once."""
    skipped: list[tuple[int, EscalationReason]] = []
    for number, step in enumerate(ladder.steps[rung.step :], start=rung.step):
        person = _person(county, rosters.holder(county, step.post, at))
        if person is None:
            skipped.append((number, EscalationReason.NOBODY_ON_DUTY))
        elif person.person_id in rung.told:
            skipped.append((number, EscalationReason.ALREADY_TOLD))
        elif not (channels := tuple(reachable(person))):
            skipped.append((number, EscalationReason.NO_CHANNEL))
        else:
            until = at + wait(step, rung.grade, ladder) if rung.climbs else None
            return Tell(number, rung.round, person, channels, until, tuple(skipped))
    return Exhausted(rung.round, at + timedelta(minutes=ladder.repeat_minutes), tuple(skipped))


def begin(ladder: Ladder, why: AlertReason, grade: Grade, scene: Scene) -> Tell | Exhausted:
    """The first person to tell of a new alert, who for a breach stands above the duty officer.

    When nobody above can be told, the steps below are tried at once: any ear is better than a pause.
    """
    first = routing.first_step(ladder, why)
    rung = Rung(first, 1, grade, scene.told, routing.climbs(why))
    decision = climb(ladder, scene.county, rung, scene.at, scene.reachable)
    if isinstance(decision, Tell) or first == 0:
        return decision
    lower = climb(ladder, scene.county, replace(rung, step=0), scene.at, scene.reachable)
    return replace(lower, skipped=tuple(sorted({*decision.skipped, *lower.skipped})))


def decide(alert: Alert, trigger: Trigger, scene: Scene) -> Decision:
    """What follows when a wait ran out or every channel of a step failed."""
    if alert.state in (AlertState.ACKNOWLEDGED, AlertState.CLOSED):
        return Stay(EscalationReason.ALREADY_ACKNOWLEDGED)
    if _is_stale(alert, trigger):
        return Stay(EscalationReason.STALE)
    ladder = routing.named(scene.county.ladders, alert.ladder)
    climbs = routing.climbs(alert.reason)
    if alert.state is AlertState.EXHAUSTED:
        rung = Rung(0, alert.round + 1, alert.grade, frozenset(), climbs)
        why = EscalationReason.NEW_ROUND
    elif not climbs and trigger.why is EscalationReason.UNANSWERED:
        return Stay(EscalationReason.REMINDER_ONLY)
    else:
        rung = Rung(alert.step + 1, alert.round, alert.grade, _told(alert, scene), climbs)
        why = trigger.why
    decision = climb(ladder, scene.county, rung, scene.at, scene.reachable)
    return replace(decision, why=why) if isinstance(decision, Tell) else decision


def unanswered(fact: AlertUnanswered) -> Trigger:
    """The trigger that the clock's fact carries: silence, or the time of the next round."""
    return Trigger(fact.round, fact.step, EscalationReason.UNANSWERED, fact.due_at)


def channels_failed(attempt: Attempt) -> Trigger:
    """The trigger of a step whose last hope was this attempt; ask `nobody_reached` first."""
    return Trigger(attempt.round, attempt.step, EscalationReason.CHANNELS_FAILED)


def nobody_reached(states: Collection[AttemptState]) -> bool:
    """Whether every attempt of one step ended without a proof of delivery; `uncertain` is no proof."""
    return bool(states) and all(state in ENDED_IN_VAIN for state in states)


def wait(step: Step, grade: Grade, ladder: Ladder) -> timedelta:
    """How long to wait for an answer; a grade without a time waits like `ungraded`, else the shortest."""
    minutes = step.wait_minutes
    shortest = min(minutes.values(), default=ladder.repeat_minutes)
    return timedelta(minutes=minutes.get(grade, minutes.get(Grade.UNGRADED, shortest)))


def _is_stale(alert: Alert, trigger: Trigger) -> bool:
    """Whether the fact speaks of a wait that is over: an earlier step or round, or an earlier end of it."""
    if (trigger.round, trigger.step) < (alert.round, alert.step):
        return True
    if trigger.why is EscalationReason.CHANNELS_FAILED:
        return alert.state is AlertState.EXHAUSTED
    # Compared with the fact's own due time, never with now: two machines' clocks may differ by milliseconds.
    return trigger.due_at is not None and alert.next_at is not None and trigger.due_at < alert.next_at


def _told(alert: Alert, scene: Scene) -> frozenset[UUID]:
    return scene.told | ({alert.person_id} if alert.person_id is not None else frozenset())


def _person(county: County, login: str | None) -> Person | None:
    if login is None:
        return None
    return next((person for person in county.people if person.login == login), None)
