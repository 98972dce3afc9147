"""A new password of one's own: with the old one, in a browser, good enough, within limits; other sessions end."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.browsers import PASSWORD, Browser, browser, signed_in
from tests.world import World

NEW = "河边三棵老柳树 in May"


async def change(one: Browser, new: str = NEW, current: str = PASSWORD) -> httpx.Response:
    """What the account page sends."""
    return await one.post("/api/v1/account/password", {"current": current, "new": new})


async def test_it_changes_the_password_and_ends_the_other_sessions(world: World) -> None:
    async with signed_in(world, "duty.li") as one, signed_in(world, "duty.li") as other:
        answer = await change(one)
        assert (answer.status_code, answer.json()) == (200, {"changed": True})
        async with asyncio.timeout(3):
            while (await other.http.get("/api/v1/session")).status_code != 401:
                await asyncio.sleep(0)
        assert (await one.http.get("/api/v1/session")).status_code == 200
        assert (await other.sign_in("duty.li")).status_code == 401
        assert (await other.sign_in("duty.li", NEW)).status_code == 303
    kinds = [entry["kind"] for entry in (await world.get("security-log", "auditor"))["entries"]]
    assert kinds.count("password_changed") == 1
    assert NEW not in str(await world.rows("select l::text, p::text from security_log l, people p"))


@pytest.mark.parametrize(
    ("new", "current", "field", "reason"),
    [
        (NEW, "not my password", "current", "wrong"),
        (NEW, "", "current", "wrong"),
        ("short", PASSWORD, "new", "too_short"),
        ("woaini5201314", PASSWORD, "new", "common"),
        ("duty.li2026", PASSWORD, "new", "personal"),
        (PASSWORD, PASSWORD, "new", "same"),
        ("x" * 401, PASSWORD, "new", "string_too_long"),
    ],
)
async def test_it_changes_nothing_otherwise(
    world: World, new: str, current: str, field: str, reason: str
) -> None:
    async with signed_in(world, "duty.li") as one:
        answer = await change(one, new, current)
        errors: list[dict[str, Any]] = answer.json()["errors"]
        assert (answer.status_code, field, reason) == (422, errors[0]["field"], reason)
        assert reason in {error["reason"] for error in errors}
    async with browser(world) as other:
        assert (await other.sign_in("duty.li")).status_code == 303


async def test_it_wants_the_pages_token_and_no_unknown_field(world: World) -> None:
    async with signed_in(world, "duty.li") as one:
        body = {"current": PASSWORD, "new": NEW}
        assert (await one.http.post("/api/v1/account/password", json=body)).status_code == 403
        more = await one.post("/api/v1/account/password", body | {"login": "admin"})
        assert (more.status_code, more.json()["errors"][0]["field"]) == (422, "login")


async def test_it_stops_guessing_the_old_password_in_an_open_session(world: World) -> None:
    async with signed_in(world, "duty.li") as one:
        statuses = [(await change(one, NEW, f"guess {n}")).status_code for n in range(12)]
        assert statuses == [422] * 10 + [429] * 2
