"""What waits together travels together: the one gatherer, used at the doors, in transactions and for channels.

Whoever calls it is released when the group that holds its item has been carried out. A group that fails is
halved until the culprit stands alone, so one bad item never takes its neighbours down.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from runtime.trouble import Unavailable

T = TypeVar("T")
R = TypeVar("R")


class Gatherer(Generic[T, R]):
    """Joins the items that wait into one call of `together`, which answers one result for each, in order."""

    def __init__(
        self,
        together: Callable[[Sequence[T]], Awaitable[Sequence[R]]],
        at_most: int = 500,
        first: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._together = together
        self._first = first
        self._at_most = at_most
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._worker: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many items wait for the group that is under way."""
        return len(self._waiting)

    async def __call__(self, item: T) -> R:
        """Carry out `item` with whatever else waits. Raises what its own group raised."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        try:
            while self._waiting:
                if self._first is not None:
                    await self._first()  # what comes meanwhile is in the same group
                group, self._waiting = self._waiting[: self._at_most], self._waiting[self._at_most :]
                await self._carry_out(group)
        finally:
            self._worker = None
            for _, future in self._waiting:  # only after a cancel: nobody may wait for ever
                future.cancel()

    async def _carry_out(self, group: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._together([item for item, _ in group])
        except asyncio.CancelledError:
            for _, future in group:
                future.cancel()
            raise
        except Exception as error:
            if len(group) == 1 or isinstance(error, Unavailable):
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
                return
            middle = len(group) // 2
            await self._carry_out(group[:middle])
            await self._carry_out(group[middle:])
            return
        for (_, future), result in zip(group, results, strict=True):
            if not future.done():
                future.set_result(result)
