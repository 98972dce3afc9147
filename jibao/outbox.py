"""Copies of reports that are not known to be stored, in `DATA/outbox/`: one file a report, private, under its id.

A copy says under whose token it was kept: another person's is never sent as one's own. Whoever sends a copy holds its
lock, so that no two runs send the same at once; the lock ends with its process, however that ends.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jibao.embedded.directory import write_private
from rules.typed.body import parse
from rules.typed.encoding import UnknownEncodingError, decode

REFUSED = ".refused.json"


@dataclass(frozen=True)
class Copy:
    """One copy; `by` is None where it does not say under whose token it was kept."""

    path: Path
    body: dict[str, Any]
    by: str | None

    @property
    def report_id(self) -> str:
        """The id under which it is sent, again and again."""
        return str(self.body["report_id"])

    def stored(self) -> None:
        """It is in the database: the copy has done its work."""
        self.path.unlink(missing_ok=True)

    def put_aside(self) -> None:
        """A refused report stays, under another name, so that it can be mended and sent again."""
        self.path.rename(self.path.with_name(self.path.stem + REFUSED))


def whose(base_url: str, token: str) -> str:
    """What a copy says of its sender: it names the system and tells tokens apart, and gives none away."""
    return f"{base_url} {hashlib.sha256(token.encode()).hexdigest()[:16]}"


def keep(data: Path, body: dict[str, Any], by: str) -> Copy:
    """Write the copy of a report before it is sent."""
    folder = data / "outbox"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{body['report_id']}.json"
    write_private(path, json.dumps({"by": by, "body": body}, ensure_ascii=False))
    return Copy(path, body, by)


def left(data: Path) -> tuple[list[Copy], list[Path]]:
    """What earlier runs left, the oldest first; and the files there that are no copies."""
    copies, others = [], []
    paths = [path for path in (data / "outbox").glob("*.json") if not path.name.endswith(REFUSED)]
    for path in sorted(paths, key=_age):
        copy = _read(path)
        if copy is not None:
            copies.append(copy)
        elif path.exists():
            others.append(path)
    return copies, others


def unwrapped(raw: dict[str, Any]) -> dict[str, Any]:
    """The report in a copy that somebody sends by hand; anything else as it is."""
    inner = raw.get("body")
    return inner if set(raw) == {"by", "body"} and isinstance(inner, dict) else raw


@contextmanager
def locked(copy: Copy) -> Iterator[bool]:
    """Hold a copy while it is sent; False where another run holds it, or has sent it meanwhile."""
    try:
        descriptor = os.open(copy.path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield copy.path.exists()
    finally:
        os.close(descriptor)


def _read(path: Path) -> Copy | None:
    try:
        raw = parse(decode(path.read_bytes()))
    except (OSError, UnknownEncodingError):
        return None
    if not isinstance(raw, dict):
        return None
    body, by = unwrapped(raw), raw.get("by")
    if not isinstance(body.get("report_id"), str):
        return None
    return Copy(path, body, by if isinstance(by, str) else None)


def _age(path: Path) -> tuple[float, str]:
    try:
        return path.stat().st_mtime, path.name
    except OSError:
        return 0.0, path.name
