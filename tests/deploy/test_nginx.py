"""The proxy in front keeps the same bounds as the doors, and says of the client only what it saw itself."""

import re
from pathlib import Path

import pytest

from producers import bounds
from runtime.bounded_protocol import ConnectionBounds
from tests.deploy.promql import DEPLOY

TEXT = (Path(DEPLOY) / "nginx" / "jibao.conf").read_text(encoding="utf-8")
UNITS = {"k": 1024, "m": 1024 * 1024, "s": 1}


def value(name: str, inside: str = TEXT) -> int:
    """The first value of a setting in bytes or seconds."""
    number, unit = re.findall(rf"(?m)^\s*{name} (?:\d+ )?(\d+)([kms]);", inside)[0]
    return int(number) * UNITS[unit]


def location(path: str) -> str:
    """The block of one address."""
    return re.findall(rf"location = {re.escape(path)} \{{(.*?)\}}", TEXT, re.DOTALL)[0]


@pytest.mark.parametrize("path", ["/login", "/api/v1/packs"])
def test_it_takes_bodies_as_large_as_the_doors_take(path: str) -> None:
    assert value("client_max_body_size", location(path)) == bounds.bound_of("POST", path).most
    assert value("client_max_body_size") == max(
        bounds.bound_of("POST", other).most for other in ("/api/v1/reports", "/api/v1/calls", "/nowhere")
    )


def test_it_waits_as_long_as_the_doors_wait_and_takes_headers_as_large() -> None:
    doors = ConnectionBounds()
    count, size = re.findall(r"large_client_header_buffers (\d+) (\d+)k;", TEXT)[0]
    assert int(count) * int(size) * 1024 == doors.header
    assert value("client_header_timeout") == doors.header_within
    assert value("client_body_timeout") == bounds.WITHIN
    assert value("keepalive_timeout") == doors.idle_for


def test_it_passes_on_no_address_that_a_client_claims_and_sends_nothing_twice() -> None:
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in TEXT
    settings = [line for line in TEXT.splitlines() if not line.strip().startswith("#")]
    assert not [line for line in settings if "$proxy_add_x_forwarded_for" in line or "non_idempotent" in line]
