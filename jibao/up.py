"""`jibao up`: the whole system on one machine. It sets up what is missing, starts it, says where it is, and ends it."""

import asyncio
import json
import logging
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from jibao import prepare, secrets_file
from jibao.children import Children, Role
from jibao.embedded.directory import Lock, read_number, write_private
from jibao.embedded.directory import prepare as make_folder
from jibao.embedded.ports import free_port, is_free
from jibao.servers import Servers
from runtime import logs
from runtime.clock import Clock
from runtime.exchange import Bound, exchange, make_client
from runtime.settings import Settings
from schemas.county import County, Person
from storage.database import Database
from storage.migrate import migrate

log = logging.getLogger("jibao.up")

PORT = 8620
ROLES = ("doors", "consumers", "clock", "relay")
READY_WITHIN = 60.0


@dataclass(frozen=True)
class Wish:
    """What the user asked for. `clock` is empty for real time; `county` None for the demo county."""

    directory: Path
    port: int | None = None
    county: Path | None = None
    clock: str = ""
    host: str = "127.0.0.1"


@dataclass
class System:
    """A whole system that was started; `access` is what access.json says."""

    wish: Wish
    secrets: secrets_file.Secrets
    servers: Servers
    lock: Lock
    children: Children | None = None
    ports: dict[str, int] = field(default_factory=dict)
    county: County | None = None
    seats: dict[str, Person] = field(default_factory=dict)
    first_passwords: list[tuple[Person, str]] = field(default_factory=list, repr=False)

    @property
    def base_url(self) -> str:
        """Where the pages are."""
        return os.environ.get("JIBAO_BASE_URL", f"http://127.0.0.1:{self.ports['doors']}")

    @property
    def is_demo(self) -> bool:
        """Whether the county in force is the fictional one, with sign-ins that are shown."""
        return self.county is not None and self.county.demo

    async def stop(self) -> None:
        """End everything that was started, within 5 seconds."""
        if self.children is not None:
            await self.children.stop()
        await self.servers.stop()
        self.lock.release()


async def start(wish: Wish) -> System:
    """Start everything and return when every role is ready. Raises EmbeddedServerError, OSError, TimeoutError."""
    directory = make_folder(wish.directory, 0o711 if os.geteuid() == 0 else 0o700)
    lock = Lock.take(directory / "jibao.lock", "Jibao")
    secrets = secrets_file.of(directory)
    system = System(wish, secrets, Servers(directory, secrets), lock)
    try:
        await system.servers.start()
        await _prepare(system)
        _choose_ports(system, directory)
        system.children = Children([Role(name, _environment(system, name)) for name in ROLES])
        system.children.start()
        await _until_ready(system)
        _write_access(system, directory)
    except BaseException:
        await system.stop()
        raise
    return system


async def _prepare(system: System) -> None:
    """Bring broker and database to the shape this version needs, and load the county at the first start."""
    servers, secrets = system.servers, system.secrets
    await migrate(servers.owner_url, secrets.database)
    user, password = servers.nats_login("admin")
    owner = Settings("admin", servers.nats_url, user, password, servers.owner_url, "", "")
    await prepare.make_streams(owner)
    database = await Database.connect(owner, 2)
    try:
        county = await prepare.county_in_force(database)
        if county is None or system.wish.county is not None:
            county, _ = await prepare.load_county(database, system.wish.county or prepare.EXAMPLE)
        if system.wish.clock and not county.demo:
            raise ValueError("a fast clock is for the demo county only: a real county's clock is real")
        system.county = county
        system.seats = prepare.seats(county, Clock.parse(system.wish.clock))
        if system.is_demo:
            await prepare.set_passwords(database, secrets.demo_password, [p.login for p in county.people])
            owners = {role: person.person_id for role, person in system.seats.items()}
            await prepare.point_tokens(database, secrets.tokens, owners)
        else:
            length = max(prepare.FIRST_LENGTH, owner.password_shortest)
            system.first_passwords = await prepare.first_passwords(database, county, length)
    finally:
        await database.close()


