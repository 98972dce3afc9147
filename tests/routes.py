"""Every route of the doors, walked from the application itself: no test can forget a new one."""

from collections.abc import Iterator
from typing import Any

from producers.app import Doors
from producers.receive_reports import PATHS


def routes_of(doors: Doors) -> set[tuple[str, str]]:
    """(method, path template) of every route; HEAD goes with GET."""
    hot = {("POST", path) for path in PATHS}
    return hot | {pair for pair in _walk(doors.site.routes) if pair[0] != "HEAD"}


def _walk(routes: Any) -> Iterator[tuple[str, str]]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _walk(inner.routes)
        else:
            for method in getattr(route, "methods", None) or ():
                yield method, route.path
