"""Ending tasks for certain: they are cancelled until they have ended.

Python 3.11's `asyncio.wait_for` swallows a cancel that comes in the very moment its wait ends; a loop that lost its
cancel that way would go on for ever, and whoever waits for its end with it.
"""

import asyncio
from typing import Any

AGAIN_AFTER = 0.5


async def end(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel these tasks and wait until all have ended, however."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_AFTER)
    await asyncio.gather(*tasks, return_exceptions=True)
