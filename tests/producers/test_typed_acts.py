"""Acts and questions take what people type where it can be read; a word nobody knows is refused, being no act."""

from typing import Any

import pytest

from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
Body = dict[str, Any]


async def act(world: World, path: str, body: Body, **report: Any) -> Any:
    receipt = await world.report(**report)
    await world.settled()
    return await world.call(
        "duty_officer", "POST", f"/api/v1/incidents/{receipt['incident_id']}/{path}", json=body
    )


@pytest.mark.parametrize("word", ["三级", "Ⅲ级", "较大", "iii", "III\u200b", "３级"])
async def test_a_grade_is_given_in_the_words_of_the_law(shared_world: World, word: str) -> None:
    answer = await act(shared_world, "grade", {"grade": word}, grade="IV")
    assert answer.status_code == 200, answer.text
    (row,) = await shared_world.rows(
        "select body ->> 'new' as grade from events where kind = 'incident.regraded' order by seq desc limit 1"
    )
    assert row["grade"] == "III"


async def test_a_report_upward_names_stage_and_medium_in_chinese(shared_world: World) -> None:
    answer = await act(shared_world, "forward", {"medium": "电话", "stage": "续报"})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("grade", {"grade": "V"}, "grade"),
        ("grade", {"grade": ["III"]}, "grade"),
        ("grade", {"grade": True}, "grade"),
        ("forward", {"medium": "鸽子"}, "medium"),
        ("forward", {"medium": "phone", "stage": "x"}, "stage"),
    ],
)
async def test_a_word_nobody_knows_is_no_act(shared_world: World, path: str, body: Body, field: str) -> None:
    answer = await act(shared_world, path, body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_unit_is_asked_for_by_its_name(shared_world: World) -> None:
    await shared_world.report()
    await shared_world.settled()
    by_code = await shared_world.get("obligations?state=all&unit=990101103", "duty_officer")
    by_name = await shared_world.get("obligations?state=all&unit=青泉镇%E2%80%8B政府", "duty_officer")
    assert by_code["obligations"] and by_name["obligations"] == by_code["obligations"]


async def test_each_category_brings_the_words_that_find_it(shared_world: World) -> None:
    listed = (await shared_world.http.get("/api/v1/categories")).json()["categories"]
    words = {one["id"]: one["words"] for one in listed}
    assert "车祸" in words["accident.traffic.road"] and "blackout" in words["accident.public_facility.power"]
    assert sum(map(len, words.values())) >= 200 and all(words.values())
