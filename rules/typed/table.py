"""The one table of what people type (`table.json`), read once. The page gets the same bytes from `/static`."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("table.json")


@cache
def table() -> dict[str, Any]:
    """The table as it stands in the file."""
    return dict(json.loads(FILE.read_bytes()))


@cache
def longest_first(*path: str) -> tuple[str, ...]:
    """The words of one part of the table, the longest first, so that a word never hides in a longer one."""
    part: Any = table()
    for name in path:
        part = part[name]
    return tuple(sorted(part, key=lambda word: (-len(word), word)))
