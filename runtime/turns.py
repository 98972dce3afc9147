"""Turns by key: of one host, or of one sender, so many at a time, and the others of its kind wait behind each other."""

import asyncio
from collections.abc import Hashable
from weakref import WeakValueDictionary


class Turns:
    """A semaphore for each key, gone when nobody holds or waits for it."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._turns: WeakValueDictionary[Hashable, asyncio.Semaphore] = WeakValueDictionary()

    def of(self, key: Hashable) -> asyncio.Semaphore:
        """To be held for as long as the turn lasts."""
        turn = self._turns.get(key)
        if turn is None:
            self._turns[key] = turn = asyncio.Semaphore(self._at_once)
        return turn
