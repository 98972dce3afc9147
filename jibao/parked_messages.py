"""The work of `jibao parked`: what waits for an operator, handed to its consumer again or let lie."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from nats.aio.client import Client

from jibao.verify import settings_of
from jibao.words import fail
from runtime.clock import Clock
from runtime.stream import connect
from storage import parked
from storage.database import Database
from storage.parked import Undigested

AT_MOST = 10_000
EVERYTHING = ["all"]


@asynccontextmanager
async def _database(data: Path) -> AsyncIterator[Database]:
    database = await Database.connect(settings_of(data, "jibao_consumers"), 1)
    try:
        yield database
    finally:
        await database.close()


async def _waiting(database: Database) -> list[Undigested]:
    async with database.reading() as tx:
        return await parked.waiting(tx, AT_MOST)


async def look(data: Path) -> list[Undigested]:
    """What waits, the oldest first."""
    async with _database(data) as database:
        return await _waiting(database)


async def retry(data: Path, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Hand them over again; how many and from which stream sequence on, by consumer."""
    async with _database(data) as database:
        messages = chosen(await _waiting(database), ids)
        client = await connect(settings_of(data))
        try:
            handed = await hand_over_again(client, messages)
        finally:
            await client.close()
        # Only now: a crash in between leaves them on the list, and handing them over twice changes nothing.
        await _handled(database, data, messages)
        return handed


async def dismiss(data: Path, ids: Sequence[str]) -> int:
    """They need nothing more; how many they were."""
    async with _database(data) as database:
        return await _handled(database, data, chosen(await _waiting(database), ids))


async def _handled(database: Database, data: Path, messages: Sequence[Undigested]) -> int:
    now = Clock.parse(settings_of(data).clock).now()
    async with database.transaction() as tx:
        return len(await parked.handled(tx, messages, now))


async def hand_over_again(client: Client, messages: Sequence[Undigested]) -> dict[str, tuple[int, int]]:
    """Set each consumer back to the first of its messages. What it digested before comes too and changes nothing."""
    by_consumer: dict[tuple[str, str], list[int]] = defaultdict(list)
    for message in messages:
        # A message from before its place was kept: then everything that the stream still has.
        by_consumer[message.stream, message.consumer].append(message.sequence or 1)
    jetstream = client.jetstream(timeout=10)
    for (stream, consumer), sequences in by_consumer.items():
        await jetstream.reset_consumer(stream, consumer, min(sequences))
    return {consumer: (len(found), min(found)) for (_, consumer), found in by_consumer.items()}


def chosen(found: Sequence[Undigested], ids: Sequence[str]) -> list[Undigested]:
    """The messages that these ids, or beginnings of ids, name; ends the command where one names none or several."""
    if list(ids) == EVERYTHING:
        return list(found)
    named: dict[UUID, Undigested] = {}
    for text in ids:
        fitting = [one for one in found if str(one.parked_id).startswith(text.lower())]
        if not fitting:
            fail(f"{text}：没有这样编号的搁置消息", f"{text}: no parked message has an id that begins so")
        if len(fitting) > 1:
            fail(f"{text}：不止一条，请多写几位", f"{text}: more than one begins so; write more of it")
        named[fitting[0].parked_id] = fitting[0]
    return list(named.values())
