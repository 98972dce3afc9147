"""What a role reads from its environment. Secrets come from there or from files, never from arguments."""

import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any


class SettingMissing(Exception):
    """A setting without which the role cannot start; the message names it."""


SPEAKS_TO_BROKER = ("doors", "consumers", "relay", "admin")


def read_setting(name: str, default: str | None = None) -> str:
    """One setting from the environment, or from the file that NAME_FILE names. Raises SettingMissing."""
    value = os.environ.get(name)
    if value is None and (path := os.environ.get(f"{name}_FILE")):
        value = Path(path).read_text(encoding="utf-8-sig").strip()
    if value is None:
        value = default
    if value is None:
        raise SettingMissing(f"{name} is not set (or {name}_FILE, a file that holds it)")
    return value


def _sign_in() -> dict[str, Any]:
    """How long a sign-in and a token last, and what a password must be at least. Raises SettingMissing."""
    return {
        "session_lasts": timedelta(hours=_number("JIBAO_SESSION_HOURS", 12, (0.1, 24 * 31))),
        "session_idle": timedelta(hours=_number("JIBAO_SESSION_IDLE_HOURS", 4, (0.1, 24 * 31))),
        "token_lasts": timedelta(days=_number("JIBAO_TOKEN_DAYS", 365, (1, 3650))),
        "password_shortest": int(_number("JIBAO_PASSWORD_LENGTH", 12, (8, 64))),
    }


def _number(name: str, default: float, between: tuple[float, float]) -> float:
    text = read_setting(name, str(default))
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not between[0] <= found <= between[1]:
        raise SettingMissing(
            f"{name} must be a number from {between[0]:g} to {between[1]:g}, not {text[:40]!r}"
        )
    return found


@dataclass(frozen=True)
class Settings:
    """One role's settings; `repr` hides the secrets. `link_key` signs one-tap links; doors and consumers share it."""

    role: str
    nats_url: str
    nats_user: str
    nats_password: str = field(repr=False)
    database_url: str = field(repr=False)
    database_user: str
    database_password: str = field(repr=False)
    base_url: str = "http://127.0.0.1:8620"
    link_key: str = field(default="", repr=False)
    clock: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    proxy: str = ""
    """Addresses, with commas between, whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."""
    demo: bool = False
    log_level: str = "INFO"
    replicas: int = 1
    max_tries: int = 5
    retry_after: timedelta = timedelta(seconds=1)
    session_lasts: timedelta = timedelta(hours=12)
    session_idle: timedelta = timedelta(hours=4)
    token_lasts: timedelta = timedelta(days=365)
    password_shortest: int = 12

    @classmethod
    def of_role(cls, role: str) -> "Settings":
        """Read `JIBAO_*` for one role. Raises SettingMissing with the name of what is not there."""
        return cls(
            role=role,
            nats_url=read_setting("JIBAO_NATS_URL", None if role in SPEAKS_TO_BROKER else ""),
            nats_user=read_setting("JIBAO_NATS_USER", role),
            nats_password=read_setting("JIBAO_NATS_PASSWORD", ""),
            database_url=read_setting("JIBAO_DATABASE_URL", None if role != "admin" else ""),
            database_user=read_setting("JIBAO_DATABASE_USER", ""),
            database_password=read_setting("JIBAO_DATABASE_PASSWORD", ""),
            base_url=read_setting("JIBAO_BASE_URL", "http://127.0.0.1:8620").rstrip("/"),
            link_key=read_setting("JIBAO_LINK_KEY", ""),
            clock=read_setting("JIBAO_CLOCK", ""),
            host=read_setting("JIBAO_HOST", "127.0.0.1"),
            port=int(read_setting("JIBAO_PORT", "0")),
            proxy=read_setting("JIBAO_PROXY", ""),
            demo=read_setting("JIBAO_DEMO", "") == "1",
            log_level=read_setting("JIBAO_LOG_LEVEL", "INFO"),
            replicas=int(read_setting("JIBAO_NATS_REPLICAS", "1")),
            **_sign_in(),
        )

    @classmethod
    def of_owner(cls) -> "Settings":
        """Who may change the database's shape and people. Raises SettingMissing."""
        return cls(
            role="owner",
            nats_url="",
            nats_user="",
            nats_password="",
            database_url=read_setting("JIBAO_DATABASE_URL"),
            database_user=read_setting("JIBAO_DATABASE_USER", ""),
            database_password=read_setting("JIBAO_DATABASE_PASSWORD", ""),
            **_sign_in(),
        )

    def login(self) -> dict[str, str]:
        """User and password for the database where the address does not hold them."""
        if not self.database_user:
            return {}
        return {"user": self.database_user, "password": self.database_password}
