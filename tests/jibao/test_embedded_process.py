"""What both embedded servers stand on: children that end, ports that are free, locks that die with their holder."""

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from jibao.embedded.directory import Lock, prepare, read_number, remembered_port, write_private
from jibao.embedded.leftovers import is_running, stop_leftover
from jibao.embedded.ports import OTHERS, free_port, is_free, require_free
from jibao.embedded.process import LOG_AT_MOST, Command, keep_log_small, spawn, until
from jibao.embedded.trouble import EmbeddedServerError

STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.1; done"


async def test_it_ends_a_child_that_ignores_the_first_signal(tmp_path: Path) -> None:
    child = spawn(Command(["/bin/sh", "-c", STUBBORN], tmp_path / "log", signal.SIGKILL))
    assert await until(lambda: child.log_lines() == ["ready"], 10)
    await child.stop((signal.SIGTERM, 0.2))
    assert child.exit_code == -signal.SIGKILL


async def test_it_stops_an_ended_child_without_complaint(tmp_path: Path) -> None:
    child = spawn(Command(["/bin/sh", "-c", "exit 3"], tmp_path / "log", signal.SIGKILL))
    assert await child.wait() == 3
    await child.stop((signal.SIGTERM, 1.0))
    assert child.exit_code == 3


async def test_it_reports_only_this_starts_lines_of_a_private_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for word in ("first", "second"):
        child = spawn(Command(["/bin/sh", "-c", f"echo {word}"], log, signal.SIGKILL))
        await child.wait()
    assert child.log_lines() == ["second"]
    assert log.read_text() == "first\nsecond\n"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


async def test_it_gives_a_child_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIBAO_LINK_KEY", "a-secret")
    child = spawn(Command(["/usr/bin/env"], tmp_path / "log", signal.SIGKILL))
    await child.wait()
    assert "a-secret" not in "\n".join(child.log_lines(100))


def test_it_puts_a_long_log_aside(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as file:
        file.truncate(LOG_AT_MOST + 1)
    keep_log_small(log)
    assert not log.exists()
    assert (tmp_path / "log.1").exists()


def test_it_never_offers_a_port_that_is_taken_or_usual() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(EmbeddedServerError, match=f"{port}.*another process uses this port"):
            require_free(port, "A server")
    assert is_free(port)
    assert free_port() not in OTHERS


@pytest.mark.parametrize("text", ["", "not a number", "-1", "0", "70000"])
def test_it_forgets_a_remembered_port_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "port").write_text(text)
    assert remembered_port(tmp_path / "port") is None
    assert remembered_port(tmp_path / "no file") is None


def test_it_lets_one_holder_in_at_a_time(tmp_path: Path) -> None:
    first = Lock.take(tmp_path / "lock", "A server")
    with pytest.raises(EmbeddedServerError, match=f"process {os.getpid()} runs it already"):
        Lock.take(tmp_path / "lock", "A server")
    first.release()
    Lock.take(tmp_path / "lock", "A server").release()


async def test_it_frees_the_lock_when_its_holder_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from jibao.embedded.directory import Lock\n"
        "held = Lock.take(Path(sys.argv[1]), 'A server'); print('held', flush=True); time.sleep(600)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path / "lock"],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert holder.stdout is not None
    with holder.stdout as said:
        assert await asyncio.to_thread(said.readline) == b"held\n"
    with pytest.raises(EmbeddedServerError, match=f"process {holder.pid} "):
        Lock.take(tmp_path / "lock", "A server")
    holder.kill()
    holder.wait()
    Lock.take(tmp_path / "lock", "A server").release()


async def test_it_stops_only_what_the_words_name(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["/bin/sleep", "600"])
    assert not await stop_leftover(stranger.pid, f"-D {tmp_path}", (signal.SIGKILL, 1.0))
    assert stranger.poll() is None
    assert await until(lambda: is_running(stranger.pid, "600"), 10)
    assert await stop_leftover(stranger.pid, "600", (signal.SIGKILL, 10.0))
    assert not is_running(stranger.pid, "600"), "a zombie counts as gone"
    stranger.wait()


def test_it_makes_private_directories_and_files_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        directory = prepare(tmp_path / "new")
        write_private(directory / "number", "7 and more\n")
    finally:
        os.umask(before)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert stat.S_IMODE((directory / "number").stat().st_mode) == 0o600
    assert read_number(directory / "number") == 7


def test_it_leaves_the_mode_of_an_existing_directory(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    prepare(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750
