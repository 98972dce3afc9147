"""Signed messages to others: the signature covers the time, so that what was caught is worth nothing later."""

import hashlib
import hmac
from datetime import datetime, timedelta

SIGNATURE, TIMESTAMP = "X-Jibao-Signature", "X-Jibao-Timestamp"
WITHIN = timedelta(minutes=5)


def signed(key: bytes, body: bytes, now: datetime) -> dict[str, str]:
    """The two headers of a message sent now."""
    stamp = str(int(now.timestamp()))
    return {TIMESTAMP: stamp, SIGNATURE: _signature(key, stamp, body)}


def is_genuine(key: bytes, headers: dict[str, str], body: bytes, now: datetime) -> bool:
    """What a receiver checks: ours, unaltered, and at most five minutes old or early. Header names in lower case."""
    stamp = headers.get(TIMESTAMP.lower(), "")
    given = headers.get(SIGNATURE.lower(), "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    if abs(now.timestamp() - int(stamp)) > WITHIN.total_seconds():
        return False
    return hmac.compare_digest(given.encode(), _signature(key, stamp, body).encode())


def _signature(key: bytes, stamp: str, body: bytes) -> str:
    return "sha256=" + hmac.new(key, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
