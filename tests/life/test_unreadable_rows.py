"""One row that an older program or a hand left in the database hides no other and stops no follow-up."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.reports import make_later
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROUTES = ("incidents", "incidents?state=all&limit=1000", "obligations", "overview", "timeliness", "events")

SPOILT = [
    "stopped_at = '0001-01-01T00:00:00Z'",
    "stopped_at = '9999-12-31T23:59:59Z'",
    "occurred_at = '0001-01-01T00:00:00Z', known_at = '9999-12-31T00:00:00Z'",
    "graded_at = '0001-01-01T00:00:00Z'",
    "received_at = '0001-01-01T00:00:00Z'",
    "grade = 'V'",
    "tags = '{secret}'",
    'nodes = nodes || \'{"mayor": "990101"}\'',
    'quantities = \'{"deaths": "two"}\'',
    "category = 'accident.spaceship'",
    "nodes = '[]', quantities = '7'",
]


@pytest.mark.parametrize("spoilt", SPOILT)
async def test_every_question_is_answered_and_the_next_report_is_stored(
    shared_world: World, spoilt: str
) -> None:
    world = shared_world
    other = await world.report()
    receipt = await world.report()
    await world.settled()
    key = receipt["incident_id"]
    await world.rows(f"update incidents set {spoilt} where incident_id = $1", UUID(key))
    await answered(world, key, other["incident_id"])
    follow_up = await world.send(make_later(key))
    await world.settled()
    assert (await world.get(f"reports/{follow_up['report_id']}"))["state"] == "stored"
    assert await world.rows("select * from parked") == []
    await answered(world, key, other["incident_id"])


async def answered(world: World, key: str, other: str) -> None:
    """Every question about it and about all of them."""
    for route in (*ROUTES, f"incidents/{key}", f"incidents/{key}/why"):
        answer = await world.call("duty_officer", "GET", f"/api/v1/{route}")
        assert answer.status_code == 200, (route, answer.text)
        if route.startswith("incidents?"):
            listed = {one["incident_id"] for one in answer.json()["incidents"]}
            assert {key, other} <= listed, route


async def test_a_row_that_cannot_be_shown_stands_there_by_its_id_and_is_counted(shared_world: World) -> None:
    world = shared_world
    bad, good = await world.report(), await world.report()
    await world.settled()
    key = bad["incident_id"]
    # An obligation done before the calendar begins: how late it was cannot be said.
    spoil = "update obligations set done_at = 'infinity', due_at = '0001-01-01' where incident_id = $1"
    await world.rows(spoil, UUID(key))
    for one in (await world.get("obligations", limit="1000"))["obligations"]:
        assert one["obligation_id"]
    shown = {
        one["incident_id"] for one in (await world.get("incidents", state="all", limit="1000"))["incidents"]
    }
    assert {key, good["incident_id"]} <= shown
    assert (await world.get("overview"))["incidents"]


class Rows(dict[str, Any]):
    """A row as the database gives it."""


async def test_each_row_is_shown_or_marked(caplog: pytest.LogCaptureFixture) -> None:
    from producers import unreadable
    from runtime import metrics

    def show(row: Any) -> dict[str, Any]:
        return {"incident_id": row["incident_id"], "half": 1 / row["n"]}

    before = metrics.UNREADABLE.labels("incidents")._value.get()
    rows = [Rows(incident_id="a", n=2), Rows(incident_id="b", n=0), Rows(incident_id="c", n=1)]
    shown = unreadable.each("incidents", "incident_id", rows, show)  # type: ignore[arg-type]
    assert [one["incident_id"] for one in shown] == ["a", "b", "c"]
    assert [one.get("unreadable", False) for one in shown] == [False, True, False]
    assert metrics.UNREADABLE.labels("incidents")._value.get() == before + 1
    assert "b cannot be shown: ZeroDivisionError" in caplog.text
    assert json.dumps(shown)
