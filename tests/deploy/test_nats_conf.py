"""The broker's files: nats-server takes them, they give each role the rights of the code and no more, and they work."""

import asyncio
import json
import os
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError

from consumers.app import durables
from jibao.embedded.nats_server import nats_binary
from jibao.embedded.ports import LOOPBACK
from jibao.nats_config import RIGHTS
from runtime.settings import Settings
from runtime.stream import FACTS, INTAKE, connect, provision
from tests.deploy.nats_text import read
from tests.deploy.promql import DEPLOY
from tests.servers import scratch

FOLDER = DEPLOY / "nats"
FILES = ("nats.conf", "cluster.conf")
PASSWORDS = {role: f"{number}" * 8 for number, role in enumerate(RIGHTS, 1)}  # digits only: the hardest case


def environment(number: int = 0, ports: tuple[int, ...] = (6222, 6223, 6224)) -> dict[str, str]:
    """What the files expect, for one of three servers."""
    routes = ", ".join(f'"nats-route://routes:between@{LOOPBACK}:{port}"' for port in ports)
    return {
        **os.environ,
        **{f"JIBAO_NATS_{role.upper()}_PASSWORD": f'"{PASSWORDS[role]}"' for role in RIGHTS},
        "JIBAO_NATS_NAME": f"nats-{number}",
        "JIBAO_NATS_LISTEN": f'"{LOOPBACK}:-1"',
        "JIBAO_NATS_CLUSTER": f'"{LOOPBACK}:{ports[number]}"',
        "JIBAO_NATS_CLUSTER_PASSWORD": '"between"',
        "JIBAO_NATS_ROUTES": f"[{routes}]",
    }


@pytest.mark.parametrize("file", FILES)
def test_nats_server_takes_it(file: str) -> None:
    words = [str(nats_binary()), "-t", "-c", str(FOLDER / file)]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", FILES)
def test_each_role_has_the_rights_of_the_code(file: str) -> None:
    users = {user["user"]: user for user in read(FOLDER / file)["authorization"]["users"]}
    assert users.keys() == RIGHTS.keys()
    for role, rights in RIGHTS.items():
        given: dict[str, Any] = users[role]["permissions"]
        assert tuple(given["publish"].pop("allow")) == rights.publish
        assert tuple(given["subscribe"].pop("allow")) == rights.subscribe
        assert given.pop("allow_responses", None) == (
            {"max": 1, "expires": "10s"} if rights.answers else None
        )
        assert given == {"publish": {}, "subscribe": {}}
        assert users[role]["password"] == f"$JIBAO_NATS_{role.upper()}_PASSWORD"


@pytest.mark.parametrize("file", FILES)
def test_it_writes_to_the_disk_before_it_acknowledges(file: str) -> None:
    store = read(FOLDER / file)["jetstream"]
    assert store["sync_interval"] == "always"
    assert store.keys() == {"store_dir", "sync_interval", "max_file_store"}  # no compression, no encryption


def test_one_server_serves_its_own_machine_only() -> None:
    settings = read(FOLDER / "nats.conf")
    assert settings["listen"] == f"{LOOPBACK}:4222"
    for file in FILES:
        assert read(FOLDER / file)["http"] == f"{LOOPBACK}:8222"


Process = subprocess.Popen[bytes]
Server = tuple[Path, Process]
"""Its folder and its process."""


@contextmanager
def running(file: str, servers: list[dict[str, str]]) -> Iterator[list[Server]]:
    """Servers with copies of the files whose ports and store are free ones."""
    children: list[Server] = []
    with scratch() as folder:
        homes = [folder / f"{number}" for number in range(len(servers))]
        try:
            for home, around in zip(homes, servers, strict=True):
                (home / "ports").mkdir(parents=True)
                (home / "rights.conf").write_text((FOLDER / "rights.conf").read_text())
                text = (FOLDER / file).read_text().replace("/var/lib/nats", str(home / "store"))
                text = text.replace(f"{LOOPBACK}:4222", f"{LOOPBACK}:-1").replace(
                    f"{LOOPBACK}:8222", f"{LOOPBACK}:-1"
                )
                (home / file).write_text(text)
                words = [str(nats_binary()), "-c", str(home / file), "--ports_file_dir", str(home / "ports")]
                with (home / "log").open("w") as log:
                    children.append((home, subprocess.Popen(words, env=around, stdout=log, stderr=log)))
            yield children
        finally:
            for _, child in children:
                child.kill()
                child.wait()


