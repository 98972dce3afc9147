"""Whether the database is known not to answer: remembered from the first wait in vain until a question is answered.

A hung database takes connections and says nothing, so everybody who asks would wait anew. One waits, the others know.
"""

import asyncio
import logging
from typing import Any

import asyncpg

from runtime.ending import end

log = logging.getLogger("jibao.database")
ASK_AGAIN_AFTER = 0.25
ANSWER_WITHIN = 1.0
SURE_AFTER = 2


class Silence:
    """Watches one pool while it is silent."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._asking: asyncio.Task[None] | None = None
        self._in_vain = 0

    @property
    def is_known(self) -> bool:
        """Whether somebody waited in vain and no question was answered since."""
        return self._asking is not None and not self._asking.done()

    @property
    def is_sure(self) -> bool:
        """Whether our own questions went unanswered too, twice: a busy moment is no silence."""
        return self.is_known and self._in_vain >= SURE_AFTER

    def note(self) -> None:
        """Somebody waited in vain: ask until there is an answer."""
        if not self.is_known:
            log.warning("the database does not answer; asking until it does")
            self._asking = asyncio.create_task(self._ask())

    async def stop(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            await end(self._asking)

    async def _ask(self) -> None:
        self._in_vain = 0
        while not await self._answers():
            self._in_vain += 1
            await asyncio.sleep(ASK_AGAIN_AFTER)
        log.warning("the database answers again")

    async def _answers(self) -> bool:
        connection: Any = None
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                connection = await self._pool.acquire()
                await connection.execute("select 1")
        except (
            OSError,
            TimeoutError,
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
        ):
            if connection is not None:
                connection.terminate()
            return False
        finally:
            if connection is not None:
                await self._pool.release(connection)
        return True
