"""Every route, page and stream for every kind of asker; a route without a row in the table fails."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from tests.attack.access_rows import ASKERS, LOCKED_OUT, ROWS
from tests.owner import load, without
from tests.routes import routes_of
from tests.world import World

pytestmark = [pytest.mark.attack, pytest.mark.asyncio(loop_scope="module")]
LOCKED_OUT_WITHIN = 30.0
"""Seconds; a token that ran out by time alone is still remembered for a while."""
IDS = [f"{method} {path}" for method, path in ROWS]


async def another_token(world: World) -> UUID:
    """The id of a token of somebody who asks nothing here."""
    (row,) = await world.rows(
        "select token_id from api_tokens join people using (person_id) where login = 'reporter.203'"
    )
    return UUID(str(row["token_id"]))


async def another_session(world: World) -> UUID:
    """The id of a session of hers."""
    (row,) = await world.rows(
        "insert into sessions (session_hash, person_id, csrf, created_at, expires_at, seen_at)"
        " select sha256(gen_random_uuid()::text::bytea), person_id, '', now(), 'infinity', 'infinity'"
        " from people where login = 'reporter.203' returning session_id"
    )
    return UUID(str(row["session_id"]))


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
        "path:path": "nothing.js",
        "session_id": str(await another_session(world)),
        "token_id": str(await another_token(world)),
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


async def status(world: World, token: str | None, method: str, path: str, body: Any) -> int:
    """What whoever has this token is answered; a stream is left as soon as it has answered."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
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
        token = shared_world.tokens[who] if who else None
        got[asker] = await status(shared_world, token, method, address(path, ids, row.query), row.body)
    assert got == dict(zip(ASKERS, row.answers, strict=True))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def locked_out(shared_world: World) -> dict[str, str]:
    """Credentials that were good and are not any more, each ended by another way; they are the duty room's."""
    world = shared_world
    gone, stopped, late, ended = "leader.huang", "leader.yang", "duty.zhao", "duty.wang"
    for login in (gone, stopped, late, ended):
        assert (await world.call(login, "GET", "/api/v1/session")).status_code == 200
    assert await load(world, without(world.county, gone)) == [gone]
    await world.act(f"people/{stopped}/deactivate", "admin")
    await world.rows(
        "update api_tokens set expires_at = '2026-11-22' from people p"
        " where p.person_id = api_tokens.person_id and login = $1", late,
    )  # fmt: skip
    for token in (await world.get(f"people/{ended}/tokens", "admin"))["tokens"]:
        await world.call("admin", "DELETE", f"/api/v1/people/{ended}/tokens/{token['token_id']}")
    tokens = dict(zip(LOCKED_OUT, (world.tokens[one] for one in (gone, stopped, late, ended)), strict=True))
    async with asyncio.timeout(LOCKED_OUT_WITHIN):
        for token in tokens.values():
            while await status(world, token, "GET", "/api/v1/session", None) != 401:
                await asyncio.sleep(0.1)
    return tokens


@pytest.mark.parametrize("credential", LOCKED_OUT)
@pytest.mark.parametrize("route", ROWS, ids=IDS)
async def test_whoever_is_locked_out_is_answered_like_nobody(
    shared_world: World,
    seen: dict[str, str],
    locked_out: dict[str, str],
    route: tuple[str, str],
    credential: str,
) -> None:
    (method, path), row = route, ROWS[route]
    token = locked_out[credential]
    got = await status(shared_world, token, method, address(path, seen, row.query), row.body)
    assert got == row.answers[0]
