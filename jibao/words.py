"""What the command says, in Chinese or English by the user's locale (`JIBAO_LANG` beats it)."""

import codecs
import os
import sys
from io import TextIOWrapper
from typing import NoReturn, TextIO

import typer


def language() -> str:
    """`zh` or `en`: JIBAO_LANG, LC_ALL, LC_MESSAGES, LANG, in this order; English where they say nothing."""
    for name in ("JIBAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def pick(zh: str, en: str) -> str:
    """The one of two texts that the user reads."""
    return zh if language() == "zh" else en


def print_anywhere(*streams: TextIO) -> None:
    """Let a terminal that knows only ASCII end no command: what it cannot show is written as JSON would write it."""
    for stream in streams:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="jibao_escaped")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2].hex() for at in range(0, len(units), 2))
    return "".join(f"\\u{pair}" for pair in pairs), error.end


codecs.register_error("jibao_escaped", _escaped)


def say(zh: str, en: str) -> None:
    """One line on standard output."""
    typer.echo(pick(zh, en))


def fail(zh: str, en: str, code: int = 2) -> NoReturn:
    """One line on standard error, and out: 1 a finding, 2 wrong use."""
    print(pick(zh, en), file=sys.stderr)
    raise typer.Exit(code)
