"""The table of who may what: one row for every route of the doors, one column for every kind of asker.

The incident that is asked about was reported by township 103 and is a matter of the traffic police.
"""

from dataclasses import dataclass
from typing import Any

from tests.reports import make_call, make_report

ASKERS = {
    "nobody": None,
    "own": "reporter.103",
    "other township": "reporter.104",
    "enterprise": "reporter.heating",
    "department of its category": "reporter.police",
    "department of another": "reporter.health",
    "duty officer": "duty_officer",
    "duty leader": "duty_leader",
    "auditor": "auditor",
    "admin": "admin",
}
"""Each column and whose token it uses."""


LOCKED_OUT = ("removed person", "deactivated person", "expired token", "revoked token")
"""Whose credential is no longer good: answered like nobody."""


@dataclass(frozen=True)
class Row:
    """One route. `answers` in the order of ASKERS; `body` is sent as JSON by each, about an incident of her own."""

    answers: tuple[int, ...]
    body: Any = None
    query: str = ""


def everybody(status: int) -> tuple[int, ...]:
    """The same answer for all ten."""
    return (status,) * len(ASKERS)


def signed_in(status: int = 200) -> tuple[int, ...]:
    """401 for nobody, the same for the others."""
    return (401, *everybody(status)[1:])


def act(*may: str, ok: int = 200, no: int = 403) -> tuple[int, ...]:
    """401 for nobody, `ok` for the named columns, `no` for the others."""
    return tuple(401 if who == "nobody" else ok if who in may else no for who in ASKERS)


DUTY_ROOM = ("duty officer", "duty leader")
READERS = (*DUTY_ROOM, "auditor", "admin")
TAKE_PART = ("own", "department of its category", *READERS)
PAGES_REPORT = tuple(303 if who in ("nobody", "auditor", "admin") else 200 for who in ASKERS)
PAGES_READERS = tuple(200 if who in READERS else 303 for who in ASKERS)

ROWS: dict[tuple[str, str], Row] = {
    ("GET", "/healthz"): Row(everybody(200)),
    ("GET", "/readyz"): Row(everybody(200)),
    ("GET", "/metrics"): Row(everybody(200)),
    ("GET", "/openapi.json"): Row(everybody(200)),
    ("GET", "/api/v1/categories"): Row(everybody(200)),
    ("GET", "/login"): Row((200, *everybody(303)[1:])),
    ("POST", "/login"): Row(
        everybody(403)
    ),  # without the page's own token nobody's password is even looked at
    ("POST", "/logout"): Row(everybody(303)),
    ("GET", "/static/{path:path}"): Row(everybody(404)),
    ("GET", "/sw.js"): Row(everybody(200)),
    ("GET", "/a/{token}"): Row(everybody(404)),  # a token that was never given
    ("POST", "/a/{token}"): Row(everybody(404)),
    ("GET", "/"): Row(everybody(303)),
    ("GET", "/report"): Row(PAGES_REPORT),
    ("GET", "/console"): Row(PAGES_READERS),
    ("GET", "/console/why"): Row(PAGES_READERS),
    ("GET", "/console/packs"): Row(tuple(200 if who == "admin" else 303 for who in ASKERS)),
    ("GET", "/timeliness"): Row(PAGES_READERS),
    ("GET", "/api/v1/session"): Row(signed_in()),
    ("GET", "/api/v1/nodes"): Row(signed_in()),
    ("GET", "/api/v1/stream"): Row(signed_in()),
    ("GET", "/api/v1/incidents"): Row(signed_in()),
    ("GET", "/api/v1/obligations"): Row(signed_in()),
    ("GET", "/api/v1/duties"): Row(signed_in()),
    ("GET", "/api/v1/overview"): Row(signed_in()),
    ("GET", "/api/v1/timeliness"): Row(signed_in()),
    ("GET", "/api/v1/events"): Row(signed_in()),
    ("GET", "/api/v1/reports/{report_id}"): Row(act(*TAKE_PART, no=404)),
    ("GET", "/api/v1/incidents/{incident_id}"): Row(act(*TAKE_PART, no=404)),
    ("GET", "/api/v1/incidents/{incident_id}/why"): Row(act(*TAKE_PART, no=404)),
    ("GET", "/api/v1/packs"): Row(act(*READERS)),
    ("GET", "/api/v1/packs/{pack_id}"): Row(act(*READERS)),
    ("POST", "/api/v1/packs"): Row(act("admin"), {"toml": "x"}, "?check=1"),
    # A first report from township 103's place: another township's is stored as its own, with that place as words.
    ("POST", "/api/v1/reports"): Row(
        act(*(who for who in ASKERS if who not in ("nobody", "auditor", "admin")), ok=202),
        make_report(),
    ),
    ("POST", "/api/v1/calls"): Row(act(*DUTY_ROOM, ok=202), make_call("2026-11-23T00:59:00Z")),
    ("POST", "/api/v1/alerts/{alert_id}/acknowledge"): Row(act(*DUTY_ROOM), {}),
    ("POST", "/api/v1/incidents/{incident_id}/grade"): Row(act(*DUTY_ROOM), {"grade": "III"}),
    ("POST", "/api/v1/incidents/{incident_id}/forward"): Row(act(*DUTY_ROOM), {"medium": "phone"}),
    ("POST", "/api/v1/incidents/{incident_id}/stop"): Row(
        act(*DUTY_ROOM), {"stopped_at": "2026-11-23T00:59:00Z"}
    ),
    ("POST", "/api/v1/incidents/{incident_id}/close"): Row(
        act(*DUTY_ROOM), {"why": "duplicate", "note": "x"}
    ),
    ("GET", "/account"): Row((303, *everybody(200)[1:])),
    ("POST", "/api/v1/account/password"): Row(signed_in(403), {"current": "x", "new": "y"}),  # browsers only
    ("GET", "/api/v1/account/sessions"): Row(signed_in()),
    ("POST", "/api/v1/account/sessions/end-others"): Row(signed_in()),
    ("DELETE", "/api/v1/account/sessions/{session_id}"): Row(signed_in(404)),  # another's is like none
    ("GET", "/api/v1/account/tokens"): Row(signed_in()),
    ("DELETE", "/api/v1/account/tokens/{token_id}"): Row(signed_in(404)),
    ("POST", "/api/v1/people/{login}/deactivate"): Row(act("admin"), {}),
    ("POST", "/api/v1/people/{login}/reactivate"): Row(act("admin"), {}),
    ("GET", "/api/v1/people/{login}/sessions"): Row(act("admin")),
    ("POST", "/api/v1/people/{login}/sessions/end"): Row(act("admin")),
    ("GET", "/api/v1/people/{login}/tokens"): Row(act("admin")),
    ("DELETE", "/api/v1/people/{login}/tokens/{token_id}"): Row(act("admin", ok=404)),
    ("POST", "/api/v1/incidents/{incident_id}/reopen"): Row(act(*DUTY_ROOM, ok=409), {"note": "x"}),  # open
    ("GET", "/api/v1/security-log"): Row(act("auditor", "admin")),
}
