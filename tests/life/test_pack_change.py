"""Change without release: a pack comes into force at its stated moment; what is open keeps what it was born with."""

from typing import Any
from uuid import UUID

import pytest

from jibao import county_in_force
from tests.packs import QUICKER, demo_pack, taken
from tests.reports import at
from tests.world import World

PACK = "county.demo"


@pytest.fixture(autouse=True)
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What each role looks for every 5 s of real time, it looks for at once."""
    monkeypatch.setattr(county_in_force, "LOOK_EVERY", 0.02)


async def adopt(world: World, toml: str, in_force_from: str, status: int = 201) -> dict[str, Any]:
    body = {"toml": toml, "in_force_from": in_force_from, "note": "第3次修订"}
    answer = await world.call("admin", "POST", "/api/v1/packs", json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def phone(world: World, incident_id: str) -> tuple[str, str]:
    """When the township's call is due, and under which version."""
    owed = await world.obligation(incident_id, "township", "first", "phone")
    return owed["due_at"], owed["binding"]["version"]


async def reported(world: World, **occurred: float) -> str:
    receipt = await world.report(occurred_at=at(**occurred), known_at=None)
    await world.settled()
    return str(receipt["incident_id"])


async def test_it_holds_from_its_moment_on_and_leaves_what_is_open_as_it_was(world: World) -> None:
    world.answering = "duty_officer"
    await adopt(world, demo_pack("2026.3", QUICKER), at(minutes=10))
    old = await reported(world, minutes=-5)
    assert await phone(world, old) == (at(minutes=15), "2026.2")
    await world.fast_forward(minutes=10)
    await taken(world, PACK, "2026.3")
    new = await reported(world, minutes=8)
    assert await phone(world, new) == (at(minutes=23), "2026.3")
    assert await phone(world, old) == (at(minutes=15), "2026.2")
    assert (await world.obligation(old, "township", "first", "phone"))["revision"] == 1


async def test_it_stays_in_force_over_a_restart(world: World) -> None:
    await adopt(world, demo_pack("2026.3", QUICKER), at(minutes=1))
    await world.stop("doors", "consumers", "clock")
    await world.fast_forward(minutes=2)
    await world.start("doors", "consumers", "clock")
    await taken(world, PACK, "2026.3")
    assert await phone(world, await reported(world, minutes=1)) == (at(minutes=16), "2026.3")


async def test_a_higher_grade_keeps_the_version_that_an_open_duty_was_born_with(world: World) -> None:
    world.answering = "duty_officer"
    incident_id = await reported(world, minutes=-5)
    await adopt(world, demo_pack("2026.3", QUICKER), at(minutes=1))
    await world.fast_forward(minutes=1)
    await taken(world, PACK, "2026.3")
    await world.act(f"incidents/{incident_id}/grade", grade="III")
    await world.settled()
    assert await phone(world, incident_id) == (at(minutes=15), "2026.2")


async def test_it_goes_back_to_an_earlier_version_by_putting_it_in_force_again(world: World) -> None:
    await adopt(world, demo_pack("2026.3", QUICKER), at(minutes=1))
    await adopt(world, demo_pack("2026.2"), at(minutes=2))
    await world.fast_forward(minutes=1)
    await taken(world, PACK, "2026.3")
    await world.fast_forward(minutes=1)
    await taken(world, PACK, "2026.2")
    assert await phone(world, await reported(world, minutes=1)) == (at(minutes=21), "2026.2")


async def test_an_upload_that_cannot_be_read_any_more_leaves_the_version_before_in_force(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """As if a later program no longer knew one of its words; every role runs on."""
    await adopt(world, demo_pack("2026.3", QUICKER), at(minutes=1))
    await spoil(world, "2026.3", "[pack]\nid = 'county.demo'\nlast_years_word = 1\n", at(minutes=2))
    await world.fast_forward(minutes=3)
    await taken(world, PACK, "2026.3")
    assert await phone(world, await reported(world, minutes=3)) == (at(minutes=18), "2026.3")
    assert "the version before it is in force" in caplog.text
    metrics = (await world.http.get("/metrics")).text
    assert "jibao_packs_unreadable 1.0" in metrics


async def test_the_law_above_stays_even_when_a_row_gets_into_the_table_past_the_doors(world: World) -> None:
    desk = world.running["doors"].watch
    assert desk is not None and desk.desk is not None
    law = next(pack for pack in desk.desk.packs.packs if not pack.header.id.startswith("county."))
    laxer = demo_pack(
        "9", (f'id = "{PACK}"', f'id = "{law.header.id}"'), ('region = ["990101"]', "region = []")
    )
    await spoil(world, "9", laxer, at(minutes=1), law.header.id)
    await adopt(world, demo_pack("2026.3"), at(minutes=1))
    await world.fast_forward(minutes=1)
    await taken(world, PACK, "2026.3")
    await taken(world, law.header.id, law.header.version)


async def test_it_says_in_the_ledger_who_put_what_in_force_and_when(world: World) -> None:
    done = await adopt(world, demo_pack("2026.3", QUICKER), at(minutes=1))
    await world.settled()
    (row,) = await world.rows("select incident_id, division, body from events where kind = 'pack.adopted'")
    told = (await world.get("events"))["events"][-1]["body"]
    assert (row["incident_id"], row["division"]) == (None, "990101")
    assert (told["pack_id"], told["version"], told["replaces"]) == (PACK, "2026.3", "2026.2")
    assert (told["sha256"], told["note"]) == (done["adopted"]["sha256"], "第3次修订")
    admin = next(one for one in world.county.people if one.login == "admin")
    assert (UUID(told["by"]), told["in_force_from"]) == (
        admin.person_id,
        at(minutes=1).replace("+00:00", "Z"),
    )


async def spoil(world: World, version: str, body: str, begins: str, pack_id: str = PACK) -> None:
    """A row as nobody could upload it."""
    await world.rows(
        "insert into packs (pack_id, version, body, sha256, uploaded_by, uploaded_at, in_force_from)"
        " select $1, $2, $3, 'x', person_id, $4::text::timestamptz, $5::text::timestamptz from people limit 1",
        pack_id,
        version,
        body,
        at(),
        begins,
    )
