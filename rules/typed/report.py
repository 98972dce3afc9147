"""A report as it was typed → a report as the shape wants it: what cannot be read is kept as words, never refused.

Left as they are, for the shape to refuse by name: keys nobody defined, ids and times. `unread` holds the words of a
field that has no value then; `as_typed` the words beside a value that says less than they do.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from rules.typed import categories, coordinates, number, signs, words
from rules.typed.number import Reading
from rules.typed.table import table
from schemas.report import LINES, Report
from schemas.shape import DIVISION, MAX_LINE, MAX_PARAGRAPH, MAX_PHONE

Raw = Mapping[str, Any]
IDS = ("report_id", "incident_id", "corrects")
CALL, TEXT = "phone", "written"
_CUT = "…"
_TEXT_OF = {"place": "text", "source": "name", "details": "process"}
"""Where a text belongs that stands in the place of a whole part."""


def read(raw: Raw, medium: str = TEXT) -> dict[str, Any]:
    """The report's JSON, ready for `Report`; `medium` is the way of this door where the report names none it knows."""
    reader = _Reader(raw)
    body = {**raw, **{name: _id(raw[name]) for name in IDS if name in raw}}
    body |= reader.choices(raw, medium)
    if "title" in raw:
        body["title"] = reader.text("title", raw["title"], MAX_LINE)
    for part in ("place", "source", "casualties", "quantities", "details"):
        body[part] = reader.part(part, raw.get(part))
    body["unread"] = _with_given(raw.get("unread"), reader.unread)
    body["as_typed"] = _with_given(raw.get("as_typed"), reader.as_typed)
    return body


def tidy(report: Report) -> Report:
    """The same for a report whose shape is good already: its lines and its point. Most come back as they went in."""
    place, source = report.place, report.source
    lines = (report.title, place.text, source.name, source.unit, source.post, source.phone)
    half = place.longitude is not None or place.latitude is not None
    if not half and not signs.is_untidy("|".join([line for line in lines if line is not None])):
        return report
    return Report.model_validate_json(json.dumps(read(report.model_dump(mode="json", exclude_none=True))))


