"""The proposed grade at the door: who sees it, what a choice of another is answered, how it is described."""

from typing import Any

import pytest

from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
MINE = "accident.work_safety.mine"


async def mine(world: World, **changes: Any) -> str:
    """A mine accident of grade IV with three dead, for which III is proposed."""
    receipt = await world.report(**({"category": MINE, "casualties": {"deaths": 3}} | changes))
    await world.settled()
    return str(receipt["incident_id"])


@pytest.mark.parametrize("who", ["reporter", "duty_officer", "duty_leader", "auditor"])
async def test_everybody_who_sees_the_incident_sees_its_proposal(shared_world: World, who: str) -> None:
    incident_id = await mine(shared_world)
    whole = (await shared_world.get(f"incidents/{incident_id}", who=who))["incident"]
    listed = (await shared_world.get("incidents", who=who, limit=1000))["incidents"]
    found = next(one for one in listed if one["incident_id"] == incident_id)
    assert whole["proposed_grade"] == found["proposed_grade"]
    assert {key: whole["proposed_grade"][key] for key in ("grade", "criterion", "title", "title_en", "document",
                                                          "number", "article", "status")} == {
        "grade": "III",
        "criterion": "accident.deaths.III",
        "title": "死亡3人以上10人以下",
        "title_en": "3 to under 10 deaths",
        "document": "生产安全事故报告和调查处理条例",
        "number": "国务院令第493号",
        "article": "3",
        "status": "V1",
    }  # fmt: skip


async def test_it_proposes_nothing_where_no_number_is_known(shared_world: World) -> None:
    incident_id = await mine(shared_world, casualties={})
    assert (await shared_world.incident(incident_id))["incident"]["proposed_grade"] is None


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"grade": "III"}, 200, ""),  # as proposed
        ({"grade": "II"}, 200, ""),  # another one, and no word why: kept, not refused
        ({"grade": "I", "note": "重伤者众多"}, 200, ""),
        (
            {"grade": "III", "proposed": "I"},
            422,
            "extra_forbidden",
        ),  # nobody tells the rules what they proposed
        ({"grade": "non_incident"}, 422, "reason_needed"),  # a lower one needs its note, as before
    ],
)
async def test_it_takes_any_grade_that_the_duty_officer_chooses(
    shared_world: World, body: dict[str, str], status: int, reason: str
) -> None:
    incident_id = await mine(shared_world)
    path = f"/api/v1/incidents/{incident_id}/grade"
    answer = await shared_world.call("duty_officer", "POST", path, json=body)
    assert answer.status_code == status, answer.text
    if reason:
        assert answer.json()["errors"][0]["reason"] == reason
    else:
        assert answer.json()["incident"]["grade"] == body["grade"]
        assert answer.json()["incident"]["proposed_grade"]["grade"] == "III"


async def test_a_reporter_decides_no_grade(shared_world: World) -> None:
    incident_id = await mine(shared_world)
    path = f"/api/v1/incidents/{incident_id}/grade"
    assert (await shared_world.call("reporter", "POST", path, json={"grade": "III"})).status_code == 403


async def test_the_description_names_the_shape_of_a_proposal(shared_world: World) -> None:
    described = (await shared_world.http.get("/openapi.json")).json()
    shape = described["components"]["schemas"]["ProposedGrade"]
    assert {"grade", "criterion", "title", "title_en", "document", "article", "status"} <= set(
        shape["properties"]
    )
    assert "ProposedGrade" in described["paths"]["/api/v1/incidents"]["get"]["description"]
