"""How late this process's own event loop comes: a busy loop answers nobody, and must be seen for what it is.

A thread beside the loop proves that the process ran: a loop that is held up by work lets it run, a machine that is
stopped or frozen does not.
"""

import asyncio
import logging
import threading
import time
from collections import deque

from runtime import metrics

log = logging.getLogger("jibao.loop")

EVERY = 0.25
OVER = 60.0
"""The metric tells the longest lag of so many seconds."""
SAID_FROM = 1.0


class LoopLag:
    """Measures while it runs; `ran` is read from the loop."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()
        self._ran = 0.0
        self._ending = threading.Event()

    async def run(self) -> None:
        """Measure for ever."""
        beside = threading.Thread(target=self._run_beside, name="loop-lag", daemon=True)
        beside.start()
        try:
            while True:
                asked = time.monotonic()
                await asyncio.sleep(EVERY)
                now = time.monotonic()
                self.note(now, max(now - asked - EVERY, 0.0))
        finally:
            self._ending.set()

    def note(self, now: float, lag: float) -> None:
        """One measurement."""
        self._seen.append((now, lag))
        while self._seen[0][0] < now - OVER:
            self._seen.popleft()
        metrics.LOOP_LAG.set(max(one for _, one in self._seen))
        if lag >= SAID_FROM:
            log.warning("this process was too busy to answer anybody for %.1f s", lag)

    def ran(self) -> float:
        """For how many seconds this process demonstrably ran: by its thread, or by the work it did."""
        return self._ran + time.process_time()

    def _run_beside(self) -> None:
        before = time.monotonic()
        while not self._ending.wait(EVERY):
            now = time.monotonic()
            self._ran += min(now - before, 2 * EVERY)
            before = now
