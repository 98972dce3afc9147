"""Step 1 by telephone: the duty officer logs a call; the logged call time counts, and a call never closes the written
obligation, nor a written report the call."""

from tests.reports import at, make_call
from tests.world import World

FIRST = ("township", "first")


async def test_it_judges_a_call_by_when_it_came_not_by_when_it_was_typed(world: World) -> None:
    receipt = await world.send(make_call(at(minutes=-2)), who="duty_officer", path="calls")
    await world.settled()
    call = (await world.incident(receipt["incident_id"]))["reports"][0]
    assert (call["door"], call["medium"], call["from_node"]) == ("phone_log", "phone", "990101103")
    assert (call["called_at"], call["judged_at"]) == (at(minutes=-2), at(minutes=-2))
    assert call["broker_at"] == at()


async def test_it_meets_the_phone_limit_in_time_though_it_was_logged_after_it(world: World) -> None:
    event = {"occurred_at": at(minutes=-25), "known_at": None}
    receipt = await world.send(make_call(at(minutes=-6), **event), who="duty_officer", path="calls")
    await world.settled()
    owed = await world.obligation(receipt["incident_id"], "township", "first", "phone")
    assert (owed["state"], owed["due_at"], owed["done_at"]) == ("met", at(minutes=-5), at(minutes=-6))


async def test_it_never_judges_a_call_later_than_the_broker_saw_it(world: World) -> None:
    receipt = await world.send(make_call(at(minutes=1)), who="duty_officer", path="calls")
    await world.settled()
    call = (await world.incident(receipt["incident_id"]))["reports"][0]
    assert (call["called_at"], call["judged_at"]) == (at(minutes=1), at())


async def test_it_does_not_close_the_written_obligation_by_a_call(world: World) -> None:
    receipt = await world.send(make_call(at(minutes=-1)), who="duty_officer", path="calls")
    await world.settled()
    by_phone = await world.obligation(receipt["incident_id"], "township", "first", "phone")
    written = await world.obligation(receipt["incident_id"], "township", "first", "written")
    assert (by_phone["state"], written["state"]) == ("met", "open")


async def test_it_does_not_close_the_phone_obligation_by_writing(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    by_phone = await world.obligation(receipt["incident_id"], "township", "first", "phone")
    written = await world.obligation(receipt["incident_id"], "township", "first", "written")
    assert (by_phone["state"], written["state"]) == ("open", "met")


async def test_it_joins_the_written_first_report_to_the_incident_that_the_call_opened(world: World) -> None:
    call = await world.send(make_call(at(minutes=-1)), who="duty_officer", path="calls")
    await world.settled()
    text = await world.report(incident_id=call["incident_id"])
    await world.settled()
    whole = await world.incident(call["incident_id"])
    assert text["incident_id"] == call["incident_id"]
    assert [(one["number"], one["stage"], one["medium"]) for one in whole["reports"]] == [
        (1, "first", "phone"),
        (2, "first", "written"),
    ]
    assert {one["state"] for one in whole["obligations"] if (one["from_role"], one["stage"]) == FIRST} == {
        "met"
    }


async def test_it_joins_a_call_to_the_incident_that_a_written_report_opened(world: World) -> None:
    text = await world.report()
    await world.settled()
    call = make_call(at(minutes=-1), incident_id=text["incident_id"])
    await world.send(call, who="duty_officer", path="calls")
    await world.settled()
    whole = await world.incident(text["incident_id"])
    assert {one["state"] for one in whole["obligations"] if (one["from_role"], one["stage"]) == FIRST} == {
        "met"
    }
    assert len(await world.rows("select 1 from incidents")) == 1


async def test_it_logs_a_citizen_who_is_no_unit_of_the_county(world: World) -> None:
    call = make_call(at(minutes=-1), source={"name": "过路司机", "phone": "139 0000 0000"})
    receipt = await world.send(call, who="duty_officer", path="calls")
    await world.settled()
    whole = await world.incident(receipt["incident_id"])
    assert whole["reports"][0]["from_node"] is None
    assert {one["state"] for one in whole["obligations"] if one["from_role"] == "township"} == {"open"}


async def test_it_lets_only_the_duty_room_log_a_call(world: World) -> None:
    answer = await world.call("reporter", "POST", "/api/v1/calls", json=make_call(at(minutes=-1)))
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["reason"] == "not_allowed"
