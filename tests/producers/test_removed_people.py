"""Who is out is out at once, with password, session, token and open stream; who was known goes on while the database
is away."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from producers import credentials as known
from schemas.vocabulary import UserRole
from storage import credentials
from tests.browsers import PASSWORD, browser, give_password, signed_in
from tests.owner import changed, load, owner, without
from tests.world import World

WITHIN = 3.0
"""Seconds; what the doors remember lasts longer, so they must have been told."""


async def until_refused(http: httpx.AsyncClient, **options: Any) -> None:
    """Ask until the answer is 401, for three seconds at most."""
    async with asyncio.timeout(WITHIN):
        while (await http.get("/api/v1/session", **options)).status_code != 401:
            await asyncio.sleep(0)


async def until_ended(listening: "asyncio.Future[Any]") -> None:
    """Wait until the server has ended a stream."""
    await asyncio.wait_for(asyncio.shield(listening), WITHIN)


@pytest.mark.parametrize("way", ["file", "deactivated", "other_login"])
async def test_it_ends_session_token_stream_and_password_of_whoever_is_taken_out(
    world: World, way: str
) -> None:
    assert known.REMEMBER > WITHIN
    token = {"Authorization": f"Bearer {world.tokens['duty.zhao']}"}
    async with signed_in(world, "duty.zhao") as one, browser(world) as later:
        assert (await world.call("duty.zhao", "GET", "/api/v1/session")).status_code == 200
        by_session, by_token = stream_of(one.http), stream_of(world.http, headers=token)
        async with by_session as first, by_token as second:
            reading = asyncio.gather(read_all(first), read_all(second))
            await take_out(world, "duty.zhao", way)
            await until_refused(one.http)
            await until_refused(world.http, headers=token)
            await until_ended(reading)
        assert (await later.sign_in("duty.zhao")).status_code == 401
        assert (await later.sign_in("duty.zhao.new")).status_code == 401
    left = await world.rows(
        "select (select count(*) from sessions s where s.person_id = p.person_id)"
        " + (select count(*) from api_tokens t where t.person_id = p.person_id) as n, may_sign_in"
        " from people p where login in ('duty.zhao', 'duty.zhao.new')"
    )
    assert [row["n"] for row in left] == [0]


def stream_of(http: httpx.AsyncClient, **options: Any) -> AbstractAsyncContextManager[httpx.Response]:
    """A live stream as a console opens it."""
    return http.stream("GET", "/api/v1/stream", timeout=None, **options)


async def read_all(stream: httpx.Response) -> None:
    """Read a stream until the server ends it."""
    async for _ in stream.aiter_bytes():
        pass


async def take_out(world: World, login: str, way: str) -> None:
    """Each way in which somebody is out."""
    if way == "file":
        assert await load(world, without(world.county, login)) == [login]
    elif way == "other_login":
        assert await load(world, changed(world.county, {login: {"login": f"{login}.new"}})) == [login]
    else:
        answer = await world.call(
            "admin", "POST", f"/api/v1/people/{login}/deactivate", json={"note": "离职"}
        )
        assert (answer.status_code, answer.json()["changed"]) == (200, True)


async def test_it_gives_nothing_of_the_former_holder_to_a_new_person_with_the_same_login(
    world: World,
) -> None:
    await give_password(world, "duty.zhao")
    newcomer = {"person_id": uuid4(), "name": "新人"}
    assert await load(world, changed(world.county, {"duty.zhao": newcomer})) == ["duty.zhao"]
    await until_refused(world.http, headers={"Authorization": f"Bearer {world.tokens['duty.zhao']}"})
    async with browser(world) as one:
        assert (await one.sign_in("duty.zhao")).status_code == 401
    rows = await world.rows(
        "select name, active, password_hash from people where login = 'duty.zhao' order by active"
    )
    assert [(row["active"], row["password_hash"]) for row in rows] == [(False, None), (True, None)]


async def test_it_bears_two_people_who_exchange_their_logins(world: World) -> None:
    await give_password(world, "duty.zhao")
    by_login = {person.login: person for person in world.county.people}
    swapped = {"duty.zhao": {"login": "duty.li"}, "duty.li": {"login": "duty.zhao"}}
    assert sorted(await load(world, changed(world.county, swapped))) == ["duty.li", "duty.zhao"]
    rows = await world.rows(
        "select person_id from people where login = 'duty.li' and active and password_hash is null"
    )
    assert [row["person_id"] for row in rows] == [by_login["duty.zhao"].person_id]


async def test_it_lets_nobody_back_in_by_loading_the_file_again(world: World) -> None:
    await give_password(world, "duty.zhao")
    await world.act("people/duty.zhao/deactivate", "admin")
    assert await load(world, world.county) == []
    async with browser(world) as one:
        assert (await one.sign_in("duty.zhao")).status_code == 401
        await world.act("people/duty.zhao/reactivate", "admin")
        assert (await one.sign_in("duty.zhao", PASSWORD)).status_code == 303
    assert (await world.call("duty.zhao", "GET", "/api/v1/session")).status_code == 401  # tokens stay ended


@pytest.mark.parametrize("act", ["deactivate", "reactivate", "sessions/end"])
async def test_it_lets_only_an_administrator_end_an_account_and_never_her_own(world: World, act: str) -> None:
    for who in ("reporter", "duty_officer", "duty_leader", "auditor"):
        answer = await world.call(who, "POST", f"/api/v1/people/duty.zhao/{act}", json={})
        assert answer.status_code == 403, who
    assert (await world.http.post(f"/api/v1/people/duty.zhao/{act}", json={})).status_code == 401
    assert (await world.call("admin", "POST", f"/api/v1/people/nobody/{act}", json={})).status_code == 404
    own = await world.call("admin", "POST", "/api/v1/people/admin/deactivate", json={})
    assert (own.status_code, own.json()["errors"][0]["reason"]) == (409, "own_account")


async def test_it_lets_whoever_was_known_report_on_while_the_database_is_away(world: World) -> None:
    await world.report()
    await world.running["doors"].database.close()
    assert (await world.report())["receipt_no"]


async def test_it_ends_a_token_the_moment_it_runs_out(world: World) -> None:
    person = next(one for one in world.county.people if one.login == "duty.zhao")
    async with owner(world) as database, database.transaction() as tx:
        ends = world.clock.now() + timedelta(hours=1)
        await credentials.save_token(tx, "one that ends", person.person_id, "报表接口", ends)
    headers = {"Authorization": "Bearer one that ends"}
    assert (await world.http.get("/api/v1/session", headers=headers)).status_code == 200
    world.clock.move(timedelta(hours=1))
    assert (await world.http.get("/api/v1/session", headers=headers)).status_code == 401


async def test_it_lists_tokens_without_showing_them_and_revokes_one_at_once(world: World) -> None:
    listed = (await world.get("account/tokens", "duty.zhao"))["tokens"]
    assert [one["label"] for one in listed] == ["duty.zhao"]
    assert set(listed[0]) == {"token_id", "label", "created_at", "expires_at"}
    token_id = listed[0]["token_id"]
    assert (await world.call("duty.li", "DELETE", f"/api/v1/account/tokens/{token_id}")).status_code == 404
    assert (await world.call("admin", "GET", "/api/v1/people/duty.zhao/tokens")).json()["tokens"] == listed
    done = await world.call("admin", "DELETE", f"/api/v1/people/duty.zhao/tokens/{token_id}")
    assert done.status_code == 200
    await until_refused(world.http, headers={"Authorization": f"Bearer {world.tokens['duty.zhao']}"})


async def test_it_counts_no_screen_as_shown_whose_session_has_ended(world: World) -> None:
    officer = world.on_duty.duty_officer.login
    async with signed_in(world, officer) as one, stream_of(one.http) as stream:
        reading = asyncio.create_task(read_all(stream))
        await world.rows("delete from sessions")  # past the doors: as if the news had been lost on its way
        receipt = await world.report()
        await world.settled()
        await until_ended(reading)
    attempts = await world.rows(
        "select t.state from attempts t join alerts a using (alert_id)"
        " where a.incident_id = $1 and channel = 'console'",
        UUID(receipt["incident_id"]),
    )
    assert attempts and "delivered" not in {row["state"] for row in attempts}


async def test_it_ends_an_open_stream_at_sign_out(world: World) -> None:
    async with (
        signed_in(world, "duty.li") as one,
        one.http.stream("GET", "/api/v1/stream", timeout=None) as stream,
    ):
        reading = asyncio.create_task(read_all(stream))
        await one.http.post("/logout", headers={"X-CSRF-Token": one.csrf})
        await until_ended(reading)


async def test_it_shows_my_sessions_and_ends_the_others(world: World) -> None:
    async with signed_in(world, "duty.li") as one, signed_in(world, "duty.li") as other:
        listed = (await one.http.get("/api/v1/account/sessions")).json()["sessions"]
        assert sorted(each["this"] for each in listed) == [False, True]
        mine = next(each for each in listed if each["this"])
        refused = await one.http.delete(
            f"/api/v1/account/sessions/{mine['session_id']}", headers={"X-CSRF-Token": one.csrf}
        )
        assert refused.status_code == 404
        assert (
            await one.http.post("/api/v1/account/sessions/end-others")
        ).status_code == 403  # no CSRF token
        assert (await one.post("/api/v1/account/sessions/end-others", {})).json() == {"ended": 1}
        await until_refused(other.http)
        assert (await one.http.get("/api/v1/session")).status_code == 200


async def test_it_keeps_a_duty_console_signed_in_that_is_open_without_a_touch(world: World) -> None:
    async with signed_in(world, "duty.li") as one:
        async with stream_of(one.http):
            for _ in range(2):
                world.clock.move(timedelta(hours=3))
                await world.rows("select pg_notify('jibao_access', '')")
                async with asyncio.timeout(WITHIN):
                    while not await used_within(world, timedelta(minutes=5)):
                        await asyncio.sleep(0)
        assert (await one.http.get("/api/v1/session")).status_code == 200


async def used_within(world: World, span: timedelta) -> bool:
    """Whether the one session was used lately."""
    seen = await world.rows("select max(seen_at) as at from sessions")
    return bool(seen[0]["at"] > world.clock.now() - span)


async def test_it_cuts_the_stream_of_whoever_sees_less_under_the_new_file(world: World) -> None:
    async with world.console("duty.li"), stream_of(world.http, headers=bearer(world, "duty.zhao")) as stream:
        reading = asyncio.create_task(read_all(stream))
        less = {
            "role": UserRole.REPORTER,
            "node": next(n.code for n in world.county.nodes if n.role == "township"),
        }
        assert await load(world, changed(world.county, {"duty.zhao": less})) == []
        await asyncio.wait_for(reading, 10)  # the doors look for a new file every five seconds


def bearer(world: World, who: str) -> dict[str, str]:
    """The header of somebody's token."""
    return {"Authorization": f"Bearer {world.tokens[who]}"}
