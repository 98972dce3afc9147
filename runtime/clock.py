"""The only place that asks what time it is. Everywhere else, time is an argument.

A county's clock runs at rate 1. The demo runs a whole system on a faster one: all its roles share one
`JIBAO_CLOCK`, so a broker's timestamp means the same moment to each of them.
"""

import asyncio
from bisect import bisect_right
from contextlib import suppress
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    """The time on the wall, UTC, whatever a county's clock shows: for what happens to our own machines."""
    return datetime.now(UTC)


class Clock:
    """Real time, or a straight line through it: `virtual = started + (real - origin) * rate`."""

    def __init__(
        self, origin: datetime | None = None, started: datetime | None = None, rate: float = 1.0
    ) -> None:
        if rate <= 0:
            raise ValueError("a clock runs forward: rate must be above 0")
        self._origin = origin or datetime(2000, 1, 1, tzinfo=UTC)
        self._started = started or self._origin
        self.rate = rate

    @classmethod
    def parse(cls, text: str) -> "Clock":
        """Read `ORIGIN|START|RATE` (two RFC 3339 times and a number); an empty text is the real clock."""
        if not text:
            return cls()
        origin, started, rate = text.split("|")
        return cls(datetime.fromisoformat(origin), datetime.fromisoformat(started), float(rate))

    def __str__(self) -> str:
        return f"{self._origin.isoformat()}|{self._started.isoformat()}|{self.rate}"

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self.of(datetime.now(UTC))

    def of(self, real: datetime) -> datetime:
        """What this clock showed at a real moment, such as a broker's timestamp."""
        if self.rate == 1.0 and self._origin == self._started:
            return real.astimezone(UTC)
        return (self._started + (real - self._origin) * self.rate).astimezone(UTC)

    def real(self, shown: datetime) -> datetime:
        """The real moment at which this clock shows `shown`: the other way of `of`."""
        return (self._origin + (shown - self._started) / self.rate).astimezone(UTC)

    async def wait(self, moment: datetime | None, woken: asyncio.Event, at_most: timedelta) -> None:
        """Sleep until `moment`, until `woken` is set, or for `at_most` (real time), whichever is first."""
        seconds = at_most.total_seconds()
        if moment is not None:
            seconds = min(seconds, (moment - self.now()).total_seconds() / self.rate)
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), seconds)


REAL = Clock()
"""For who has no county's clock at hand."""


class ManualClock(Clock):
    """A clock that stands still until it is told to move; for tests and replays."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._marks: list[tuple[datetime, datetime]] = [(datetime.min.replace(tzinfo=UTC), start)]
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._marks[-1][1].astimezone(UTC)

    def of(self, real: datetime) -> datetime:
        """The time it showed then: it remembers when it was moved."""
        index = bisect_right(self._marks, real, key=lambda mark: mark[0])
        return self._marks[max(index - 1, 0)][1].astimezone(UTC)

    def real(self, shown: datetime) -> datetime:
        """When it was moved past that time; the present while it was not."""
        index = bisect_right(self._marks, shown, key=lambda mark: mark[1])
        return self._marks[index][0] if index < len(self._marks) else datetime.now(UTC)

    def move(self, by: timedelta) -> datetime:
        """Step forward and wake everybody who waits; returns the new time."""
        self._marks.append((datetime.now(UTC), self.now() + by))
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        return self.now()

    async def wait(self, moment: datetime | None, woken: asyncio.Event, at_most: timedelta) -> None:
        if moment is not None and moment <= self.now():
            return
        waits = [asyncio.ensure_future(self._moved.wait()), asyncio.ensure_future(woken.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED, timeout=at_most.total_seconds())
        finally:
            for wait in waits:
                wait.cancel()
