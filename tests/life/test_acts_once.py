"""An act happens once: pressed twice, sent again because its answer was lost, or two at the same moment."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.packs import demo_pack
from tests.reports import at
from tests.world import World, make_later

pytestmark = pytest.mark.asyncio(loop_scope="module")

ACTS: dict[str, tuple[dict[str, Any], str]] = {
    "grade": ({"grade": "III"}, "incident.regraded"),
    "stop": ({"stopped_at": at(seconds=-1)}, "incident.stopped"),
    "forward": ({"medium": "phone", "receipt_no": "市 7"}, "report.forwarded"),
    "close": ({"why": "final_report"}, "incident.closed"),
    "reopen": ({"note": "又有报告"}, "incident.reopened"),
}
OTHER: dict[str, dict[str, Any]] = {
    "grade": {"grade": "II"},
    "stop": {"stopped_at": at(seconds=-2)},
    "forward": {"medium": "written"},
    "close": {"why": "duplicate", "note": "重复"},
    "reopen": {"note": "另一个理由"},
}


async def ready_for(world: World, act: str) -> str:
    """An incident to which this act can happen."""
    receipt = await world.report()
    incident_id = str(receipt["incident_id"])
    await world.settled()
    if act in ("close", "reopen"):
        await world.send(make_later(incident_id, stage="final"))
        await world.settled()
    if act == "reopen":
        await world.act(f"incidents/{incident_id}/close", why="final_report")
    return incident_id


def sender(world: World, incident_id: str, act: str) -> Callable[..., Any]:
    """Sends the act with other parts of its body."""

    async def send(who: str = "duty_officer", **body: Any) -> Any:
        return await world.call(who, "POST", f"/api/v1/incidents/{incident_id}/{act}", json=body)

    return send


@pytest.mark.parametrize("act", ACTS)
async def test_it_answers_the_same_act_with_the_same_and_does_it_once(shared_world: World, act: str) -> None:
    incident_id = await ready_for(shared_world, act)
    send, (body, kind), act_id = sender(shared_world, incident_id, act), ACTS[act], str(uuid4())
    first = await send(**body, act_id=act_id)
    again = await send(**body, act_id=act_id)
    assert first.status_code == 200, first.text
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (await shared_world.kinds(incident_id)).count(kind) == 1


@pytest.mark.parametrize("act", ACTS)
async def test_it_does_once_what_comes_ten_times_at_the_same_moment(shared_world: World, act: str) -> None:
    incident_id = await ready_for(shared_world, act)
    send, (body, kind), act_id = sender(shared_world, incident_id, act), ACTS[act], str(uuid4())
    answers = await asyncio.gather(*(send(**body, act_id=act_id) for _ in range(10)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert (await shared_world.kinds(incident_id)).count(kind) == 1


@pytest.mark.parametrize("act", ACTS)
async def test_it_refuses_an_id_that_was_used_with_other_content_or_by_another_person(
    shared_world: World, act: str
) -> None:
    incident_id = await ready_for(shared_world, act)
    send, (body, kind), act_id = sender(shared_world, incident_id, act), ACTS[act], str(uuid4())
    assert (await send(**body, act_id=act_id)).status_code == 200
    for who, said in (("duty_officer", OTHER[act]), ("duty_leader", body)):
        answer = await send(who, **said, act_id=act_id)
        assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (409, "id_reused")
        assert answer.json()["errors"][0]["field"] == "act_id"
    assert (await shared_world.kinds(incident_id)).count(kind) == 1


async def test_it_refuses_an_id_that_was_used_on_another_incident(shared_world: World) -> None:
    one, other = [await ready_for(shared_world, "forward") for _ in range(2)]
    act_id = str(uuid4())
    body = {"medium": "phone", "act_id": act_id}
    answers = await asyncio.gather(*(sender(shared_world, key, "forward")(**body) for key in (one, other)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    kinds = await shared_world.kinds(one) + await shared_world.kinds(other)
    assert kinds.count("report.forwarded") == 1


async def test_it_answers_an_acknowledgement_again_to_whoever_gave_it(shared_world: World) -> None:
    receipt = await shared_world.report()
    await shared_world.settled()
    alert_id = (await shared_world.alert(receipt["incident_id"]))["alert_id"]
    path, act_id = f"/api/v1/alerts/{alert_id}/acknowledge", str(uuid4())
    body = {"note": "收到", "act_id": act_id}
    answers = await asyncio.gather(
        *(shared_world.call("duty_officer", "POST", path, json=body) for _ in range(5))
    )
    assert {(one.status_code, one.content) for one in answers} == {(200, answers[0].content)}
    assert (await shared_world.kinds(receipt["incident_id"])).count("alert.acknowledged") == 1
    other = await shared_world.call("duty_officer", "POST", path, json=body | {"note": "另一句"})
    assert (other.status_code, other.json()["errors"][0]["reason"]) == (409, "id_reused")


async def test_it_takes_what_was_expected_for_no_part_of_the_act(shared_world: World) -> None:
    """A page that looked again before it sent the same act again is answered all the same."""
    incident_id = await ready_for(shared_world, "grade")
    send, act_id = sender(shared_world, incident_id, "grade"), str(uuid4())
    first = await send(grade="III", act_id=act_id, expected={"grade": "IV"})
    again = await send(grade="III", act_id=act_id, expected={"grade": "III"})
    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)


async def test_it_still_does_each_act_without_an_id(shared_world: World) -> None:
    incident_id = await ready_for(shared_world, "forward")
    for _ in range(2):
        await shared_world.act(f"incidents/{incident_id}/forward", medium="phone")
    assert (await shared_world.incident(incident_id))["incident"]["forward_count"] == 2


async def test_it_keeps_no_act_that_was_refused(shared_world: World) -> None:
    incident_id = await ready_for(shared_world, "close")
    send, act_id = sender(shared_world, incident_id, "close"), str(uuid4())
    assert (await send(why="duplicate", act_id=act_id)).status_code == 422
    assert (await send(why="duplicate", note="重复", act_id=act_id)).status_code == 200


async def test_it_adopts_a_pack_once_and_answers_the_same(shared_world: World) -> None:
    act_id = str(uuid4())
    body = {"toml": demo_pack(), "act_id": act_id, "note": "修订"}
    answers = [await shared_world.call("admin", "POST", "/api/v1/packs", json=body) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201], answers[0].text
    assert answers[0].content == answers[1].content
    assert len(await shared_world.rows("select from packs")) == 1
    other = await shared_world.call("admin", "POST", "/api/v1/packs", json=body | {"note": "另一个"})
    assert (other.status_code, other.json()["errors"][0]["reason"]) == (409, "id_reused")


@pytest.mark.parametrize("act_id", ["", "1", 5, "not-a-uuid"])
async def test_it_names_an_id_that_is_none(shared_world: World, act_id: object) -> None:
    incident_id = await ready_for(shared_world, "grade")
    answer = await sender(shared_world, incident_id, "grade")(grade="III", act_id=act_id)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "act_id")
