"""Who acts on what no longer stands changes nothing, and learns who did what and when."""

from typing import Any

from tests.reports import at
from tests.world import World, make_later

WHAT_THE_OTHER_DID: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], str, str]] = {
    "grade": ({"grade": "III"}, {"grade": "II"}, {"grade": "IV"}, "定为 III 级", "set grade III at 09:10"),
    "stop": (
        {"stopped_at": at(minutes=8)}, {"stopped_at": at(minutes=9)}, {"stopped_at": None},
        "登记处置于 09:08 结束", "recorded at 09:10 that the response ended at 09:08",
    ),
    "forward": (
        {"medium": "phone"}, {"medium": "written"}, {"forward_count": 0},
        "登记上报（共 1 次）", "recorded a report upward at 09:10 (1 in all)",
    ),
    "close": (
        {"why": "final_report"}, {"why": "duplicate", "note": "重复"}, {"state": "open"},
        "办结该事件", "closed this incident at 09:10",
    ),
}  # fmt: skip


async def ready(world: World, count: int = 1) -> list[str]:
    """Incidents with a final report, at 09:10 by the county's clock."""
    world.answering = "duty_officer"
    made = [str((await world.report())["incident_id"]) for _ in range(count)]
    await world.fast_forward(minutes=5)
    for incident_id in made:
        await world.send(make_later(incident_id, stage="final"))
    await world.fast_forward(minutes=5)
    return made


async def test_it_names_who_was_first_and_changes_nothing(world: World) -> None:
    made = await ready(world, len(WHAT_THE_OTHER_DID))
    for incident_id, act in zip(made, WHAT_THE_OTHER_DID, strict=True):
        await _first_and_second(world, incident_id, act)


async def _first_and_second(world: World, incident_id: str, act: str) -> None:
    first, second, seen, zh, en = WHAT_THE_OTHER_DID[act]
    path, name = f"/api/v1/incidents/{incident_id}/{act}", world.on_duty.duty_leader.name
    name_en = world.on_duty.duty_leader.name_en or name
    await world.act(f"incidents/{incident_id}/{act}", "duty_leader", **first, expected=seen)
    await world.settled()
    before, kinds = (await world.incident(incident_id))["incident"], await world.kinds(incident_id)
    for language, wanted in (("zh", f"{name} 已于 09:10 {zh}"), ("en", f"{name_en} {en}")):
        asked = {"json": second | {"expected": seen}, "headers": {"Accept-Language": language}}
        answer = await world.call("duty_officer", "POST", path, **asked)
        said = answer.json()
        assert (answer.status_code, said["detail"]) == (409, wanted)
        (field,) = seen
        assert (said["errors"][0]["field"], said["errors"][0]["reason"]) == (f"expected.{field}", "changed")
        assert said["present"][field] == before[field] != seen[field]
        assert said["last_act"]["by_name"] == name and said["last_act"]["at"] == at(minutes=10)
    await world.settled()
    assert ((await world.incident(incident_id))["incident"], await world.kinds(incident_id)) == (
        before,
        kinds,
    )


async def test_it_names_who_reopened_it(world: World) -> None:
    (incident_id,) = await ready(world)
    await world.act(f"incidents/{incident_id}/close", why="final_report")
    await world.act(
        f"incidents/{incident_id}/reopen", "duty_leader", note="复燃", expected={"state": "closed"}
    )
    name = world.on_duty.duty_leader.name
    path = f"/api/v1/incidents/{incident_id}/reopen"
    for body in ({"note": "复燃", "expected": {"state": "closed"}}, {"note": "复燃"}):
        answer = await world.call("duty_officer", "POST", path, json=body, headers={"Accept-Language": "zh"})
        assert (answer.status_code, answer.json()["detail"]) == (409, f"{name} 已于 09:10 恢复处置该事件")
        assert answer.json()["errors"][0]["reason"] in ("changed", "already_open")


async def test_it_names_who_closed_it_also_to_those_who_expected_nothing(world: World) -> None:
    (incident_id,) = await ready(world)
    await world.act(f"incidents/{incident_id}/close", "duty_leader", why="final_report")
    name = world.on_duty.duty_leader.name
    for act, body in (
        ("grade", {"grade": "II"}),
        ("stop", {"stopped_at": at()}),
        ("close", {"why": "final_report"}),
    ):
        path = f"/api/v1/incidents/{incident_id}/{act}"
        answer = await world.call("duty_officer", "POST", path, json=body, headers={"Accept-Language": "zh"})
        assert (answer.status_code, answer.json()["detail"]) == (409, f"{name} 已于 09:10 办结该事件")
        assert answer.json()["errors"][0]["reason"] == "already_closed"


