"""Step 8: a new grade changes what is owed from now on, never what has been settled."""

import pytest

from tests.conftest import OpenWorld
from tests.packs import add_limits
from tests.reports import at
from tests.rules.cases import limit
from tests.world import World, make_later


async def graded(world: World, grade: str, **changes: object) -> str:
    """An incident of this grade that somebody has acknowledged."""
    world.answering = "duty_officer"
    receipt = await world.report(grade=grade, **changes)
    await world.fast_forward(seconds=1)
    return str(receipt["incident_id"])


async def test_it_owes_follow_ups_after_a_rise(world: World) -> None:
    incident_id = await graded(world, "IV")
    await world.act(f"incidents/{incident_id}/grade", grade="III")
    await world.settled()
    owed = await world.obligation(incident_id, "township", "follow_up", "any")
    assert (owed["state"], owed["due_at"]) == ("open", at(hours=8))


async def test_it_waives_what_a_lower_grade_no_longer_demands(world: World) -> None:
    incident_id = await graded(world, "III")
    await world.act(f"incidents/{incident_id}/grade", grade="IV", note="核实后无重伤")
    await world.settled()
    owed = await world.obligation(incident_id, "township", "follow_up", "any")
    assert (owed["state"], owed["reason"]) == ("waived", "no_longer_due")


async def test_it_leaves_what_is_settled_as_it_was(world: World) -> None:
    incident_id = await graded(world, "IV")
    query = "select * from obligations where state <> 'open' order by obligation_id"
    before = await world.rows(query)
    assert before
    await world.act(f"incidents/{incident_id}/grade", grade="I", note="扩大")
    await world.act(f"incidents/{incident_id}/grade", grade="IV", note="核实")
    await world.settled()
    settled = {row["obligation_id"] for row in before}
    assert [row for row in await world.rows(query) if row["obligation_id"] in settled] == before


async def test_it_counts_a_slot_that_passed_before_anybody_could_know_of_it_as_nobodys_fault(
    world: World,
) -> None:
    """Known as grade III only after 17:00: the 17:00 slot is not owed, and never late."""
    incident_id = await graded(world, "IV")
    await world.fast_forward(hours=9)
    await world.act(f"incidents/{incident_id}/grade", grade="III", note="新增重伤")
    await world.settled()
    owed = (await world.incident(incident_id))["obligations"]
    found = [
        (one["state"], one["due_at"])
        for one in owed
        if (one["from_role"], one["stage"]) == ("township", "follow_up")
    ]
    assert found == [("open", at(hours=23))]


async def test_it_waives_as_overdue_when_knowable_what_a_new_grade_demands_too_late(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What grade II demands within an hour of the event, known to be grade II only three hours after."""
    hour = limit(id="graded.first", applies='{ grades = ["II"] }', medium="network", within="60 min")
    add_limits(monkeypatch, hour)
    world = await open_world()
    incident_id = await graded(world, "IV")
    await world.fast_forward(hours=3)
    await world.act(f"incidents/{incident_id}/grade", grade="II", note="确认")
    await world.settled()
    owed = await world.obligation(incident_id, "township", "first", "network")
    assert (owed["state"], owed["reason"]) == ("waived", "overdue_when_knowable")
    table = await world.get("timeliness", group_by="rule")
    line = next(group for group in table["groups"] if group["key"] == "graded.first")
    assert (line["due"], line["waived"]) == (0, 1)
    assert "obligation.breached" not in [
        row["kind"] for row in await world.rows("select kind from events where body #>> '{obligation,binding,id}' = $1",
                                                "graded.first")
    ]  # fmt: skip


async def test_it_finds_that_an_earlier_follow_up_had_already_met_what_a_new_grade_demands(
    world: World,
) -> None:
    incident_id = await graded(world, "IV")
    await world.send(make_later(incident_id))
    await world.settled()
    await world.act(f"incidents/{incident_id}/grade", grade="III", note="扩大")
    await world.settled()
    owed = (await world.incident(incident_id))["obligations"]
    found = [
        (one["state"], one["due_at"])
        for one in owed
        if (one["from_role"], one["stage"]) == ("township", "follow_up")
    ]
    assert found == [("met", at(hours=8)), ("open", at(hours=23))]


async def test_it_wants_a_reason_for_a_lower_grade_only(world: World) -> None:
    incident_id = await graded(world, "III")
    path = f"/api/v1/incidents/{incident_id}/grade"
    table = [
        ({"grade": "IV"}, 422, "note", "reason_needed"),
        ({"grade": "non_incident", "note": "  "}, 422, "note", "reason_needed"),
        ({"grade": "III", "note": "一样"}, 409, "grade", "same_grade"),
        ({"grade": "V"}, 422, "grade", "enum"),
    ]
    for body, status, field, reason in table:
        answer = await world.call("duty_officer", "POST", path, json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field), body
        assert answer.json()["errors"][0]["reason"] == reason
    await world.act(f"incidents/{incident_id}/grade", grade="II")


async def test_it_takes_the_grade_of_a_later_report_where_there_was_none(world: World) -> None:
    incident_id = await graded(world, "ungraded")
    await world.send(make_later(incident_id, grade="III"))
    await world.settled()
    assert (await world.incident(incident_id))["incident"]["grade"] == "III"
    assert "incident.regraded" in await world.kinds(incident_id)


async def test_it_does_not_let_a_township_overrule_the_grade_that_stands(world: World) -> None:
    incident_id = await graded(world, "III")
    await world.send(make_later(incident_id, grade="IV"))
    await world.settled()
    whole = await world.incident(incident_id)
    assert (whole["incident"]["grade"], whole["reports"][1]["grade"]) == ("III", "IV")
