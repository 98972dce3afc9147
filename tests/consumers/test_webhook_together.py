"""One POST for what waits together at one address, and a slow address that holds up nobody but itself."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from consumers.channels import Letter
from consumers.channels import webhook as channel
from consumers.channels.webhook import Webhook
from runtime.clock import REAL
from runtime.keys import WEBHOOK, key_for
from runtime.signatures import is_genuine
from schemas.alert import Attempt
from schemas.reasons import AlertReason
from schemas.vocabulary import AttemptState, Channel, Grade
from tests.counties import demo_county
from tests.letterbox import letterbox

KEY = "a key for tests only"
PEOPLE = demo_county().people


def letter(address: str, title: str = "青云高速追尾", to: int = 0, delayed: int = 0) -> Letter:
    """One alert for one person."""
    person = PEOPLE[to]
    attempt = Attempt(
        attempt_id=uuid4(), alert_id=uuid4(), step=0, round=1, person_id=person.person_id,
        channel=Channel.WEBHOOK, address=address,
    )  # fmt: skip
    why = AlertReason.INCIDENT_REPORTED
    return Letter(attempt, str(uuid4()), person, title, Grade.II, why, f"http://h/{title}", delayed)


async def send(hook: Webhook, *letters: Letter) -> list[AttemptState]:
    """Hand them over at the same moment."""
    return [heard.state for heard in await asyncio.gather(*(hook.send(one) for one in letters))]


async def test_it_calls_a_person_once_for_what_waits_together() -> None:
    async with letterbox() as box:
        hook = Webhook(KEY)
        letters = [letter(box.url, title, delayed=12) for title in "甲乙丙"]
        assert await send(hook, *letters) == [AttemptState.DELIVERED] * 3
        await hook.close()
    (post,) = box.posts
    body: dict[str, Any] = json.loads(post.body)
    others = body.pop("together")
    assert [one["title"] for one in (body, *others)] == ["甲", "乙", "丙"]
    assert [one["acknowledge"] for one in others] == ["http://h/乙", "http://h/丙"]
    assert all(one.keys() == body.keys() and one["delayed_minutes"] == 12 for one in others)
    assert post.headers["idempotency-key"] == body["attempt_id"] == str(letters[0].attempt.attempt_id)
    assert is_genuine(key_for(WEBHOOK, KEY), post.headers, post.body, REAL.now())


async def test_it_says_of_each_what_was_answered_for_all() -> None:
    async with letterbox(status=500) as box:
        hook = Webhook(KEY)
        assert await send(hook, letter(box.url), letter(box.url)) == [AttemptState.FAILED] * 2
        await hook.close()
    assert len(box.posts) == 1


async def test_it_sends_no_more_than_a_receiver_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "AT_MOST", 2)
    async with letterbox() as box:
        hook = Webhook(KEY)
        assert await send(hook, *(letter(box.url) for _ in range(5))) == [AttemptState.DELIVERED] * 5
        await hook.close()
    assert [len(json.loads(post.body)["together"]) for post in box.posts] == [1, 1, 0]


async def test_two_people_at_one_address_are_told_each() -> None:
    async with letterbox() as box:
        hook = Webhook(KEY)
        await send(hook, letter(box.url, to=0), letter(box.url, to=1))
        await hook.close()
    assert {json.loads(post.body)["to"] for post in box.posts} == {PEOPLE[0].name, PEOPLE[1].name}


async def test_an_address_that_never_answers_holds_up_nobody_else() -> None:
    async with letterbox(status=None) as silent, letterbox() as box:
        hook = Webhook(KEY)
        hanging = asyncio.create_task(hook.send(letter(silent.url)))
        await silent.until(1)
        assert await send(hook, letter(box.url)) == [AttemptState.DELIVERED]
        assert not hanging.done()
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
        await hook.close()
