"""One-tap links: signed, for one alert and one person, so that a message can carry its own acknowledgement."""

import base64
import hashlib
import hmac
from uuid import UUID


class BadLink(ValueError):
    """Not one of ours, or altered."""


class Links:
    """Makes and reads links with the key that doors and consumers share."""

    def __init__(self, base_url: str, key: str) -> None:
        self._base_url = base_url
        self._key = key.encode()

    def acknowledge(self, alert_id: UUID, person_id: UUID) -> str:
        """The address of a page with one button: "I have it"."""
        return f"{self._base_url}/a/{self.token(alert_id, person_id)}"

    def token(self, alert_id: UUID, person_id: UUID) -> str:
        """32 bytes of ids and 16 of signature, URL-safe."""
        ids = alert_id.bytes + person_id.bytes
        return base64.urlsafe_b64encode(ids + self._sign(ids)).decode().rstrip("=")

    def read(self, token: str) -> tuple[UUID, UUID]:
        """(alert, person) of a token. Raises BadLink."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError as error:
            raise BadLink("not a link of ours") from error
        ids, signature = raw[:32], raw[32:]
        if len(raw) != 48 or not hmac.compare_digest(signature, self._sign(ids)):
            raise BadLink("not a link of ours")
        return UUID(bytes=ids[:16]), UUID(bytes=ids[16:])

    def _sign(self, ids: bytes) -> bytes:
        if not self._key:
            raise BadLink("JIBAO_LINK_KEY is not set")
        return hmac.new(self._key, b"acknowledge" + ids, hashlib.sha256).digest()[:16]
