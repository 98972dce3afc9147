"""Every route, page and stream for every kind of asker; a route without a row in the table fails."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from tests.attack.access_rows import ASKERS, ROWS
from tests.routes import routes_of
from tests.world import World

pytestmark = [pytest.mark.attack, pytest.mark.asyncio(loop_scope="module")]
IDS = [f"{method} {path}" for method, path in ROWS]


async def reported(world: World) -> dict[str, str]:
    """An incident of township 103, its report and its alert; a pack that stands; a token that was never given."""
    receipt = await world.report("reporter.103")
    await world.settled()
    alert = await world.alert(receipt["incident_id"])
    return {
        "incident_id": receipt["incident_id"],
        "report_id": receipt["report_id"],
        "alert_id": alert["alert_id"],
        "pack_id": "cn.national",
        "token": "never-given",
        "login": "reporter.108",
        "session_id": str(UUID(int=1)),
        "token_id": str(UUID(int=1)),
        "path:path": "nothing.js",
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seen(shared_world: World) -> dict[str, str]:
    """What is asked about where nothing changes."""
    return await reported(shared_world)


def address(path: str, ids: dict[str, str], query: str) -> str:
    """The path with its ids in their places."""
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)
    return path + query


async def status(world: World, who: str | None, method: str, path: str, body: Any) -> int:
    """What this asker is answered; a stream is left as soon as it has answered."""
    headers = {"Authorization": f"Bearer {world.tokens[who]}"} if who else {}
    async with asyncio.timeout(20):
        request = world.http.build_request(method, path, headers=headers, json=body)
        answer = await world.http.send(request, stream=True)
        await answer.aclose()
    return answer.status_code


async def test_every_route_has_its_row(shared_world: World) -> None:
    doors = shared_world.running["doors"].doors
    assert doors is not None
    assert routes_of(doors) == set(ROWS)


@pytest.mark.parametrize("route", ROWS, ids=IDS)
async def test_each_asker_is_answered_as_the_table_says(
    shared_world: World, seen: dict[str, str], route: tuple[str, str]
) -> None:
    (method, path), row = route, ROWS[route]
    got: dict[str, int] = {}
    for (asker, who), expected in zip(ASKERS.items(), row.answers, strict=True):
        acts = method == "POST" and expected < 300 and "{" in path
        ids = await reported(shared_world) if acts else seen  # an act changes what the next one would meet
        got[asker] = await status(shared_world, who, method, address(path, ids, row.query), row.body)
    assert got == dict(zip(ASKERS, row.answers, strict=True))
