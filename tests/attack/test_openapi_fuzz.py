"""Whatever fits, nearly fits or does not fit /openapi.json is answered, never with 500, and leaves the system whole.

Each operation is asked with made-up requests as three kinds of people; an operation that nobody described cannot hide,
because the routes are walked from the application too.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from schemathesis import Case
from schemathesis.generation import GenerationMode

from tests.attack import LONG
from tests.routes import routes_of
from tests.world import World

pytestmark = [pytest.mark.attack, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]
EXAMPLES = 60 if LONG else 4
ASKERS = ("reporter.103", "duty_officer", "admin")
ENDLESS = "/api/v1/stream"
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
ALLOWED = frozenset({200, 201, 202, 204, 303, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def described(shared_world: World) -> dict[str, Any]:
    """What the doors say of themselves."""
    answer = await shared_world.http.get("/openapi.json")
    return dict(answer.json())


async def test_it_describes_every_route_of_the_interface(
    shared_world: World, described: dict[str, Any]
) -> None:
    doors = shared_world.running["doors"].doors
    assert doors is not None
    routes = {(method, path) for method, path in routes_of(doors) if path.startswith("/api/")}
    told = {(method.upper(), path) for path, ways in described["paths"].items() for method in ways}
    assert routes <= told


@dataclass
class Asked:
    """What was answered, by operation and status, and each request whose answer nobody should get."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def attack(schema: dict[str, Any], url: str, token: str, ids: dict[str, str]) -> Asked:
    """Ask every operation with made-up requests; where the path takes an id, about what is really there (`ids`)."""
    asked = Asked()
    loaded = schemathesis.openapi.from_dict(schema)
    loaded.config.generation.update(modes=MODES)
    for result in loaded.get_all_operations():
        operation = result.ok()
        if operation.path == ENDLESS:
            continue
        ask = _asking(operation.label, (url, token), ids, asked)
        settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )(given(case=operation.as_strategy())(ask))()
    return asked


def _asking(label: str, to: tuple[str, str], ids: dict[str, str], asked: Asked) -> Callable[..., None]:
    url, token = to

    def ask(case: Case) -> None:
        given_ids = {name: ids[name] for name in case.path_parameters if name in ids}
        case.path_parameters.update(given_ids)
        answer = case.call(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=20)
        asked.answers[label, answer.status_code] += 1
        if answer.status_code not in ALLOWED:
            asked.wrong.append(f"{label}: {answer.status_code} {case.as_curl_command()[:600]}")

    return ask


@pytest.mark.parametrize("who", ASKERS)
async def test_it_answers_whatever_it_is_asked(
    shared_world: World, described: dict[str, Any], who: str
) -> None:
    receipt = await shared_world.report("reporter.103")
    await shared_world.settled()
    alert = await shared_world.alert(receipt["incident_id"])
    ids = {name: receipt[name] for name in ("incident_id", "report_id")} | {"alert_id": alert["alert_id"]}
    url = str(shared_world.http.base_url)
    asked = await asyncio.to_thread(attack, described, url, shared_world.tokens[who], ids)
    assert asked.wrong == []
    answered = {label for label, _ in asked.answers}
    assert len(answered) == sum(len(ways) for path, ways in described["paths"].items() if path != ENDLESS)
    assert any(status < 300 for _, status in asked.answers) and any(s == 422 for _, s in asked.answers)


async def test_it_goes_on_as_before_when_the_attack_is_over(shared_world: World) -> None:
    receipt = await shared_world.report()
    await shared_world.settled()
    assert (await shared_world.get(f"reports/{receipt['report_id']}"))["state"] == "stored"
    for path in ("incidents?state=all", "obligations", "overview", "events", "timeliness"):
        assert (await shared_world.call("duty_officer", "GET", f"/api/v1/{path}")).status_code == 200, path
    assert await shared_world.rows("select error from parked") == []
