"""Seed incident 2 end to end: a quarrel over a drinking-water source between a village and a township."""

from tests.reports import at, make_later, make_report
from tests.world import World

DISPUTE = {
    "category": "social_security.dispute.water_rights",
    "tags": ["drinking_water_source", "may_evolve"],
    "grade": "ungraded",
    "title": "石泉村与柳河乡取水口纠纷",
    "place": {"division": "990101203205", "text": "石泉村取水口"},
    "source": {"name": "村支书", "unit": "990101203205", "phone": "0990-5550203"},
    "casualties": {"deaths": 0, "injuries": 0},
    "quantities": {"participants": 60},
    "details": {"process": "村民与乡水管所因改线争执", "measures": "派出所到场劝解"},
}


async def test_it_lives_through_the_quarrel_over_the_water_source(world: World) -> None:
    village = next(person.login for person in world.county.people if person.node == "990101203")
    # 09:00 the township hears of it 35 minutes after it began, and writes at once; nobody phones.
    receipt = await world.report(
        who=village, **DISPUTE, occurred_at=at(minutes=-35), known_at=at(minutes=-10)
    )
    incident_id = receipt["incident_id"]
    await world.settled()
    whole = await world.incident(incident_id)
    assert whole["incident"]["nodes"]["township"] == "990101203"
    assert (await world.obligation(incident_id, "township", "first", "written"))["state"] == "met"
    late = await world.obligation(incident_id, "township", "first", "phone")
    assert late["breached_at"] == at(minutes=-15)  # known too late to be phoned in time, and said so at once

    # Nobody on the ladder has a console open: exhausted, and again five minutes later; then the leader taps a link.
    await world.fast_forward(minutes=5)
    assert (await world.alert(incident_id))["round"] == 2
    alert = await world.alert(incident_id)
    await world.act(f"alerts/{alert['alert_id']}/acknowledge", who="duty_leader")
    world.answering = "duty_officer"

    # 09:07 the duty officer calls back and logs it: the phone duty is late by 22 minutes, for ever.
    await world.fast_forward(minutes=2)
    call = make_report(**DISPUTE, medium="phone", incident_id=incident_id, occurred_at=None, known_at=None)
    call["source"] = {"unit": "990101203", "name": "乡值班员", "phone": "0990-5551203"}
    await world.send(call_of(world, call), who="duty_officer", path="calls")
    await world.settled()
    late = await world.obligation(incident_id, "township", "first", "phone")
    assert (late["state"], late["lateness_seconds"]) == ("late", 22 * 60)

    # It grows to 200 people: grade III; forwarded; settled by the evening; the grade falls with a reason.
    await world.send(make_later(incident_id, category=DISPUTE["category"], place=DISPUTE["place"],
                                quantities={"participants": 200}), who=village)  # fmt: skip
    await world.act(f"incidents/{incident_id}/grade", grade="III", note="聚集 200 人")
    await world.act(f"incidents/{incident_id}/forward", medium="phone")
    await world.act(f"incidents/{incident_id}/forward", medium="written")
    await world.fast_forward(hours=5)
    await world.act(f"incidents/{incident_id}/grade", grade="IV", note="双方达成协议，人群散去")
    await world.settled()
    slots = [
        one["state"]
        for one in (await world.incident(incident_id))["obligations"]
        if one["stage"] == "follow_up"
    ]
    assert set(slots) <= {"met", "waived"}

    await world.act(f"incidents/{incident_id}/stop", stopped_at=world.clock.now().isoformat())
    final = make_later(incident_id, stage="final", category=DISPUTE["category"], place=DISPUTE["place"])
    await world.send(final, who=village)
    await world.settled()
    await world.act(f"incidents/{incident_id}/forward", stage="final", medium="written")
    await world.act(f"incidents/{incident_id}/close", why="final_report")
    await world.settled()

    units = {group["key"]: group for group in (await world.get("timeliness", group_by="unit"))["groups"]}
    assert (units["990101203"]["late"], units["990101203"]["max_late_seconds"]) == (1, 22 * 60)
    assert (units["990101"]["ratio"], units["990101203"]["ratio"] < 1.0) == (1.0, True)


def call_of(world: World, report: dict[str, object]) -> dict[str, object]:
    """The call that comes in now."""
    return {"called_at": world.clock.now().isoformat(), "report": report}
