"""Step 8: the county's own report upward, the end of the response, the final report, closing, and what comes after."""

import pytest

from tests.conftest import OpenWorld
from tests.packs import add_limits
from tests.reports import at
from tests.rules.cases import limit
from tests.world import World, make_later


async def acknowledged(world: World, **changes: object) -> str:
    """An incident that somebody has."""
    world.answering = "duty_officer"
    receipt = await world.report(**changes)
    await world.fast_forward(seconds=1)
    return str(receipt["incident_id"])


async def test_it_meets_the_countys_phone_and_written_duties_each_by_its_own_forward(world: World) -> None:
    incident_id = await acknowledged(world)
    path = f"incidents/{incident_id}/forward"
    done = await world.act(
        path, medium="phone", sent_at=world.clock.now().isoformat(), received_by="市值班室 何"
    )
    by_phone = await world.obligation(incident_id, "county", "first", "phone")
    written = await world.obligation(incident_id, "county", "first", "written")
    assert (done["met"], by_phone["state"], written["state"]) == ([by_phone["obligation_id"]], "met", "open")
    done = await world.act(path, medium="written", receipt_no="市收〔2026〕7号")
    assert done["met"] == [written["obligation_id"]]


async def test_it_judges_a_forward_by_our_clock_not_by_the_time_that_is_claimed(world: World) -> None:
    incident_id = await acknowledged(world)
    await world.fast_forward(minutes=40)
    await world.act(f"incidents/{incident_id}/forward", medium="phone", sent_at=at(minutes=20))
    owed = await world.obligation(incident_id, "county", "first", "phone")
    assert (owed["state"], owed["done_at"]) == ("late", world.clock.now().isoformat())


async def test_it_never_refuses_a_forward_that_skips_a_level(world: World) -> None:
    incident_id = await acknowledged(world)
    for to_role in ("province", "state", "city_department"):
        assert (await world.act(f"incidents/{incident_id}/forward", to_role=to_role, medium="phone"))[
            "met"
        ] == []
    rows = await world.rows(
        "select body ->> 'to_role' as to_role from events where kind = 'report.forwarded' order by seq"
    )
    assert [row["to_role"] for row in rows] == ["province", "state", "city_department"]


async def test_it_refuses_a_forward_downward_or_from_the_future(world: World) -> None:
    incident_id = await acknowledged(world)
    table = [
        ({"to_role": "township", "medium": "phone"}, "to_role", "not_allowed"),
        ({"medium": "phone", "sent_at": at(hours=2)}, "sent_at", "future_time"),
        ({}, "medium", "missing"),
    ]
    for body, field, reason in table:
        answer = await world.call(
            "duty_officer", "POST", f"/api/v1/incidents/{incident_id}/forward", json=body
        )
        assert answer.status_code == 422
        assert [(one["field"], one["reason"]) for one in answer.json()["errors"]] == [(field, reason)]


async def test_it_starts_the_clock_of_the_final_report_when_the_response_ends(world: World) -> None:
    incident_id = await acknowledged(world)
    before = await world.obligation(incident_id, "township", "final", "written")
    await world.act(f"incidents/{incident_id}/stop", stopped_at=world.clock.now().isoformat())
    await world.settled()
    after = await world.obligation(incident_id, "township", "final", "written")
    assert before["due_at"] == at(days=15, minutes=-5)
    assert (after["due_at"], after["revision"]) == (at(days=1, seconds=1), 2)


async def test_it_ends_the_response_only_in_the_past(world: World) -> None:
    incident_id = await acknowledged(world)
    path = f"/api/v1/incidents/{incident_id}/stop"
    answer = await world.call("duty_officer", "POST", path, json={"stopped_at": at(hours=1)})
    assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (422, "future_time")


async def test_it_meets_the_final_duty_and_lets_the_incident_be_closed(world: World) -> None:
    incident_id = await acknowledged(world)
    await world.send(make_later(incident_id, stage="final"))
    await world.settled()
    assert (await world.obligation(incident_id, "township", "final", "written"))["state"] == "met"
    closed = await world.act(f"incidents/{incident_id}/close", why="final_report")
    assert (closed["incident"]["state"], closed["incident"]["close_reason"]) == ("closed", "final_report")


async def test_it_answers_the_same_final_report_twice_with_the_same_receipt(world: World) -> None:
    incident_id = await acknowledged(world)
    final = make_later(incident_id, stage="final", report_id="0198d5a0-0000-7000-8000-00000000000f")
    first = await world.send(final)
    await world.settled()
    assert await world.send(final) == first
    assert len((await world.incident(incident_id))["reports"]) == 2