async def address(server: Server) -> str:
    """Where a server listens, once it does."""
    home, _ = server
    for _ in range(500):
        for file in (home / "ports").glob("*.ports"):
            if (text := file.read_text()).endswith("}"):
                return str(json.loads(text)["nats"][0])
        await asyncio.sleep(0.02)
    raise AssertionError((home / "log").read_text())


@asynccontextmanager
async def signed_in(role: str, url: str) -> AsyncIterator[Client]:
    settings = Settings(role, url, role, PASSWORDS[role], "", "", "")
    client = await connect(settings)
    try:
        yield client
    finally:
        await client.close()


async def provision_when_ready(url: str, replicas: int) -> None:
    """A new cluster elects its leader for a moment before it takes streams."""
    async with signed_in("admin", url) as client:
        for _ in range(100):
            try:
                await provision(client.jetstream(timeout=5), durables(), replicas)
                return
            except NatsError as error:
                last = error
                await asyncio.sleep(0.2)
        raise AssertionError(f"no streams: {last!r}")


async def test_one_server_works_with_it_and_keeps_each_role_in_its_place() -> None:
    with running("nats.conf", [environment()]) as (server,):
        url = await address(server)
        await provision_when_ready(url, replicas=1)
        async with signed_in("doors", url) as client:
            stream = client.jetstream(timeout=2)
            answer = await stream.publish("intake.report.submitted.1", b"{}")
            assert (answer.stream, answer.seq) == (INTAKE, 1)
            assert (await stream.get_last_msg(INTAKE, "intake.report.submitted.1", direct=True)).data == b"{}"
            with pytest.raises(NatsError):
                await client.jetstream(timeout=0.3).publish("facts.report.stored", b"{}")
        async with signed_in("relay", url) as client:
            assert (await client.jetstream(timeout=2).publish("facts.report.stored", b"{}")).stream == FACTS


async def test_the_operator_lets_a_consumer_begin_again() -> None:
    """What docs/operations.md says under *Restoring*: the durable is removed and provisioned, and sees everything."""
    with running("nats.conf", [environment()]) as (server,):
        url = await address(server)
        await provision_when_ready(url, replicas=1)
        async with signed_in("doors", url) as client:
            await publish(client, 1)
        async with signed_in("admin", url) as client:
            stream = client.jetstream(timeout=5)
            await stream.delete_consumer(INTAKE, "store_reports")
            await provision(stream, durables())
            assert (await stream.consumer_info(INTAKE, "store_reports")).num_pending == 1


def free_ports(count: int) -> tuple[int, ...]:
    sockets = [socket.create_server((LOOPBACK, 0)) for _ in range(count)]
    ports = tuple(one.getsockname()[1] for one in sockets)
    for one in sockets:
        one.close()
    return ports


async def test_three_servers_hold_a_report_three_times_and_one_may_fail() -> None:
    ports = free_ports(3)
    with running("cluster.conf", [environment(number, ports) for number in range(3)]) as servers:
        urls = [await address(server) for server in servers]
        await provision_when_ready(urls[0], replicas=3)
        async with signed_in("admin", urls[0]) as client:
            info = await client.jetstream(timeout=5).stream_info(INTAKE)
            assert info.cluster is not None
            leader = int(str(info.cluster.leader).removeprefix("nats-"))
            assert len(info.cluster.replicas or ()) == 2
        async with signed_in("doors", urls[(leader + 1) % 3]) as client:
            assert await publish(client, 1) == 1
            servers[leader][1].kill()
            assert await publish(client, 2) == 2


async def publish(client: Client, number: int) -> int:
    """Publish until it is acknowledged, as our own clients do; returns where it lies."""
    stream = client.jetstream(timeout=1)
    for _ in range(40):
        try:
            headers = {"Nats-Msg-Id": f"{number}"}
            return int(
                (await stream.publish(f"intake.report.submitted.{number}", b"{}", headers=headers)).seq
            )
        except NatsError:
            await asyncio.sleep(0.2)
    raise AssertionError("never acknowledged")
