"""One-tap links: signed, for one alert, one person and one day, so that a message can carry its own acknowledgement."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from runtime.keys import LINK, key_for

LASTS = timedelta(hours=24)
EARLY = timedelta(minutes=2)
"""A link from a machine whose clock is a little ahead is good."""
IDS, TIME, SIGNATURE = 32, 5, 16


class BadLink(ValueError):
    """Not one of ours, or altered."""


class OldLink(BadLink):
    """One of ours, and older than a day."""


class Links:
    """Makes and reads links with a key of their own, derived from the secret that doors and consumers share."""

    def __init__(self, base_url: str, secret: str) -> None:
        self._base_url = base_url
        self._key = key_for(LINK, secret)

    def acknowledge(self, alert_id: UUID, person_id: UUID, now: datetime) -> str:
        """The address of a page with one button: "I have it"."""
        return f"{self._base_url}/a/{self.token(alert_id, person_id, now)}"

    def token(self, alert_id: UUID, person_id: UUID, now: datetime) -> str:
        """32 bytes of ids, 5 of time and 16 of signature, URL-safe."""
        said = alert_id.bytes + person_id.bytes + int(now.timestamp()).to_bytes(TIME, "big")
        return base64.urlsafe_b64encode(said + self._sign(said)).decode().rstrip("=")

    def read(self, token: str, now: datetime) -> tuple[UUID, UUID]:
        """(alert, person) of a token. Raises BadLink, and OldLink for one that is over."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except ValueError as error:
            raise BadLink("not a link of ours") from error
        said, signature = raw[: IDS + TIME], raw[IDS + TIME :]
        good = len(raw) == IDS + TIME + SIGNATURE and hmac.compare_digest(signature, self._sign(said))
        if not good or base64.urlsafe_b64encode(raw).decode().rstrip("=") != token:
            raise BadLink("not a link of ours")
        made = datetime.fromtimestamp(int.from_bytes(said[IDS:], "big"), UTC)
        if made > now + EARLY:
            raise BadLink("a link from the future")
        if now - made > LASTS:
            raise OldLink("this link is over")
        return UUID(bytes=said[:16]), UUID(bytes=said[16:IDS])

    def _sign(self, said: bytes) -> bytes:
        if not self._key:
            raise BadLink("JIBAO_LINK_KEY is not set")
        return hmac.new(self._key, said, hashlib.sha256).digest()[:SIGNATURE]
