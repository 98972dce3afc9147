"""What people type, case by case: numbers, phones, lines and names; the page's own reader runs the same file."""

import json
from pathlib import Path
from typing import Any

import pytest

from rules.typed import categories, number, signs

VECTORS: dict[str, list[Any]] = json.loads(Path(__file__).with_name("vectors.json").read_bytes())


@pytest.mark.parametrize(("field", "typed", "value", "words"), VECTORS["numbers"])
def test_it_reads_a_number_or_keeps_the_words(
    field: str, typed: str, value: float | None, words: str | None
) -> None:
    assert number.read(typed, field) == number.Reading(value, words)


@pytest.mark.parametrize(("typed", "dialled"), VECTORS["phones"])
def test_it_dials_a_phone_as_it_was_typed(typed: str, dialled: str) -> None:
    assert signs.dial(typed) == dialled


@pytest.mark.parametrize(("typed", "line"), VECTORS["lines"])
def test_it_tidies_a_line_and_leaves_chinese_punctuation(typed: str, line: str) -> None:
    assert signs.line(typed) == line
    assert not signs.is_untidy(line)


@pytest.mark.parametrize(("typed", "key"), VECTORS["keys"])
def test_it_compares_names_without_what_cannot_be_seen(typed: str, key: str) -> None:
    assert signs.key(typed) == key


@pytest.mark.parametrize(("typed", "found"), VECTORS["categories"])
def test_it_finds_a_category_by_an_everyday_word(typed: str, found: list[str]) -> None:
    assert list(categories.find(typed)) == found
