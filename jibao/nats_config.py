"""The broker's accounts: each role may publish and hear only what its work needs; `deploy/nats/` says the same."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Rights:
    """What one role may publish and subscribe to. `answers`: it may reply to requests that reach it."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]
    answers: bool = False


RIGHTS: dict[str, Rights] = {
    "admin": Rights(("$JS.API.>",), ("_INBOX_admin.>",)),
    "doors": Rights(
        (
            "intake.report.submitted.*",
            "$JS.API.DIRECT.GET.INTAKE.>",
            "$JS.API.CONSUMER.INFO.INTAKE.store_reports",
        ),
        ("console.*", "_INBOX_doors.>"),
        answers=True,
    ),
    "consumers": Rights(
        ("$JS.API.CONSUMER.MSG.NEXT.*.*", "$JS.API.CONSUMER.INFO.*.*", "$JS.ACK.>", "console.*"),
        ("_INBOX_consumers.>",),
    ),
    "relay": Rights(("facts.>",), ("_INBOX_relay.>",)),
}


def config(directory: Path, passwords: dict[str, str]) -> str:
    """The text for the embedded server: synced writes, one user a role. `passwords` are by role."""
    users = ",\n    ".join(_user(role, passwords[role]) for role in RIGHTS)
    store = json.dumps(str(directory / "jetstream"))
    return f"""
jetstream {{
  store_dir: {store}
  sync_interval: always
}}
max_payload: 1MB
authorization {{
  users: [
    {users}
  ]
}}
"""


def _user(role: str, password: str) -> str:
    rights = RIGHTS[role]
    responses = ', allow_responses: { max: 1, expires: "10s" }' if rights.answers else ""
    publish = json.dumps(list(rights.publish))
    subscribe = json.dumps(list(rights.subscribe))
    return (
        f"{{ user: {role}, password: {json.dumps(password)}, "
        f"permissions: {{ publish: {{ allow: {publish} }}, subscribe: {{ allow: {subscribe} }}{responses} }} }}"
    )
