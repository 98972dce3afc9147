"""The text of a JSON body in whatever encoding it came: UTF-8 with or without its mark, UTF-16, GBK, GB18030."""

import re

from producers.problems import Fault, Problem
from rules.typed.encoding import UnknownEncodingError, decode

_CHARSET = re.compile(r";\s*charset=\"?([^;\"\s]+)", re.I)


def charset_of(content_type: str) -> str | None:
    """The encoding that a Content-Type declares, if it declares one."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def as_utf8(body: bytes, content_type: str) -> bytes:
    """The same text in UTF-8. Raises Problem 400 that names the encoding."""
    try:
        return decode(body, charset_of(content_type)).encode("utf-8", "replace")
    except UnknownEncodingError as error:
        raise no_text(error) from error


def no_text(error: UnknownEncodingError) -> Problem:
    """Bytes that are no text: the answer names the encodings that are read."""
    said = error.said or "UTF-8, GB18030"
    zh = f"文字编码无法识别（{said}）；请用 UTF-8，GBK/GB18030 也可以"
    en = f"the text's encoding cannot be read ({said}); send UTF-8, or GBK/GB18030"
    return Problem(400, zh, en, [Fault("", "encoding", en, zh)])
