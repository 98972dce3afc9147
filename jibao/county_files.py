"""Reads a county from a folder of TOML files, strictly: errors name file, item and key, all at once.

`county.toml` is the county itself, `nodes.toml`, `people.toml` and `ladders.toml` hold one list each, and
`roster.toml` holds posts, rotations and shifts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from rules.toml_bounds import Most, TomlError, read_toml
from schemas.county import County, Ladder, Node, Person, Post, Rotation, Shift
from schemas.shape import Shape

LISTS: dict[str, dict[str, tuple[type[Shape], str]]] = {
    "nodes.toml": {"nodes": (Node, "code")},
    "people.toml": {"people": (Person, "login")},
    "roster.toml": {"posts": (Post, "code"), "rotations": (Rotation, "post"), "shifts": (Shift, "post")},
    "ladders.toml": {"ladders": (Ladder, "id")},
}
"""For each file its lists, the shape of their items and the key that names an item."""

COUNTY_FILE = "county.toml"
FILE_AT_MOST = 16 * 1024 * 1024
MOST = Most(values=1_000_000, items=50_000)
"""A large county has thousands of people and a roster of years."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong at one place; `item` and `key` are empty when the whole file is meant."""

    file: str
    item: str
    key: str
    what: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.item, self.key, self.what) if part)


class CountyFilesError(ValueError):
    """The folder does not describe a county; `problems` says where and why."""

    def __init__(self, folder: Path, problems: list[FileProblem]) -> None:
        super().__init__("\n".join([f"{folder}: {len(problems)} problem(s)", *map(str, problems)]))
        self.folder = folder
        self.problems = tuple(problems)


def read_county(folder: Path) -> County:
    """The county in `folder`. Raises `CountyFilesError`, and `NotADirectoryError` without such a folder.

    Only each item's shape is proved here; `rules/county_check.py` says whether they fit together.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder of county files")
    problems: list[FileProblem] = [*_strangers(folder)]
    top = _load(folder / COUNTY_FILE, problems)
    lists: dict[str, list[Shape]] = {}
    for file, shapes in LISTS.items():
        table = _load(folder / file, problems)
        for key in table.keys() - shapes.keys():
            problems.append(FileProblem(file, "", key, f"unknown key; this file holds {', '.join(shapes)}"))
        for key, (shape, label) in shapes.items():
            lists[key] = _items(table.get(key, []), shape, (file, key, label), problems)
    if not problems:
        county = _assemble(top, lists, problems)
        if county is not None:
            return county
    raise CountyFilesError(folder, problems)


def _assemble(
    top: dict[str, Any], lists: dict[str, list[Shape]], problems: list[FileProblem]
) -> County | None:
    roster = {"rotations": lists["rotations"], "shifts": lists["shifts"]}
    rest = {
        "nodes": lists["nodes"],
        "people": lists["people"],
        "posts": lists["posts"],
        "ladders": lists["ladders"],
    }
    for key in top.keys() & {*rest, "roster"}:
        problems.append(FileProblem(COUNTY_FILE, "", key, "stands in a file of its own"))
    try:
        county = County.model_validate({**top, **rest, "roster": roster})
    except ValidationError as error:
        homes = {key: file for file, shapes in LISTS.items() for key in shapes}
        for key, what in _errors(error):
            problems.append(FileProblem(homes.get(key.split(".")[0], COUNTY_FILE), "", key, what))
        return None
    try:
        ZoneInfo(county.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = f"{county.timezone!r} is not an IANA time zone"
        problems.append(FileProblem(COUNTY_FILE, "", "timezone", what))
    return None if problems else county


def _strangers(folder: Path) -> Iterator[FileProblem]:
    """TOML files that nobody reads: most likely a misspelt name, whose content would silently be missing."""
    for path in sorted(folder.glob("*.toml")):
        if path.name not in {COUNTY_FILE, *LISTS}:
            yield FileProblem(
                path.name, "", "", f"unknown file; known are {', '.join([COUNTY_FILE, *LISTS])}"
            )


def _load(path: Path, problems: list[FileProblem]) -> dict[str, Any]:
    try:
        with path.open("rb") as opened:
            body = opened.read(FILE_AT_MOST + 1)
        if len(body) > FILE_AT_MOST:
            problems.append(FileProblem(path.name, "", "", f"is over {FILE_AT_MOST} bytes"))
            return {}
        return read_toml(body, MOST)
    except FileNotFoundError:
        problems.append(FileProblem(path.name, "", "", "the file is missing"))
    except TomlError as error:
        problems.append(FileProblem(path.name, "", "", f"not readable as TOML: {error}"))
    return {}


def _items(
    raw: object, shape: type[Shape], place: tuple[str, str, str], problems: list[FileProblem]
) -> list[Shape]:
    """The items of one list; `place` is file, key of the list and the key that names an item."""
    file, key, label = place
    if not isinstance(raw, list):
        problems.append(FileProblem(file, "", key, f"must be a list of tables: write [[{key}]]"))
        return []
    items = []
    for number, table in enumerate(raw, start=1):
        name = table.get(label) if isinstance(table, dict) else None
        item = f"{key}[{number}]" + (f" {name}" if name is not None else "")
        try:
            items.append(shape.model_validate(table))
        except ValidationError as error:
            problems.extend(FileProblem(file, item, where, what) for where, what in _errors(error))
    return items


def _errors(error: ValidationError) -> Iterator[tuple[str, str]]:
    for one in error.errors(include_url=False, include_context=False):
        yield ".".join(str(part) for part in one["loc"]), one["msg"]
