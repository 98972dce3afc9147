"""What waits together travels together, in order, and one bad item never takes its neighbours down."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.gather import Gatherer
from runtime.trouble import Unavailable


class Worker:
    """Doubles each number; `bad` ones spoil their whole group. Holds the first group until it is let go."""

    def __init__(self, bad: set[int] = frozenset(), away: bool = False, hold: bool = False) -> None:  # type: ignore[assignment]
        self.bad, self.away = bad, away
        self.groups: list[list[int]] = []
        self.may_go = asyncio.Event()
        if not hold:
            self.may_go.set()

    async def together(self, items: Sequence[int]) -> list[int]:
        """One group."""
        self.groups.append(list(items))
        await self.may_go.wait()
        if self.away:
            raise Unavailable("gone")
        if self.bad & set(items):
            raise ValueError(f"spoilt by {sorted(self.bad & set(items))}")
        return [item * 2 for item in items]


async def outcomes(gather: Gatherer[int, int], items: Sequence[int]) -> list[int | BaseException]:
    """Everybody's own result or error, in the order of the items."""
    return list(await asyncio.gather(*(gather(item) for item in items), return_exceptions=True))


async def test_it_carries_out_a_single_item_at_once() -> None:
    worker = Worker()
    assert await Gatherer(worker.together)(21) == 42


async def test_it_joins_what_comes_while_a_group_is_under_way() -> None:
    worker = Worker(hold=True)
    gather = Gatherer(worker.together)
    first = asyncio.create_task(gather(1))
    while not worker.groups:
        await asyncio.sleep(0)
    others = [asyncio.create_task(gather(n)) for n in (2, 3, 4)]
    await asyncio.sleep(0)
    assert gather.waiting == 3
    worker.may_go.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert worker.groups == [[1], [2, 3, 4]]


async def test_it_never_makes_a_group_larger_than_it_may_be() -> None:
    worker = Worker()
    await outcomes(Gatherer(worker.together, at_most=4), range(10))
    assert [len(group) for group in worker.groups] == [4, 4, 2]


async def test_it_waits_out_an_outage_instead_of_searching_for_a_culprit() -> None:
    worker = Worker(away=True)
    results = await outcomes(Gatherer(worker.together), range(8))
    assert all(isinstance(one, Unavailable) for one in results)
    assert len(worker.groups) == 1


async def test_it_lets_nobody_wait_for_ever_when_it_is_cancelled() -> None:
    worker = Worker(hold=True)
    gather = Gatherer(worker.together, at_most=2)
    waiting = [asyncio.create_task(gather(n)) for n in range(5)]
    while not worker.groups:
        await asyncio.sleep(0)
    assert gather._worker is not None
    gather._worker.cancel()
    results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
    assert all(isinstance(one, asyncio.CancelledError) for one in results)


async def test_it_works_on_after_a_caller_went_away() -> None:
    worker = Worker(hold=True)
    gather = Gatherer(worker.together)
    waiting = [asyncio.create_task(gather(n)) for n in range(3)]
    while not worker.groups:
        await asyncio.sleep(0)
    waiting[1].cancel()
    worker.may_go.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert (results[0], results[2]) == (0, 4)
    assert await gather(5) == 10


async def test_it_goes_on_after_a_group_that_failed() -> None:
    worker = Worker(bad={1})
    gather = Gatherer(worker.together)
    with pytest.raises(ValueError, match="spoilt"):
        await gather(1)
    assert await gather(2) == 4


@given(
    items=st.lists(st.integers(0, 60), min_size=1, max_size=60, unique=True),
    bad=st.sets(st.integers(0, 60), max_size=6),
    at_most=st.integers(1, 40),
)
def test_it_isolates_exactly_the_culprits(items: list[int], bad: set[int], at_most: int) -> None:
    async def play() -> tuple[list[int | BaseException], Worker]:
        worker = Worker(bad)
        return await outcomes(Gatherer(worker.together, at_most), items), worker

    results, worker = asyncio.run(play())
    for item, result in zip(items, results, strict=True):
        assert isinstance(result, ValueError) if item in bad else result == item * 2
    done = [item for group in worker.groups if not bad & set(group) for item in group]
    assert sorted(done) == sorted(set(items) - bad)  # each good item was carried out once
