"""Packs over HTTP: proved and tried before anything is stored; the law above, the past and used versions are closed."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.browsers import signed_in
from tests.packs import QUICKER, demo_pack
from tests.reports import at
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATH = "/api/v1/packs"
OWN = ('id = "county.demo"', 'id = "county.own"')
"""A pack of its own, so that questions about one table do not disturb each other."""


async def put(world: World, toml: Any, who: str = "admin", path: str = PATH, **more: Any) -> Any:
    return await world.call(who, "POST", path, json={"toml": toml, "in_force_from": at(days=1)} | more)


async def tried(world: World, toml: str) -> dict[str, Any]:
    answer = await put(world, toml, path=f"{PATH}?check=1")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def uploads(world: World) -> int:
    return len((await world.get("packs"))["uploads"])


async def test_it_lists_what_stands_with_where_it_comes_from(shared_world: World) -> None:
    packs = {one["pack_id"]: one for one in (await shared_world.get("packs"))["packs"]}
    demo = packs["county.demo"]
    assert (demo["version"], demo["region"], demo["shipped"], demo["limits"]) == (
        "2026.2",
        ["990101"],
        True,
        4,
    )
    assert demo["here"] and packs["cn.national"]["here"] and not packs["cn.henan"]["here"]
    text = (await shared_world.get("packs/county.demo"))["toml"]
    assert text == demo_pack("2026.2")
    assert (await shared_world.call("admin", "GET", f"{PATH}/county.none")).status_code == 404


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("admin", 200, 200), ("duty_officer", 200, 403), ("auditor", 200, 403), ("reporter", 403, 403)],
)
async def test_it_lets_admins_change_and_the_duty_room_look(
    shared_world: World, who: str, reads: int, writes: int
) -> None:
    assert (await shared_world.call(who, "GET", PATH)).status_code == reads
    assert (await put(shared_world, demo_pack(), who, f"{PATH}?check=1")).status_code == writes
    assert (await shared_world.http.post(PATH, json={})).status_code == 401


async def test_it_wants_the_token_of_our_own_page_from_a_browser(shared_world: World) -> None:
    async with signed_in(shared_world, "admin") as one:
        good = await one.post(f"{PATH}?check=1", {"toml": demo_pack()})
        one.csrf = "forged"
        forged = await one.post(f"{PATH}?check=1", {"toml": demo_pack()})
    assert (good.status_code, forged.status_code) == (200, 403)


async def test_it_shows_what_would_change_before_anything_does(shared_world: World) -> None:
    before = await uploads(shared_world)
    body = await tried(shared_world, demo_pack("2026.7", QUICKER))
    assert body["sound"] and body["problems"] == [] and body["pack"]["version"] == "2026.7"
    (change,) = [one for one in body["changes"] if one["limit"] == "county.first.phone"]
    (difference,) = [one for one in change["differences"] if one["key"] == "within"]
    assert (difference["old"], difference["new"], change["direction"]) == ("20 min", "15 min", "stricter")
    assert await uploads(shared_world) == before


async def test_it_remarks_what_is_laxer_or_lacks_and_takes_it_all_the_same(shared_world: World) -> None:
    assert (await tried(shared_world, demo_pack("2026.7")))["remarks"] == []
    body = await tried(shared_world, demo_pack("2026.7", ("applies = {}", 'applies = { grades = ["I"] }')))
    assert body["sound"] and any("no first report township" in one["line"] for one in body["remarks"])


async def test_it_tries_a_pack_on_what_happened(shared_world: World) -> None:
    receipt = await shared_world.report(occurred_at=at(minutes=-17), known_at=None, medium="written")
    await shared_world.settled()
    body = (await tried(shared_world, demo_pack("2026.7", ('within = "40 min"', 'within = "16 min"'))))[
        "dry_run"
    ]
    (unit,) = [one for one in body["units"] if (one["unit"], one["stage"]) == ("990101103", "first")]
    assert (unit["earlier"], unit["later"], unit["new"], unit["gone"]) == (1, 0, 0, 0)
    assert unit["would_be_late"] == 1  # written 17 minutes after: in time then, late by the new rule
    (example,) = [one for one in body["examples"] if one["incident_id"] == receipt["incident_id"]]
    assert (example["before"]["due_at"], example["after"]["due_at"]) == (at(minutes=23), at(minutes=-1))
    assert body["incidents"] >= 1 and body["touched"] >= 1 and body["all"]
    gone = (await tried(shared_world, demo_pack("2026.7", ('medium = "phone"', 'medium = "network"'))))[
        "dry_run"
    ]
    (unit,) = [one for one in gone["units"] if (one["unit"], one["stage"]) == ("990101103", "first")]
    assert (unit["new"], unit["gone"]) == (1, 1)


REFUSED = [
    # a change of the demo pack, then a part of the one line that says what is wrong
    (('within = "20 min"', 'withn = "20 min"'), "withn: unknown key"),
    (("in_force_from = 2020-01-01", 'in_force_from = "soon"'), "in_force_from"),
    (('within = "20 min"', 'within = "a while"'), "within"),
    (("applies = {}", 'applies = { categories = ["accident.meteor"] }'), "categories"),
    (('id = "county.demo"', 'id = "cn.national"'), "pack.id: 'cn.national' is no id of a county"),
    (('region = ["990101"]', 'region = ["990102"]'), "pack.region: 990102 is outside the county"),
    (('region = ["990101"]', "region = []"), "pack.region: would hold for the whole country"),
    (('region = ["990101"]', 'region = ["9901"]'), "pack.region: 9901 is outside the county"),
    (("[pack]", "[pack"), "is not TOML"),
]


@pytest.mark.parametrize(("change", "line"), REFUSED)
async def test_it_names_each_problem_on_one_line_and_stores_nothing(
    shared_world: World, change: tuple[str, str], line: str
) -> None:
    before = await uploads(shared_world)
    toml = demo_pack("2026.8", change)
    body = await tried(shared_world, toml)
    assert not body["sound"] and any(line in one["line"] for one in body["problems"]), body["problems"]
    assert body["changes"] == [] and body["dry_run"] is None
    answer = await put(shared_world, toml)
    assert answer.status_code == 422
    fault = next(one for one in answer.json()["errors"] if line in one["detail"])
    assert fault["field"].startswith("toml") and fault["reason"] == "unsound" and "\n" not in fault["detail"]
    assert await uploads(shared_world) == before


@pytest.mark.parametrize(
    ("language", "line", "lead"),
    [
        (
            "zh-CN,zh;q=0.9",
            "pack.toml：时限 county.first.phone：withn：没有这个键；可用：id, ",
            "规则包未采用",
        ),
        ("en", "pack.toml: limit county.first.phone: withn: unknown key; allowed: id, ", "the pack was not"),
    ],
)
async def test_it_says_what_is_wrong_in_the_language_of_the_asker(
    shared_world: World, language: str, line: str, lead: str
) -> None:
    toml = demo_pack("2026.8", ('within = "20 min"', 'withn = "20 min"'))
    asked = {"headers": {"Accept-Language": language}, "json": {"toml": toml}}
    body = (await shared_world.call("admin", "POST", f"{PATH}?check=1", **asked)).json()
    found = next(one for one in body["problems"] if one["key"] == "withn")
    assert found["line"].startswith(line)
    assert (found["problem"], found["problem_zh"]) == ("unknown key", "没有这个键")
    refused = (await shared_world.call("admin", "POST", PATH, **asked)).json()
    assert refused["detail"].startswith(lead) and refused["errors"][0]["reason"] == "unsound"
    assert any(one["detail"].startswith(line) for one in refused["errors"])


async def test_it_remarks_in_the_language_of_the_asker(shared_world: World) -> None:
    toml = demo_pack("2026.7", ("applies = {}", 'applies = { grades = ["I"] }'))
    asked = {"headers": {"Accept-Language": "zh"}, "json": {"toml": toml}}
    body = (await shared_world.call("admin", "POST", f"{PATH}?check=1", **asked)).json()
    assert any("空白：township → county 没有首报时限" in one["line"] for one in body["remarks"])


async def test_it_refuses_a_limit_id_that_another_pack_has(shared_world: World) -> None:
    watch = shared_world.running["doors"].watch
    assert watch is not None and watch.desk is not None
    other = next(pack for pack in watch.desk.packs.packs if pack.header.id != "county.demo" and pack.limits)
    taken = other.limits[0].id
    body = await tried(shared_world, demo_pack("2026.8", ('id = "county.final"', f'id = "{taken}"')))
    assert any(f"is also a limit of {other.header.id}" in one["line"] for one in body["problems"])


BODIES = [
    (b"\xff\xfe{}", 400, "", "json_invalid"),
    (b"{}", 422, "toml", "missing"),
    (b'{"toml": 7}', 422, "toml", "string_type"),
    (b'{"toml": "x", "when": 1}', 422, "when", "extra_forbidden"),
    (b'{"toml": "x", "in_force_from": "2027-01-01T00:00:00"}', 422, "in_force_from", "timezone_aware"),
    (b'{"toml": "\\ud800"}', 400, "", "json_invalid"),
    (b'{"toml": "x\\u0000"}', 422, "toml", "unsound"),
    (b'{"toml": "' + b"[" * 100_000 + b'"}', 422, "toml", "unsound"),
    (b'{"toml": "' + b"x" * 1_100_000 + b'"}', 413, "toml", "too_large"),
    (b"z" * 10_000_000, 413, "toml", "too_large"),
]


@pytest.mark.parametrize(("body", "status", "field", "reason"), BODIES)
async def test_it_answers_rubbish_with_the_field_and_the_reason(
    shared_world: World, body: bytes, status: int, field: str, reason: str
) -> None:
    answer = await shared_world.call("admin", "POST", PATH, content=body)
    fault = answer.json()["errors"][0]
    assert (answer.status_code, fault["field"], fault["reason"]) == (status, field, reason), answer.text


async def test_it_stops_reading_what_does_not_end(shared_world: World) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        for _ in range(2000):
            sent += 1
            yield b"z" * 65_536
            await asyncio.sleep(0)

    try:
        answer = await shared_world.call("admin", "POST", PATH, content=endless())
        assert answer.status_code == 413
    except httpx.TransportError:
        pass  # the door hung up
    assert await uploads(shared_world) >= 0


@pytest.mark.parametrize(
    ("begins", "reason"), [(at(seconds=-1), "in_the_past"), ("2190-12-31T23:59:59-12:00", "too_far_ahead")]
)
async def test_it_takes_no_moment_that_is_over_or_out_of_sight(
    shared_world: World, begins: str, reason: str
) -> None:
    answer = await put(shared_world, demo_pack("2026.9"), in_force_from=begins)
    fault = answer.json()["errors"][0]
    assert (answer.status_code, fault["field"], fault["reason"]) == (422, "in_force_from", reason)


async def test_a_version_means_one_text_for_ever(shared_world: World) -> None:
    """Of a shipped pack too; what differs in comments only says the same."""
    shipped = await put(shared_world, demo_pack("2026.2", QUICKER))
    assert (shipped.status_code, shipped.json()["errors"][0]["reason"]) == (409, "version_used")
    asked = {"headers": {"Accept-Language": "zh"}, "json": {"toml": demo_pack("2026.2", QUICKER)}}
    (said,) = (await shared_world.call("admin", "POST", PATH, **asked)).json()["errors"]
    assert "pack.version：county.demo 的版本号 '2026.2' 已用于另一内容" in said["detail"]
    renamed = [
        ("county.first", "own.first"),
        ("county.follow_up", "own.follow_up"),
        ("county.final", "own.final"),
    ]
    own = demo_pack("1", OWN, *renamed)
    assert (await put(shared_world, own)).status_code == 201
    other = await put(shared_world, own.replace("40 min", "41 min"))
    assert (other.status_code, other.json()["errors"][0]["field"]) == (409, "toml.pack.version")
    assert (
        "used for another text"
        in (await tried(shared_world, own.replace("40 min", "41 min")))["problems"][0]["line"]
    )
    again = await put(shared_world, own + "# nothing new\n")
    assert again.status_code == 200  # the same for the same moment: one row
    listed = await shared_world.get("packs")
    assert [one["version"] for one in listed["coming"] if one["pack_id"] == "county.own"] == ["1"]
    assert (await shared_world.get("packs/county.own", version="1"))["toml"] == own


async def test_two_at_once_under_one_version_store_one_text(shared_world: World) -> None:
    text = demo_pack("1", ('id = "county.demo"', 'id = "county.race"'), ("county.f", "race.f"))
    answers = await asyncio.gather(
        *(put(shared_world, text.replace("40 min", f"{n} min")) for n in (31, 32, 33, 34))
    )
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


async def test_it_begins_at_the_next_midnight_unless_told_otherwise(shared_world: World) -> None:
    text = demo_pack("1", ('id = "county.demo"', 'id = "county.night"'), ("county.f", "night.f"))
    answer = await put(shared_world, text, in_force_from=None)
    assert answer.json()["adopted"]["in_force_from"] == at(hours=15)  # 16:00 UTC
    assert (await shared_world.get("packs"))["next_midnight"] == "2026-11-24T00:00:00+08:00"


async def test_it_is_described(shared_world: World) -> None:
    paths = (await shared_world.http.get("/openapi.json")).json()["paths"]
    assert {"get", "post"} <= set(paths[PATH]) and "requestBody" in paths[PATH]["post"]
    assert "/api/v1/incidents/{incident_id}/why" in paths
