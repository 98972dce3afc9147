"""A department sees and corrects what is its own and nothing more; what a reporter reads names no leader's phone."""

from typing import Any

import pytest

from producers import sight
from rules.access import Scope
from tests.reports import make_later, make_report
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOWNSHIP, HANDLES, OTHER, ENTERPRISE = (
    "reporter.103",
    "reporter.police",
    "reporter.health",
    "reporter.heating",
)
LISTS = ("incidents", "obligations", "overview", "events")


async def crash(world: World, **changes: Any) -> dict[str, Any]:
    """A crash on the expressway in township 103, a matter of the traffic police."""
    receipt = await world.report(TOWNSHIP, **changes)
    await world.settled()
    return receipt


async def test_a_department_sees_the_incidents_of_its_categories_everywhere_in_the_county(
    shared_world: World,
) -> None:
    incident = (await crash(shared_world))["incident_id"]
    for path in LISTS:
        assert incident in (await shared_world.call(HANDLES, "GET", f"/api/v1/{path}")).text, path
    assert (await shared_world.call(HANDLES, "GET", f"/api/v1/incidents/{incident}")).status_code == 200


@pytest.mark.parametrize("stranger", [OTHER, ENTERPRISE, "reporter.104"])
async def test_it_shows_nothing_of_it_to_who_has_no_part_in_it(shared_world: World, stranger: str) -> None:
    receipt = await crash(shared_world)
    incident, report = receipt["incident_id"], receipt["report_id"]
    for path in (*LISTS, "timeliness"):
        text = (await shared_world.call(stranger, "GET", f"/api/v1/{path}")).text
        assert incident not in text and report not in text, path
    for path in (f"incidents/{incident}", f"incidents/{incident}/why", f"reports/{report}"):
        assert (await shared_world.call(stranger, "GET", f"/api/v1/{path}")).status_code == 404, path
    async with shared_world.console(stranger) as screen, shared_world.console("duty_officer") as officer:
        later = await crash(shared_world)
        await officer.until(lambda console: "report.stored" in console.kinds(later["incident_id"]))
        assert screen.kinds(later["incident_id"]) == []


