"""A task that loses a cancel is cancelled again."""

import asyncio

from runtime.ending import end


async def test_it_ends_a_task_that_loses_its_first_cancel() -> None:
    lost: list[int] = []

    async def deaf_once() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if lost:
                    raise
                lost.append(1)

    async def fails() -> None:
        raise ValueError("at once")

    deaf, failing = asyncio.create_task(deaf_once()), asyncio.create_task(fails())
    await asyncio.sleep(0)
    await asyncio.wait_for(end(deaf, failing), 10)
    assert deaf.cancelled()
    assert lost == [1]


async def test_it_ends_nothing_at_once() -> None:
    await asyncio.wait_for(end(), 1)
