"""What a reaction gave up on is recoverable: seen with its error, handed over again, with the time it came at."""

import asyncio
import json
import os
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from consumers import store_reports
from runtime import redelivery
from tests.conftest import OpenWorld
from tests.reports import START
from tests.servers import PASSWORDS
from tests.tables import differences, dump
from tests.world import World


class Broken(Exception):
    """What a defect of ours looks like."""


@pytest.fixture
async def broken(open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch) -> World:
    """A county whose storing breaks, after two quick tries each time."""
    monkeypatch.setattr(redelivery, "DELAYS", (0.01,))
    world = await open_world(start=False)
    world.settings["consumers"] = replace(world.settings["consumers"], max_tries=2)
    await world.start()
    return world


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Storing breaks until this is set."""
    storing, event = store_reports.store_all, asyncio.Event()

    async def store(*arguments: Any) -> None:
        if not event.is_set():
            raise Broken("a defect")
        await storing(*arguments)

    monkeypatch.setattr(store_reports, "store_all", store)
    return event


async def jibao(world: World, *words: str) -> tuple[int, str]:
    """`jibao parked …` as an operator types it: exit code and what it said."""
    admin = world.settings["admin"]
    environment = {
        "JIBAO_LANG": "en",
        "JIBAO_NATS_URL": admin.nats_url,
        "JIBAO_NATS_PASSWORD": admin.nats_password,
        "JIBAO_DATABASE_URL": admin.database_url,
        "JIBAO_DATABASE_USER": "jibao_consumers",
        "JIBAO_DATABASE_PASSWORD": PASSWORDS["jibao_consumers"],
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from jibao.command import main; main()", "parked", *words,
        env=os.environ | environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def parked(world: World) -> list[Any]:
    """What waits for an operator, once something does."""
    while not (rows := await world.rows("select * from parked where handled_at is null")):
        await asyncio.sleep(0.01)
    return rows


async def test_it_stores_a_report_afterwards_as_of_when_it_came(broken: World, mended: asyncio.Event) -> None:
    receipt = await broken.report()
    await asyncio.wait_for(parked(broken), 20)
    broken.clock.move(timedelta(minutes=30))
    mended.set()
    code, said = await jibao(broken, "list", "--json")
    (shown,) = json.loads(said)
    assert (code, shown["consumer"], shown["error"]) == (1, "store_reports", "Broken: a defect")
    code, said = await jibao(broken, "retry", shown["id"][:8])
    assert (code, said) == (0, "store_reports: 1 of them, delivered again from stream sequence 1 on\n")
    await broken.settled()
    (report,) = await broken.rows("select receipt_no, judged_at from reports")
    assert (report["receipt_no"], report["judged_at"]) == (receipt["receipt_no"], START)
    assert await jibao(broken, "list") == (0, "nothing is parked\n")


async def test_what_fails_again_waits_again_and_what_was_digested_does_not_change(
    broken: World, mended: asyncio.Event
) -> None:
    mended.set()
    await broken.report()
    await broken.settled()
    mended.clear()
    await broken.report(title="第二起")
    (first,) = await asyncio.wait_for(parked(broken), 20)
    await broken.settled()
    before = await dump(broken)
    broken.clock.move(timedelta(seconds=1))
    assert (await jibao(broken, "retry", "all"))[0] == 0
    async with asyncio.timeout(20):
        while (await parked(broken))[0]["at"] == first["at"]:
            await asyncio.sleep(0.01)
    await broken.settled()
    changed = differences(before, await dump(broken))
    assert changed.keys() == {"parked"}
    assert [row["error"] for row in await parked(broken)] == ["Broken: a defect"]


async def test_a_consumer_that_is_set_back_changes_nothing_it_has_digested(
    broken: World, mended: asyncio.Event
) -> None:
    mended.set()
    for _ in range(3):
        await broken.report()
    await broken.put("facts.incident.opened", b"not json")
    (one,) = await asyncio.wait_for(parked(broken), 20)
    await broken.settled()
    before = await dump(broken)
    broken.clock.move(timedelta(seconds=1))
    await broken.rows("update parked set sequence = null")  # as of before places were kept: all comes again
    code, said = await jibao(broken, "retry", str(one["parked_id"]))
    assert (code, said) == (0, "route_incidents: 1 of them, delivered again from stream sequence 1 on\n")
    await asyncio.wait_for(parked(broken), 20)
    await broken.settled()
    assert differences(before, await dump(broken)).keys() <= {"parked"}


async def test_it_shows_a_message_whole_and_lets_it_lie(broken: World) -> None:
    await broken.put("facts.incident.opened", b"\xffnot json")
    (one,) = await asyncio.wait_for(parked(broken), 20)
    code, said = await jibao(broken, "show", str(one["parked_id"])[:6].upper())
    shown = json.loads(said)
    assert (code, shown["body"], shown["sequence"]) == (0, "\\xffnot json", one["sequence"])
    code, said = await jibao(broken, "list")
    assert code == 1 and str(one["parked_id"])[:8] in said
    assert await jibao(broken, "dismiss", str(one["parked_id"])) == (0, "1 wait no more\n")
    assert await jibao(broken, "list") == (0, "nothing is parked\n")
    assert len(await broken.rows("select 1 from parked")) == 1


async def test_it_says_which_id_it_does_not_know(broken: World) -> None:
    for _ in range(2):
        await broken.put("facts.incident.opened", b"not json")
    await asyncio.wait_for(parked(broken), 20)
    code, said = await jibao(broken, "retry", "zzz")
    assert (code, said) == (2, "zzz: no parked message has an id that begins so\n")
    await broken.put("facts.incident.opened", b"not json either")
    await broken.settled()
    code, said = await jibao(broken, "dismiss", "")
    assert (code, said) == (2, ": more than one begins so; write more of it\n")
