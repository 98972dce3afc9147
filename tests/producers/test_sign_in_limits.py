"""Limits slow the guesser and not the victim: known devices pass, one address cannot try everybody, flooding the
counts resets nobody, and many guesses at once leave the doors answering."""

import asyncio

import httpx
import pytest

from producers.sign_in_limits import (
    ADDRESS,
    DEVICE,
    PAIR,
    SLOW_LOGIN,
    SPRAYED,
    Limited,
    SignInLimits,
    Tallies,
    Try,
    network,
)
from tests.browsers import PASSWORD, browser, give_password, signed_in
from tests.world import World


def tries(
    limits: SignInLimits, times: int, login: str = "duty.li", address: str = "10.0.0.1"
) -> list[str | None]:
    """What so many tries meet."""
    found = [limits.ask(Try(login, address), 1000.0) for _ in range(times)]
    return [one.limited for one in found]


def test_it_stops_a_guesser_at_one_login_and_leaves_other_logins_alone() -> None:
    limits = SignInLimits()
    assert tries(limits, PAIR + 2) == [None] * PAIR + [Limited.PAIR] * 2
    assert tries(limits, 1, "duty.wang") == [None]


def test_it_lets_a_known_device_pass_while_a_guesser_sits_behind_the_same_address() -> None:
    limits = SignInLimits()
    tries(limits, 40)
    assert limits.ask(Try("duty.li", "10.0.0.1", "the phone"), 1000.0).limited is None


def test_it_limits_a_device_too_since_one_can_be_stolen() -> None:
    limits = SignInLimits()
    found = [
        limits.ask(Try("duty.li", f"10.0.0.{n}", "the phone"), 1000.0).limited for n in range(DEVICE + 1)
    ]
    assert found == [None] * DEVICE + [Limited.DEVICE]


def test_it_stops_one_address_that_tries_every_login() -> None:
    limits = SignInLimits()
    found = [tries(limits, 1, f"person.{n}")[0] for n in range(SPRAYED + 5)]
    assert found == [None] * SPRAYED + [Limited.ADDRESS] * 5
    assert limits.sprays("10.0.0.1", 1000.0) and not limits.sprays("10.0.0.2", 1000.0)
    assert tries(limits, 1, "person.0", "10.0.0.2") == [None]


def test_it_delays_and_does_not_lock_a_login_that_is_tried_from_everywhere() -> None:
    limits = SignInLimits()
    found = [limits.ask(Try("duty.li", f"10.0.{n // 200}.{n % 200}"), 1000.0) for n in range(400)]
    assert {one.limited for one in found} == {None}
    assert [one.delay for one in found[:SLOW_LOGIN]] == [0.0] * SLOW_LOGIN
    assert found[SLOW_LOGIN].delay > 0 and found[-1].delay == 8.0


def test_it_takes_back_the_tries_of_an_office_that_signs_in_rightly() -> None:
    limits = SignInLimits()
    for n in range(10 * ADDRESS):
        one = Try(f"person.{n}", "10.0.0.1")
        assert limits.ask(one, 1000.0).limited is None
        limits.succeeded(one, 1000.0)


def test_it_forgets_after_some_minutes() -> None:
    limits = SignInLimits()
    tries(limits, PAIR + 1)
    assert limits.ask(Try("duty.li", "10.0.0.1"), 1301.0).limited is None


def test_it_resets_nobody_when_its_table_is_flooded() -> None:
    tallies = Tallies()
    for _ in range(PAIR):
        tallies.add(1000.0, "pair", "10.0.0.1", "duty.li")
    for n in range(20_000):
        tallies.add(1000.0, "pair", f"10.{n}", f"nobody.{n}")
    assert tallies.count(1000.0, "pair", "10.0.0.1", "duty.li") >= PAIR
    assert len(tallies._now) * 2 < 100_000  # the same memory as before


def test_it_notices_one_password_that_is_tried_for_everybody() -> None:
    limits = SignInLimits()
    found = [limits.same_password(f"person.{n}", "Spring2026!", 1000.0) for n in range(SPRAYED + 1)]
    assert found == [False] * (SPRAYED - 1) + [True] * 2
    assert not any(SignInLimits().same_password("one", "Spring2026!", 1000.0) for _ in range(50))


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_it_counts_a_whole_home_network_as_one_address(address: str, counted: str) -> None:
    assert network(address) == counted


