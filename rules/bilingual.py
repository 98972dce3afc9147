"""One sentence in Chinese and English, made at one place, so that neither is ever a translation of the other's text."""

from dataclasses import dataclass
from typing import Literal

from pydantic_core import PydanticCustomError

Language = Literal["zh", "en"]
CONTRADICTION = "pack_contradiction"
"""The kind of error by which what our own validators refuse is told from pydantic's errors."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said, in either language. Keys, ids and vocabulary words are the same in both: people type them."""

    en: str
    zh: str

    def said(self, language: str) -> str:
        """In the language of whoever reads it; English for any but `zh`."""
        return self.zh if language == "zh" else self.en


NOTHING = Words("", "")


def same(text: str) -> Words:
    """What is spelled alike in both: keys, ids, vocabulary words."""
    return Words(text, text)


def contradiction(wrong: Words, allowed: Words) -> PydanticCustomError:
    """What a validator raises: what is wrong and what may stand there instead, for `rules/pack_errors.py` to read."""
    context = {"en": wrong.en, "zh": wrong.zh, "allowed_en": allowed.en, "allowed_zh": allowed.zh}
    return PydanticCustomError(CONTRADICTION, "{en}; allowed: {allowed_en}", context)
