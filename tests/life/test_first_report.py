"""One report's life, steps 1 to 3."""

from tests.world import World


async def test_it_stores_a_report_and_opens_its_incident(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    state = await world.get(f"reports/{receipt['report_id']}", who="reporter")
    assert state["state"] == "stored"
    assert state["number"] == 1
    print(await world.kinds(receipt["incident_id"]))
    one = await world.incident(receipt["incident_id"])
    for o in one["obligations"]:
        print(o["from_role"], o["to_role"], o["stage"], o["medium"], o["state"], o["due_at"], o["binding"]["id"])
    for a in one["alerts"]: print(a["reason"], a["state"], a["step"], a["next_at"], [(t["person_name"], t["state"], t["reason"]) for t in a["attempts"]])
    await world.fast_forward(minutes=50)
    print(await world.kinds(receipt["incident_id"]))
