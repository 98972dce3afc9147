"""What the security log says: who signed in, who failed, what ended, who looked at what. Never a secret."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID


class SecurityKind(StrEnum):
    """One word per kind of entry; the same in the table, in the metric and in the export."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_LIMITED = "sign_in_limited"
    SPRAYING_SUSPECTED = "spraying_suspected"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word, not a secret
    TOKEN_MADE = "token_made"  # noqa: S105 - a word, not a secret
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - a word, not a secret
    PERSON_DEACTIVATED = "person_deactivated"
    PERSON_REACTIVATED = "person_reactivated"
    COUNTY_LOADED = "county_loaded"
    INCIDENT_VIEWED = "incident_viewed"
    LOG_READ = "log_read"


@dataclass(frozen=True)
class SecurityEntry:
    """One line of the log. `person_id` is whom it concerns, `by_person` who did it where that is another person."""

    kind: SecurityKind
    person_id: UUID | None = None
    login: str = ""
    by_person: UUID | None = None
    address: str = ""
    agent: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
