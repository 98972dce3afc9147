"""The house keeps its shape: small files and functions, a sentence at each door, SQL in one room, no grab-bag names.

Half of the codebases we learnt from ended with one giant file that nothing guarded against; this guards.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("schemas", "rules", "runtime", "storage", "producers", "consumers", "jibao", "bench")
FILE_AT_MOST = 300
FUNCTION_AT_MOST = 40
ARGUMENTS_AT_MOST = 5
OPTIONS = "# noqa: PLR0913 - one parameter is one option"  # a person types a command's options by their names
GRAB_BAGS = {"core", "common", "utils", "util", "services", "managers", "helpers", "misc", "lib"}
TEXTS = {
    ".py",
    ".sql",
    ".toml",
    ".md",
    ".txt",
    ".yml",
    ".yaml",
    ".html",
    ".js",
    ".css",
    ".json",
    ".conf",
    ".sh",
    "",
}
# Where a machine's own words would give it away: a registry that only we can reach, a folder of one workplace.
OF_ONE_MACHINE = re.compile(
    r"--(extra-)?index-url|/work/(main|shared)|/root/|/home/[a-z]+/|[a-z0-9-]+\.(internal|corp|lan)\b"
)


def tracked() -> list[Path]:
    """The files that are or will be committed."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("no git checkout here")
    return sorted({ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()})


def sources(*rooms: str) -> list[Path]:
    """The Python files of these rooms."""
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def name(path: Path) -> str:
    """How a finding names a file."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function that are its own: a router's inner handlers count for themselves."""
    inner = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node is not function
    ]
    taken = {n for one in inner for n in range(_first_line(one), (one.end_lineno or one.lineno) + 1)}
    own = set(range(function.lineno, (function.end_lineno or function.lineno) + 1)) - taken
    return len(own)


def _first_line(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """What a caller has to think of: all parameters but the object itself."""
    named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([one for one in named if one.arg not in ("self", "cls")])


def test_it_has_no_file_that_nobody_reads_to_its_end() -> None:
    long = {name(path): n for path in sources(*ROOMS, "tests") if (n := len(_lines(path))) > FILE_AT_MOST}
    assert not long, long


def test_it_has_no_function_that_does_not_fit_on_a_screen() -> None:
    found = {
        f"{name(path)}:{one.lineno} {one.name}": length(one)
        for path in sources(*ROOMS)
        for one in functions(path)
        if length(one) > FUNCTION_AT_MOST
    }
    assert found == {}


def test_it_asks_no_caller_for_more_than_five_things() -> None:
    found = {
        f"{name(path)}:{one.lineno} {one.name}": arguments(one)
        for path in sources(*ROOMS)
        for one in functions(path)
        if arguments(one) > ARGUMENTS_AT_MOST and OPTIONS not in _lines(path)[one.lineno - 1]
    }
    assert found == {}


def test_it_says_at_the_top_of_each_module_what_lives_there() -> None:
    silent = [
        name(path)
        for path in sources(*ROOMS, "tests")
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_it_has_no_folder_or_module_for_leftovers() -> None:
    bags = [name(path) for path in tracked() if GRAB_BAGS & {*path.relative_to(ROOT).parts[:-1], path.stem}]
    assert bags == []


def test_it_carries_no_word_of_the_machine_it_was_built_on() -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if path.suffix in TEXTS and path != Path(__file__)
        for number, line in enumerate(_lines(path), 1)
        if OF_ONE_MACHINE.search(line)
    ]
    assert found == []


def test_it_keeps_sql_and_its_driver_in_one_room() -> None:
    rooms = [room for room in ROOMS if room not in ("storage", "bench")]
    knows = [name(path) for path in sources(*rooms) if "asyncpg" in _imports(path)]
    assert all(one.startswith("jibao/embedded/") for one in knows), knows


def test_it_asks_what_time_it_is_in_one_place_only() -> None:
    """Time is an argument everywhere else; the database's own witness is `recorded_at DEFAULT now()`."""
    asks = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time)\(")
    found = [
        name(p)
        for p in sources("schemas", "rules", "storage", "producers", "consumers")
        if asks.search(_text(p))
    ]
    assert found == []
    in_sql = [
        f"{name(path)}: {line.strip()}"
        for path in sorted((ROOT / "storage").glob("*.sql"))
        for line in _lines(path)
        if re.search(r"\bnow\(\)|current_timestamp", line)
    ]
    assert in_sql == []


def test_it_keeps_each_query_in_its_file_under_its_name_with_a_sentence() -> None:
    for path in sorted((ROOT / "storage").glob("*.sql")):
        text = _text(path)
        for query in re.finditer(r"^-- name: (\w+)\n(.*)", text, flags=re.MULTILINE):
            assert query[2].startswith("-- "), f"{name(path)}: {query[1]} has no sentence"
            module = _text(path.with_suffix(".py"))
            assert f'sql["{query[1]}"]' in module or "sql[check]" in module, (
                f"{name(path)}: nobody uses {query[1]}"
            )


def _lines(path: Path) -> list[str]:
    return _text(path).splitlines()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(_text(path))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names
