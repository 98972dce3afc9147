"""The secrets of one data folder, made once at the first start: random, private to their owner, never in a log."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from jibao.embedded.directory import write_private
from jibao.nats_config import RIGHTS
from rules.typed.encoding import decode
from storage.migrate import ROLES

FILE = "secrets.json"
TOKEN_ROLES = ("reporter", "duty_officer", "duty_leader", "auditor", "admin")
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Secrets:
    """Passwords by role for broker and database, the key of one-tap links, the demo's password and tokens."""

    nats: dict[str, str]
    database: dict[str, str]
    link_key: str
    demo_password: str
    tokens: dict[str, str]


def of(directory: Path) -> Secrets:
    """Read them, or make them at the first start."""
    file = directory / FILE
    if not file.exists():
        write_private(file, json.dumps(_new(), indent=1))
    return Secrets(**json.loads(decode(file.read_bytes())))


def _new() -> dict[str, object]:
    return {
        "nats": {role: secrets.token_urlsafe(24) for role in RIGHTS},
        "database": {role: secrets.token_urlsafe(24) for role in ROLES},
        "link_key": secrets.token_urlsafe(32),
        "demo_password": "".join(secrets.choice(READABLE) for _ in range(10)),
        "tokens": {role: f"jibao_{role}_{secrets.token_urlsafe(24)}" for role in TOKEN_ROLES},
    }
