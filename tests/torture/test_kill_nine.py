"""kill -9 in the middle of a burst: every role at random moments, then the broker itself. Nothing accepted is lost, and
no deadline fires twice."""

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runtime.clock import Clock
from tests.conftest import OpenWorld
from tests.counties import demo_county, on_duty, webhook, with_contacts
from tests.letterbox import Letterbox, letterbox
from tests.servers import start_broker
from tests.torture.burst import Burst, calm, prove
from tests.torture.role_processes import Processes
from tests.world import World

pytestmark = [pytest.mark.torture, pytest.mark.timeout(180)]


@asynccontextmanager
async def house_of_processes(
    open_world: OpenWorld, folder: Path
) -> AsyncIterator[tuple[World, Processes, Letterbox]]:
    """A county whose roles are processes and whose people on duty are reached by a webhook."""
    async with letterbox() as box:
        county = demo_county()
        now = on_duty(county, Clock().now())
        for person in (now.duty_officer, now.duty_leader):
            county = with_contacts(county, person.login, webhook(box.url))
        world = await open_world(county=county, start=False)
        world.clock = Clock()  # type: ignore[assignment]  # processes share no clock but the real one
        processes = Processes(world, folder)
        await processes.start_all()
        try:
            yield world, processes, box
        finally:
            await processes.stop_all()


async def test_it_loses_nothing_when_its_roles_are_killed_in_the_middle_of_a_burst(
    open_world: OpenWorld, tmp_path: Path
) -> None:
    chance = random.Random(20261123)  # noqa: S311 - which role dies when; the same every time
    async with house_of_processes(open_world, tmp_path) as (world, processes, box):
        burst = Burst(f"http://127.0.0.1:{processes.ports['doors']}", world.tokens["reporter"])
        await asyncio.gather(burst.send(250), processes.kill_at_random(chance, times=8))
        await calm(world)
        await prove(world, burst)
        sent = Counter(post.headers["idempotency-key"] for post in box.posts)
        assert [key for key, times in sent.items() if times > 1] == []  # a letter is never sent twice
        assert processes.killed.keys() == {"doors", "consumers", "clock", "relay"}
        assert not [secret for secret in _secrets(world) if secret in processes.logs()]


async def test_it_loses_nothing_when_the_broker_is_killed_in_the_middle_of_a_burst(
    open_world: OpenWorld, tmp_path: Path
) -> None:
    async with house_of_processes(open_world, tmp_path) as (world, processes, _):
        burst = Burst(f"http://127.0.0.1:{processes.ports['doors']}", world.tokens["reporter"])
        sending = asyncio.create_task(burst.send(120))
        for stored in (30, 80):
            await _stored(world, stored)
            world.broker.kill()
            await world.broker.wait()
            world.broker = await start_broker(world.broker_folder)
        await sending
        await calm(world)
        await prove(world, burst)


async def _stored(world: World, count: int) -> None:
    while await world.peek.fetchval("select count(*) from reports") < count:
        await asyncio.sleep(0.02)


def _secrets(world: World) -> list[str]:
    settings = world.settings.values()
    told = {
        secret for s in settings for secret in (s.nats_password, s.database_password, s.link_key) if secret
    }
    return sorted(told | {world.tokens["reporter"]})


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_it_never_carries_a_secret_in_its_arguments(open_world: OpenWorld, tmp_path: Path) -> None:
    async with house_of_processes(open_world, tmp_path) as (world, processes, _):
        told = b"".join(
            Path(f"/proc/{process.pid}/cmdline").read_bytes()
            for process in processes.running.values()
            if process.pid
        )
    assert os.fsencode("jibao") in told
    assert not [secret for secret in _secrets(world) if secret.encode() in told]
