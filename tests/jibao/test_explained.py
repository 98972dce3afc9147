"""The examples in docs/explained.md are what the packs answer."""

import pytest

from tests.jibao.explained import PAGE, answer, questions

ASKED = questions(PAGE.read_text(encoding="utf-8"))


def test_it_explains_the_three_seed_incidents() -> None:
    categories = {words.split("--category ")[1].split()[0] for words, _ in ASKED}
    assert categories == {
        "accident.traffic.expressway",
        "social_security.dispute.water_rights",
        "accident.public_facility.heating",
    }


@pytest.mark.parametrize(("words", "answered"), ASKED, ids=range(len(ASKED)))
def test_it_answers_as_the_page_says(words: str, answered: str) -> None:
    assert answer(words) == answered
