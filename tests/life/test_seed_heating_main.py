"""Seed incident 3 end to end: a primary heating main bursts; the company reports, the county forgets the city."""

from tests.reports import at, make_later
from tests.world import World

BURST = {
    "category": "accident.public_facility.heating",
    "grade": "III",
    "title": "热力一级网主干管爆裂，5200 户停暖",
    "place": {"division": "990101001", "text": "建设路与人民路口"},
    "source": {"name": "热力公司调度", "unit": "heating", "phone": "0990-5550950"},
    "casualties": {"deaths": 0, "injuries": 1},
    "quantities": {"households": 5200},
    "details": {"process": "DN800 主管爆裂", "measures": "已关断阀门，抢修中"},
}


async def test_it_lives_through_the_burst_of_the_heating_main(world: World) -> None:
    company = next(person.login for person in world.county.people if person.node == "heating")
    receipt = await world.report(who=company, **BURST, occurred_at=at(minutes=-12), known_at=at(minutes=-10))
    incident_id = receipt["incident_id"]
    world.answering = "duty_officer"
    await world.fast_forward(minutes=1)
    whole = await world.incident(incident_id)
    owed = {(one["from_role"], one["from_node"], one["to_role"]) for one in whole["obligations"]}
    assert owed == {
        ("unit", "heating", "county"),
        ("unit", "heating", "county_department"),  # 599号令: at once, where heat is interrupted
        ("township", "990101001", "county"),
        ("county", "990101", "city"),
    }

    # 09:01 the company phones too; the street office writes and phones; the county tells the city only by phone.
    call = {"called_at": world.clock.now().isoformat(), "report": BURST | {"stage": "first", "medium": "phone",
            "incident_id": incident_id}}  # fmt: skip
    await world.send(call, who="duty_officer", path="calls")
    street = BURST | {"source": {"unit": "990101001", "name": "街道值班", "phone": "0990-5551001"}}
    await world.send(street | {"stage": "first", "incident_id": incident_id}, who="reporter.001")
    called = {"called_at": world.clock.now().isoformat(), "report": street | {"stage": "first", "medium": "phone",
              "incident_id": incident_id}}  # fmt: skip
    await world.send(called, who="duty_officer", path="calls")
    await world.settled()
    await world.act(f"incidents/{incident_id}/forward", medium="phone", received_by="市总值班室")
    firsts = [one for one in (await world.incident(incident_id))["obligations"] if one["stage"] == "first"]
    assert [one for one in firsts if one["from_role"] != "county" and one["state"] != "met"] == []

    # 10:00 passes: the city never got it in writing. At 10:01:30 the duty officer sends it: late by 90 seconds.
    await world.fast_forward(minutes=58)
    assert "obligation.due_soon" in await world.kinds(incident_id)
    await world.fast_forward(minutes=1)
    alert = await world.alert(incident_id, "obligation_breached")
    assert alert["reason"] == "obligation_breached"
    await world.fast_forward(minutes=1, seconds=30)
    await world.act(f"incidents/{incident_id}/forward", medium="written", receipt_no="市收〔2026〕113号")
    late = await world.obligation(incident_id, "county", "first", "written")
    assert (late["state"], late["lateness_seconds"]) == ("late", 90)

    # The main is welded at 15:00; follow-ups before 17:00 from both; final reports; closed.
    await world.fast_forward(hours=5)
    await world.send(make_later(incident_id, category=BURST["category"], place=BURST["place"],
                                quantities={"households": 800}), who="reporter.001")  # fmt: skip
    await world.act(f"incidents/{incident_id}/forward", stage="follow_up", medium="written")
    await world.act(f"incidents/{incident_id}/stop", stopped_at=world.clock.now().isoformat())
    await world.send(
        make_later(incident_id, stage="final", category=BURST["category"], place=BURST["place"]),
        who="reporter.001",
    )
    await world.settled()
    await world.act(f"incidents/{incident_id}/forward", stage="final", medium="written")
    await world.act(f"incidents/{incident_id}/close", why="final_report")
    await world.settled()

    lines = {
        one["rule"]: one for one in (await world.get("timeliness"))["record"] if one["outcome"] == "late"
    }
    assert lines.keys() == {"city.first.written"}
    assert (lines["city.first.written"]["lateness_seconds"], lines["city.first.written"]["unit"]) == (
        90,
        "990101",
    )
    assert await world.rows("select 1 from obligations where state = 'open'") == []
