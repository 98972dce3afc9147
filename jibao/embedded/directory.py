"""What a server's directory holds beside its data: private files, the remembered port, and the lock.

Whoever holds the lock is the only one that may run a server here; the kernel frees it when the holder dies.
"""

import fcntl
import os
from pathlib import Path

from jibao.embedded.ports import is_free
from jibao.embedded.trouble import EmbeddedServerError


def prepare(directory: Path, mode: int = 0o700) -> Path:
    """Make the directory if it is not there, and return its real path. An existing one is left as it is."""
    if not directory.is_dir():
        directory.mkdir(parents=True)
        directory.chmod(mode)  # mkdir's own mode would be subject to the umask
    return directory.resolve()


def write_private(file: Path, text: str) -> None:
    """Write a file that only we can read, whole or not at all."""
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)


def read_number(file: Path) -> int | None:
    """The number a file begins with; None when there is no such file or number."""
    try:
        return int(file.read_text(encoding="utf-8").split(maxsplit=1)[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def remembered_port(file: Path) -> int | None:
    """Last time's port, if it is free now: clients that know it find us again."""
    port = read_number(file)
    return port if port is not None and 0 < port < 65536 and is_free(port) else None


class Lock:
    """The right to run a server, held until `release` or our death."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, file: Path, server: str) -> "Lock":
        """Raises EmbeddedServerError when another process (or another start of ours) holds it."""
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            why = f"process {holder or '(unknown)'} runs it already; stop that one, or use another directory"
            raise EmbeddedServerError(f"{server} in {file.parent}", why) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return cls(descriptor)

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
