"""How often one person is called about the incidents of one sender: a few times at once, then once a minute.

Whoever sends hundreds must not have somebody called hundreds of times; alerts about others are not held for it.
"""

import asyncio
from collections import deque

FREE_CALLS = 10
WITHIN = 300.0
THEN_EVERY = 60.0
"""Seconds, both."""


class Pace:
    """The calls to one person about one sender."""

    def __init__(self) -> None:
        self._calls: deque[float] = deque(maxlen=FREE_CALLS)

    async def wait(self) -> None:
        """Return when the next call may go out, and count it."""
        await asyncio.sleep(self._hold(asyncio.get_running_loop().time()))
        self._calls.append(asyncio.get_running_loop().time())

    def _hold(self, now: float) -> float:
        if len(self._calls) < FREE_CALLS or now - self._calls[0] > WITHIN:
            return 0.0
        return max(self._calls[-1] + THEN_EVERY - now, 0.0)
