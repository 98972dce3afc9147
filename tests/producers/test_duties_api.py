"""What a reporter must do next is answered from the server: her own node's open obligations and who took them on."""

from typing import Any

from tests.reports import make_later
from tests.world import World


async def asked(world: World, who: str = "reporter.103") -> dict[str, Any]:
    return await world.get("duties", who)


async def test_it_names_what_is_due_the_most_urgent_first_with_a_phone_and_the_systems_time(
    world: World,
) -> None:
    receipt = await world.report("reporter.103", title="青云高速追尾")
    await world.settled()
    said = await asked(world)
    due = [one["due_at"] for one in said["duties"]]
    assert due == sorted(due) and due
    assert {one["incident_id"] for one in said["duties"]} == {receipt["incident_id"]}
    assert all(one["to_phone"] for one in said["duties"])
    assert said["now"] == world.clock.now().isoformat()
    [incident] = said["incidents"]
    assert (incident["title"], incident["acknowledged_by_name"]) == ("青云高速追尾", None)


async def test_it_says_who_took_it_on_and_drops_what_was_done(world: World) -> None:
    receipt = await world.report("reporter.103")
    await world.settled()
    before = {one["obligation_id"] for one in (await asked(world))["duties"]}
    alert = await world.alert(receipt["incident_id"])
    await world.act(f"alerts/{alert['alert_id']}/acknowledge")
    await world.send(make_later(receipt["incident_id"], stage="final"), "reporter.103")
    await world.settled()
    said = await asked(world)
    [incident] = said["incidents"]
    assert incident["acknowledged_by_name"] == world.on_duty.duty_officer.name
    assert incident["acknowledged_at"] is not None
    assert {one["obligation_id"] for one in said["duties"]} != before


async def test_it_tells_nobody_what_another_node_must_report(world: World) -> None:
    await world.report("reporter.103")
    await world.settled()
    own = {one["obligation_id"] for one in (await asked(world))["duties"]}
    for stranger in (
        "reporter.104",
        "reporter.police",
        "reporter.health",
        "reporter.heating",
        "duty_officer",
    ):
        said = await asked(world, stranger)
        assert own.isdisjoint(one["obligation_id"] for one in said["duties"]), stranger
        assert said["incidents"] == [] or stranger == "duty_officer"


async def test_it_does_not_count_a_page_without_alerts_as_a_console(world: World) -> None:
    who = world.on_duty.duty_officer
    headers = {"Authorization": f"Bearer {world.tokens[who.login]}"}
    async with world.http.stream("GET", "/api/v1/stream?alerts=no", headers=headers) as stream:
        assert (await anext(stream.aiter_lines())).startswith("retry")
        receipt = await world.report("reporter.103")
        await world.settled()
        states = await world.rows(
            "select t.state from attempts t join alerts a using (alert_id) where a.incident_id = $1::uuid",
            receipt["incident_id"],
        )
    assert states and all(row["state"] == "failed" for row in states)