async def test_it_closes_by_a_final_report_or_by_a_reason(world: World) -> None:
    incident_id = await acknowledged(world)
    path = f"/api/v1/incidents/{incident_id}/close"
    table = [
        ({"why": "final_report"}, 409, "why", "no_final_report"),
        ({"why": "duplicate"}, 422, "note", "reason_needed"),
        ({"why": "non_incident", "note": " "}, 422, "note", "reason_needed"),
        ({"why": "tired"}, 422, "why", "enum"),
    ]
    for body, status, field, reason in table:
        answer = await world.call("duty_officer", "POST", path, json=body)
        assert answer.status_code == status
        assert [(one["field"], one["reason"]) for one in answer.json()["errors"]] == [(field, reason)]
    await world.act(f"incidents/{incident_id}/close", why="retracted", note="误报")
    answer = await world.call("duty_officer", "POST", path, json={"why": "retracted", "note": "误报"})
    assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (409, "already_closed")


async def test_it_calls_nobody_any_more_once_closed(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    await world.act(f"incidents/{receipt['incident_id']}/close", why="duplicate", note="重复")
    before = await world.kinds(receipt["incident_id"])
    await world.fast_forward(days=1)
    assert await world.kinds(receipt["incident_id"]) == before
    assert (await world.alert(receipt["incident_id"]))["state"] == "closed"


async def test_it_takes_a_correction_and_a_follow_up_after_closing(world: World) -> None:
    incident_id = await acknowledged(world)
    await world.act(f"incidents/{incident_id}/close", why="duplicate", note="重复")
    corrected = (await world.incident(incident_id))["reports"][0]["report_id"]
    await world.send(
        make_later(incident_id, stage="correction", corrects=corrected, casualties={"deaths": 1})
    )
    await world.send(make_later(incident_id, casualties={"injuries": 3}))
    await world.settled()
    whole = await world.incident(incident_id)
    assert [(one["stage"], one["corrects"]) for one in whole["reports"]] == [
        ("first", None),
        ("correction", corrected),
        ("follow_up", None),
    ]
    assert whole["reports"][0]["body"]["casualties"]["deaths"] == 0
    assert (whole["incident"]["quantities"]["deaths"], whole["incident"]["state"]) == (1, "closed")


async def test_it_refuses_a_correction_of_a_report_that_this_incident_does_not_have(world: World) -> None:
    incident_id = await acknowledged(world)
    correction = make_later(incident_id, stage="correction", corrects="0198d5a0-0000-7000-8000-0000000000aa")
    answer = await world.call("reporter", "POST", "/api/v1/reports", json=correction)
    assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (422, "unknown_report")
    assert answer.json()["errors"][0]["field"] == "corrects"


async def test_it_lets_a_retracted_final_report_be_followed_by_another(world: World) -> None:
    incident_id = await acknowledged(world)
    final = await world.send(make_later(incident_id, stage="final"))
    await world.settled()
    await world.send(make_later(incident_id, stage="retraction", corrects=final["report_id"]))
    await world.settled()
    await world.send(make_later(incident_id, stage="final"))
    await world.settled()
    assert len((await world.incident(incident_id))["reports"]) == 4


async def test_it_keeps_with_the_duty_and_with_the_forward_who_is_copied(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip = {"from": "county", "to": "province", "medium": "phone", "skip_level": True, "copy": ["city"]}
    add_limits(monkeypatch, limit(id="direct", **skip))
    world = await open_world()
    incident_id = await acknowledged(world)
    (owed,) = [
        one for one in (await world.incident(incident_id))["obligations"] if one["to_role"] == "province"
    ]
    assert owed["binding"]["copy_to"] == ["city"]
    path = f"incidents/{incident_id}/forward"
    done = await world.act(path, to_role="province", medium="phone", copied_to=["city"])
    assert done["met"] == [owed["obligation_id"]]  # a copy is no report: the call to the city is still owed
    (said,) = [
        one for one in (await world.incident(incident_id))["events"] if one["kind"] == "report.forwarded"
    ]
    assert (said["body"]["to_role"], said["body"]["copied_to"]) == ("province", ["city"])
    states = {
        one["to_role"]: one["state"]
        for one in (await world.incident(incident_id))["obligations"]
        if (one["from_role"], one["stage"], one["medium"]) == ("county", "first", "phone")
    }
    assert states == {"province": "met", "city": "open"}
