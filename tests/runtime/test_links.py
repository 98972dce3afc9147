"""One-tap links: what was signed is read back, what was altered is not."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.links import BadLink, Links

OURS = Links("https://county.example", "key one")


@given(st.uuids(), st.uuids())
def test_it_reads_back_what_it_signed(alert: UUID, person: UUID) -> None:
    assert OURS.read(OURS.token(alert, person)) == (alert, person)


def test_it_makes_an_address_that_fits_a_message() -> None:
    link = OURS.acknowledge(uuid4(), uuid4())
    assert link.startswith("https://county.example/a/")
    assert len(link.rsplit("/", 1)[1]) == 64


@given(st.uuids(), st.uuids(), st.integers(0, 63), st.characters(codec="ascii", categories=["L", "N"]))
def test_it_refuses_a_token_in_which_one_character_was_changed(
    alert: UUID, person: UUID, at: int, new: str
) -> None:
    token = OURS.token(alert, person)
    altered = token[:at] + new + token[at + 1 :]
    if altered != token:
        with pytest.raises(BadLink):
            OURS.read(altered)


@given(st.text(max_size=100))
def test_it_refuses_anything_else(text: str) -> None:
    with pytest.raises(BadLink):
        OURS.read(text)


def test_it_refuses_what_another_key_signed() -> None:
    with pytest.raises(BadLink):
        OURS.read(Links("", "key two").token(uuid4(), uuid4()))


def test_it_signs_nothing_without_a_key() -> None:
    with pytest.raises(BadLink, match="JIBAO_LINK_KEY"):
        Links("", "").token(uuid4(), uuid4())