def _choose_ports(system: System, directory: Path) -> None:
    """The pages keep their port from start to start; the others serve metrics wherever there is room."""
    for name in ROLES:
        file = directory / f"{name}.port"
        remembered = read_number(file)
        if name == "doors":
            port = system.wish.port or _first_free(remembered or PORT)
            if system.wish.port and not is_free(port):
                raise OSError(f"port {port} is taken; choose another with --port")
        else:
            port = remembered if remembered and is_free(remembered) else free_port()
        system.ports[name] = port
        write_private(file, f"{port}\n")


def _first_free(port: int) -> int:
    return next((one for one in range(port, port + 20) if is_free(one)), None) or free_port()


def _environment(system: System, role: str) -> dict[str, str]:
    """One role's settings; these processes are the only place where its secrets are."""
    servers, secrets = system.servers, system.secrets
    user, password = servers.nats_login(role) if role in ("doors", "consumers", "relay") else ("", "")
    return {
        "JIBAO_NATS_URL": servers.nats_url,
        "JIBAO_NATS_USER": user,
        "JIBAO_NATS_PASSWORD": password,
        "JIBAO_DATABASE_URL": _without_login(servers.owner_url),
        "JIBAO_DATABASE_USER": f"jibao_{role}",
        "JIBAO_DATABASE_PASSWORD": secrets.database[f"jibao_{role}"],
        "JIBAO_LINK_KEY": secrets.link_key if role in ("doors", "consumers") else "",
        "JIBAO_BASE_URL": system.base_url,
        "JIBAO_CLOCK": system.wish.clock,
        "JIBAO_HOST": system.wish.host if role == "doors" else "127.0.0.1",
        "JIBAO_PORT": str(system.ports[role]),
        "JIBAO_DEMO": "1" if system.is_demo else "",
    }


def _without_login(url: str) -> str:
    """The database's address without its owner's name and password: the roles come with their own."""
    head, _, tail = url.partition("://")
    return f"{head}://{tail.rpartition('@')[2]}"


async def _until_ready(system: System) -> None:
    async with make_client(2.0) as client:
        async with asyncio.timeout(READY_WITHIN):
            for name in ROLES:
                await _until_role_ready(client, system.ports[name])


async def _until_role_ready(client: httpx.AsyncClient, port: int) -> None:
    while not await _is_ready(client, port):  # noqa: ASYNC110, another process answers
        await asyncio.sleep(0.05)


async def _is_ready(client: httpx.AsyncClient, port: int) -> bool:
    try:
        answer = await exchange(client, "GET", f"http://127.0.0.1:{port}/readyz", Bound(2.5))
        return answer.status_code == 200
    except httpx.HTTPError:
        return False


def _write_access(system: System, directory: Path) -> None:
    """What scripts need, for their owner's eyes only; tokens of the demo only."""
    metrics = {name: f"http://127.0.0.1:{port}/metrics" for name, port in system.ports.items()}
    body = {
        "base_url": system.base_url,
        "tokens": system.secrets.tokens if system.is_demo else {},
        "logins": {role: person.login for role, person in system.seats.items()} if system.is_demo else {},
        "password": system.secrets.demo_password if system.is_demo else None,
        "metrics": metrics,
        "nats_url": system.servers.nats_url,
    }
    write_private(directory / "access.json", json.dumps(body, indent=1, ensure_ascii=False))


async def run(wish: Wish, show: Callable[[System], None]) -> None:
    """Start, show where it is, stay until SIGINT or SIGTERM, end everything."""
    logs.start("up", os.environ.get("JIBAO_LOG_LEVEL", "INFO"))
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    starting = asyncio.create_task(start(wish))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        return
    system = starting.result()
    show(system)
    await stop.wait()
    await system.stop()
