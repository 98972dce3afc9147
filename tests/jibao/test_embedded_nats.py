"""The embedded nats-server, the real one: it starts, keeps its streams and its port, and never stands twice."""

import asyncio
import os
import signal
import socket
import stat
import subprocess
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import nats
import pytest
from nats.aio.client import Client
from nats.js.api import StreamConfig

from jibao.embedded import EmbeddedServerError, start_nats
from jibao.embedded.nats_server import nats_binary
from jibao.embedded.ports import free_port
from jibao.embedded.process import until

JETSTREAM = 'jetstream { store_dir: "js", sync_interval: always }'
WITH_USER = JETSTREAM + '\nauthorization { users: [ {user: "door", password: "open sesame"} ] }'


async def connect(url: str) -> Client:
    return await nats.connect(url, allow_reconnect=False, connect_timeout=5)


async def test_it_is_healthy_and_on_loopback_when_it_has_started(tmp_path: Path) -> None:
    server = await start_nats(tmp_path, JETSTREAM)
    try:
        assert urlsplit(server.url).hostname == urlsplit(server.monitor_url).hostname == "127.0.0.1"
        with await asyncio.to_thread(urlopen, f"{server.monitor_url}/jsz") as answer:
            assert b'"sync_always": true' in answer.read()
    finally:
        await server.stop()


async def test_it_keeps_its_messages_and_its_port_over_a_restart(tmp_path: Path) -> None:
    server = await start_nats(tmp_path, JETSTREAM)
    client = await connect(server.url)
    await client.jetstream().add_stream(StreamConfig(name="INTAKE", subjects=["report.>"]))
    await client.jetstream().publish("report.submitted", b"one")
    await client.close()
    await server.stop()

    again = await start_nats(tmp_path, JETSTREAM)
    try:
        assert (again.url, again.monitor_url) == (server.url, server.monitor_url)
        client = await connect(again.url)
        assert (await client.jetstream().get_msg("INTAKE", 1)).data == b"one"
        await client.close()
    finally:
        await again.stop()


async def test_it_keeps_acknowledged_messages_through_a_kill(tmp_path: Path) -> None:
    server = await start_nats(tmp_path, JETSTREAM)
    client = await connect(server.url)
    await client.jetstream().add_stream(StreamConfig(name="INTAKE", subjects=["report.>"]))
    for _ in range(100):
        await client.jetstream().publish("report.submitted", b"x")
    server.kill()
    await client.close()

    again = await start_nats(tmp_path, JETSTREAM)
    try:
        client = await connect(again.url)
        assert (await client.jetstream().stream_info("INTAKE")).state.messages == 100
        await client.close()
    finally:
        await again.stop()


async def test_it_takes_another_port_when_the_last_one_is_taken(tmp_path: Path) -> None:
    server = await start_nats(tmp_path, JETSTREAM)
    await server.stop()
    with socket.create_server(("127.0.0.1", urlsplit(server.url).port or 0)):
        again = await start_nats(tmp_path, JETSTREAM)
        await again.stop()
    assert again.url != server.url


async def test_it_uses_the_ports_it_is_given_or_refuses(tmp_path: Path) -> None:
    port, monitor_port = free_port(), free_port()
    server = await start_nats(tmp_path, JETSTREAM, port=port, monitor_port=monitor_port)
    try:
        assert server.url == f"nats://127.0.0.1:{port}"
        assert server.monitor_url == f"http://127.0.0.1:{monitor_port}"
        with pytest.raises(EmbeddedServerError, match=f"{port}.*another process uses this port"):
            await start_nats(tmp_path / "other", JETSTREAM, port=port)
    finally:
        await server.stop()


async def test_it_lets_in_only_whom_the_configuration_names(tmp_path: Path) -> None:
    server = await start_nats(tmp_path, WITH_USER)
    try:
        with pytest.raises(nats.errors.Error, match="Authorization"):
            await connect(server.url)
        client = await nats.connect(server.url, user="door", password="open sesame")
        await client.close()
    finally:
        await server.stop()
    assert stat.S_IMODE((tmp_path / "nats.conf").stat().st_mode) == 0o600


async def test_it_stops_within_five_seconds_and_leaves_no_process(tmp_path: Path) -> None:
    server = await start_nats(tmp_path, JETSTREAM)
    client = await connect(server.url)
    async with asyncio.timeout(5):
        await server.stop()
    await client.close()
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


async def test_it_refuses_a_second_server_on_the_same_streams(tmp_path: Path) -> None:
    server = await start_nats(tmp_path, JETSTREAM)
    try:
        with pytest.raises(EmbeddedServerError, match="runs it already"):
            await start_nats(tmp_path, JETSTREAM)
    finally:
        await server.stop()


async def test_it_stops_a_server_that_was_left_behind(tmp_path: Path) -> None:
    server = await start_nats(tmp_path, JETSTREAM)
    await server.stop()
    leftover = subprocess.Popen(
        [nats_binary(), "-c", tmp_path / "nats.conf"], cwd=tmp_path, stderr=subprocess.DEVNULL
    )
    (tmp_path / "nats.pid").write_text(f"{leftover.pid}\n")
    again = await start_nats(tmp_path, JETSTREAM)
    try:
        assert await until(lambda: leftover.poll() is not None, 10)
        assert leftover.returncode != -signal.SIGKILL
        assert again.url == server.url
    finally:
        await again.stop()


async def test_it_says_what_is_wrong_with_a_configuration_and_where_its_log_is(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError) as caught:
        await start_nats(tmp_path, "jetstream { store_dirr: 3 }")
    assert caught.value.log == tmp_path / "nats.log"
    assert "store_dirr" in str(caught.value)
    await (await start_nats(tmp_path, JETSTREAM)).stop()


async def test_it_can_be_waited_for(tmp_path: Path) -> None:
    server = await start_nats(tmp_path, JETSTREAM)
    os.kill(server.pid, signal.SIGKILL)
    assert await asyncio.wait_for(server.wait(), 10) == -signal.SIGKILL
    await server.stop()
