"""What the house did and what a replay of its record says are the same: obligations, outcomes, due times and calls."""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jibao.county_in_force import load_desk
from jibao.replay_command import Wish, run_replay
from rules.replay import Replayed, replay
from rules.replay_life import World as Virtual
from rules.replay_life import live
from runtime.clock import Clock as RealClock
from schemas.recorded import Recorded
from storage import recorded
from storage.database import Database
from tests.reports import START, at
from tests.world import World, make_later


async def record_of(world: World) -> list[Recorded]:
    """Everything that lies in the database, read as the one who watches the time may read it."""
    database = await Database.connect(world.settings["clock"], 1)
    try:
        async with database.reading() as tx:
            span = (START - timedelta(days=1), START + timedelta(days=30))
            pages = [page async for page in recorded.pages(tx, *span)]
            found = [one for page in pages for one in page]
            assert await recorded.count(tx, *span) == len(found)
            return found
    finally:
        await database.close()


async def lived_again(world: World) -> tuple[list[Recorded], Replayed]:
    """The record, and its replay under the county and the packs in force."""
    database = await Database.connect(world.settings["clock"], 1)
    try:
        desk = await load_desk(database)
    finally:
        await database.close()
    found = await record_of(world)
    virtual = Virtual(desk, world.clock.now())
    for one in found:
        life = live(one, virtual)
        assert life is not None
        lived = {
            _words(row.from_node, row.duty, row.state, row.due_at, row.done_at) for row in life.rows.values()
        }
        assert lived == await _stored(world, str(one.incident_id))
    return found, replay(found, desk, world.clock.now())


def _words(unit: str, duty: Any, state: Any, due_at: datetime, done_at: datetime | None) -> tuple[Any, ...]:
    key = (unit, str(duty.to_role), str(duty.stage), str(duty.medium), duty.occurrence)
    return (*key, str(state), due_at.isoformat(), done_at.isoformat() if done_at else None)


async def _stored(world: World, incident_id: str) -> set[tuple[Any, ...]]:
    return {
        (
            one["from_node"],
            *(one[key] for key in ("to_role", "stage", "medium", "occurrence", "state", "due_at", "done_at")),
        )
        for one in (await world.incident(incident_id))["obligations"]
    }


def assert_same(result: Replayed) -> None:
    """Nothing new, nothing gone, the same ratio."""
    assert [one for one in result.late if one.is_new] == []
    assert result.unblamed == 0
    assert result.total.before == result.total.after


async def test_it_agrees_about_a_whole_life(world: World) -> None:
    world.answering = "duty_officer"
    incident_id = (await world.report(medium="phone", grade="ungraded"))["incident_id"]
    await world.fast_forward(minutes=38)  # the limits of the phone run out on the way
    await world.send(make_later(incident_id, stage="first"))
    await world.act(f"incidents/{incident_id}/forward", medium="phone")
    await world.fast_forward(minutes=30)
    await world.act(f"incidents/{incident_id}/grade", grade="III")
    await world.fast_forward(hours=9)
    await world.send(make_later(incident_id))
    await world.act(f"incidents/{incident_id}/forward", medium="written", stage="follow_up")
    await world.fast_forward(hours=24)
    await world.act(f"incidents/{incident_id}/stop", stopped_at=at(hours=33))
    await world.fast_forward(hours=20)
    await world.send(make_later(incident_id, stage="final"))
    await world.fast_forward(hours=10)
    await world.act(f"incidents/{incident_id}/close", why="final_report")
    await world.settled()
    found, result = await lived_again(world)
    assert_same(result)
    assert result.late and any(one.duty.stage == "follow_up" for one in result.late)
    assert found[0].ends


async def test_it_agrees_about_who_is_called_when_nobody_answers_for_a_while(world: World) -> None:
    async with AsyncExitStack() as open_consoles:  # whom a console reaches is not passed over
        for post in fields(world.on_duty):
            person = getattr(world.on_duty, post.name)
            await open_consoles.enter_async_context(world.console(person.login))
        receipt = await world.report(grade="IV")
        await world.fast_forward(minutes=33)  # the whole ladder, a pause, limits that run out, and on
        alert = await world.alert(receipt["incident_id"])
        await world.act(f"alerts/{alert['alert_id']}/acknowledge")
        await world.fast_forward(minutes=20)
        _, result = await lived_again(world)
    assert_same(result)
    assert result.calls_before.total > 5
    assert result.calls_before == result.calls_after


async def test_it_agrees_about_a_duplicate_and_a_correction(world: World) -> None:
    world.answering = "duty_officer"
    one = (await world.report(grade="III"))["incident_id"]
    other = (await world.report(grade="IV", occurred_at=None))["incident_id"]
    await world.fast_forward(minutes=5)
    await world.act(f"incidents/{other}/close", why="duplicate", note="与前一起相同")
    await world.send(make_later(one, stage="correction", occurred_at=at(minutes=-25)))
    await world.fast_forward(hours=1)
    await world.act(f"incidents/{other}/reopen", note="不是一件事")
    await world.fast_forward(hours=10)
    _, result = await lived_again(world)
    assert result.incidents == 2
    assert_same(result)


async def test_the_command_reads_the_database_and_keeps_what_it_read(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.answering = "duty_officer"
    await world.report(grade="III", medium="phone")
    await world.fast_forward(hours=3)
    settings, file = world.settings["clock"], tmp_path / "kept.jsonl"
    monkeypatch.setenv("JIBAO_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("JIBAO_DATABASE_USER", settings.database_user)
    monkeypatch.setenv("JIBAO_DATABASE_PASSWORD", settings.database_password)
    slow = RealClock(datetime.now(UTC), world.clock.now(), 0.001)  # it is as late there as it is here
    monkeypatch.setenv("JIBAO_CLOCK", str(slow))
    span: Any = {
        "start": "2026-11-23",
        "end": world.clock.now().isoformat(),
        "packs": (),
        "only": False,
        "roster": None,
    }
    wish = Wish(**span, data=tmp_path, facts=None, save=file, as_json=True)
    assert await asyncio.to_thread(run_replay, wish) == 0
    body = json.loads(capsys.readouterr().out)
    assert (body["incidents"], body["newly_late"], body["no_longer_late"]) == (1, 0, 0)
    assert body["timeliness"]["total"]["before"] == body["timeliness"]["total"]["after"]
    again = Wish(**span, data=tmp_path, facts=file, save=None, as_json=True)
    assert await asyncio.to_thread(run_replay, again) == 0
    total = json.loads(capsys.readouterr().out)["timeliness"]["total"]
    assert total["before"] == total["after"] and total["before"]["due"] > 0
    assert await asyncio.to_thread(run_replay, wish) == 2  # it writes over no file