@pytest.mark.parametrize(
    "stage", ["follow_up", "verification", "correction", "retraction", "final", "feedback"]
)
async def test_a_department_without_a_part_in_it_adds_nothing(shared_world: World, stage: str) -> None:
    receipt = await crash(shared_world, casualties={"deaths": 12})
    body = make_later(receipt["incident_id"], stage=stage, place={}, casualties={"deaths": 0})
    answer = await shared_world.call(OTHER, "POST", "/api/v1/reports", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (403, "not_allowed"), answer.text
    await shared_world.settled()
    incident = (await shared_world.incident(receipt["incident_id"]))["incident"]
    assert (incident["quantities"]["deaths"], incident["report_count"]) == (12, 1)


@pytest.mark.parametrize("stage", ["correction", "retraction"])
@pytest.mark.parametrize("named", [True, False])
async def test_only_the_duty_room_corrects_what_another_node_said(
    shared_world: World, stage: str, named: bool
) -> None:
    receipt = await crash(shared_world, casualties={"deaths": 12})
    corrects = {"corrects": receipt["report_id"]} if named else {}
    body = make_later(receipt["incident_id"], stage=stage, place={}, casualties={"deaths": 0}, **corrects)
    answer = await shared_world.call(HANDLES, "POST", "/api/v1/reports", json=body)
    assert answer.status_code == 403, answer.text
    assert "phone the duty room" in answer.json()["detail"]
    for allowed in (TOWNSHIP, "duty_officer"):
        answer = await shared_world.call(allowed, "POST", "/api/v1/reports", json=body)
        assert answer.status_code == 202, (allowed, answer.text)


async def test_a_department_adds_to_what_it_handles_and_corrects_its_own(shared_world: World) -> None:
    incident = (await crash(shared_world))["incident_id"]
    body = make_later(incident, place={}, casualties={"injuries": 5})
    added = await shared_world.send(body, HANDLES)
    await shared_world.settled()
    fixed = make_later(
        incident, stage="correction", corrects=added["report_id"], place={}, casualties={"injuries": 4}
    )
    await shared_world.send(fixed, HANDLES)
    await shared_world.settled()
    assert (await shared_world.incident(incident))["incident"]["quantities"]["injuries"] == 4


async def test_a_correction_that_passes_the_door_early_is_judged_again_when_it_is_stored(
    shared_world: World,
) -> None:
    """While the incident is only on the broker the door cannot know whose it is; the storing reaction does."""
    await shared_world.stop("consumers")
    try:
        first = await shared_world.report(TOWNSHIP, casualties={"deaths": 12})
        wrong = make_later(
            first["incident_id"], stage="correction", corrects=first["report_id"], place={},
            casualties={"deaths": 0},
        )  # fmt: skip
        early = await shared_world.send(wrong, HANDLES)
    finally:
        await shared_world.start("consumers")
    await shared_world.settled()
    state = await shared_world.get(f"reports/{early['report_id']}", HANDLES)
    assert (state["state"], state["reason"]) == ("refused", "not_allowed")
    incident = (await shared_world.incident(first["incident_id"]))["incident"]
    assert incident["quantities"]["deaths"] == 12


@pytest.mark.parametrize("who", [TOWNSHIP, HANDLES, ENTERPRISE])
async def test_it_tells_a_reporter_no_phone_of_a_leader_and_no_others_timeliness(
    shared_world: World, who: str
) -> None:
    incident = (await crash(shared_world, source={"phone": "0990-1110103"}))["incident_id"]
    overview = await shared_world.get("overview", who)
    assert overview["on_duty"] == []
    assert overview["county"]["phone"] == shared_world.county.phone
    own = await shared_world.get("timeliness", who, group_by="stage")
    assert overview["timeliness"]["due"] <= own["total"]["due"]
    read = [
        await shared_world.call(who, "GET", f"/api/v1/{p}") for p in ("overview", f"incidents/{incident}")
    ]
    phones = [one.phone for one in shared_world.county.people if one.phone and one.login != who]
    logins = [one.login for one in shared_world.county.people if one.login.startswith(("leader", "head"))]
    for answer in read:
        assert not [word for word in (*phones, *logins) if word in answer.text], answer.url


async def test_it_shows_a_reporter_who_has_it_and_an_officer_the_whole_ladder(shared_world: World) -> None:
    incident = (await crash(shared_world))["incident_id"]
    alert = await shared_world.alert(incident)
    await shared_world.act(f"alerts/{alert['alert_id']}/acknowledge")
    (seen,) = (await shared_world.get(f"incidents/{incident}", TOWNSHIP))["alerts"]
    assert seen["acknowledged_by_name"] and seen["acknowledged_at"]
    assert (seen["steps"], seen["attempts"]) == ([], [])
    whole = (await shared_world.incident(incident))["alerts"][0]
    assert whole["steps"] and whole["attempts"]


@pytest.mark.parametrize("scope", [Scope(True, "N"), Scope(False, "N")])
async def test_it_shows_nobody_the_address_that_a_message_went_to(scope: Scope) -> None:
    """A webhook's address often holds the receiver's own token."""
    address = "https://hooks.example/robot?token=secret"
    fact = {
        "kind": "alert.raised",
        "body": {"attempt": {"address": address}, "attempts": [{"address": address}]},
    }
    (seen,) = sight.facts([fact], scope)
    assert seen["body"]["attempt"]["address"] == "hooks.example"
    assert seen["body"]["attempts"] == ([{"address": "hooks.example"}] if scope.everything else [])


async def test_a_report_that_waits_is_shown_to_its_sender_only(shared_world: World) -> None:
    await shared_world.stop("consumers")
    try:
        receipt = await shared_world.send(make_report(), TOWNSHIP)
        path = f"/api/v1/reports/{receipt['report_id']}"
        answers = {
            w: (await shared_world.call(w, "GET", path)).status_code for w in (TOWNSHIP, HANDLES, OTHER)
        }
    finally:
        await shared_world.start("consumers")
    assert answers == {TOWNSHIP: 200, HANDLES: 200, OTHER: 404}
    await shared_world.settled()
