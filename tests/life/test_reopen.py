"""Closing is no dead end: whatever an incident was closed for, it can be opened again, and so is what was owed."""

from typing import Any

import pytest

from tests.reports import at
from tests.world import World, make_later

CLOSINGS: list[dict[str, Any]] = [
    {"why": "duplicate", "note": "与 2026-0001 重复"},
    {"why": "retracted", "note": "误报"},
    {"why": "non_incident", "note": "演练"},
    {"why": "final_report"},
]


async def owed(
    world: World, incident_id: str
) -> dict[tuple[str, str, str, str], tuple[str, str | None, str]]:
    """State, reason and due time of each obligation, by from, to, stage, medium of its first occurrence."""
    return {
        (one["from_role"], one["to_role"], one["stage"], one["medium"]): (
            one["state"],
            one["reason"],
            one["due_at"],
        )
        for one in (await world.incident(incident_id))["obligations"]
        if one["occurrence"] == 1
    }


async def opened(world: World, **changes: Any) -> str:
    """An incident that somebody has; everything that is owed about it is open but for the first reports."""
    world.answering = "duty_officer"
    receipt = await world.report(**changes)
    await world.fast_forward(seconds=1)
    return str(receipt["incident_id"])


@pytest.mark.parametrize("closing", CLOSINGS, ids=lambda one: one["why"])
async def test_it_opens_again_with_its_duties_whatever_it_was_closed_for(
    world: World, closing: dict[str, Any]
) -> None:
    incident_id = await opened(world)
    if closing["why"] == "final_report":
        await world.send(make_later(incident_id, stage="final"))
        await world.settled()
    before = await owed(world, incident_id)
    await world.act(f"incidents/{incident_id}/close", **closing)
    await world.settled()
    closed = await owed(world, incident_id)
    assert {state for state, _, _ in closed.values()} <= {"met", "late", "waived", "missed"} != {"met"}
    body = (await world.act(f"incidents/{incident_id}/reopen", "duty_leader", note="又发现被困人员"))[
        "incident"
    ]
    assert (body["state"], body["closed_at"], body["close_reason"]) == ("open", None, None)
    await world.settled()
    assert await owed(world, incident_id) == before
    (said,) = [
        one for one in (await world.incident(incident_id))["events"] if one["kind"] == "incident.reopened"
    ]
    leader = world.on_duty.duty_leader
    assert (said["body"]["was"], said["body"]["note"], said["body"]["by"]) == (
        closing["why"], "又发现被困人员", str(leader.person_id),
    )  # fmt: skip


async def test_it_wants_a_note_a_closed_incident_and_the_duty_room(world: World) -> None:
    incident_id = await opened(world)
    path = f"/api/v1/incidents/{incident_id}/reopen"
    answer = await world.call("duty_officer", "POST", path, json={"note": "复燃"})
    assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (409, "already_open")
    await world.act(f"incidents/{incident_id}/close", why="duplicate", note="重复")
    for body, reason in (
        ({}, "missing"),
        ({"note": " "}, "reason_needed"),
        ({"note": "x", "who": 1}, "extra_forbidden"),
    ):
        answer = await world.call("duty_officer", "POST", path, json=body)
        assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (422, reason)
    for who in ("reporter", "auditor", "admin"):
        assert (await world.call(who, "POST", path, json={"note": "复燃"})).status_code == 403
    assert (await world.incident(incident_id))["incident"]["state"] == "closed"


async def test_it_explains_what_ran_out_while_it_was_closed_and_goes_on_with_the_slots(world: World) -> None:
    """Follow-ups of a grade III are owed at 17:00 and 08:00; closed at 09:00 as a duplicate, opened again at 19:00."""
    incident_id = await opened(world, grade="III")
    assert (await owed(world, incident_id))["township", "county", "follow_up", "any"][2] == at(hours=8)
    await world.act(f"incidents/{incident_id}/close", why="duplicate", note="重复")
    await world.fast_forward(hours=10)
    await world.act(f"incidents/{incident_id}/reopen", note="不是一件事")
    await world.settled()
    slots = [
        (one["state"], one["reason"], one["due_at"])
        for one in (await world.incident(incident_id))["obligations"]
        if (one["from_role"], one["stage"]) == ("township", "follow_up")
    ]
    assert slots == [("waived", "ran_out_while_closed", at(hours=8)), ("open", None, at(hours=23))]
    assert "obligation.breached" not in await world.kinds(incident_id)
    await world.fast_forward(hours=14)
    assert "obligation.breached" in await world.kinds(incident_id)


