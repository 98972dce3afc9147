"""Asks the questions of docs/explained.md; run as a program it writes the answers into it."""

import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

from jibao.command import app

PAGE = Path(__file__).parents[2] / "docs" / "explained.md"
QUESTION = re.compile(r"```console\n\$ jibao (?P<words>.+)\n(?P<answer>(?:(?!```).*\n)*)```")
WIDE = {"JIBAO_LANG": "zh", "COLUMNS": "118"}


def answer(words: str) -> str:
    """What the command prints, without blank ends of lines."""
    result = CliRunner().invoke(app, shlex.split(words), env=WIDE)
    assert result.exit_code == 0, result.output
    return "\n".join(line.rstrip() for line in result.output.strip("\n").split("\n")) + "\n"


def questions(text: str) -> list[tuple[str, str]]:
    """Each command of the page with the answer that stands there."""
    return [(found["words"], found["answer"]) for found in QUESTION.finditer(text)]


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(
        QUESTION.sub(
            lambda found: f"```console\n$ jibao {found['words']}\n{answer(found['words'])}```", page
        ),
        encoding="utf-8",
    )
