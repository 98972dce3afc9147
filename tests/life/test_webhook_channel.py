"""Step 4 by webhook, against a real HTTP server: what it answered is what the record says."""

import json

import pytest

from consumers.channels import webhook as channel
from runtime.clock import REAL
from runtime.keys import WEBHOOK, key_for
from runtime.signatures import is_genuine
from tests.conftest import OpenWorld
from tests.counties import CONSOLE, demo_county, on_duty, webhook, with_contacts
from tests.house import LINK_KEY
from tests.letterbox import letterbox
from tests.reports import START
from tests.world import World

OFFICER = on_duty(demo_county(), START).duty_officer
LEADER = on_duty(demo_county(), START).duty_leader


async def reached_at(open_world: OpenWorld, *addresses: str) -> World:
    """A county whose duty officer is reached by these webhooks only."""
    return await open_world(
        county=with_contacts(demo_county(), OFFICER.login, *(webhook(a) for a in addresses))
    )


async def attempt(world: World, incident_id: str) -> tuple[str, str]:
    """How the first try on a webhook ended."""
    alert = await world.alert(incident_id)
    one = next(one for one in alert["attempts"] if one["channel"] == "webhook")
    return one["state"], one["reason"]


async def test_it_delivers_a_signed_letter_with_a_link_that_acknowledges(open_world: OpenWorld) -> None:
    async with letterbox() as box:
        world = await reached_at(open_world, box.url)
        receipt = await world.report()
        await box.until(1)
        await world.settled()
        post = box.posts[0]
        letter = json.loads(post.body)
        await world.http.post(letter["acknowledge"].removeprefix("http://127.0.0.1"))
    alert = await world.alert(receipt["incident_id"])
    assert await attempt(world, receipt["incident_id"]) == ("delivered", "accepted")
    assert is_genuine(key_for(WEBHOOK, LINK_KEY), post.headers, post.body, REAL.now())
    assert post.headers["idempotency-key"] == letter["attempt_id"] == alert["attempts"][0]["attempt_id"]
    assert (letter["title"], letter["grade"], letter["why"]) == (
        "青云高速 K12 多车追尾",
        "IV",
        "incident_reported",
    )
    assert (alert["state"], alert["acknowledged_by_name"]) == ("acknowledged", OFFICER.name)


@pytest.mark.parametrize("status", [301, 400, 500])  # a redirect is no delivery either
async def test_it_has_failed_when_the_address_refuses_and_the_next_person_is_told(
    open_world: OpenWorld, status: int
) -> None:
    async with letterbox(status=status) as box:
        world = await reached_at(open_world, box.url)
        async with world.console(LEADER.login) as leader:
            receipt = await world.report()
            await leader.until(lambda one: len(one.alerts) == 1)
            await world.settled()
    assert await attempt(world, receipt["incident_id"]) == ("failed", "rejected")
    assert len(box.posts) == 1


async def test_it_has_failed_when_nobody_listens_at_the_address(open_world: OpenWorld) -> None:
    async with letterbox() as box:
        pass
    world = await reached_at(open_world, box.url)
    receipt = await world.report()
    await world.settled()
    assert await attempt(world, receipt["incident_id"]) == ("failed", "unreachable")


@pytest.mark.parametrize("address", ["not a url", "ftp://127.0.0.1/x", "http://[::1", "https://"])
async def test_it_never_breaks_on_an_address_that_is_none(open_world: OpenWorld, address: str) -> None:
    world = await reached_at(open_world, address)
    receipt = await world.report()
    await world.settled()
    state, _ = await attempt(world, receipt["incident_id"])
    assert state == "failed"
    assert await world.rows("select 1 from parked") == []


async def test_it_is_uncertain_when_the_address_never_answers_and_the_next_person_is_told(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "ANSWER_WITHIN", 0.3)
    async with letterbox(status=None) as box:
        world = await reached_at(open_world, box.url)
        async with world.console(LEADER.login) as leader:
            receipt = await world.report()
            await leader.until(lambda one: len(one.alerts) == 1)
            await world.settled()
    assert await attempt(world, receipt["incident_id"]) == ("uncertain", "timed_out")
    assert len(box.posts) == 1


async def test_it_is_uncertain_when_the_line_is_cut_after_the_letter_went_out(open_world: OpenWorld) -> None:
    async with letterbox(cut=True) as box:
        world = await reached_at(open_world, box.url)
        receipt = await world.report()
        await world.settled()
    assert await attempt(world, receipt["incident_id"]) == ("uncertain", "interrupted")
    assert len(box.posts) == 1


async def test_it_never_lets_a_broken_webhook_delay_the_console(open_world: OpenWorld) -> None:
    async with letterbox(status=None) as box:
        county = with_contacts(demo_county(), OFFICER.login, webhook(box.url), CONSOLE)
        world = await open_world(county=county)
        async with world.console(OFFICER.login) as console:
            for _ in range(10):
                await world.report()
            await console.until(lambda one: len(one.alerts) == 10)
        hanging = await world.rows(
            "select count(*) from attempts where channel = 'webhook' and state = 'sending'"
        )
    assert hanging[0]["count"] > 0


async def test_it_waits_for_an_answer_where_one_of_two_channels_has_failed(open_world: OpenWorld) -> None:
    async with letterbox(status=500) as box:
        county = with_contacts(demo_county(), OFFICER.login, webhook(box.url), CONSOLE)
        world = await open_world(county=county)
        async with world.console(OFFICER.login):
            receipt = await world.report()
            await box.until(1)
            await world.settled()
    alert = await world.alert(receipt["incident_id"])
    assert {(one["channel"], one["state"]) for one in alert["attempts"]} == {
        ("console", "delivered"),
        ("webhook", "failed"),
    }
    assert (alert["state"], alert["step"]) == ("open", 0)
