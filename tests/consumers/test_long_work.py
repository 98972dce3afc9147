"""A message that is still being worked on is not handed out again."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from consumers import store_reports
from runtime import consume, stream
from tests.conftest import OpenWorld


async def test_it_keeps_a_message_for_as_long_as_its_handler_works(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (consume, stream):
        monkeypatch.setattr(module, "ACK_WAIT", timedelta(seconds=1))
    storing, tries = store_reports.store_all, []

    async def take_long(*arguments: Any) -> None:
        tries.append(1)
        await asyncio.sleep(2.5)  # the work itself takes this long; nothing here waits for it to happen
        await storing(*arguments)

    monkeypatch.setattr(store_reports, "store_all", take_long)
    world = await open_world()
    await world.report()
    await world.settled()
    assert len(tries) == 1
    info = await world.jetstream.consumer_info("INTAKE", "store_reports")
    assert (info.config.ack_wait, info.num_redelivered) == (1, 0)
