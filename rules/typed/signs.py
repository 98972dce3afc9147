"""Signs: what is invisible is taken out, what is full-width is folded. Nothing visible is lost but its width.

`fold` is for comparing and for numbers; `line` is for what people read again, and keeps Chinese punctuation as it is.
"""

import re
import unicodedata

from rules.typed.table import table


def _class(name: str) -> str:
    """A character class from the hexadecimal ranges of the table."""
    parts = []
    for one in table()["signs"][name]:
        first, _, last = one.partition("-")
        parts.append(f"{chr(int(first, 16))}-{chr(int(last or first, 16))}")
    return "".join(re.sub(r"[\\\]\[^]", r"\\\g<0>", part) for part in parts)


INVISIBLE = re.compile(f"[{_class('invisible')}]+")
CONTROLS = re.compile(f"[{_class('controls')}]+")
SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_UNTIDY = re.compile(
    f"[{_class('invisible')}{_class('controls')}０-９Ａ-Ｚａ-ｚ\t\n\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    "\ud800-\udfff]"
)


def storable(text: str) -> str:
    """Without control characters and halves of characters, which no database keeps; line breaks stay."""
    return SURROGATES.sub("\ufffd", CONTROLS.sub("", text))


def fold(text: str) -> str:
    """One form for comparing: NFKC, nothing invisible, lower case, no space at the ends."""
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", storable(text))).lower().strip()


def key(text: str) -> str:
    """`fold` without any space: the form in which names are looked up."""
    return _SPACES.sub("", fold(text))


def line(text: str) -> str:
    """One line for people: nothing invisible, one space for any run of them, digits and Latin letters half-width."""
    if not is_untidy(text):
        return text
    plain = INVISIBLE.sub("", storable(text))
    return _SPACES.sub(" ", _WIDE.sub(lambda one: chr(ord(one[0]) - 0xFEE0), plain)).strip()


def is_untidy(text: str) -> bool:
    """Whether `line` would change this text."""
    return _UNTIDY.search(text) is not None or "  " in text or text != text.strip(" ")


def login(text: str) -> str:
    """A login or an id as it was given out: NFKC, nothing invisible, no space; case and control characters stay."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", INVISIBLE.sub("", text)))


def split(text: str) -> list[str]:
    """The entries of a list that was typed as one text."""
    return [one for one in re.split(r"[,，、;；\s]+", text.strip()) if one]


def dial(phone: str) -> str:
    """What a telephone dials (`tel:`): digits and a leading +, a pause before an extension; the first of several.

    A `(0)` beside a country code is for callers inside the country and is not dialled.
    """
    said = fold(phone)
    said, *_ = re.split(r"[;；/、]|(?<=[0-9]{7})\s*(?:,|或|or)\s*(?=[+0-9])|(?<=[0-9]{7})\s+(?=[+01])", said)
    number, *extension = re.split(r"转|分机|ext\.?|extension|x|#|,", said, maxsplit=1)
    if "+" in number:
        number = re.sub(r"\(0+\)", "", number)
    plus = "+" if re.match(r"[^0-9]*\+", number) else ""
    digits = re.sub(r"[^0-9]", "", number)
    further = re.sub(r"[^0-9]", "", extension[0]) if extension else ""
    return f"{plus}{digits}" + (f",{further}" if further and digits else "")
