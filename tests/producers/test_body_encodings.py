"""An act in the encodings that Chinese programs write, with and without a mark: read, or the encoding is named."""

import json
from typing import Any

import pytest

from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def graded(world: World, grade: str, body: bytes, kind: str = "application/json") -> Any:
    receipt = await world.report(grade="IV" if grade != "IV" else "III")
    await world.settled()
    path = f"/api/v1/incidents/{receipt['incident_id']}/grade"
    return await world.call("duty_officer", "POST", path, content=body, headers={"Content-Type": kind})


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8-sig", ""),
        ("gbk", ""),
        ("gb18030", "; charset=gbk"),
        ("utf-16", ""),
        ("utf-8", "; charset=utf-8"),
    ],
)
async def test_an_act_is_read_in_any_of_them(shared_world: World, encoding: str, declared: str) -> None:
    body = json.dumps({"grade": "II", "note": "现场核实，已升级"}, ensure_ascii=False).encode(encoding)
    answer = await graded(shared_world, "II", body, f"application/json{declared}")
    assert answer.status_code == 200, answer.text
    (row,) = await shared_world.rows(
        "select body ->> 'note' as note from events where kind = 'incident.regraded' order by seq desc limit 1"
    )
    assert row["note"] == "现场核实，已升级"


@pytest.mark.parametrize(
    ("body", "declared", "named"),
    [(b"{}", "; charset=punycode", "punycode"), (b'{"a":"\xe9"}', "", "GB18030")],
)
async def test_an_act_in_another_is_told_which(
    shared_world: World, body: bytes, declared: str, named: str
) -> None:
    answer = await graded(shared_world, "II", body, f"application/json{declared}")
    assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (400, "encoding")
    assert named in answer.json()["detail"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
async def test_a_pack_may_begin_with_a_mark_and_its_body_may_be_gbk(
    shared_world: World, encoding: str
) -> None:
    toml = (
        "\ufeff[pack]\r\nid = 'county.x'\r\ntitle = '云岭县'\r\n"
        if encoding != "gbk"
        else "[pack]\r\nid = 'county.x'\r\ntitle = '云岭县'\r\n"
    )
    body = json.dumps({"toml": toml}, ensure_ascii=False).encode(encoding)
    answer = await shared_world.call(
        "admin", "POST", "/api/v1/packs?check=1", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200, answer.text
    assert not [one for one in answer.json()["problems"] if "TOML" in one["line"]], answer.text
