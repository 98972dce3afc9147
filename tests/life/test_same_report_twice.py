"""The same id twice, one after the other, at once, or after the broker came back: one row and the same receipt."""

import asyncio
from uuid import NAMESPACE_URL, uuid5

import pytest

from tests.reports import make_report
from tests.servers import start_broker
from tests.world import World

ID = "0198d5a0-0000-7000-8000-00000000000a"


async def one_row(world: World) -> None:
    """Nothing was stored twice, and nothing told twice."""
    await world.settled()
    assert len(await world.rows("select 1 from reports")) == 1
    assert len(await world.rows("select 1 from incidents")) == 1
    assert len(await world.rows("select 1 from events where kind = 'alert.raised'")) == 1


async def test_it_gives_the_same_receipt_for_the_same_id(world: World) -> None:
    first = await world.report(report_id=ID)
    await world.settled()
    await world.fast_forward(minutes=1)
    assert await world.report(report_id=ID) == first
    await one_row(world)


async def test_it_gives_the_same_receipt_for_the_same_key(world: World) -> None:
    answers = [
        await world.call(
            "reporter", "POST", "/api/v1/reports", json=make_report(), headers={"Idempotency-Key": "k-1"}
        )
        for _ in range(3)
    ]
    assert len({answer.text for answer in answers}) == 1
    await one_row(world)


async def test_it_keeps_the_same_key_of_two_people_apart(world: World) -> None:
    for who in ("reporter", "duty_officer"):
        await world.call(
            who, "POST", "/api/v1/reports", json=make_report(), headers={"Idempotency-Key": "k-1"}
        )
    await world.settled()
    assert len(await world.rows("select 1 from reports")) == 2


async def test_it_gives_the_same_receipt_to_twenty_at_once(world: World) -> None:
    receipts = await asyncio.gather(*(world.report(report_id=ID) for _ in range(20)))
    assert all(receipt == receipts[0] for receipt in receipts)
    await one_row(world)


async def test_it_gives_the_same_receipt_after_the_broker_came_back(world: World) -> None:
    first = await world.report(report_id=ID)
    await world.settled()
    folder = world.broker_folder
    world.broker.kill()
    await world.broker.wait()
    world.broker = await start_broker(folder)
    again = await asyncio.wait_for(_again(world), 30)
    assert again == first
    await one_row(world)


async def _again(world: World) -> object:
    while True:
        answer = await world.call("reporter", "POST", "/api/v1/reports", json=make_report(report_id=ID))
        if answer.status_code != 503:
            return answer.json()
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("change", [{"title": "另一件事"}, {"grade": "I"}, {"casualties": {"deaths": 3}}])
async def test_it_refuses_the_same_id_for_other_words(world: World, change: dict[str, object]) -> None:
    await world.report(report_id=ID)
    answer = await world.call("reporter", "POST", "/api/v1/reports", json=make_report(report_id=ID, **change))
    assert (answer.status_code, answer.json()["errors"][0]) == (
        409, answer.json()["errors"][0] | {"field": "report_id", "reason": "id_reused"},
    )  # fmt: skip
    await one_row(world)


async def test_it_stores_a_report_whose_id_another_person_used_before(world: World) -> None:
    """An id that somebody knows or guesses cannot be used to block its owner, in words of hers or of his own."""
    taken = await world.report("reporter.104", report_id=ID)
    mine = await world.report(report_id=ID)
    assert mine["report_id"] not in (ID, taken["report_id"]) and mine["incident_id"] == mine["report_id"]
    assert await world.report(report_id=ID) == mine
    assert await world.report("reporter.104", report_id=ID) == taken
    await world.settled()
    assert {str(row["report_id"]) for row in await world.rows("select report_id from reports")} == {
        taken["report_id"], mine["report_id"],
    }  # fmt: skip
    for who, receipt in (("reporter", mine), ("reporter.104", taken)):
        state = await world.get(f"reports/{ID}", who)  # asked for under the id she chose
        assert (state["state"], state["report_id"]) == ("stored", receipt["report_id"])
    other = await world.call(
        "reporter", "POST", "/api/v1/reports", json=make_report(report_id=ID, title="另一件事")
    )
    assert (other.status_code, other.json()["errors"][0]["reason"]) == (409, "id_reused")


async def test_it_stores_a_report_whose_key_another_person_foresaw(world: World) -> None:
    reporter = next(one for one in world.county.people if one.login == "reporter.103")
    foreseen = str(uuid5(NAMESPACE_URL, f"jibao:{reporter.person_id}:k-1"))
    await world.report("reporter.104", report_id=foreseen, title="占位")
    answers = [
        await world.call(
            "reporter", "POST", "/api/v1/reports", json=make_report(), headers={"Idempotency-Key": "k-1"}
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202] and answers[0].text == answers[1].text
    assert answers[0].json()["report_id"] != foreseen
