"""The loop's own lag is measured, and a process that ran while its loop was held up can prove it."""

import asyncio
import time

from prometheus_client import REGISTRY

from runtime.loop_lag import EVERY, OVER, LoopLag


def shown() -> float:
    """What the metric says."""
    return REGISTRY.get_sample_value("jibao_loop_lag_seconds") or 0.0


async def test_it_sees_a_loop_that_is_held_up_and_that_the_process_ran() -> None:
    lag = LoopLag()
    running = asyncio.create_task(lag.run())
    await asyncio.sleep(2 * EVERY)
    before = lag.ran()
    time.sleep(1.5)  # nothing is answered meanwhile; it takes no processor time either
    held = lag.ran() - before
    await asyncio.sleep(2 * EVERY)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert shown() >= 1.0
    assert held >= 0.75


def test_it_tells_the_longest_of_the_last_minute() -> None:
    lag = LoopLag()
    lag.note(100.0, 0.1)
    lag.note(110.0, 30.0)
    lag.note(120.0, 0.2)
    assert shown() == 30.0
    lag.note(111.0 + OVER, 0.3)
    assert shown() == 0.3


def test_a_process_that_works_runs() -> None:
    lag = LoopLag()
    before = lag.ran()
    until = time.process_time() + 0.2
    while time.process_time() < until:
        pass
    assert lag.ran() - before >= 0.2
