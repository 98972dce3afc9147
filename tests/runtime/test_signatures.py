"""A signed message is genuine once: unaltered, with its own key, within five minutes of its time."""

from datetime import UTC, datetime, timedelta

import pytest

from runtime.keys import LINK, WEBHOOK, key_for
from runtime.signatures import is_genuine, signed

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
KEY, BODY = key_for(WEBHOOK, "secret"), b'{"title": "x"}'


def received(**changes: str) -> dict[str, str]:
    """The headers as a receiver sees them."""
    return {name.lower(): value for name, value in signed(KEY, BODY, NOW).items()} | changes


def test_it_takes_what_was_signed() -> None:
    for late in (-300, 0, 299, 300):
        assert is_genuine(KEY, received(), BODY, NOW + timedelta(seconds=late))


@pytest.mark.parametrize("late", [-301, 301, 86_400])
def test_it_takes_nothing_that_was_caught_and_sent_again_later(late: int) -> None:
    assert not is_genuine(KEY, received(), BODY, NOW + timedelta(seconds=late))


def test_it_takes_no_altered_body_time_or_signature() -> None:
    stamp = received()["x-jibao-timestamp"]
    assert not is_genuine(KEY, received(), BODY + b" ", NOW)
    assert not is_genuine(KEY, received(**{"x-jibao-timestamp": str(int(stamp) + 1)}), BODY, NOW)
    for bad in ("", "1e3", "-1", " 1", "１２", "9" * 40, stamp + "\n"):
        assert not is_genuine(KEY, received(**{"x-jibao-timestamp": bad}), BODY, NOW), bad
    for bad in ("", "sha256=", "sha256=é", received()["x-jibao-signature"][:-1]):
        assert not is_genuine(KEY, received(**{"x-jibao-signature": bad}), BODY, NOW), bad
    assert not is_genuine(KEY, {}, BODY, NOW)


def test_it_takes_nothing_signed_with_another_key() -> None:
    for key in (key_for(LINK, "secret"), key_for(WEBHOOK, "other"), b"secret", b""):
        assert not is_genuine(key, received(), BODY, NOW)
