"""One sender's hundreds push nobody else's emergency off the screens, call nobody hundreds of times; all are kept."""

import asyncio
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from consumers.channels import pace
from consumers.channels import webhook as channel
from consumers.channels.webhook import Webhook
from rules import floods
from schemas.vocabulary import AttemptState
from storage.incidents import FOLDED_BEYOND
from tests.consumers.test_slow_receivers import drip_body
from tests.consumers.test_webhook_together import KEY, letter
from tests.letterbox import letterbox
from tests.reports import at, make_call, make_report
from tests.world import World

FLOOD = 60
OTHER = "reporter.104"
OTHER_PLACE = {"division": "990101104", "text": "另一处"}


async def flood(world: World, count: int = FLOOD) -> set[str]:
    """So many of the gravest from one reporter at once; returns their incidents."""
    receipts = await asyncio.gather(*(world.report(grade="I", title=f"洪水 {n}") for n in range(count)))
    await world.settled()
    return {receipt["incident_id"] for receipt in receipts}


async def of_other(world: World, **changes: Any) -> str:
    """One report from another township."""
    receipt = await world.report(OTHER, place=OTHER_PLACE, source={}, **changes)
    await world.settled()
    return str(receipt["incident_id"])


async def test_everybody_elses_incidents_stay_on_the_overview(world: World) -> None:
    before = await of_other(world, grade="III")
    flooded = await flood(world)
    after = await of_other(world)
    overview = await world.get("overview", limit=30)
    shown = [one["incident_id"] for one in overview["incidents"]]
    assert {before, after} <= set(shown)
    assert FOLDED_BEYOND <= len(flooded & set(shown)) <= 2 * FOLDED_BEYOND
    assert overview["incident_count"] == FLOOD + 2


async def test_the_newest_of_a_sender_says_how_many_more_there_are_and_whose(world: World) -> None:
    flooded = await flood(world)
    overview = await world.get("overview")
    shown = [one for one in overview["incidents"] if one["incident_id"] in flooded]
    marked = [one for one in shown if one["folded"]]
    sender = next(person for person in world.county.people if person.login == "reporter.103")
    assert [one["folded"] for one in marked] == [
        {
            "count": FLOOD - len(shown),
            "sender": str(sender.person_id),
            "sender_name": sender.name,
            "node": sender.node,
            "node_name": next(node.name for node in world.county.nodes if node.code == sender.node),
        }
    ]
    assert marked[0]["received_at"] == max(one["received_at"] for one in shown)


@pytest.mark.parametrize("narrowed", ["sender", "from_node"])
async def test_the_folded_ones_are_listed_page_by_page(world: World, narrowed: str) -> None:
    flooded = await flood(world, 25)
    await of_other(world)
    person = next(person for person in world.county.people if person.login == "reporter.103")
    asked = {narrowed: str(person.person_id) if narrowed == "sender" else person.node, "limit": 10}
    seen: list[str] = []
    page = await world.get("incidents", **asked)
    while True:
        seen += [one["incident_id"] for one in page["incidents"]]
        if page["next"] is None:
            break
        page = await world.get("incidents", **asked, before=page["next"])
    assert len(seen) == 25 and set(seen) == flooded


async def test_the_gravest_is_shown_whatever_is_older_or_newer(world: World) -> None:
    for title in ("旧一", "旧二"):
        await of_other(world, grade="IV", title=title)
        world.clock.move(timedelta(minutes=1))
    grave = await of_other(world, grade="I")
    world.clock.move(timedelta(minutes=1))
    await asyncio.gather(*(world.report(grade="IV", title=f"新 {n}") for n in range(8)))
    await world.settled()
    overview = await world.get("overview", limit=1)
    assert [one["incident_id"] for one in overview["incidents"]] == [grave]


async def test_a_senders_own_gravest_is_not_folded_under_its_many(world: World) -> None:
    """It is neither the newest of them nor the one whose limit runs out first: its calls are done."""
    grave = (await world.report(grade="I", title="真的那一起"))["incident_id"]
    await world.settled()
    for role in ("city", "province"):
        for medium in ("phone", "written"):
            await world.act(f"incidents/{grave}/forward", to_role=role, stage="first", medium=medium)
    await world.send(make_call(at(minutes=-1), incident_id=grave, grade="I"), "duty_officer", "calls")
    for n in range(15):
        world.clock.move(timedelta(seconds=1))
        await world.report(grade="IV", title=f"其他 {n}")
    await world.settled()
    owed = await world.rows(
        "select incident_id, min(due_at) as due from obligations where state = 'open' group by 1 order by due"
    )
    assert [str(row["incident_id"]) for row in owed].index(grave) > FOLDED_BEYOND
    assert grave in [one["incident_id"] for one in (await world.get("overview"))["incidents"]]


