"""What the command says, in Chinese or English by the user's locale (`JIBAO_LANG` beats it)."""

import os
import sys
from typing import NoReturn

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


def say(zh: str, en: str) -> None:
    """One line on standard output."""
    typer.echo(pick(zh, en))


def fail(zh: str, en: str, code: int = 2) -> NoReturn:
    """One line on standard error, and out: 1 a finding, 2 wrong use."""
    print(pick(zh, en), file=sys.stderr)
    raise typer.Exit(code)
