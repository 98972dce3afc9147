"""Seed incident 1 end to end: an expressway accident, called in first, and the industrial park's traffic jam."""

from tests.reports import at, make_call, make_later
from tests.world import World


async def test_it_lives_through_the_expressway_accident_and_the_parks_traffic_jam(  # noqa: PLR0915, one story
    world: World,
) -> None:
    now = world.on_duty
    async with (
        world.console(now.duty_officer.login) as officer,
        world.console(now.duty_leader.login) as leader,
    ):
        # 09:00 the township phones, ten minutes after it happened; the duty officer logs the call.
        event = {
            "occurred_at": at(minutes=-10),
            "known_at": at(minutes=-6),
            "grade": "IV",
            "casualties": {"injuries": 2},
        }
        # The officer of the shift before takes the call, so the one on duty is told.
        call = await world.send(make_call(at(minutes=-1), **event), who="duty.li", path="calls")
        accident = call["incident_id"]
        await officer.until(lambda one: len(one.alerts) == 1)
        # Nobody answers for five minutes: the duty leader hears of it and has it.
        await world.fast_forward(minutes=5)
        await leader.until(lambda one: len(one.alerts) == 1)
        alert = await world.alert(accident)
        await world.act(f"alerts/{alert['alert_id']}/acknowledge", who="duty_leader", note="已赶赴现场")

        # 09:08 the text of the township joins the call; 09:10 the county phones the city.
        await world.fast_forward(minutes=3)
        text = await world.report(incident_id=accident, **event)
        await world.fast_forward(minutes=2)
        await world.act(f"incidents/{accident}/forward", medium="phone", received_by="市总值班室 何")
        assert text["incident_id"] == accident

        # The park reports the jam as an incident of its own and forgets to phone.
        park = next(person.login for person in world.county.people if person.node == "park")
        place = {"division": "990101103", "text": "工业园区东门"}
        jam = await world.report(
            who=park, category="accident.traffic.road", grade="IV", title="园区东门拥堵 3 公里", place=place,
            occurred_at=at(minutes=9), known_at=at(minutes=9), source={"unit": "park"},
        )  # fmt: skip
        world.answering = "duty_officer"

        # 09:20 three are dead: grade III, and it is told again.
        await world.fast_forward(minutes=10)
        await world.act(f"incidents/{accident}/grade", grade="III", note="死亡 3 人")
        await world.send(make_later(accident, casualties={"deaths": 3, "injuries": 5}))
        await world.fast_forward(minutes=20)
        await world.act(f"incidents/{accident}/forward", medium="written", receipt_no="市收〔2026〕112号")

    # 17:00 is met by a follow-up at 16:20; the county forwards it; the road is open at 17:20.
    await world.fast_forward(hours=6, minutes=40)
    await world.send(make_later(accident, casualties={"deaths": 3, "injuries": 6}))
    await world.act(f"incidents/{accident}/forward", stage="follow_up", medium="written")
    await world.fast_forward(hours=1)
    await world.act(f"incidents/{accident}/stop", stopped_at=world.clock.now().isoformat())
    await world.send(make_later(accident, stage="final", casualties={"deaths": 3, "injuries": 6}))
    await world.settled()
    await world.act(f"incidents/{accident}/forward", stage="final", medium="written")
    await world.act(f"incidents/{accident}/close", why="final_report")
    await world.act(f"incidents/{jam['incident_id']}/close", why="duplicate", note="并入高速事故处置")
    await world.settled()

    whole = await world.incident(accident)
    assert [one["stage"] for one in whole["reports"]] == ["first", "first", "follow_up", "follow_up", "final"]
    assert whole["incident"]["quantities"]["deaths"] == 3
    firsts = {
        (one["from_role"], one["medium"]): one["state"]
        for one in whole["obligations"]
        if one["stage"] == "first"
    }
    assert firsts == {
        ("township", "phone"): "met",
        ("township", "written"): "met",
        ("county", "phone"): "met",
        ("county", "written"): "met",
    }
    assert {one["state"] for one in whole["obligations"]} <= {"met", "waived"}
    assert len(officer.alerts) >= 2  # told of the accident and of the jam
    assert (await world.get("timeliness"))["total"]["ratio"] == 1.0
