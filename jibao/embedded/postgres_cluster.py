"""A cluster's life: made whole or not at all, freed of a leftover server, run until it takes connections."""

import asyncio
import os
import secrets
import shutil
import signal
from dataclasses import dataclass

import asyncpg

from jibao.embedded import leftovers
from jibao.embedded.directory import read_number, remembered_port, write_private
from jibao.embedded.ports import LOOPBACK, free_port
from jibao.embedded.postgres_home import Home, make_cluster_directory, remember
from jibao.embedded.process import LOOK_EVERY, Child, Command, keep_log_small, spawn
from jibao.embedded.trouble import EmbeddedServerError

SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "log_min_messages": "warning",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For a cluster that a test throws away: a power cut would cost it everything."""
INITDB = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--auth-host=scram-sha-256",
    "--auth-local=reject",
    f"--username={SUPERUSER}",
)
TRY_AGAIN_FOR = 15.0


@dataclass(frozen=True)
class Wish:
    """What the caller asked for; `ready_within` in seconds."""

    port: int | None
    fast: bool
    ready_within: float


async def stop_leftover(home: Home) -> None:
    """Stop a server that a killed parent left on this cluster, and clear away its `postmaster.pid`.

    PostgreSQL itself would take a reused pid of the same account for a running server and refuse to start.
    """
    note = home.cluster / "postmaster.pid"
    if (pid := read_number(note)) is not None:
        steps = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
        await leftovers.stop_leftover(pid, f"-D {home.cluster}", *steps)
        note.unlink(missing_ok=True)


async def initialise(home: Home, fast: bool) -> str:
    """Make the cluster unless it is there; return the superuser's password, kept in `postgres.password`."""
    kept = home.directory / "postgres.password"
    password = kept.read_text(encoding="utf-8").strip() if kept.exists() else None
    if home.cluster.exists():
        if password is None:
            raise EmbeddedServerError(f"the password of {home.cluster}", f"is missing: bring back {kept}")
        return password
    if password is None:
        password = secrets.token_urlsafe(32)
        write_private(kept, f"{password}\n")
    await _initdb(home, password, fast)
    remember(home)
    return password


async def _initdb(home: Home, password: str, fast: bool) -> None:
    new = home.cluster.with_name(f"{home.cluster.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    make_cluster_directory(new, home.account)
    told = home.cluster.with_name(f"{home.cluster.name}.first-password")  # initdb's account must read it
    write_private(told, f"{password}\n")
    if home.account is not None:
        os.chown(told, home.account.uid, home.account.gid)
    words = [home.program("initdb"), "-D", str(new), f"--pwfile={told}", *INITDB]
    log = home.directory / "postgres.log"
    child = spawn(Command([*words, *(["--no-sync"] if fast else [])], log, signal.SIGTERM, home.account))
    try:
        if code := await child.wait():
            lines = child.log_lines()
            raise EmbeddedServerError(
                f"initdb of {home.cluster} failed", f"exit code {code}", log=log, log_lines=lines
            )
    finally:
        child.kill()
        told.unlink()
    new.rename(home.cluster)


async def launch(home: Home, password: str, wish: Wish) -> tuple[Child, int]:
    """Run the server until it takes connections; returns it and its port, which is remembered."""
    end = asyncio.get_running_loop().time() + TRY_AGAIN_FOR
    while True:
        port = wish.port or remembered_port(home.directory / "postgres.port") or free_port()
        child = _spawn(home, port, wish.fast)
        try:
            await asyncio.wait_for(_until_ready(home, child, port, password), wish.ready_within)
        except BaseException as error:
            child.kill()
            if isinstance(error, TimeoutError):
                raise _failed(home, child, f"not ready after {wish.ready_within:g} s") from None
            if not _is_passing(error, wish) or asyncio.get_running_loop().time() > end:
                raise
        else:
            write_private(home.directory / "postgres.port", f"{port}\n")
            return child, port
        await asyncio.sleep(LOOK_EVERY)


def _spawn(home: Home, port: int, fast: bool) -> Child:
    log = home.directory / "postgres.log"
    keep_log_small(log)
    settings = SETTINGS | (FAST if fast else {}) | {"port": str(port)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    words = [home.program("postgres"), "-D", str(home.cluster), *options]
    return spawn(Command(words, log, signal.SIGINT, home.account))


async def _until_ready(home: Home, child: Child, port: int, password: str) -> None:
    """First its own word (so no stranger on the port is taken for it), then a real connection."""
    while True:
        if (code := child.exit_code) is not None:
            raise _failed(home, child, f"it ended (exit code {code})")
        if _says_ready(home, child) and await _connects(home, port, password):
            return
        await asyncio.sleep(LOOK_EVERY)


def _says_ready(home: Home, child: Child) -> bool:
    try:
        lines = (home.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(child.pid) and lines[7].strip() == "ready"


async def _connects(home: Home, port: int, password: str) -> bool:
    try:
        connection = await asyncpg.connect(
            host=LOOPBACK,
            port=port,
            user=SUPERUSER,
            password=password,
            database="postgres",
            ssl=False,
            timeout=5.0,
        )
    except asyncpg.InvalidPasswordError:
        kept = home.directory / "postgres.password"
        raise EmbeddedServerError(f"the password in {kept}", f"is not that of {home.cluster}") from None
    except (asyncpg.CannotConnectNowError, OSError, TimeoutError):
        return False
    await connection.close()
    return True


def _is_passing(error: BaseException, wish: Wish) -> bool:
    """A server killed a moment ago lets go of its memory soon; a port taken just now can be another one."""
    if not isinstance(error, EmbeddedServerError):
        return False
    text = "\n".join(error.log_lines)
    return "is still in use" in text or (wish.port is None and "Address already in use" in text)


def _failed(home: Home, child: Child, why: str) -> EmbeddedServerError:
    what = f"PostgreSQL on {home.cluster} did not start"
    return EmbeddedServerError(what, why, log=child.log, log_lines=child.log_lines())