async def test_it_lets_the_victim_in_on_her_own_device_after_a_guesser_was_stopped(world: World) -> None:
    async with signed_in(world, "duty.li") as own, browser(world) as guesser:
        statuses = [(await guesser.sign_in("duty.li", f"guess {n}")).status_code for n in range(11)]
        assert statuses == [401] * 10 + [429]
        assert (await own.http.post("/logout", headers={"X-CSRF-Token": own.csrf})).status_code == 303
        assert (await own.sign_in("duty.li")).status_code == 303
        # The note is hers alone: it opens no other login, and a changed one opens none.
        assert (await guesser.sign_in("duty.li")).status_code == 429
        note = own.http.cookies["jibao_device"]
        for forged in (note[:-2] + "xx", note.split(".")[0] + ".", "", "a.b.c"):
            guesser.http.cookies.set("jibao_device", forged)
            assert (await guesser.sign_in("duty.li")).status_code == 429


async def test_it_believes_no_forwarded_address_of_whoever_is_no_proxy(world: World) -> None:
    async with browser(world) as guesser:
        csrf = await guesser.form_csrf()
        form = {"login": "duty.li", "password": "guess", "csrf": csrf}
        statuses = []
        for n in range(11):
            headers = {"X-Forwarded-For": f"203.0.113.{n}", "X-Real-IP": f"203.0.113.{n}"}
            statuses.append((await guesser.http.post("/login", data=form, headers=headers)).status_code)
    assert statuses[-1] == 429


async def test_it_writes_spraying_down_and_limits_it(world: World) -> None:
    async with browser(world) as one:
        csrf = await one.form_csrf()
        logins = [person.login for person in world.county.people][: SPRAYED + 2]
        statuses = [(await one.sign_in(login, "Spring2026!", csrf)).status_code for login in logins]
    assert statuses == [401] * SPRAYED + [429] * 2
    kinds = [entry["kind"] for entry in (await world.get("security-log", "auditor"))["entries"]]
    assert kinds.count("sign_in_failed") == SPRAYED
    assert kinds.count("spraying_suspected") == 1
    assert kinds.count("sign_in_limited") == 2


async def test_it_answers_others_while_a_crowd_guesses(world: World) -> None:
    async with signed_in(world, "duty.li") as one, browser(world) as crowd:
        csrf = await crowd.form_csrf()
        guesses = [asyncio.create_task(crowd.sign_in(f"nobody.{n}", "guess", csrf)) for n in range(14)]
        assert (await one.http.get("/api/v1/session")).status_code == 200
        assert not all(task.done() for task in guesses)
        answers: list[httpx.Response] = await asyncio.gather(*guesses)
    assert {answer.status_code for answer in answers} == {401}


async def test_it_ends_the_session_before_when_somebody_signs_in_anew(world: World) -> None:
    async with signed_in(world, "duty.li") as one:
        before, form = one.http.cookies["jibao_session"], one.http.cookies["jibao_csrf"]
        assert (await one.sign_in("duty.li", csrf=form)).status_code == 303
        assert one.http.cookies["jibao_session"] != before and one.http.cookies["jibao_csrf"] != form
        one.http.cookies.set("jibao_session", before)
        assert (await one.http.get("/api/v1/session")).status_code == 401


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_it_takes_no_sign_in_and_no_sign_out_from_another_site(world: World, site: str) -> None:
    await give_password(world, "duty.li")
    async with signed_in(world, "duty.li") as one, browser(world) as other:
        form = {"login": "duty.li", "password": PASSWORD, "csrf": await other.form_csrf()}
        from_there = {"Sec-Fetch-Site": site}
        assert (await other.http.post("/login", data=form, headers=from_there)).status_code == 403
        answer = await one.http.post("/logout", headers=from_there | {"X-CSRF-Token": one.csrf})
        assert answer.status_code == 403
        assert (await one.http.get("/api/v1/session")).status_code == 200
