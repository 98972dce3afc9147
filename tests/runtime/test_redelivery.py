"""After its handler a message is acknowledged, tried again later, or set aside: never dropped, never tried for ever."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from runtime.redelivery import DELAYS, WHILE_AWAY, Care, Delivery, carefully
from runtime.trouble import TryAgain, Unavailable, Unreadable


@dataclass
class Message:
    """A broker's message that remembers how it was settled."""

    settled: list[tuple[str, float | None]] = field(default_factory=list)

    async def ack(self) -> None:
        """Done."""
        self.settled.append(("ack", None))

    async def nak(self, delay: float | None = None) -> None:
        """Again, later."""
        self.settled.append(("nak", delay))

    async def term(self) -> None:
        """Never again."""
        self.settled.append(("term", None))


@dataclass
class Shelf:
    """Where messages are set aside; `full` makes it fail."""

    full: bool = False
    kept: list[tuple[str, str]] = field(default_factory=list)

    async def keep(self, consumer: str, delivery: Delivery, error: str) -> None:
        """Take one."""
        if self.full:
            raise Unavailable("the database is away")
        self.kept.append((consumer, error))


def delivery(tries: int = 1) -> Delivery:
    """A message that is delivered for the n-th time."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return Delivery(
        body=b"{}", at=moment, tries=tries, sequence=7, stream="FACTS", subject="facts.x", raw=Message()
    )


async def settle(
    error: Exception | None, tries: int = 1, shelf: Shelf | None = None
) -> tuple[list[object], Shelf]:
    """What becomes of a message whose handler raises this."""
    shelf = shelf or Shelf()

    async def handle(_: Delivery) -> None:
        if error is not None:
            raise error

    one = delivery(tries)
    await carefully(Care("some_consumer", shelf.keep, max_tries=3), one, handle)
    return one.raw.settled, shelf


async def test_it_acknowledges_what_was_handled() -> None:
    assert (await settle(None))[0] == [("ack", None)]


async def test_it_tries_again_after_the_time_the_handler_asked_for() -> None:
    assert (await settle(TryAgain(1.5), tries=99))[0] == [("nak", 1.5)]


@pytest.mark.parametrize("tries", [1, 3, 1000])  # an outage lasts as long as it lasts
async def test_it_waits_out_an_outage_without_counting(tries: int) -> None:
    settled, shelf = await settle(Unavailable("gone"), tries)
    assert (settled, shelf.kept) == ([("nak", WHILE_AWAY)], [])


@pytest.mark.parametrize(("tries", "delay"), [(1, DELAYS[0]), (2, DELAYS[1])])
async def test_it_tries_a_failure_again_with_growing_patience(tries: int, delay: float) -> None:
    assert (await settle(ValueError("x"), tries))[0] == [("nak", delay)]


async def test_it_sets_aside_with_its_reason_what_failed_too_often() -> None:
    settled, shelf = await settle(ValueError("no such thing"), tries=3)
    assert (settled, shelf.kept) == ([("term", None)], [("some_consumer", "ValueError: no such thing")])


async def test_it_sets_aside_at_once_what_nobody_can_read() -> None:
    settled, shelf = await settle(Unreadable("not JSON"), tries=1)
    assert (settled, len(shelf.kept)) == ([("term", None)], 1)


async def test_it_leaves_a_message_on_the_stream_that_could_not_be_set_aside() -> None:
    settled, _ = await settle(ValueError("x"), tries=7, shelf=Shelf(full=True))
    assert settled == [("nak", WHILE_AWAY)]


async def test_it_waits_ever_longer_but_never_for_ever() -> None:
    assert list(DELAYS) == sorted(DELAYS)
    care = Care("some_consumer", Shelf().keep, max_tries=50)
    one = replace(delivery(), tries=20)

    async def handle(_: Delivery) -> None:
        raise ValueError("x")

    await carefully(care, one, handle)
    assert one.raw.settled == [("nak", DELAYS[-1])]
