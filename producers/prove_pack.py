"""What stands against a pack as a text, found in a process of its own: it comes from outside and may be anything.

`python -m producers.prove_pack` reads the file's name in one line and the text after it, and writes the problems.
"""

import json
import sys
from dataclasses import asdict

from rules.bilingual import Words
from rules.pack_files import PackError, read_text
from rules.pack_problems import Problem
from runtime.bounded_child import ChildFailed, bound_this_process, run_apart

MODULE = "producers.prove_pack"


async def prove_apart(toml: str, file: str) -> tuple[Problem, ...]:
    """The problems of a text, none for one that can be read here too, soon and in little room."""
    given = json.dumps(file).encode() + b"\n" + toml.encode()
    try:
        found = json.loads(await run_apart(MODULE, given))
    except ChildFailed as error:
        wrong = Words(f"cannot be read within bounds: {error}", f"无法在限定的时间和内存内读完（{error}）")
        return (Problem(file, None, None, wrong, Words("a simpler text", "更简单的文本")),)
    return tuple(_problem(one) for one in found)


def _problem(one: dict[str, object]) -> Problem:
    wrong, instead = (Words(**one.pop(key)) for key in ("wrong", "instead"))  # type: ignore[arg-type]
    return Problem(**one, wrong=wrong, instead=instead)  # type: ignore[arg-type]


def _main() -> None:
    bound_this_process()
    file = json.loads(sys.stdin.buffer.readline())
    problems: tuple[Problem, ...] = ()
    try:
        read_text(sys.stdin.buffer.read(), file)
    except PackError as error:
        problems = error.problems
    sys.stdout.write(json.dumps([asdict(one) for one in problems]))


if __name__ == "__main__":
    _main()
