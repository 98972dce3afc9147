"""The security log: what concerns sign-in and viewing is written down once, without a secret, for two roles to read."""

import pytest

from producers.session_cookies import SessionCookies
from tests.browsers import PASSWORD, browser, signed_in
from tests.owner import load, without
from tests.world import World


async def entries(world: World, **asked: str) -> list[dict[str, object]]:
    """The log as an auditor reads it."""
    found: list[dict[str, object]] = (await world.get("security-log", "auditor", **asked))["entries"]
    return found


async def test_it_writes_down_who_came_failed_and_went(world: World) -> None:
    async with signed_in(world, "duty.li") as one, browser(world) as other:
        await other.sign_in("duty.li", "a wrong password")
        await other.sign_in("my-password-in-the-wrong-field", "x")
        await one.http.post("/logout", headers={"X-CSRF-Token": one.csrf})
    log = await entries(world)
    told = [(entry["kind"], entry["login"], entry["address"]) for entry in log]
    assert told == [
        ("signed_in", "duty.li", "127.0.0.1"),
        ("sign_in_failed", "duty.li", "127.0.0.1"),
        ("sign_in_failed", "", "127.0.0.1"),
        ("signed_out", "duty.li", ""),
    ]
    kept = str(await world.rows("select l::text from security_log l"))
    for secret in (PASSWORD, "a wrong password", "my-password-in-the-wrong-field", one.csrf):
        assert secret not in kept


async def test_it_writes_down_who_looked_at_an_incident_once_an_hour(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    for _ in range(3):
        await world.incident(receipt["incident_id"])
    await world.call("reporter.104", "GET", f"/api/v1/incidents/{receipt['incident_id']}")  # is not shown it
    await world.get(f"incidents/{receipt['incident_id']}", "reporter")
    viewed = await entries(world, kind="incident_viewed")
    assert [entry["login"] for entry in viewed] == [world.on_duty.duty_officer.login, "reporter.103"]
    assert {entry["detail"]["incident_id"] for entry in viewed} == {receipt["incident_id"]}  # type: ignore[index]


async def test_it_writes_down_what_ends_an_account_and_who_did_it(world: World) -> None:
    await world.act("people/duty.zhao/deactivate", "admin", note="离职")
    await world.act("people/duty.zhao/reactivate", "admin")
    await load(world, without(world.county, "reporter.104"))
    log = [(e["kind"], e["login"], e["by_login"], e["detail"]) for e in await entries(world)]
    assert log[0] == ("person_deactivated", "duty.zhao", "admin", {"note": "离职"})
    assert log[1][:3] == ("person_reactivated", "duty.zhao", "admin")
    assert ("person_deactivated", "reporter.104", None, {"why": "not_in_file"}) in log
    assert "county_loaded" in {kind for kind, *_ in log}


async def test_it_is_read_by_auditor_and_administrator_only_and_says_so(world: World) -> None:
    for who in ("reporter", "duty_officer", "duty_leader"):
        assert (await world.call(who, "GET", "/api/v1/security-log")).status_code == 403
    assert (await world.http.get("/api/v1/security-log")).status_code == 401
    await entries(world)
    assert [entry["kind"] for entry in await entries(world)] == ["log_read"]


async def test_it_is_read_page_by_page_to_its_end(world: World) -> None:
    for _ in range(3):
        await world.act("people/duty.zhao/deactivate", "admin")
        await world.act("people/duty.zhao/reactivate", "admin")
    seen, after = [], 0
    while after is not None:
        page = await world.get("security-log", "auditor", after=after, limit=2, login="duty.zhao")
        seen += [entry["kind"] for entry in page["entries"]]
        after = page["next"]
    assert seen == ["person_deactivated", "person_reactivated"] * 3
    for bad in ({"after": -1}, {"after": 2**63}, {"kind": "x"}, {"limit": 0}, {"since": "1"}):
        answer = await world.call("auditor", "GET", "/api/v1/security-log", params=bad)
        assert answer.status_code == 422, bad


@pytest.mark.parametrize(("secure", "prefix"), [(True, "__Host-"), (False, "")])
def test_it_binds_cookies_to_this_host_behind_https(secure: bool, prefix: str) -> None:
    cookies = SessionCookies(secure)
    assert [cookies.session, cookies.csrf, cookies.device] == [
        f"{prefix}jibao_session", f"{prefix}jibao_csrf", f"{prefix}jibao_device",
    ]  # fmt: skip
    headers = cookies.signed_out("/login").headers.getlist("set-cookie")
    assert all(("Secure" in line) is secure and "Path=/" in line and "Domain" not in line for line in headers)
