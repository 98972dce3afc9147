"""A browser that signed in before carries a signed note of it, for half a year and for that person only."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from runtime.keys import DEVICE, key_for

LASTS = timedelta(days=180)


class KnownDevices:
    """Writes and reads the notes. Without a secret they hold until the process ends."""

    def __init__(self, secret: str) -> None:
        key = key_for(DEVICE, secret) or secrets.token_bytes(32)
        self._signer = URLSafeSerializer(key, salt="device", signer_kwargs={"digest_method": hashlib.sha256})

    def note(self, person_id: UUID, now: datetime, before: str | None = None) -> str:
        """A note for this person; `before` is the device's id where it has one."""
        device = before or secrets.token_urlsafe(12)
        return str(self._signer.dumps([str(person_id), device, int((now + LASTS).timestamp())]))

    def read(self, note: str, person_id: UUID, now: datetime) -> str | None:
        """The device's id, when this person signed in on it within half a year."""
        try:
            whose, device, until = self._signer.loads(note)
        except (BadData, ValueError, TypeError):
            return None
        good = whose == str(person_id) and isinstance(until, int) and now.timestamp() < until
        return str(device) if good else None
