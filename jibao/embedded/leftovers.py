"""Servers of ours that a killed parent left behind: recognised by their command line, stopped before a new start.

A process is ours only if its command line names our own file or directory; a reused pid is left alone.
"""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from jibao.embedded.process import until
from jibao.embedded.trouble import EmbeddedServerError


def command_line(pid: int) -> str:
    """The command line of a process; empty when there is none, or only its unburied rest (a zombie)."""
    if Path("/proc/self/cmdline").exists():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return ""
        return b" ".join(words).decode("utf-8", "replace").strip()
    answer = subprocess.run(
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def is_running(pid: int, words: str) -> bool:
    """Whether `pid` runs with `words` among its command line."""
    return f" {words} " in f" {command_line(pid)} "


async def stop_leftover(pid: int, words: str, *steps: tuple[signal.Signals, float]) -> bool:
    """Stop `pid` if it is ours: each signal in turn with its seconds. True when there was one.

    Raises EmbeddedServerError when it survives them all.
    """
    if not is_running(pid, words):
        return False
    for wish, seconds in steps:
        with suppress(ProcessLookupError):
            os.kill(pid, wish)
        if await until(lambda: not is_running(pid, words), seconds):
            return True
    raise EmbeddedServerError(f"process {pid} ({words})", "was left behind and cannot be stopped")
