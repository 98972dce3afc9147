"""Reports and acts with bodies that nobody foresaw, for an incident in any state; a new act is a line of ACTS more."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from schemas.reasons import CloseReason
from schemas.vocabulary import AcknowledgeMedium, Grade, Medium, NodeRole, Stage, Tag
from tests.reports import make_later, make_report
from tests.times import NO_TEXTS, NO_TIMES, TIMES

Body = dict[str, Any]
STRANGE = [text for text, _ in (*NO_TIMES, *TIMES)]
CATEGORIES = (
    "accident.traffic.expressway",
    "accident.fire",
    "natural.flood",
    "other",
    "accident.spaceship",
    "",
)
DIVISIONS = ("990101103", "990101103001", "990101104", "990101", None, "abc")
NOTES = ("", "原话", "a" * 2000, "a" * 2001, "a\x00b", None, 7)


@dataclass
class Known:
    """What the one who tries knows: the moment, the incidents by their reports, and the alerts that were raised."""

    now: datetime
    reports: dict[str, list[str]] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)
    act_ids: list[str] = field(default_factory=list)

    def incident(self, dice: Random) -> str:
        """One of the newest incidents: what happened to it last is tried further."""
        return dice.choice(list(self.reports)[-4:])


@dataclass(frozen=True)
class Try:
    """One request. `who` is a role of the tests, `path` follows /api/v1/."""

    who: str
    path: str
    body: Body


def a_time(dice: Random, known: Known) -> Any:
    """A moment near now, long ago, ahead, in any form, or none at all."""
    minutes = dice.choice(
        (0, 0, 0, -1, -5, -40, -60 * 30, -60 * 24 * 29, -60 * 24 * 31, -60 * 24 * 3653, 1, 90)
    )
    near = (known.now + timedelta(minutes=minutes)).isoformat()
    if dice.random() < 0.8:
        return near
    return dice.choice((dice.choice(STRANGE), dice.choice(STRANGE), dice.choice(NO_TEXTS), None))


def _content(dice: Random, known: Known) -> Body:
    content: Body = {
        "category": dice.choice(CATEGORIES[:4] if dice.random() < 0.9 else CATEGORIES),
        "grade": dice.choice([*Grade]).value,
        "tags": dice.sample([tag.value for tag in Tag], dice.randrange(3)),
        "medium": dice.choice(("written", "network", "written", "phone", "any")),
        "occurred_at": a_time(dice, known),
        "known_at": a_time(dice, known),
        "times_confirmed": dice.choice(([], [], ["occurred_at"], ["known_at", "known_at"], ["called_at"])),
        "place": {"division": dice.choice(DIVISIONS if dice.random() < 0.2 else DIVISIONS[:2])},
        "casualties": {"deaths": dice.choice((0, 3, 30, None, 100_000_000))},
    }
    return {key: value for key, value in content.items() if dice.random() < 0.5}


def first(dice: Random, known: Known) -> Try:
    return Try("reporter", "reports", make_report() | _content(dice, known))


def call(dice: Random, known: Known) -> Try:
    report = make_report() | _content(dice, known) | {"medium": "phone"}
    return Try("duty_officer", "calls", {"called_at": a_time(dice, known), "report": report})


def later(dice: Random, known: Known) -> Try:
    incident = known.incident(dice)
    stage = dice.choice([one.value for one in Stage if one is not Stage.FIRST])
    body = make_later(incident, stage=stage) | _content(dice, known)
    if stage in ("correction", "retraction") and dice.random() < 0.9:
        body["corrects"] = dice.choice(known.reports[incident])
    return Try("reporter", "reports", body)


def correction(dice: Random, known: Known) -> Try:
    incident = known.incident(dice)
    more = {"stage": "correction", "corrects": known.reports[incident][0]}
    return Try("reporter", "reports", make_later(incident) | _content(dice, known) | more)


def _on(dice: Random, known: Known, act: str, body: Body) -> Try:
    """An act of the duty officer, half of the time under an id, and now and then under one that was used before."""
    if dice.random() < 0.5:
        known.act_ids.append(str(UUID(int=dice.getrandbits(128))))
        body["act_id"] = known.act_ids[-1] if dice.random() < 0.8 else dice.choice(known.act_ids)
    return Try("duty_officer", f"incidents/{known.incident(dice)}/{act}", body)


def stop(dice: Random, known: Known) -> Try:
    return _on(dice, known, "stop", {"stopped_at": a_time(dice, known)})


def grade(dice: Random, known: Known) -> Try:
    body = {"grade": dice.choice([*Grade]).value, "note": dice.choice(NOTES[:3])}
    return _on(dice, known, "grade", body)


def forward(dice: Random, known: Known) -> Try:
    body = {
        "to_role": dice.choice((NodeRole.CITY, NodeRole.PROVINCE, dice.choice([*NodeRole]))).value,
        "stage": dice.choice([*Stage]).value,
        "medium": dice.choice([*Medium]).value,
        "sent_at": a_time(dice, known),
        "receipt_no": dice.choice(("", "市值 12", "市值 13", "x" * 201)),
        "copied_to": dice.sample([role.value for role in NodeRole], dice.randrange(3)),
    }
    return _on(dice, known, "forward", body)


def close(dice: Random, known: Known) -> Try:
    body = {
        "why": dice.choice([*CloseReason]).value,
        "note": dice.choice(NOTES if dice.random() < 0.3 else NOTES[:2]),
    }
    return _on(dice, known, "close", body)


def reopen(dice: Random, known: Known) -> Try:
    return _on(dice, known, "reopen", {"note": dice.choice(NOTES if dice.random() < 0.3 else NOTES[1:2])})


def acknowledge(dice: Random, known: Known) -> Try:
    alert = dice.choice(known.alerts or [known.incident(dice)])
    body = {
        "note": dice.choice(NOTES),
        "medium": dice.choice([*AcknowledgeMedium]).value,
        "on_behalf_of": dice.choice((None, None, "nobody", "reporter.103", "leader.duty")),
    }
    return Try("duty_officer", f"alerts/{alert}/acknowledge", body)


ACTS: tuple[Callable[[Random, Known], Try], ...] = (
    first,
    call,
    later,
    later,
    correction,
    stop,
    stop,
    grade,
    forward,
    close,
    reopen,
    acknowledge,
)
"""What may be tried, more often what stands twice. Close is rare enough that most acts meet an open incident."""