async def test_it_is_overdue_again_with_what_had_run_out_before_and_counts_it_once(world: World) -> None:
    """The call to the city was owed by 09:20; missed by the closing, it is overdue again, and late once it is made."""
    incident_id = await opened(world)
    await world.fast_forward(minutes=30)
    await world.send(make_later(incident_id, stage="final"))
    await world.settled()
    await world.act(f"incidents/{incident_id}/close", why="final_report")
    await world.settled()
    phone = ("county", "city", "first", "phone")
    assert (await owed(world, incident_id))[phone][:2] == ("missed", "incident_closed")
    assert await _line(world) == {"missed": 1, "overdue": 0, "late": 0, "due": 1}
    await world.fast_forward(minutes=30)
    await world.act(f"incidents/{incident_id}/reopen", note="复燃")
    await world.settled()
    assert (await owed(world, incident_id))[phone][:2] == ("open", None)
    assert await _line(world) == {"missed": 0, "overdue": 1, "late": 0, "due": 1}
    await world.act(f"incidents/{incident_id}/forward", medium="phone")
    await world.settled()
    assert await _line(world) == {"missed": 0, "overdue": 0, "late": 1, "due": 1}
    record = [
        (one["outcome"], one["withdrawn_at"] is not None)
        for one in (await world.get("timeliness"))["record"]
        if (one["stage"], one["medium"], one["to_role"]) == ("first", "phone", "city")
    ]
    assert sorted(record) == [("late", False), ("missed", True)]


async def _line(world: World) -> dict[str, int]:
    """The county's call to the city in the table of timeliness."""
    table = await world.get("timeliness", group_by="rule")
    (line,) = [one for one in table["groups"] if one["key"] == "city.first.phone"]
    return {key: line[key] for key in ("missed", "overdue", "late", "due")}


async def test_it_can_be_closed_and_opened_again_more_than_once(world: World) -> None:
    incident_id = await opened(world)
    before = await owed(world, incident_id)
    for _ in range(2):
        await world.act(f"incidents/{incident_id}/close", why="duplicate", note="重复")
        await world.act(f"incidents/{incident_id}/reopen", note="不重复")
        await world.settled()
        assert await owed(world, incident_id) == before
    await world.act(f"incidents/{incident_id}/close", why="duplicate", note="重复")
    await world.settled()
    rows = await world.rows(
        "select t.obligation_id, count(*) - count(w) as standing from timeliness t"
        " left join withdrawn_verdicts w using (obligation_id, revision) group by 1"
    )
    assert {row["standing"] for row in rows} == {1}


async def test_it_leaves_what_was_settled_before_the_closing_as_it_was(world: World) -> None:
    incident_id = await opened(world, grade="III")
    await world.act(f"incidents/{incident_id}/grade", grade="IV", note="核实")
    await world.settled()
    before = await owed(world, incident_id)
    assert before["township", "county", "follow_up", "any"][:2] == ("waived", "no_longer_due")
    await world.fast_forward(minutes=1)
    await world.act(f"incidents/{incident_id}/close", why="retracted", note="误报")
    await world.act(f"incidents/{incident_id}/reopen", note="不是误报")
    await world.settled()
    assert await owed(world, incident_id) == before


async def test_it_calls_again_whoever_must_know(world: World) -> None:
    incident_id = await opened(world)
    await world.act(f"incidents/{incident_id}/close", why="duplicate", note="重复")
    world.answering = None
    await world.act(f"incidents/{incident_id}/reopen", "duty_leader", note="不重复")
    await world.settled()
    alert = await world.alert(incident_id, "incident_reopened")
    assert alert["state"] in ("open", "exhausted")
    told = {one["person_name"] for one in alert["attempts"]}
    assert world.on_duty.duty_officer.name in told
