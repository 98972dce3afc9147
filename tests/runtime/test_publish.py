"""Publishing on a real broker: acknowledged from disk, batched, repeats known, and an honest answer when it is away."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from consumers.app import durables
from jibao.embedded.nats_server import NatsServer
from runtime.publish import Outgoing, Publisher
from runtime.stream import INTAKE, connect, provision
from runtime.trouble import Unavailable
from tests.house import role_settings
from tests.servers import scratch, start_broker


@dataclass
class Post:
    """A door's connection to a broker of its own."""

    folder: Path
    broker: NatsServer
    client: Any
    admin: Any

    async def stored(self) -> int:
        """How many messages lie on INTAKE."""
        info = await self.admin.jetstream().stream_info(INTAKE)
        return int(info.state.messages)


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    """A fresh broker with our streams."""
    with scratch() as folder:
        broker = await start_broker(folder / "nats")
        admin = await connect(role_settings("admin", broker.url, ""))
        await provision(admin.jetstream(), durables())
        client = await connect(role_settings("doors", broker.url, ""))
        one = Post(folder / "nats", broker, client, admin)
        yield one
        await asyncio.gather(client.close(), admin.close())
        await one.broker.stop()


def message(body: bytes = b"{}", **changes: Any) -> Outgoing:
    """One submission under an id of its own."""
    report_id = str(uuid4())
    values = {
        "stream": INTAKE,
        "subject": f"intake.report.submitted.{report_id}",
        "body": body,
        "message_id": report_id,
    }
    return Outgoing(**(values | {"once": True} | changes))


async def test_it_stores_one(post: Post) -> None:
    assert await Publisher(post.client)(message()) is True
    assert await post.stored() == 1


async def test_it_stores_what_waits_as_one_batch_in_order(post: Post) -> None:
    publisher = Publisher(post.client)
    bodies = [b"%d" % number for number in range(300)]
    assert await asyncio.gather(*(publisher(message(body)) for body in bodies)) == [True] * 300
    found = [(await post.admin.jetstream().get_msg(INTAKE, seq=number)).data for number in (1, 2, 201, 300)]
    assert found == [b"0", b"1", b"200", b"299"]


async def test_it_knows_a_repeat_by_its_id(post: Post) -> None:
    one = message()
    publisher = Publisher(post.client)
    assert [await publisher(one), await publisher(one)] == [True, False]
    assert await post.stored() == 1


async def test_it_knows_a_repeat_by_its_subject_when_the_id_window_is_over(post: Post) -> None:
    one = message()
    publisher = Publisher(post.client)
    await publisher(one)
    again = Outgoing(one.stream, one.subject, one.body, str(uuid4()), once=True)
    assert await publisher(again) is False
    assert await post.stored() == 1


async def test_it_finds_the_repeat_inside_a_batch_and_stores_the_others(post: Post) -> None:
    old, publisher = message(), Publisher(post.client)
    await publisher(old)
    batch = [message(), old, message()]
    assert await publisher.together(batch) == [True, False, True]
    assert await post.stored() == 3


async def test_it_stores_one_of_two_that_are_the_same_in_one_batch(post: Post) -> None:
    one = message()
    assert sorted(await Publisher(post.client).together([one, one])) == [False, True]
    assert await post.stored() == 1


async def test_it_says_that_the_broker_is_away_and_goes_on_when_it_is_back(post: Post) -> None:
    publisher = Publisher(post.client)
    await publisher(message())
    url = post.broker.url
    await post.broker.stop()
    with pytest.raises(Unavailable):
        await publisher(message())
    post.broker = await start_broker(post.folder)
    assert post.broker.url == url
    await asyncio.wait_for(_back(publisher), 20)
    assert await post.stored() == 2


async def _back(publisher: Publisher) -> None:
    one = message()
    while True:
        try:
            assert await publisher(one) is True
            return
        except Unavailable:
            await asyncio.sleep(0.05)


async def test_it_keeps_what_it_acknowledged_through_kill_nine(post: Post) -> None:
    publisher = Publisher(post.client)
    await asyncio.gather(*(publisher(message()) for _ in range(50)))
    post.broker.kill()
    await post.broker.wait()
    post.broker = await start_broker(post.folder)
    await asyncio.wait_for(_back(publisher), 20)
    await post.admin.flush(10)
    assert await post.stored() == 51


async def test_it_says_that_a_subject_is_not_its_own(post: Post) -> None:
    with pytest.raises(Unavailable):
        await Publisher(post.client)(message(subject="facts.incident.opened"))
