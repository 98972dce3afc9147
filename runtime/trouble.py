"""The two kinds of trouble: something we need is away (try again), or one item is bad (set it aside)."""


class Unavailable(Exception):
    """The broker or the database is away for the moment; nothing is wrong with what was asked."""


class Unreadable(Exception):
    """A message that no retry can mend; it is kept aside with this reason."""


class TryAgain(Exception):
    """Not yet, and nothing is wrong: deliver it again after `seconds`. `counts`: as one of its tries."""

    def __init__(self, seconds: float, counts: bool = True) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds
        self.counts = counts
