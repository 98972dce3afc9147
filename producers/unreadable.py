"""One row that cannot be shown hides no other: it stands in the list by its id, marked, counted and logged.

What comes in is bounded today; a database may hold what an older program took, or what somebody wrote by hand.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from runtime import metrics
from storage.database import Row

log = logging.getLogger("jibao.doors.unreadable")
UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What reading a value of a wrong kind raises. An outage of the database is none of them."""
SAID = "（此条无法显示）"
SAID_EN = "(this entry cannot be shown)"

T = TypeVar("T")


def each(
    kind: str, key: str, rows: Iterable[Row], show: Callable[[Row], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Every row as it is shown; of one that cannot be, its id, `unreadable` and a sentence."""
    shown = []
    for row in rows:
        try:
            shown.append(show(row))
        except UNREADABLE as error:
            noted(kind, row[key], error)
            shown.append(_stub(key, row))
    return shown


def one(kind: str, key: object, show: Callable[[], T], instead: T) -> T:
    """What `show` answers, or this `instead` where it cannot."""
    try:
        return show()
    except UNREADABLE as error:
        noted(kind, key, error)
        return instead


def noted(kind: str, key: object, error: Exception) -> None:
    """Count it and say which it was."""
    metrics.UNREADABLE.labels(kind).inc()
    log.error("%s %s cannot be shown: %s: %s", kind, key, type(error).__name__, error)


def _stub(key: str, row: Row) -> dict[str, Any]:
    """Plain columns as far as they are there, so that a page finds the keys it asks for."""
    plain = {name: row[name] for name in row.keys() if name not in ("binding", "others", "body")}  # noqa: SIM118
    return plain | {key: row[key], "unreadable": True, "title": SAID, "title_en": SAID_EN}
