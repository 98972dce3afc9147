"""Nobody is called for what she did herself; who must know beside her is told, and a reporter's report is no answer."""

from tests.reports import at, make_call
from tests.world import World, make_later


async def test_it_does_not_call_whoever_logged_the_call(world: World) -> None:
    receipt = await world.send(make_call(at(minutes=-1), grade="ungraded"), "duty_officer", "calls")
    await world.settled()
    alert = await world.alert(receipt["incident_id"])
    officer = world.on_duty.duty_officer
    assert (alert["state"], alert["acknowledged_by_name"], alert["acknowledged_medium"], alert["attempts"]) == (
        "acknowledged", officer.name, "own_act", [],
    )  # fmt: skip
    await world.fast_forward(minutes=9)
    kinds = await world.kinds(receipt["incident_id"])
    assert "alert.escalated" not in kinds and "alert.unanswered" not in kinds


async def test_it_tells_the_next_of_what_is_grave_though_the_first_logged_it(world: World) -> None:
    receipt = await world.send(make_call(at(minutes=-1), grade="II"), "duty_officer", "calls")
    await world.settled()
    told = {one["person_name"] for one in (await world.alert(receipt["incident_id"]))["attempts"]}
    assert world.on_duty.duty_leader.name in told and world.on_duty.duty_officer.name not in told


async def test_it_calls_the_first_for_what_another_has_done(world: World) -> None:
    receipt = await world.send(make_call(at(minutes=-1), grade="ungraded"), "duty_leader", "calls")
    await world.settled()
    told = {one["person_name"] for one in (await world.alert(receipt["incident_id"]))["attempts"]}
    assert world.on_duty.duty_officer.name in told


async def test_it_takes_no_report_of_a_township_for_an_answer(world: World) -> None:
    receipt = await world.report(grade="ungraded")
    await world.send(make_later(receipt["incident_id"], grade="IV"))
    await world.settled()
    for reason in ("incident_reported", "incident_regraded"):
        alert = await world.alert(receipt["incident_id"], reason)
        assert alert["state"] in ("open", "exhausted") and alert["attempts"], reason


async def test_it_takes_a_regrade_for_the_answer_of_whoever_was_being_called(world: World) -> None:
    async with world.console(world.on_duty.duty_officer.login):
        receipt = await world.report(grade="ungraded")
        await world.settled()
        assert (await world.alert(receipt["incident_id"]))["state"] == "open"
        await world.act(f"incidents/{receipt['incident_id']}/grade", grade="IV")
        await world.settled()
    for reason in ("incident_reported", "incident_regraded"):
        alert = await world.alert(receipt["incident_id"], reason)
        assert (alert["state"], alert["acknowledged_medium"]) == ("acknowledged", "own_act"), reason


async def test_it_tells_the_leader_when_the_officer_raises_the_grade_to_a_grave_one(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report(grade="IV")
    await world.fast_forward(seconds=1)
    world.answering = None
    await world.act(f"incidents/{receipt['incident_id']}/grade", grade="II")
    await world.settled()
    told = {
        one["person_name"]
        for one in (await world.alert(receipt["incident_id"], "incident_regraded"))["attempts"]
    }
    assert world.on_duty.duty_leader.name in told and world.on_duty.duty_officer.name not in told


async def test_it_lets_nobody_say_of_herself_that_she_did_it(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    alert_id = (await world.alert(receipt["incident_id"]))["alert_id"]
    path = f"/api/v1/alerts/{alert_id}/acknowledge"
    answer = await world.call("duty_officer", "POST", path, json={"medium": "own_act"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "medium")


async def test_it_names_whoever_acted_on_the_timeline_and_keeps_the_name_of_who_was_removed(
    world: World,
) -> None:
    incident_id = str((await world.report())["incident_id"])
    await world.settled()
    alert_id = (await world.alert(incident_id))["alert_id"]
    await world.act(f"alerts/{alert_id}/acknowledge", "duty_leader")
    await world.act(f"incidents/{incident_id}/grade", grade="III")
    await world.act(f"incidents/{incident_id}/forward", medium="phone")
    await world.act(f"incidents/{incident_id}/close", why="duplicate", note="重复")
    await world.act(f"incidents/{incident_id}/reopen", "duty_leader", note="不重复")
    await world.settled()
    officer, leader = world.on_duty.duty_officer, world.on_duty.duty_leader
    reporter = next(one for one in world.county.people if one.login == "reporter.103")
    wanted = {
        "incident.opened": reporter, "report.stored": reporter, "alert.acknowledged": leader,
        "incident.regraded": officer, "report.forwarded": officer, "incident.closed": officer,
        "incident.reopened": leader,
    }  # fmt: skip
    for _ in range(2):
        events = (await world.incident(incident_id))["events"]
        for kind, person in wanted.items():
            said = next(one for one in events if one["kind"] == kind)
            assert (said["by_name"], said.get("by_name_en", "")) == (person.name, person.name_en), kind
        raised = next(one for one in events if one["kind"] == "alert.raised")
        assert raised["person_name"] == officer.name
        await world.rows("update people set active = false where login = $1", officer.login)
