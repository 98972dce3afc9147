"""What is asked of reports is data: read strictly, each demand with the text that asks for it."""

import re

import pytest

from rules.clauses import Status
from rules.content import SHIPPED, read_text, shipped
from rules.pack_files import PackError
from schemas.vocabulary import Stage

TEXT = SHIPPED.read_text("utf-8")


def changed(old: str, new: str) -> bytes:
    assert old in TEXT
    return TEXT.replace(old, new, 1).encode()


def test_the_shipped_content_asks_something_of_every_stage_and_cites_its_texts() -> None:
    content = shipped()
    assert {one.stage for one in content.demands} == set(Stage)
    assert all(one.basis for one in content.demands)
    used = {key for one in content.demands for key in one.elements}
    assert used <= set(content.elements)
    assert "casualties" in used


def test_it_says_how_well_each_text_was_read() -> None:
    status = {one.id: {cited.status for cited in one.basis} for one in shipped().demands}
    assert status["first"] == {Status.V1, Status.V2}
    assert status["final"] == status["first.rail"] == status["first.power_and_heat"] == {Status.V1}
    assert status["first.environment"] == {Status.V3}
    assert status["retraction"] == status["zero"] == {Status.LOCAL}


BAD = [
    # what is changed in the shipped file, to what, and how the line begins
    ("in_words = true", "in_word = true", "element casualties: in_word: unknown key"),
    ("[element.deaths]\ntitle", "[element.deaths]\nname", "element deaths: title: is missing"),
    (
        'fields = ["details.cause"]',
        'fields = ["details.causes"]',
        "element cause: fields: fields has 'details.causes'",
    ),
    ('stage = "follow_up"', 'stage = "second"', "demand follow_up: stage: unknown word 'second'"),
    ('elements = ["new_facts"]', 'elements = ["news"]', "demand follow_up: elements: no element 'news'"),
    ('of = "zhaoqing", status', 'of = "elsewhere", status', "demand first: basis: no document 'elsewhere'"),
    ('article = "30", status = "V1"', 'article = "30", status = "U"', "demand final: basis[0].status"),
    ('categories = ["accident.traffic.rail"]', 'categories = ["rail"]', "demand first.rail: categories[0]"),
    ('id = "zero"', 'id = "first"', "demand first: id: stands twice"),
    ("[documents.house]", "[documents.home]", "demand correction: basis: no document 'house'"),
    ('stage = "zero"', 'stage = "first"', "demand: nothing is asked of stage zero"),
    ("[documents.house]", '[documents.spare]\ndocument = "x"\nissuer = "y"\n\n[documents.house]',
     "documents.spare: is cited by no demand"),
    ('issuer = "急报 Jibao"', 'author = "急报 Jibao"', "documents.house.issuer: is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), BAD)
def test_what_is_not_understood_is_named_with_its_place(old: str, new: str, line: str) -> None:
    with pytest.raises(PackError) as caught:
        read_text(changed(old, new), "content.toml")
    said = [str(one) for one in caught.value.problems]
    assert any(re.match(rf"content\.toml: {re.escape(line)}", one) for one in said), said


@pytest.mark.parametrize("body", [b"?", b"\xff", b""])
def test_rubbish_is_refused(body: bytes) -> None:
    with pytest.raises(PackError, match=r"^content\.toml: "):
        read_text(body, "content.toml")
