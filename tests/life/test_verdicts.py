"""Step 9: how each obligation ends and what the record says of it: met, late, missed, waived."""

from typing import Any
from uuid import UUID

from tests.reports import at
from tests.world import World, make_later


async def verdicts(world: World, incident_id: str) -> dict[tuple[str, str, str], Any]:
    """The record of one incident by (sender, stage, medium)."""
    rows = await world.rows("select * from timeliness where incident_id = $1", UUID(incident_id))
    return {(row["from_role"], row["stage"], row["medium"]): row for row in rows}


async def test_it_records_what_was_met_with_its_clause(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    row = (await verdicts(world, receipt["incident_id"]))["township", "first", "written"]
    assert (row["outcome"], row["reason"], row["lateness_seconds"]) == ("met", "reported", 0)
    assert (row["due_at"].isoformat(), row["done_at"].isoformat()) == (at(minutes=35), at())
    assert (row["rule"], row["pack"], row["pack_version"], row["article"]) == (
        "county.first.written", "county.demo", "2026.2", "3",
    )  # fmt: skip


async def test_it_records_how_late_it_was(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.fast_forward(minutes=37, seconds=30)
    await world.act(f"incidents/{receipt['incident_id']}/forward", medium="phone")
    await world.settled()
    row = (await verdicts(world, receipt["incident_id"]))["county", "first", "phone"]
    assert (row["outcome"], row["reason"], row["lateness_seconds"]) == ("late", "forwarded", 450)


async def test_it_counts_the_due_second_itself_as_on_time(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.fast_forward(minutes=30)
    await world.act(f"incidents/{receipt['incident_id']}/forward", medium="phone")
    await world.settled()
    row = (await verdicts(world, receipt["incident_id"]))["county", "first", "phone"]
    assert (row["outcome"], row["lateness_seconds"]) == ("met", 0)


async def test_it_records_as_missed_what_was_overdue_when_the_incident_closed(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.fast_forward(minutes=20)
    await world.send(make_later(receipt["incident_id"], stage="final"))
    await world.settled()
    await world.act(f"incidents/{receipt['incident_id']}/close", why="final_report")
    await world.settled()
    found = await verdicts(world, receipt["incident_id"])
    missed = found["township", "first", "phone"]
    assert (missed["outcome"], missed["reason"], missed["lateness_seconds"]) == (
        "missed",
        "incident_closed",
        300,
    )
    assert missed["done_at"] is None
    assert found["county", "first", "phone"]["outcome"] == "waived"  # it had not run out


async def test_it_waives_everything_of_what_was_no_incident(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.fast_forward(minutes=50)
    await world.act(f"incidents/{receipt['incident_id']}/close", why="duplicate", note="与 2026-0001 重复")
    await world.settled()
    found = await verdicts(world, receipt["incident_id"])
    assert {row["outcome"] for key, row in found.items() if key != ("township", "first", "written")} == {
        "waived"
    }
    assert {row["reason"] for row in found.values() if row["outcome"] == "waived"} == {"no_longer_due"}


async def test_it_records_each_obligation_exactly_once(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report(grade="III")
    await world.fast_forward(hours=9)
    await world.act(f"incidents/{receipt['incident_id']}/close", why="retracted", note="误报")
    await world.settled()
    settled = await world.rows("select obligation_id from obligations where state <> 'open' order by 1")
    recorded = await world.rows("select obligation_id from timeliness order by 1")
    assert settled == recorded
    assert await world.rows("select 1 from obligations where state = 'open'") == []
