"""docs/trials.md names a test for each finding: every test that it names exists, and each finding has one."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "trials.md").read_text(encoding="utf-8")
CITED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))
KINDS, _, _ = TEXT.partition("## Not done")


@cache
def names_in(file: str) -> frozenset[str]:
    """The test functions of a file, without importing it."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


@pytest.mark.parametrize("file", sorted({file for file, _ in CITED}))
def test_every_test_that_it_names_exists(file: str) -> None:
    named = {name for cited, name in CITED if cited == file}
    assert named - names_in(file) == set()
    assert all(name.startswith("test_") for name in named)


def test_each_finding_names_its_test() -> None:
    rows = [line for line in KINDS.splitlines() if line.startswith("| ") and not line.startswith("| found")]
    assert len(rows) > 80
    for row in rows:
        found, true_now, tests = (cell.strip() for cell in row.strip("|").split(" | "))
        assert found and true_now, row
        assert re.fullmatch(r"(`tests/[\w/]+\.py::test_\w+`(, )?)+", tests), row
