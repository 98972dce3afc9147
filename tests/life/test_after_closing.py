"""What is reported after the closing is taken, told to the duty room, and may open the incident again."""

from tests.reports import at
from tests.world import World, make_later


async def closed(world: World, **changes: object) -> str:
    """An incident that was closed as a duplicate, and nobody is called about it."""
    world.answering = "duty_officer"
    incident_id = str((await world.report(**changes))["incident_id"])
    await world.fast_forward(seconds=1)
    await world.act(f"incidents/{incident_id}/close", why="duplicate", note="重复")
    await world.settled()
    world.answering = None
    return incident_id


async def test_it_takes_every_stage_after_closing_and_tells_the_duty_room(world: World) -> None:
    for number, stage in enumerate(("follow_up", "verification", "final", "first", "correction", "feedback")):
        incident_id = await closed(world, title=f"事件 {number}")
        receipt = await world.send(make_later(incident_id, stage=stage))
        await world.settled()
        assert (await world.get(f"reports/{receipt['report_id']}"))["state"] == "stored"
        alert = await world.alert(incident_id, "report_after_closing")
        assert world.on_duty.duty_officer.name in {one["person_name"] for one in alert["attempts"]}, stage
        whole = await world.incident(incident_id)
        assert (whole["incident"]["state"], len(whole["reports"])) == ("closed", 2)
        assert not [one for one in whole["obligations"] if one["state"] == "open"]


async def test_it_tells_once_while_nobody_answers_and_again_afterwards(world: World) -> None:
    incident_id = await closed(world)
    for _ in range(2):
        await world.send(make_later(incident_id))
        await world.settled()
    alert = await world.alert(incident_id, "report_after_closing")
    await world.act(f"alerts/{alert['alert_id']}/acknowledge")
    await world.send(make_later(incident_id))
    await world.settled()
    raised = [
        one
        for one in (await world.incident(incident_id))["alerts"]
        if one["reason"] == "report_after_closing"
    ]
    assert sorted(one["state"] == "acknowledged" for one in raised) == [False, True]


async def test_it_counts_at_its_own_time_what_was_reported_while_it_was_closed(world: World) -> None:
    """The final report is owed; it comes while the incident is closed, and is in time though nobody looked for it."""
    incident_id = await closed(world)
    await world.fast_forward(hours=2)
    await world.send(make_later(incident_id, stage="final", casualties={"deaths": 2}))
    await world.settled()
    await world.fast_forward(hours=3)
    await world.act(f"incidents/{incident_id}/reopen", "duty_leader", note="终报与原结论不同")
    await world.settled()
    final = await world.obligation(incident_id, "township", "final", "written")
    assert (final["state"], final["done_at"]) == ("met", at(hours=2, seconds=1))
    incident = (await world.incident(incident_id))["incident"]
    assert (incident["quantities"]["deaths"], incident["final_report_id"] is not None) == (2, True)
    await world.act(f"incidents/{incident_id}/close", why="final_report")


async def test_it_stores_a_second_final_report_as_the_newer_one(world: World) -> None:
    world.answering = "duty_officer"
    incident_id = str((await world.report())["incident_id"])
    await world.fast_forward(seconds=1)
    for deaths in (1, 2):
        await world.fast_forward(minutes=1)
        last = await world.send(make_later(incident_id, stage="final", casualties={"deaths": deaths}))
        await world.settled()
    whole = await world.incident(incident_id)
    assert [one["stage"] for one in whole["reports"]] == ["first", "final", "final"]
    assert whole["incident"]["final_report_id"] == last["report_id"]
    assert whole["incident"]["quantities"]["deaths"] == 2
    assert "report.refused" not in [row["kind"] for row in await world.rows("select kind from events")]
