"""One-tap links: what was signed is read back, what was altered is not."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.links import BadLink, Links, OldLink

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
OURS = Links("https://county.example", "key one")


@given(st.uuids(), st.uuids())
def test_it_reads_back_what_it_signed(alert: UUID, person: UUID) -> None:
    assert OURS.read(OURS.token(alert, person, NOW), NOW) == (alert, person)


def test_it_makes_an_address_that_fits_a_message() -> None:
    link = OURS.acknowledge(uuid4(), uuid4(), NOW)
    assert link.startswith("https://county.example/a/")
    assert len(link.rsplit("/", 1)[1]) == 71


@given(st.uuids(), st.uuids(), st.integers(0, 70), st.characters(codec="ascii", categories=["L", "N"]))
def test_it_refuses_a_token_in_which_one_character_was_changed(
    alert: UUID, person: UUID, at: int, new: str
) -> None:
    token = OURS.token(alert, person, NOW)
    altered = token[:at] + new + token[at + 1 :]
    if altered != token:
        with pytest.raises(BadLink):
            OURS.read(altered, NOW)


@given(st.text(max_size=100))
def test_it_refuses_anything_else(text: str) -> None:
    with pytest.raises(BadLink):
        OURS.read(text, NOW)


def test_it_refuses_what_another_key_signed() -> None:
    with pytest.raises(BadLink):
        OURS.read(Links("", "key two").token(uuid4(), uuid4(), NOW), NOW)


def test_it_signs_nothing_without_a_key() -> None:
    with pytest.raises(BadLink, match="JIBAO_LINK_KEY"):
        Links("", "").token(uuid4(), uuid4(), NOW)


def test_it_ends_a_link_after_a_day_and_takes_none_from_the_future() -> None:
    token = OURS.token(uuid4(), uuid4(), NOW)
    assert OURS.read(token, NOW + timedelta(hours=24))
    with pytest.raises(OldLink):
        OURS.read(token, NOW + timedelta(hours=24, seconds=1))
    assert OURS.read(token, NOW - timedelta(minutes=2))
    with pytest.raises(BadLink, match="future"):
        OURS.read(token, NOW - timedelta(minutes=3))
