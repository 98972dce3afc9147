"""One secret, a key per purpose: HKDF with SHA-256 (RFC 5869), so that what one purpose signs serves no other."""

import hashlib
import hmac

LINK = "jibao one-tap link 1"
WEBHOOK = "jibao webhook 1"
DEVICE = "jibao known device 1"
REPORT_ID = "jibao own report id 1"
PURPOSES = (LINK, WEBHOOK, DEVICE, REPORT_ID)


def hkdf(secret: bytes, info: bytes, length: int = 32, salt: bytes = b"") -> bytes:
    """`length` bytes (at most 8160) of key material from a secret."""
    if not 0 < length <= 255 * 32:
        raise ValueError("HKDF-SHA256 gives 1 to 8160 bytes")
    extracted = hmac.new(salt or bytes(32), secret, hashlib.sha256).digest()
    block, out = b"", b""
    for number in range(1, (length + 31) // 32 + 1):
        block = hmac.new(extracted, block + info + bytes([number]), hashlib.sha256).digest()
        out += block
    return out[:length]


def key_for(purpose: str, secret: str) -> bytes:
    """The key of one purpose; empty when there is no secret, so that nothing is signed by mistake."""
    return hkdf(secret.encode(), purpose.encode()) if secret else b""