async def test_a_few_of_one_sender_are_all_shown(world: World) -> None:
    few = await flood(world, FOLDED_BEYOND)
    overview = await world.get("overview")
    assert {one["incident_id"] for one in overview["incidents"]} == few
    assert not any(one["folded"] for one in overview["incidents"])


async def test_calls_that_the_duty_room_logs_are_nobodys_flood(world: World) -> None:
    for _ in range(2 * FOLDED_BEYOND + 2):
        call = {"called_at": at(minutes=-1), "report": make_report(medium="phone")}
        await world.send(call, "duty_officer", "calls")
    await world.settled()
    overview = await world.get("overview")
    assert len(overview["incidents"]) == 2 * FOLDED_BEYOND + 2
    assert not any(one["folded"] for one in overview["incidents"])


async def alarms(world: World) -> list[Any]:
    """The alerts that say somebody floods."""
    return await world.rows("select * from alerts where reason = 'many_from_one_sender'")


async def test_the_duty_room_is_told_once_and_everything_is_stored(world: World) -> None:
    await flood(world, floods.MOST)
    assert await alarms(world) == []
    await flood(world, 15)
    await flood(world, 15)
    (alarm,) = await alarms(world)
    told = await world.rows(
        "select person_id from attempts where alert_id = $1 and step = 0", alarm["alert_id"]
    )
    assert {row["person_id"] for row in told} == {world.on_duty.duty_officer.person_id}
    assert str(floods.MOST) in alarm["title"]
    assert (await world.rows("select count(*) from reports"))[0]["count"] == floods.MOST + 30


async def test_a_flood_delays_nobody_elses_receipt(world: World) -> None:
    """Sent after hundreds of another's, a report is received long before they are."""
    await world.report(OTHER, place=OTHER_PLACE, source={})
    received: list[float] = []
    many = httpx.AsyncClient(
        base_url=world.http.base_url,
        timeout=60,
        trust_env=False,
        limits=httpx.Limits(max_connections=None),
        headers={"Authorization": f"Bearer {world.tokens['reporter']}"},
    )

    async def one_of_many() -> None:
        answer = await many.post("/api/v1/reports", json=make_report(grade="I"))
        assert answer.status_code == 202
        received.append(time.perf_counter())

    flooding = [asyncio.create_task(one_of_many()) for _ in range(300)]
    async with asyncio.timeout(30):
        while not received:
            await asyncio.sleep(0)
    await world.report(OTHER, place=OTHER_PLACE, source={})
    before = len(received)
    await asyncio.gather(*flooding)
    await many.aclose()
    await world.settled()
    assert before < 200


async def test_nobody_is_called_once_for_each_of_a_flood_and_others_are_not_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace, "THEN_EVERY", 0.5)
    sender = uuid4()
    async with letterbox() as box:
        hook = Webhook(KEY)

        async def tell(whose: UUID) -> AttemptState:
            one = letter(box.url)
            heard = await hook.send(type(one)(**{**vars(one), "sender": whose}))
            return heard.state

        for _ in range(pace.FREE_CALLS):
            await tell(sender)
        held = [asyncio.create_task(tell(sender)) for _ in range(90)]
        await asyncio.sleep(0)
        begun = time.perf_counter()
        assert await tell(uuid4()) is AttemptState.DELIVERED
        assert time.perf_counter() - begun < 0.4 and not any(task.done() for task in held)
        assert set(await asyncio.gather(*held)) == {AttemptState.DELIVERED}
        await hook.close()
    assert len(box.posts) == pace.FREE_CALLS + 2
    assert b'"more_of_this_sender": 89' in box.posts[-1].body


async def test_too_much_about_one_sender_leaves_room_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "MOST_WAITING", 5)
    async with letterbox(answer=drip_body) as box:
        hook, sender = Webhook(KEY), uuid4()
        one = letter(box.url)
        of_sender = type(one)(**{**vars(one), "sender": sender})
        tasks = [asyncio.create_task(hook.send(of_sender)) for _ in range(pace.FREE_CALLS + 8)]
        await box.until(1)
        tasks += [asyncio.create_task(hook.send(of_sender)) for _ in range(6)]
        await asyncio.sleep(0)
        assert hook.is_full(one.attempt, sender)
        assert not hook.is_full(one.attempt, uuid4())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await hook.close()
