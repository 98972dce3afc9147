"""Both languages say the same things, and every word a page can show is there."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from producers.pages.page_texts import TEXTS, preferred
from schemas import reasons, vocabulary
from schemas.events import KINDS
from schemas.report import Casualties, Details, Quantities

ROOM = Path(__file__).parents[2] / "producers" / "pages"
SCRIPTS = sorted((ROOM / "static").rglob("*.js"))
TEMPLATES = sorted((ROOM / "templates").glob("*.html"))
CALL = re.compile(r"""\bt\(\s*(["'])([\w.]+)\1\s*[,)]""")
WORDS: dict[str, type[StrEnum]] = {
    "grade": vocabulary.Grade,
    "stage": vocabulary.Stage,
    "medium": vocabulary.Medium,
    "role": vocabulary.NodeRole,
    "user_role": vocabulary.UserRole,
    "clock": vocabulary.Clock,
    "tag": vocabulary.Tag,
    "obligation_state": vocabulary.ObligationState,
    "door": vocabulary.Door,
    "channel": vocabulary.Channel,
    "attempt_state": vocabulary.AttemptState,
    "alert_state": vocabulary.AlertState,
    "acknowledge_medium": vocabulary.AcknowledgeMedium,
    "incident_state": vocabulary.IncidentState,
}
REASONS = [one for one in vars(reasons).values() if isinstance(one, type) and issubclass(one, StrEnum)]


def test_both_languages_have_the_same_keys() -> None:
    assert list(TEXTS["zh"]) == list(TEXTS["en"])


def test_both_languages_name_the_same_values_in_braces() -> None:
    for key, zh in TEXTS["zh"].items():
        assert set(re.findall(r"{\w+}", zh)) == set(re.findall(r"{\w+}", TEXTS["en"][key])), key


def test_no_text_is_empty() -> None:
    assert [key for texts in TEXTS.values() for key, text in texts.items() if not text.strip()] == []


@pytest.mark.parametrize("path", [*SCRIPTS, *TEMPLATES], ids=lambda path: path.name)
def test_every_key_that_a_page_names_is_there(path: Path) -> None:
    named = {match[2] for match in CALL.finditer(path.read_text("utf-8"))}
    assert named <= set(TEXTS["zh"])


def test_every_word_of_the_vocabulary_has_its_text() -> None:
    wanted = {f"{group}.{word.value}" for group, words in WORDS.items() for word in words}
    wanted |= {f"reason.{word.value}" for words in REASONS if words.__name__ != "StrEnum" for word in words}
    wanted |= {f"fact.{kind}" for kind in KINDS}
    for name, shape in (("casualties", Casualties), ("quantities", Quantities), ("details", Details)):
        wanted |= {f"field.{name}.{one}" for one in shape.model_fields}
    assert wanted - set(TEXTS["zh"]) == set()


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW", "zh"),
        ("fr", "zh"),
        ("fr,en;q=0.5,zh;q=0.8", "zh"),
        ("en;q=oops,zh", "zh"),
        ("en;q=0", "zh"),
    ],
)
def test_it_takes_the_best_language_it_speaks(asked: str, given: str) -> None:
    assert preferred(asked) == given


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_page_has_inline_script_or_style_or_another_host(path: Path) -> None:
    html = path.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?://", html)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_small_and_build_pages_from_text_only(path: Path) -> None:
    script = path.read_text("utf-8")
    assert len(script.splitlines()) <= 200
    script = script.replace("const asServed = document.documentElement.outerHTML;", "")  # read, never written
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|https?://", script)
