"""Reads TOML from people in bounds: what would take long or much is refused by name before it is parsed any deeper.

The parser of the standard library needs quadratic time and memory for a key of many parts, and accepts numbers that
nothing else can hold. Everything here takes time in proportion to the size.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.bilingual import NOTHING, Words
from rules.typed.encoding import UnknownEncodingError, decode

_QUOTED = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*', flags=re.DOTALL
)
_BETWEEN_KEYS = re.compile(r"[=,{}\[\]\n]")
_DIGITS = re.compile(r"[0-9a-fA-F_]+")
INTEGERS = range(-(2**63), 2**63)


@dataclass(frozen=True)
class Most:
    """How much one file may hold; the shipped packs need a tenth of it."""

    values: int = 20_000
    items: int = 2_000
    parts: int = 12
    digits: int = 400
    depth: int = 16
    key: int = 200
    text: int = 20_000


class TomlError(Exception):
    """A text that is no TOML, or too much of it."""

    def __init__(self, wrong: Words, allowed: Words = NOTHING) -> None:
        super().__init__(wrong.en)
        self.wrong = wrong
        self.allowed = allowed


def read_toml(body: bytes, most: Most = Most()) -> dict[str, Any]:
    """The tables of a text. Raises TomlError."""
    try:
        text = decode(body)
    except UnknownEncodingError as error:
        wrong = Words("is text in no encoding that is read", "不是可识别的文字编码")
        raise TomlError(wrong, Words("UTF-8 or GB18030 text", "UTF-8 或 GB18030 文本")) from error
    _look_over(text, most)
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a date or number beyond every bound is a plain ValueError
        said = " ".join(str(error).split())[:200]
        wrong = Words(f"is not TOML: {said}", f"不是有效的 TOML（{said}）")
        raise TomlError(wrong, Words("see docs/packs.md", "写法见 docs/packs.md")) from error
    _count(raw, most)
    return raw


def _look_over(text: str, most: Most) -> None:
    """Keys of many parts and endless numbers, seen without parsing."""
    bare = _QUOTED.sub("s", text)
    if max(piece.count(".") for piece in _BETWEEN_KEYS.split(bare)) >= most.parts:
        raise _too_much("a key has too many parts", "键的层次过多", most.parts)
    if any(len(run) > most.digits for run in _DIGITS.findall(bare)):
        raise _too_much("a number or word is too long", "数字或词过长", most.digits)


def _count(raw: Mapping[str, Any], most: Most) -> None:
    """Walk through everything once."""
    seen = 0
    waiting: list[tuple[str, Any, int]] = [("", raw, 0)]
    while waiting:
        key, value, depth = waiting.pop()
        seen += 1
        if seen > most.values:
            raise _too_much("holds too many values", "内容过多", most.values)
        if depth > most.depth:
            raise _too_much(f"{key} is nested too deep", f"{key} 嵌套过深", most.depth)
        if isinstance(value, dict | list):
            if len(value) > most.items:
                raise _too_much(f"{key} holds too many entries", f"{key} 的条目过多", most.items)
            inner = value.items() if isinstance(value, dict) else ((key, one) for one in value)
            for name, one in inner:
                if len(name) > most.key:
                    raise _too_much(f"{name[:40]}… is too long a key", f"键 {name[:40]}… 过长", most.key)
                waiting.append((name, one, depth + 1))
        elif isinstance(value, str) and len(value) > most.text:
            raise _too_much(f"{key} is too long a text", f"{key} 的文字过长", most.text)
        elif isinstance(value, int) and value not in INTEGERS:
            raise TomlError(Words(f"{key} is too large a number", f"{key} 的数字过大"))


def _too_much(en: str, zh: str, most: int) -> TomlError:
    return TomlError(Words(en, zh), Words(f"at most {most}", f"最多 {most}"))
