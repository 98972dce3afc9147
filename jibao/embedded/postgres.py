"""PostgreSQL from the wheel's programs: our own start and stop, on a free loopback port, with a password.

Never the wheel's own manager, never a Unix socket, never a data directory that another server has open; a
cluster appears under its name only when it is whole.
"""

import asyncio
import os
import signal
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from jibao.embedded import postgres_cluster
from jibao.embedded.directory import Lock, prepare
from jibao.embedded.ports import LOOPBACK, require_free
from jibao.embedded.postgres_cluster import SUPERUSER, Wish
from jibao.embedded.postgres_home import settle
from jibao.embedded.process import Child
from jibao.embedded.trouble import EmbeddedServerError


@dataclass(frozen=True)
class PostgresServer:
    """A running server. Call `stop` or `kill` also when it ended by itself: they free the directory."""

    host: str
    port: int
    superuser: str
    password: str = field(repr=False)
    cluster: Path
    log: Path
    _child: Child = field(repr=False, compare=False)
    _locks: tuple[Lock, ...] = field(repr=False, compare=False)

    @property
    def pid(self) -> int:
        return self._child.pid

    def dsn(self, database: str = "postgres", user: str | None = None, password: str | None = None) -> str:
        """A connection URL: the superuser's with its password, or another user's with the one given."""
        if user is None:
            user, password = self.superuser, self.password
        secret = f":{quote(password, safe='')}" if password is not None else ""
        return (
            f"postgresql://{quote(user, safe='')}{secret}@{self.host}:{self.port}/{quote(database, safe='')}"
        )

    async def wait(self) -> int:
        """Return its exit code when it has ended."""
        return await self._child.wait()

    async def stop(self, within: float = 4.0) -> None:
        """Break off sessions, write everything down and end. What takes longer is stopped at once (and recovers)."""
        await self._child.stop((signal.SIGINT, within * 0.8), (signal.SIGQUIT, within * 0.2))
        _release(self._locks)

    def kill(self) -> None:
        """SIGKILL: for tests of what survives it."""
        self._child.kill()
        _release(self._locks)


async def start_postgres(
    directory: Path, *, port: int | None = None, fast: bool = False, ready_within: float = 300.0
) -> PostgresServer:
    """Start the cluster of this directory, making it at first, and return when it takes connections.

    Port None: last time's if it is free, otherwise any free one. `fast` is for tests' clusters only. A crash
    recovery may last as long as `ready_within` (seconds). Raises EmbeddedServerError.
    """
    locks: list[Lock] = []
    try:
        directory = prepare(directory, 0o711 if os.geteuid() == 0 else 0o700)  # passable for another account
        locks.append(Lock.take(directory / "postgres.lock", "PostgreSQL"))
        if port is not None:
            require_free(port, "PostgreSQL")
        home = await asyncio.to_thread(settle, directory)
        if home.is_elsewhere:  # a copy of `directory` would lead to the same cluster
            locks.append(Lock.take(home.cluster.with_name(f"{home.cluster.name}.lock"), "PostgreSQL"))
        await postgres_cluster.stop_leftover(home)
        password = await postgres_cluster.initialise(home, fast)
        child, chosen = await postgres_cluster.launch(home, password, Wish(port, fast, ready_within))
    except OSError as error:
        _release(locks)
        raise EmbeddedServerError(f"PostgreSQL in {directory}", str(error)) from error
    except BaseException:
        _release(locks)
        raise
    return PostgresServer(LOOPBACK, chosen, SUPERUSER, password, home.cluster, child.log, child, tuple(locks))


def _release(locks: Iterable[Lock]) -> None:
    for lock in locks:
        lock.release()
