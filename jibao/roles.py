"""One role as a process: doors, consumers, clock or relay. Each ends cleanly on SIGTERM and is honest till then."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from nats.aio.client import Client

from consumers.app import Consumers
from jibao.county_in_force import Watch
from producers.app import Doors
from producers.audit_duties import Auditor
from producers.deadline_clock import DeadlineClock
from producers.intake_heartbeat import IntakeHeartbeat
from producers.reception import Reception
from producers.relay_events import Relay
from runtime import logs
from runtime.clock import Clock
from runtime.ending import end
from runtime.file_limit import raise_file_limit
from runtime.health import Health, Server, serve_health
from runtime.links import Links
from runtime.loop_lag import LoopLag
from runtime.publish import Publisher
from runtime.settings import Settings
from runtime.stream import connect
from runtime.trouble import Unavailable
from storage.database import Database

log = logging.getLogger("jibao.roles")
ROLES = ("doors", "consumers", "clock", "relay")
POOLS = {"doors": 8, "consumers": 12, "clock": 4, "relay": 4}


@dataclass
class Running:
    """A role that has been started. `port` is where its health, metrics and pages are."""

    settings: Settings
    database: Database
    clock: Clock
    stack: AsyncExitStack
    client: Client | None = None
    watch: Watch | None = None
    port: int = 0
    doors: Doors | None = None
    jobs: list[asyncio.Task[None]] = field(default_factory=list)
    lag: LoopLag = field(default_factory=LoopLag)

    def keep(self, job: Awaitable[None]) -> None:
        """Run a loop of the role until it is stopped."""
        self.jobs.append(asyncio.ensure_future(job))

    async def stop(self) -> None:
        """End what this role started, in reverse order."""
        await end(*self.jobs)
        await self.stack.aclose()


async def start(settings: Settings, clock: Clock | None = None) -> Running:
    """Start one role inside this event loop. Raises Unavailable when broker or database do not answer."""
    if settings.role not in ROLES:
        raise ValueError(f"no role {settings.role!r}; there are {', '.join(ROLES)}")
    stack, running = AsyncExitStack(), None
    try:
        database = await Database.connect(settings, POOLS[settings.role])
        stack.push_async_callback(database.close)
        running = Running(settings, database, clock or Clock.parse(settings.clock), stack)
        running.keep(running.lag.run())
        await STARTERS[settings.role](running)
    except BaseException:
        await running.stop() if running is not None else await stack.aclose()
        raise
    return running


async def _connected(running: Running) -> Client:
    client = await connect(running.settings)
    running.stack.push_async_callback(_close, client)
    running.client = client
    return client


async def _close(client: Client) -> None:
    with contextlib.suppress(Exception):
        await asyncio.wait_for(client.close(), 2)


def _health(running: Running) -> Health:
    async def database() -> bool:
        async with running.database.reading() as tx:
            return await tx.row("select 1") is not None

    async def broker() -> bool:
        client = running.client
        if client is None or not client.is_connected:
            return False
        await client.flush(2)
        return True

    checks: dict[str, Callable[[], Awaitable[bool]]] = {"database": database}
    if running.client is not None:
        checks["broker"] = broker
    return Health(running.settings.role, checks)


async def _start_doors(running: Running) -> None:
    client, settings = await _connected(running), running.settings
    running.watch = Watch(running.database, running.clock)
    reception = Reception(
        settings=settings,
        client=client,
        publisher=Publisher(client),
        database=running.database,
        clock=running.clock,
        desk=await running.watch.load(),
        links=Links(settings.base_url, settings.link_key),
    )
    running.doors = doors = Doors(reception, _health(running))
    server = Server(doors, settings.host, settings.port, settings.proxy)
    running.port = await server.start()
    running.stack.push_async_callback(server.stop)
    running.stack.push_async_callback(doors.stop)
    doors.start()

    def changed(desk: object) -> None:
        reception.desk = desk  # type: ignore[assignment]
        doors.gate.forget()
        doors.screens.desk_changed()

    running.keep(running.watch.run(changed))
    publisher, lag = reception.publisher, running.lag
    running.keep(IntakeHeartbeat(client, running.database, ran=lag.ran, refuses=publisher.refuses).run())
    log.info("doors open on %s", settings.base_url)


async def _start_consumers(running: Running) -> None:
    client = await _connected(running)
    running.watch = Watch(running.database, running.clock)
    consumers = Consumers(running.settings, running.database, running.clock, await running.watch.load())
    await _serve_health(running)
    await consumers.start(client)
    running.stack.push_async_callback(consumers.stop)

    def changed(desk: object) -> None:
        consumers.desk = desk  # type: ignore[assignment]

    running.keep(running.watch.run(changed))


async def _start_clock(running: Running) -> None:
    await _serve_health(running)
    running.keep(DeadlineClock(running.database, running.clock).run())
    running.watch = Watch(running.database, running.clock)
    auditor = Auditor(running.database, running.clock, await running.watch.load())
    running.keep(running.watch.run(auditor.use))
    running.keep(auditor.run())


async def _start_relay(running: Running) -> None:
    client = await _connected(running)
    await _serve_health(running)
    running.keep(Relay(running.database, Publisher(client)).run())


STARTERS: dict[str, Callable[[Running], Awaitable[None]]] = {
    "doors": _start_doors,
    "consumers": _start_consumers,
    "clock": _start_clock,
    "relay": _start_relay,
}


async def _serve_health(running: Running) -> Server:
    settings = running.settings
    server = await serve_health(_health(running), settings.host, settings.port)
    running.port = server.port
    running.stack.push_async_callback(server.stop)
    return server


def _rarely_collect() -> None:
    """What was loaded at the start stays; a gathered group is thousands of objects and no garbage in circles."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def run(settings: Settings) -> None:
    """Run one role until SIGTERM or SIGINT; waits for broker and database to come."""
    logs.start(settings.role, settings.log_level)
    _rarely_collect()
    raise_file_limit()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    running: Running | None = None
    while running is None and not stop.is_set():
        try:
            running = await start(settings)
        except (Unavailable, OSError) as error:
            log.warning("cannot start yet: %s", error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 1)
    if running is None:
        return
    stopped = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([stopped, *running.jobs], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    await running.stop()
    for job in done - {stopped}:
        job.result()  # a loop that ended by itself is a defect: let the process end with its error
