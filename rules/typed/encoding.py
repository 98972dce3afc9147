"""Bytes that a person wrote → text: UTF-8 with or without its mark, UTF-16 with one, GBK and GB18030.

A file from a Chinese Windows is often GBK; a broken UTF-8 text is not taken for one.
"""

import re
import unicodedata

DECLARED = {
    "utf-8": "utf-8-sig", "utf8": "utf-8-sig", "us-ascii": "utf-8-sig", "ascii": "utf-8-sig",
    "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030", "cp936": "gb18030", "hz-gb-2312": "hz",
    "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
"""What a Content-Type may declare; anything else is refused by name."""

_WHOLE_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}|\xef\xbc[\x80-\xbf]")


class UnknownEncodingError(ValueError):
    """The bytes are text in no encoding that is read here. `said` is the encoding that was declared, if any."""

    def __init__(self, said: str | None = None) -> None:
        super().__init__(said or "neither UTF-8 nor GB18030")
        self.said = said


def decode(body: bytes, declared: str | None = None) -> str:
    """The text without its byte order mark. Raises `UnknownEncodingError`; nothing is replaced or guessed."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(body, "utf-16", "utf-16")
    if declared is not None and declared.strip().strip("\"'").lower() not in ("utf-8", "utf8"):
        name = declared.strip().strip("\"'").lower()
        if name not in DECLARED:
            raise UnknownEncodingError(declared[:40])
        return _strictly(body, DECLARED[name], name).removeprefix("\ufeff")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _as_gb18030(body)


def _strictly(body: bytes, codec: str, name: str) -> str:
    try:
        return body.decode(codec)
    except UnicodeDecodeError as error:
        raise UnknownEncodingError(name) from error


def _as_gb18030(body: bytes) -> str:
    """GB18030, if every sign is one that people write and the bytes are not a damaged UTF-8 text."""
    try:
        text = body.decode("gb18030").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnknownEncodingError from error
    foreign = sum(1 for sign in text if sign > "\x7f")
    whole = len(_WHOLE_UTF8.findall(body))
    if _is_chance(text, foreign) or whole * 2 > foreign:
        raise UnknownEncodingError
    return text


def _is_chance(text: str, foreign: int) -> bool:
    """Whether bytes only happen to be GB18030: control or private signs, or many signs that GBK does not have."""
    if any(unicodedata.category(sign) in ("Cc", "Co", "Cn") and sign not in "\t\r\n" for sign in text):
        return True
    return (
        foreign - sum(1 for sign in text.encode("gbk", "ignore").decode("gbk") if sign > "\x7f")
    ) * 20 > foreign
