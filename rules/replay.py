"""What would have been late, and who would have been called, had other packs or another roster been in force?

Recorded incidents live once more on a virtual clock, each by itself; the engine is the house's own. What people did
stays as it was: nobody is thought to have reported earlier because a limit was shorter.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rules.desk import Desk
from rules.replay_count import Calls, Compared, Count, Late, Replayed
from rules.replay_life import World, live
from schemas.outage import Window
from schemas.recorded import Recorded

__all__ = ["Calls", "Compared", "Late", "Replay", "Replayed", "replay"]


class Replay:
    """A replay that takes one incident after the other, as they come out of a stream.

    `gaps` are our own outages: what ran out inside one is disputed. `ladders=False` leaves the calls out and saves
    half of the time.
    """

    def __init__(
        self, desk: Desk, until: datetime, gaps: Sequence[Window] = (), *, ladders: bool = True
    ) -> None:
        self._world = World(desk, until, gaps, ladders)
        self._count = Count(until, ZoneInfo(desk.county.timezone))

    def take(self, recorded: Recorded) -> None:
        """Let one incident live again, and count what comes of it."""
        self._count.take(recorded, live(recorded, self._world))

    def result(self) -> Replayed:
        """What has come out so far."""
        return self._count.result()


def replay(
    recorded: Iterable[Recorded],
    desk: Desk,
    until: datetime,
    gaps: Sequence[Window] = (),
    *,
    ladders: bool = True,
) -> Replayed:
    """Let recorded incidents live again under the packs, roster and ladders of `desk`, up to `until`.

    `recorded` is read once, in any order, and may be a stream. For packs that are only proposed:
    `replay(facts, dataclasses.replace(desk, packs=Packs(proposed)), now)`.
    """
    lab = Replay(desk, until, gaps, ladders=ladders)
    for one in recorded:
        lab.take(one)
    return lab.result()
