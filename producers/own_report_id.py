"""A report's own id where its sender chose one that another person had used before: nobody can block a report."""

import hashlib
import hmac
from uuid import UUID

from runtime.keys import REPORT_ID, key_for


def own_report_id(secret: str, report_id: UUID, person_id: UUID) -> UUID:
    """The same id for the same sender each time, and one that nobody outside can know beforehand."""
    key = key_for(REPORT_ID, secret)
    made = hmac.new(key, report_id.bytes + person_id.bytes, hashlib.sha256).digest()
    return UUID(bytes=made[:16], version=4)
