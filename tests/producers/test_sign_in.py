"""Signing in: the form, its cookies, its limits; a session ends by itself, by signing out, and with a new password."""

from datetime import timedelta

import pytest

from producers import credentials
from runtime.settings import Settings
from storage import people
from storage.database import Database
from tests.browsers import PASSWORD, browser, give_password, signed_in
from tests.world import World


@pytest.fixture(autouse=True)
def ask_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered for some seconds of real time is asked again at once, as after those seconds."""
    monkeypatch.setattr(credentials, "REMEMBER", 0.0)


async def test_it_signs_in_with_the_right_password_and_sets_careful_cookies(world: World) -> None:
    await give_password(world, "duty.li")
    async with browser(world) as one:
        answer = await one.sign_in("duty.li")
        cookies = {line.split("=")[0]: line.lower() for line in answer.headers.get_list("set-cookie")}
        session = (await one.http.get("/api/v1/session")).json()
    assert (answer.status_code, session["person"]["login"]) == (303, "duty.li")
    for name in ("jibao_session", "jibao_csrf"):
        assert "httponly" in cookies[name] and "samesite=strict" in cookies[name]
    assert len(session["csrf"]) >= 24


@pytest.mark.parametrize(
    ("login", "password", "csrf", "status"),
    [
        ("duty.li", "wrong", None, 401),
        ("duty.li", "", None, 401),
        ("nobody", "正确的密码 correct horse", None, 401),  # the same answer: it does not say who exists
        ("duty.wang", "", None, 401),  # has no password at all
        ("", "", None, 401),
        ("duty.li\x00", "x", None, 422),  # no database holds that
        ("duty.li", "正确的密码 correct horse", "forged", 403),
        ("duty.li", "正确的密码 correct horse", "", 403),
        ("duty.li", "正确的密码 correct horse", "假的", 403),
    ],
)
async def test_it_lets_nobody_in_otherwise(
    world: World, login: str, password: str, csrf: str | None, status: int
) -> None:
    await give_password(world, "duty.li")
    async with browser(world) as one:
        await one.http.get("/login")
        answer = await one.sign_in(login, password, csrf)
        assert answer.status_code == status
        assert "jibao_session" not in one.http.cookies
        assert (await one.http.get("/api/v1/session")).status_code == 401


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("/console/why?incident=0198d2aa-0000-7000-8000-000000000001", None),
        ("/timeliness?from=2026-11-01T00:00:00%2B08:00&by=stage", None),
        ("/console/packs", None),
        ("/console/../login", ""),
        ("/nowhere", ""),
        ("//elsewhere.example/console", ""),
        ("https://elsewhere.example/console", ""),
        ("/console?x=\r\nSet-Cookie: a=b", ""),
        ("/console?" + "x" * 400, ""),
    ],
)
async def test_it_leads_to_the_page_that_was_asked_for_and_never_out_of_the_house(
    world: World, asked: str, shown: str | None
) -> None:
    await give_password(world, "duty.li")
    async with browser(world) as one:
        if shown is None:
            sent_to_sign_in = await one.http.get(asked)
            address = sent_to_sign_in.headers["location"]
            assert (sent_to_sign_in.status_code, address.partition("=")[0]) == (303, "/login?after")
            csrf = await one.form_csrf(address)
        else:
            csrf = await one.form_csrf()
        form = {"login": "duty.li", "password": PASSWORD, "csrf": csrf, "after": asked}
        failed = await one.http.post("/login", data=form | {"password": "wrong"})
        done = await one.http.post("/login", data=form)
    assert ('name="after"' in failed.text) is (shown is None)
    if len(asked) < 400:
        assert (done.status_code, done.headers["location"]) == (303, asked if shown is None else "/")


async def test_it_says_the_same_to_a_wrong_password_and_to_an_unknown_name(world: World) -> None:
    await give_password(world, "duty.li")
    async with browser(world) as one:
        csrf = await one.form_csrf()
        known, unknown = (
            (await one.sign_in("duty.li", "wrong", csrf)),
            (await one.sign_in("nobody", "wrong", csrf)),
        )
    assert known.text == unknown.text


async def test_it_stops_counting_on_luck_after_ten_tries(world: World) -> None:
    await give_password(world, "duty.li")
    async with browser(world) as one:
        statuses = [(await one.sign_in("duty.li", f"guess {n}")).status_code for n in range(11)]
        right = await one.sign_in("duty.li")
        other = await one.sign_in("duty.wang", "wrong")
    assert statuses == [401] * 10 + [429]
    assert right.status_code == 429  # also the right one: a guess must not be told apart
    assert other.status_code == 401  # nobody else is locked out


async def test_it_wants_the_csrf_token_for_every_act_of_a_browser(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    acts = {
        "/api/v1/reports": {},
        "/api/v1/calls": {},
        f"/api/v1/incidents/{receipt['incident_id']}/grade": {"grade": "III"},
        f"/api/v1/incidents/{receipt['incident_id']}/forward": {"medium": "phone"},
        f"/api/v1/incidents/{receipt['incident_id']}/stop": {"stopped_at": "2026-11-23T00:59:00Z"},
        f"/api/v1/incidents/{receipt['incident_id']}/close": {"why": "duplicate", "note": "x"},
        f"/api/v1/incidents/{receipt['incident_id']}/reopen": {"note": "x"},
        f"/api/v1/alerts/{(await world.alert(receipt['incident_id']))['alert_id']}/acknowledge": {},
    }
    async with signed_in(world, "duty.li") as one:
        for path, body in acts.items():
            for token in (None, "", "wrong", "错", one.csrf + "x"):
                headers = {} if token is None else {"X-CSRF-Token": token.encode()}
                answer = await one.http.post(path, json=body, headers=headers)
                assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (403, "csrf"), (
                    path,
                    token,
                )
    whole = await world.incident(receipt["incident_id"])
    assert (whole["incident"]["state"], whole["incident"]["grade"]) == ("open", "IV")


async def test_it_ends_a_session_after_twelve_hours(world: World) -> None:
    async with signed_in(world, "duty.li") as one:
        for _ in range(3):
            world.clock.move(timedelta(hours=3, minutes=59))
            assert (await one.http.get("/api/v1/session")).status_code == 200
        world.clock.move(timedelta(minutes=3))
        assert (await one.http.get("/api/v1/session")).status_code == 401


async def test_it_ends_a_session_that_nobody_has_used_for_four_hours(world: World) -> None:
    async with signed_in(world, "duty.li") as one:
        world.clock.move(timedelta(hours=3, minutes=59))
        assert (await one.http.get("/api/v1/session")).status_code == 200
        world.clock.move(timedelta(hours=4))
        assert (await one.http.get("/api/v1/session")).status_code == 401


async def test_it_ends_a_session_at_once_when_somebody_signs_out(world: World) -> None:
    async with signed_in(world, "duty.li") as one:
        session = one.http.cookies["jibao_session"]
        refused = await one.http.post("/logout", headers={"X-CSRF-Token": "wrong"})
        assert (await one.http.get("/api/v1/session")).status_code == 200
        await one.http.post("/logout", headers={"X-CSRF-Token": one.csrf})
        one.http.cookies.set("jibao_session", session)
        again = await one.http.get("/api/v1/session")
    assert (refused.status_code, again.status_code) == (403, 401)


async def test_it_ends_the_sessions_of_an_old_password(world: World) -> None:
    async with signed_in(world, "duty.li") as one:
        url = world.settings["doors"].database_url
        database = await Database.connect(Settings("owner", "", "", "", url, "", ""), 1)
        async with database.transaction() as tx:
            await people.set_password(tx, "duty.li", "another hash")
        await database.close()
        assert (await one.http.get("/api/v1/session")).status_code == 401


async def test_it_keeps_neither_passwords_nor_tokens_nor_sessions_in_the_clear(world: World) -> None:
    async with signed_in(world, "duty.li") as one:
        secret = one.http.cookies["jibao_session"]
    kept = [
        await world.rows(f"select t::text from {table} t") for table in ("people", "api_tokens", "sessions")
    ]
    told = str(kept)
    assert secret not in told and "token-of-" not in told and "correct horse" not in told
    assert "$argon2id$" in told


async def test_it_lets_whoever_it_knows_report_while_the_database_is_away(world: World) -> None:
    await world.report()
    await world.running["doors"].database.close()
    assert (await world.report())["receipt_no"]


async def test_it_says_unavailable_and_not_wrong_to_whoever_it_cannot_look_up(world: World) -> None:
    await world.running["doors"].database.close()
    answer = await world.call("auditor", "GET", "/api/v1/session")
    assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (503, "unavailable")