async def test_it_says_what_stands_where_a_report_brought_it(world: World) -> None:
    (incident_id,) = await ready(world)
    path = f"/api/v1/incidents/{incident_id}/grade"
    body = {"grade": "II", "expected": {"grade": "ungraded"}}
    answer = await world.call("duty_officer", "POST", path, json=body)
    assert (answer.status_code, answer.json()["last_act"]) == (409, None)
    assert answer.json()["present"]["grade"] == "IV" and "grade IV" in answer.json()["detail"]


async def test_it_acts_where_all_is_as_it_was_seen(world: World) -> None:
    (incident_id,) = await ready(world)
    seen = (await world.incident(incident_id))["incident"]
    table = [
        ("stop", {"stopped_at": at(minutes=9)}, "stopped_at"),
        ("grade", {"grade": "III"}, "grade"),
        ("forward", {"medium": "phone"}, "forward_count"),
        ("close", {"why": "final_report"}, "state"),
    ]
    for act, body, field in table:
        await world.act(f"incidents/{incident_id}/{act}", **body, expected={field: seen[field]})
    seen = (await world.incident(incident_id))["incident"]
    await world.act(f"incidents/{incident_id}/reopen", note="复燃", expected={"state": seen["state"]})
    await world.act(
        f"incidents/{incident_id}/stop",
        stopped_at=at(minutes=10),
        expected={"stopped_at": seen["stopped_at"]},
    )


async def test_it_takes_the_same_moment_in_another_zone_for_the_same(world: World) -> None:
    (incident_id,) = await ready(world)
    await world.act(f"incidents/{incident_id}/stop", stopped_at="2026-11-23T01:08:00Z")
    await world.act(
        f"incidents/{incident_id}/stop",
        stopped_at=at(minutes=9),
        expected={"stopped_at": "2026-11-23T09:08:00+08:00"},
    )


async def test_it_acknowledges_what_was_seen_unanswered_and_tells_who_was_first(world: World) -> None:
    incident_id = str((await world.report())["incident_id"])
    await world.settled()
    alert_id = (await world.alert(incident_id))["alert_id"]
    path = f"/api/v1/alerts/{alert_id}/acknowledge"
    early = await world.call("duty_officer", "POST", path, json={"expected": {"state": "acknowledged"}})
    assert (early.status_code, early.json()["errors"][0]["reason"]) == (409, "changed")
    assert early.json()["present"]["state"] in ("open", "exhausted")
    await world.act(f"alerts/{alert_id}/acknowledge", expected={"state": "exhausted"})
    late = await world.call(
        "duty_leader", "POST", path, json={"expected": {"state": "open"}}, headers={"Accept-Language": "zh"}
    )
    assert (late.status_code, late.json()["errors"][0]["reason"]) == (409, "already_acknowledged")
    assert late.json()["detail"] == f"{world.on_duty.duty_officer.name} 已于 09:00 签收"
    assert late.json()["present"] == {"state": "acknowledged"}


UNKNOWN: list[tuple[str, dict[str, Any], Any, str]] = [
    ("grade", {"grade": "III"}, {"state": "open"}, "expected.state"),
    ("grade", {"grade": "III"}, {"grade": "V"}, "expected.grade"),
    ("grade", {"grade": "III"}, {}, "expected.grade"),
    ("stop", {"stopped_at": at()}, {"stopped": None}, "expected.stopped"),
    ("stop", {"stopped_at": at()}, {}, "expected.stopped_at"),
    ("stop", {"stopped_at": at()}, {"stopped_at": "yesterday"}, "expected.stopped_at"),
    ("forward", {"medium": "phone"}, {"forward_count": "one"}, "expected.forward_count"),
    ("forward", {"medium": "phone"}, {"forward_count": -1}, "expected.forward_count"),
    ("close", {"why": "duplicate", "note": "重复"}, {"state": "gone"}, "expected.state"),
    ("reopen", {"note": "复燃"}, "closed", "expected"),
    ("reopen", {"note": "复燃"}, {"state": "closed", "grade": "IV"}, "expected.grade"),
]


async def test_it_refuses_by_name_what_it_does_not_know(world: World) -> None:
    incident_id = str((await world.report())["incident_id"])
    await world.settled()
    for act, body, expected, field in UNKNOWN:
        path = f"/api/v1/incidents/{incident_id}/{act}"
        answer = await world.call("duty_officer", "POST", path, json=body | {"expected": expected})
        assert answer.status_code == 422, (act, expected)
        assert field in [one["field"] for one in answer.json()["errors"]]
