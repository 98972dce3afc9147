"""Step 9 on the screen: on time ÷ due by unit, stage, medium and rule; it never exceeds 100 %, and nobody keeps a clean
ratio by never sending."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.reports import at
from tests.world import World, make_later


async def table(world: World, who: str = "duty_officer", **params: Any) -> dict[str, dict[str, Any]]:
    """The lines of the table by key, with all of them under ''."""
    answer = await world.get("timeliness", who=who, **params)
    return {group["key"]: group for group in answer["groups"]} | {"": answer["total"]}


async def lived(world: World) -> str:
    """Met: township's text. Late by 7 min: the county's call. Open and overdue: township's call, the county's text."""
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.fast_forward(minutes=37)
    await world.act(f"incidents/{receipt['incident_id']}/forward", medium="phone")
    await world.fast_forward(minutes=30)
    return str(receipt["incident_id"])


async def test_it_counts_what_was_on_time_and_what_was_due(world: World) -> None:
    await lived(world)
    lines = await table(world, group_by="unit")
    township, county, total = lines["990101103"], lines["990101"], lines[""]
    assert (township["on_time"], township["due"], township["overdue"]) == (1, 2, 1)
    assert (county["on_time"], county["due"], county["late"], county["overdue"]) == (0, 2, 1, 1)
    assert (total["on_time"], total["due"], total["ratio"]) == (1, 4, 0.25)
    assert county["median_late_seconds"] == county["max_late_seconds"] == 7 * 60
    assert township["small_sample"] is True


async def test_it_groups_by_stage_medium_and_rule(world: World) -> None:
    await lived(world)
    assert (await table(world, group_by="stage")).keys() == {"first", ""}
    assert (await table(world, group_by="medium")).keys() == {"phone", "written", ""}
    rules = await table(world, group_by="rule")
    assert (rules["county.first.written"]["ratio"], rules["city.first.phone"]["ratio"]) == (1.0, 0.0)


async def test_it_sets_waived_beside_the_ratio(world: World) -> None:
    incident_id = await lived(world)
    await world.act(f"incidents/{incident_id}/close", why="duplicate", note="重复")
    await world.settled()
    total = (await table(world))[""]
    assert (total["due"], total["on_time"], total["late"], total["overdue"]) == (2, 1, 1, 0)
    assert total["waived"] == 4


async def test_it_never_exceeds_one_hundred_percent(world: World) -> None:
    """More reports than are asked for do not make up for what was not sent."""
    incident_id = await lived(world)
    for _ in range(4):
        await world.send(make_later(incident_id))
        await world.send(make_later(incident_id, stage="correction", corrects=incident_id))
    await world.settled()
    for key in ("unit", "stage", "medium", "rule"):
        for line in (await table(world, group_by=key)).values():
            assert line["on_time"] <= line["due"]
            assert line["ratio"] is None or 0 <= line["ratio"] <= 1


async def test_it_shows_a_township_its_own_lines_only(world: World) -> None:
    await lived(world)
    assert (await table(world, who="reporter", group_by="unit")).keys() == {"990101103", ""}
    assert (await table(world, who="reporter.104", group_by="unit")).keys() == {""}
    assert (await table(world, who="auditor", group_by="unit")).keys() == {"990101103", "990101", ""}


async def test_it_counts_by_when_it_was_due(world: World) -> None:
    await lived(world)
    inside = await table(world, **{"from": at(minutes=30), "to": at(minutes=36)})
    assert (inside[""]["due"], inside[""]["on_time"]) == (2, 1)  # due at 09:30 and 09:35
    assert (await table(world, **{"from": at(days=1), "to": at(days=2)}))[""]["ratio"] is None


async def test_it_refuses_a_period_that_ends_before_it_begins(world: World) -> None:
    turned = {"from": at(days=2), "to": at(days=1)}
    answer = await world.call("auditor", "GET", "/api/v1/timeliness", params=turned)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "from")


async def test_it_gives_the_record_itself_with_its_clauses(world: World) -> None:
    await lived(world)
    record = (await world.get("timeliness"))["record"]
    assert {(one["rule"], one["outcome"], one["article"]) for one in record} == {
        ("county.first.written", "met", "3"),
        ("city.first.phone", "late", "3"),
    }


async def test_it_disputes_what_ran_out_while_our_own_intake_was_down(world: World) -> None:
    """Nobody is blamed for a limit that ran out while nothing could be received."""
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.settled()
    before = datetime.now(UTC)
    await world.fast_forward(minutes=37)
    await world.rows(
        "insert into intake_gaps (started_at, ended_at) values ($1, $2)", before, datetime.now(UTC)
    )
    await world.act(f"incidents/{receipt['incident_id']}/forward", medium="phone")
    await world.settled()
    rows = await world.rows("select outcome, reason from timeliness where incident_id = $1 and unit = '990101'",
                            UUID(receipt["incident_id"]))  # fmt: skip
    assert [tuple(row) for row in rows] == [("disputed", "our_outage")]
    line = (await table(world, group_by="rule"))["city.first.phone"]
    assert (line["due"], line["disputed"]) == (0, 1)
