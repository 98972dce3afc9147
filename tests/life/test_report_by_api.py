"""Step 1 and 2: a township reports by the API; it is on the broker's disk, then stored, joined and judged."""

from uuid import UUID, uuid4

from tests.world import World, make_later, make_report


async def test_it_gives_a_receipt_that_can_be_read_out_over_the_phone(world: World) -> None:
    receipt = await world.report()
    assert receipt["receipt_no"].startswith("990101103-20261123-")
    assert set(receipt) == {"receipt_no", "report_id", "incident_id", "received_at"}


async def test_it_says_accepted_before_it_is_stored_and_stored_after(world: World) -> None:
    await world.stop("consumers")
    receipt = await world.report()
    before = await world.get(f"reports/{receipt['report_id']}", who="reporter")
    assert (before["state"], before["receipt_no"]) == ("accepted", receipt["receipt_no"])
    await world.start("consumers")
    await world.settled()
    after = await world.get(f"reports/{receipt['report_id']}", who="reporter")
    assert (after["state"], after["number"], after["receipt_no"]) == ("stored", 1, receipt["receipt_no"])


async def test_it_opens_an_incident_and_tells_its_life_in_order(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    told = await world.kinds(receipt["incident_id"])
    assert told[:2] == ["incident.opened", "report.stored"]
    assert told.index("obligation.opened") < told.index("obligation.met") < told.index("alert.raised")


async def test_it_joins_a_follow_up_to_its_incident_under_the_next_number(world: World) -> None:
    first = await world.report()
    later = await world.send(make_later(first["incident_id"]))
    await world.settled()
    whole = await world.incident(first["incident_id"])
    assert later["incident_id"] == first["incident_id"]
    assert [(one["number"], one["stage"]) for one in whole["reports"]] == [(1, "first"), (2, "follow_up")]


async def test_it_stores_a_follow_up_that_overtakes_its_first_report_in_one_burst(world: World) -> None:
    await world.stop("consumers")
    report_id = str(uuid4())
    await world.report(report_id=report_id)
    await world.send(make_later(report_id))
    await world.start("consumers")
    await world.settled()
    whole = await world.incident(report_id)
    assert [one["number"] for one in whole["reports"]] == [1, 2]


async def test_it_never_overwrites_what_was_said(world: World) -> None:
    first = await world.report(casualties={"deaths": 0, "injuries": 2})
    await world.send(make_later(first["incident_id"], casualties={"deaths": 1, "injuries": 1}))
    await world.settled()
    whole = await world.incident(first["incident_id"])
    assert [one["body"]["casualties"]["deaths"] for one in whole["reports"]] == [0, 1]
    assert whole["incident"]["quantities"]["deaths"] == 1


async def test_it_marks_what_is_missing_and_asks_for_it_in_both_languages(world: World) -> None:
    receipt = await world.report(casualties={}, details={}, source={}, occurred_at=None)
    await world.settled()
    state = await world.get(f"reports/{receipt['report_id']}", who="reporter")
    assert state["state"] == "stored"
    assert {"occurred_at", "source", "phone", "casualties", "measures"} <= set(state["missing"])
    assert {"zh": "联系电话", "en": "phone of the source"} in state["missing_labels"]


async def test_it_knows_the_difference_between_unknown_and_none(world: World) -> None:
    unknown = await world.report(casualties={"deaths": None, "injuries": None})
    none = await world.report(casualties={"deaths": 0})
    await world.settled()
    asked = (await world.get(f"reports/{unknown['report_id']}", who="reporter"))["missing"]
    answered = (await world.get(f"reports/{none['report_id']}", who="reporter"))["missing"]
    assert "casualties" in asked and "casualties" not in answered


async def test_it_numbers_incidents_without_gaps_within_a_year(world: World) -> None:
    for _ in range(3):
        await world.report()
    await world.settled()
    rows = await world.rows("select number from incidents order by number")
    assert [row["number"] for row in rows] == ["2026-0001", "2026-0002", "2026-0003"]


async def test_it_keeps_the_claimed_times_beside_the_judged_one(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    stored = (await world.incident(receipt["incident_id"]))["reports"][0]
    assert stored["judged_at"] == world.clock.now().isoformat()
    claimed = make_report()
    assert (stored["occurred_at"], stored["known_at"]) == (claimed["occurred_at"], claimed["known_at"])


async def test_it_stores_a_zero_report_without_an_incident(world: World) -> None:
    receipt = await world.report(stage="zero", category="other", title=None)
    await world.settled()
    assert receipt["incident_id"] is None
    rows = await world.rows(
        "select incident_id, number from reports where report_id = $1", UUID(receipt["report_id"])
    )
    assert [tuple(row) for row in rows] == [(None, 0)]
    assert await world.rows("select 1 from incidents") == []
