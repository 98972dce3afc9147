"""Coordinates as people type them: 东经110.1°, 110°06′30″E. Half a point, or one that is turned round, stays words."""

import math
import re
from dataclasses import dataclass

from rules.typed.signs import fold

_DEGREES = re.compile(
    r"(?:东经|西经|北纬|南纬|经度|纬度|[newsxy])?[:=]?([+-]?[0-9]{1,3}(?:\.[0-9]+)?)(?:[°度])?"
    r"(?:([0-9]{1,2}(?:\.[0-9]+)?)['′分](?:([0-9]{1,2}(?:\.[0-9]+)?)(?:[\"″秒]|''|′′))?)?[news]?"
)
_OTHER_HALF = re.compile(r"西经|南纬|^[ws]|[ws]$")
LONGITUDES_OF_CHINA, LATITUDES_OF_CHINA = (73.0, 136.0), (3.0, 54.0)
"""They do not overlap, so a point that lies in them the wrong way round was typed the wrong way round."""


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees (WGS 84), both or neither; `words` are what was typed where that was no point."""

    longitude: float | None = None
    latitude: float | None = None
    words: str | None = None


def point(longitude: object, latitude: object) -> Point:
    """Both read, or neither and the words: half a point is no place, and a turned one is another place."""
    if _is_empty(longitude) and _is_empty(latitude):
        return Point()
    east, north = degrees(longitude), degrees(latitude)
    words = f"{_said(longitude)}, {_said(latitude)}"
    if east is None or north is None or not (-180 <= east <= 180 and -90 <= north <= 90):
        return Point(words=words)
    return Point(words=words) if is_turned(east, north) else Point(east, north)


def is_turned(longitude: float, latitude: float) -> bool:
    """Whether these are surely latitude and longitude in the wrong order."""
    west, east = LONGITUDES_OF_CHINA
    south, north = LATITUDES_OF_CHINA
    return south <= longitude <= north and west <= latitude <= east


def degrees(typed: object) -> float | None:
    """Decimal degrees of one coordinate; None where it is none."""
    if isinstance(typed, bool) or typed is None:
        return None
    if isinstance(typed, int | float):
        return float(typed) if abs(typed) < 1e6 and math.isfinite(typed) else None
    if not isinstance(typed, str):
        return None
    said = re.sub(r"\s+", "", fold(typed)).replace("’", "'").replace("”", '"').replace("−", "-")
    found = _DEGREES.fullmatch(said)
    if found is None:
        return None
    whole, minutes, seconds = (float(part) if part else 0.0 for part in found.groups())
    if minutes >= 60 or seconds >= 60:
        return None
    value = abs(whole) + minutes / 60 + seconds / 3600
    south_or_west = bool(_OTHER_HALF.search(said)) or found[1].startswith("-")
    return -round(value, 7) if south_or_west else round(value, 7)


def _is_empty(typed: object) -> bool:
    return typed is None or (isinstance(typed, str) and fold(typed) in ("", "-", "—", "/", "不详", "未知"))


def _said(typed: object) -> str:
    return "–" if _is_empty(typed) else str(typed).strip()
