"""The pool, the transaction and the named queries; an outage of the database is `Unavailable`, never a bad fact."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from runtime.settings import Settings
from runtime.trouble import Unavailable, Unreadable
from storage.silence import Silence

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Row: TypeAlias = asyncpg.Record
WAKE_CHANNEL = "jibao"
ACCESS_CHANNEL = "jibao_access"
"""Somebody may not do any more what she could do before: the payload is her id, empty for everybody."""
LISTEN_AGAIN = 0.25
"""Seconds."""
ACQUIRE_WITHIN = 5.0
BY_INDEX = {"enable_seqscan": "off"}
"""A plan made while a table is small stays until the table is analysed, and would read it whole until then."""

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the connection was cut in the middle of an answer
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # the database takes no connections for now
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
)
UNKEEPABLE = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)


@cache
def queries(name: str) -> dict[str, str]:
    """The queries of `storage/<name>.sql`, by the name after `-- name:`."""
    text = Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- name: (\w+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Turn rows into columns, the shape that `unnest` takes."""
    if not rows:
        return [[] for _ in range(width)]
    return [list(column) for column in zip(*rows, strict=True)]


def as_json(value: Any) -> str:
    """JSON text, for a cell of a column: `unnest` takes no lists of lists."""
    return json.dumps(value, ensure_ascii=False)


def storable(text: str) -> str:
    """The same text without what no database keeps, each sign in its place shown by the sign for it."""
    return text.replace("\x00", "␀").encode("utf-8", "replace").decode()


async def _leave_as_it_is(connection: Connection) -> None:
    """Nothing of ours stays behind in a session, so its return to the pool costs no round trip."""


async def speak_json(connection: Connection) -> None:
    """JSON columns come and go as Python's own lists and dicts."""
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, encoder=_encode, decoder=json.loads, schema="pg_catalog")


def _encode(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class Transaction:
    """One open transaction, or a connection to read from."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.afterwards: list[Callable[[], None]] = []

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do this once it is true: a count of what was rolled back would lie."""
        self.afterwards.append(act)

    async def rows(self, sql: str, *arguments: Any) -> list[Row]:
        """All rows of one query."""
        return await self.connection.fetch(sql, *arguments)

    async def row(self, sql: str, *arguments: Any) -> Row | None:
        """The first row, or None."""
        return await self.connection.fetchrow(sql, *arguments)

    async def run(self, sql: str, *arguments: Any) -> str:
        """A statement whose rows nobody needs."""
        return await self.connection.execute(sql, *arguments)

    async def try_lock(self, sql: str) -> bool:
        """Run a `lock … nowait`; False when another transaction holds it."""
        try:
            async with self.connection.transaction():
                await self.connection.execute(sql)
        except asyncpg.LockNotAvailableError:
            return False
        return True


class Database:
    """A pool for one role. Every transaction of the house is opened here."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._silence = Silence(pool)

    @classmethod
    async def connect(cls, settings: Settings, size: int = 4) -> "Database":
        """Open the pool. Raises Unavailable when the server does not answer."""
        login: Any = settings.login()
        try:
            pool = await asyncpg.create_pool(
                settings.database_url,
                min_size=1,
                max_size=size,
                **login,
                init=speak_json,
                reset=_leave_as_it_is,
                command_timeout=30,
                server_settings={"application_name": f"jibao-{settings.role}", "timezone": "UTC", **BY_INDEX},
            )
        except AWAY as error:
            raise Unavailable(f"the database does not answer: {error}") from error
        return cls(pool)

    async def close(self) -> None:
        """Close all connections; at once if they do not end by themselves."""
        await self._silence.stop()
        try:
            await asyncio.wait_for(self._pool.close(), 2)
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        """One of the pool. The pool's own time limit would start a task for each use, which costs more than a query."""
        async with asyncio.timeout(ACQUIRE_WITHIN):
            connection = await self._pool.acquire()
        try:
            yield connection
        finally:
            await self._pool.release(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commit at the end, or nothing."""
        try:
            async with self._connection() as connection:
                async with connection.transaction():
                    tx = Transaction(connection)
                    yield tx
                for act in tx.afterwards:
                    act()
        except AWAY as error:
            raise Unavailable(f"the database is away: {type(error).__name__}: {error}") from error
        except UNKEEPABLE as error:
            raise Unreadable(f"a text holds a character that no database keeps: {error}") from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """One connection to read from, without a transaction around it."""
        try:
            async with self._connection() as connection:
                yield Transaction(connection)
        except AWAY as error:
            raise Unavailable(f"the database is away: {type(error).__name__}: {error}") from error
        except UNKEEPABLE as error:
            raise Unreadable(f"a text holds a character that no database keeps: {error}") from error

    @asynccontextmanager
    async def glance(self, within: float, needed: bool = False) -> AsyncIterator[Transaction]:
        """To read what a report can do without: Unavailable after `within` seconds in all, and at once while the
        database is known not to answer (`needed`: for certain). The connection that did not answer is given up.
        """
        if self._silence.is_sure if needed else self._silence.is_known:
            raise Unavailable("the database is away: it did not answer a moment ago")
        try:
            async with asyncio.timeout(within) as limit:
                connection = await self._pool.acquire()
                try:
                    yield Transaction(connection)
                except asyncio.CancelledError:
                    connection.terminate()
                    raise
                finally:
                    await self._pool.release(connection)
        except AWAY as error:
            if limit.expired():
                self._silence.note()
            raise Unavailable(f"the database is away: {type(error).__name__}: {error}") from error
        except UNKEEPABLE as error:
            raise Unreadable(f"a text holds a character that no database keeps: {error}") from error

    async def listen(self, woken: asyncio.Event, access_changed: Callable[[str], None] | None = None) -> None:
        """Set `woken` at every commit that appended events, for ever: a connection that is lost is made anew.

        `access_changed` is told whose access ended, "" for anybody's; also when nobody listened for a moment.
        """
        while True:
            with suppress(Unavailable):
                await self._listen_once(woken, access_changed)
            woken.set()  # nobody knows what came meanwhile
            await asyncio.sleep(LISTEN_AGAIN)

    async def _listen_once(self, woken: asyncio.Event, access_changed: Callable[[str], None] | None) -> None:
        lost = asyncio.Event()
        heard: dict[str, Callable[..., None]] = {WAKE_CHANNEL: lambda *_: woken.set()}
        if access_changed is not None:
            heard[ACCESS_CHANNEL] = lambda *said: access_changed(said[-1])
        try:
            async with self._connection() as connection:
                connection.add_termination_listener(lambda *_: lost.set())
                for channel, hear in heard.items():
                    await connection.add_listener(channel, hear)
                woken.set()  # something may have come while nobody listened
                if access_changed is not None:
                    access_changed("")
                try:
                    await lost.wait()
                finally:
                    connection.terminate()  # a connection that listens is not used for anything else
        except AWAY as error:
            raise Unavailable(f"the database is away: {error}") from error