class _Reader:
    """Reads one report and gathers the words of what it could not read."""

    def __init__(self, raw: Raw) -> None:
        self.unread: dict[str, str] = {}
        self.as_typed: dict[str, str] = {}

    def keep(self, path: str, typed: object) -> None:
        """The words of a field that has no value."""
        said = typed if isinstance(typed, str) else json.dumps(typed, ensure_ascii=False)
        if said := signs.storable(said).strip():
            self.unread[path] = said

    def choices(self, raw: Raw, medium: str) -> dict[str, Any]:
        """Stage, medium, grade, tags and category from their words."""
        later = "follow_up" if raw.get("incident_id") else "first"
        return {
            "stage": self._choice("stage", raw.get("stage"), "first" if raw.get("stage") is None else later),
            "medium": self._choice("medium", raw.get("medium"), medium),
            "grade": self._choice("grade", raw.get("grade"), "ungraded"),
            "category": self._category(raw.get("category")),
            "tags": self._tags(raw.get("tags")),
        }

    def part(self, name: str, typed: object) -> dict[str, Any]:
        """One part of the report, an object; a text in its place goes where such a text belongs."""
        if typed is None:
            return {}
        if not isinstance(typed, dict):
            if name in _TEXT_OF and isinstance(typed, str):
                typed = {_TEXT_OF[name]: typed}
            else:
                if not words.is_unknown(typed):
                    self.keep(name, typed)
                return {}
        read_one: Callable[[str, object], Any] = (
            self._number if name in ("casualties", "quantities") else self._text_at
        )
        known = table()["fields"]
        body = {
            key: read_one(f"{name}.{key}", value) if f"{name}.{key}" in known else value
            for key, value in typed.items()
            if f"{name}.{key}" not in ("place.longitude", "place.latitude", "place.division")
        }
        return body | self._place(typed) if name == "place" else body

    def text(self, path: str, typed: object, limit: int) -> str | None:
        """A text within its length; what is longer is cut, and the whole kept beside it."""
        said = _as_text(typed, "、" if limit <= MAX_LINE else "\n")
        if said is None:
            if typed is not None:
                self.keep(path, typed)
            return None
        tidied = signs.line(said) if limit <= MAX_LINE else signs.storable(said).strip()
        if len(tidied) <= limit:
            return tidied or None
        self.as_typed[path] = signs.storable(said).strip()
        return tidied[: limit - len(_CUT)] + _CUT

    def _text_at(self, path: str, typed: object) -> str | None:
        limit = MAX_PHONE if path == "source.phone" else MAX_LINE if path in LINES else MAX_PARAGRAPH
        return self.text(path, typed, limit)

    def _number(self, path: str, typed: object) -> float | None:
        reading = (
            number.read(typed, path)
            if not isinstance(typed, list | dict)
            else Reading(None, json.dumps(typed))
        )
        if reading.words is not None and reading.value is None:
            self.keep(path, typed if isinstance(typed, bool) else reading.words)
        elif reading.words is not None:
            self.as_typed[path] = signs.storable(reading.words)
        return reading.value

    def _place(self, typed: dict[str, Any]) -> dict[str, Any]:
        point = coordinates.point(typed.get("longitude"), typed.get("latitude"))
        if point.words is not None:
            self.keep("place.point", point.words)
        body: dict[str, Any] = {"longitude": point.longitude, "latitude": point.latitude, "division": None}
        division = typed.get("division")
        said = signs.login(_as_text(division, "") or "")
        if DIVISION.fullmatch(said):
            body["division"] = said
        elif not words.is_unknown(division):
            self.keep("place.division", division)
        return body

    def _choice(self, group: str, typed: object, otherwise: str) -> str:
        if typed is None:
            return otherwise
        value = words.value_of(typed, group)
        if value is None:
            if not words.is_unknown(typed):
                self.keep(group, typed)
            return otherwise
        return value

    def _category(self, typed: object) -> str:
        said = _as_text(typed, "、")
        found = categories.find(said) if said is not None else ()
        if said is None or len(found) != 1:
            if typed is not None and not words.is_unknown(typed):
                self.keep("category", typed)
            return "other"
        if not categories.is_name(said):
            self.as_typed["category"] = signs.storable(said).strip()
        return found[0]

    def _tags(self, typed: object) -> list[str]:
        if typed is None:
            return []
        said = typed if isinstance(typed, list) else signs.split(typed) if isinstance(typed, str) else [typed]
        values = [(one, words.value_of(one, "tag")) for one in said]
        left = [one for one, value in values if value is None and not words.is_unknown(one)]
        if left:
            self.keep(
                "tags",
                "、".join(
                    one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in left
                ),
            )
        return sorted({value for _, value in values if value is not None})


def _as_text(typed: object, between: str) -> str | None:
    """A text; a number as its digits, a list of both in one; None for anything else."""
    if isinstance(typed, str):
        return typed
    if isinstance(typed, int | float) and not isinstance(typed, bool):
        return str(typed)
    if isinstance(typed, list) and typed:
        parts = [_as_text(one, between) for one in typed]
        if all(part is not None for part in parts) and not any(isinstance(one, list) for one in typed):
            return between.join(part for part in parts if part is not None)
    return None


def _with_given(given: object, found: dict[str, str]) -> object:
    """What the sender itself could not read, and what was not readable here; the shape refuses what is no such part."""
    if given is None:
        return found
    if not isinstance(given, dict):
        return given
    said = {path: signs.storable(typed) if isinstance(typed, str) else typed for path, typed in given.items()}
    return {**said, **found}


def _id(typed: object) -> object:
    """An id that was copied from somewhere, without what came along; an empty one is none."""
    return (signs.login(typed) or None) if isinstance(typed, str) else typed
