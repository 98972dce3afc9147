"""After any act that is accepted, every question is answered and the next report is stored; nothing is set aside.

An end of the response in the year 1 was accepted once; then incident, lists and overview failed, and follow-ups parked.
"""

import json
import time
from collections import Counter
from random import Random
from typing import Any

import pytest

from tests.attack import LONG
from tests.attack.any_acts import ACTS, Known, Try
from tests.reports import make_later, make_report
from tests.world import World

pytestmark = pytest.mark.attack
SECONDS, ROUNDS = (100, 1000) if LONG else (12, 3)
SEEDS = range(4) if LONG else range(1)
NOT_ASKED = ("/api/v1/stream",)  # it never ends
PASSES = (1, 7, 45)
"""Minutes that pass now and then."""


@pytest.mark.parametrize("seed", SEEDS)
async def test_no_accepted_act_breaks_an_answer_or_the_next_report(world: World, seed: int) -> None:
    dice, tried = Random(seed), []  # noqa: S311 - no secret, a sequence that can be played again
    known = Known(world.clock.now())
    await opened(world, known)
    paths = await questions(world)
    counts: Counter[str] = Counter()
    deadline = time.monotonic() + SECONDS
    for number in range(ROUNDS):
        if number and time.monotonic() > deadline:
            break
        for act in dice.sample(ACTS, len(ACTS)):
            known.now = world.clock.now()
            one = act(dice, known)
            tried.append(one)
            answer = await world.call(
                one.who, "POST", f"/api/v1/{one.path}", content=dumped(one), headers=JSON
            )
            assert answer.status_code < 500, (one, answer.text)
            counts[f"{act.__name__} {answer.status_code // 100}"] += 1
            if answer.status_code < 300:
                remember(known, one, answer.json())
                await all_is_well(world, known, paths, tried)
        if dice.random() < 0.3:
            await world.fast_forward(minutes=dice.choice(PASSES))
        await opened(world, known)
    accepted = sum(number for name, number in counts.items() if name.endswith(" 2"))
    assert accepted >= 4, counts  # the dice must not refuse everything


JSON = {"Content-Type": "application/json"}


def dumped(one: Try) -> bytes:
    """The body as JSON, written by Python itself: a client refuses some of the values."""
    return json.dumps(one.body).encode()


def remember(known: Known, one: Try, answer: dict[str, Any]) -> None:
    """What a report opened or joined."""
    if one.path in ("reports", "calls") and answer.get("incident_id"):
        known.reports.setdefault(answer["incident_id"], []).append(answer["report_id"])


async def opened(world: World, known: Known) -> None:
    """A fresh incident, so that there is always an open one."""
    receipt = await world.send(make_report(occurred_at=world.clock.now().isoformat(), known_at=None))
    known.reports[receipt["incident_id"]] = [receipt["report_id"]]
    await world.settled()


async def questions(world: World) -> list[str]:
    """Every route that a GET can ask, as the running system describes them."""
    document = (await world.http.get("/openapi.json")).json()
    found = [
        path for path, ways in document["paths"].items() if "get" in ways and path.startswith("/api/v1/")
    ]
    assert len(found) > 10
    return [path for path in found if path not in NOT_ASKED]


async def all_is_well(world: World, known: Known, paths: list[str], tried: list[Try]) -> None:
    """Everything is answered, the next report is stored, nothing is set aside."""
    await world.settled()
    touched = list(known.reports)[-2:]
    for path in paths:
        for incident in touched if "{incident_id}" in path else touched[:1]:
            filled = path.replace("{incident_id}", incident).replace(
                "{report_id}", known.reports[incident][0]
            )
            filled = filled.replace("{pack_id}", "county.demo")
            if "{" in filled:
                continue
            answer = await world.call("duty_officer", "GET", filled)
            assert answer.status_code in (200, 403), (filled, answer.text, tried[-12:])
            if "incidents" in filled:
                assert answer.status_code == 200, (filled, answer.text)
                if answer.json().get("alerts"):
                    known.alerts = [one["alert_id"] for one in answer.json()["alerts"]]
    incident = touched[-1]
    state = (await world.incident(incident))["incident"]["state"]
    body = make_later(incident, stage="follow_up" if state == "open" else "feedback")
    receipt = await world.send(body)
    await world.settled()
    stored = await world.get(f"reports/{receipt['report_id']}")
    assert stored["state"] == "stored", (stored, tried[-12:])
    assert await world.rows("select consumer, error from parked") == [], tried[-12:]
