"""The words and small values of a pack, as they are spelled in it; each error says what is allowed instead."""

import re
from datetime import date, time, timedelta
from difflib import get_close_matches
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, StrictStr
from pydantic_core import PydanticCustomError

from rules.bilingual import Words, contradiction, same
from schemas.categories import CATEGORIES
from schemas.report import Details, Place, Report
from schemas.vocabulary import Clock, NodeRole, Quantity

UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
LONGEST = timedelta(days=3660)
CONTENT_WORDS = frozenset(
    {*Report.model_fields, *Place.model_fields, *Details.model_fields, *Quantity}
    - {
        "report_id",
        "incident_id",
        "stage",
        "medium",
        "corrects",
        "times_confirmed",
        "sent_at",
        "details",
        "quantities",
        "unread",
        "as_typed",
    }
)


def read_duration(value: object) -> timedelta:
    """ "20 min", "2 h" or "30 d"; days are 24 hours. Raises `ValueError`."""
    found = re.fullmatch(r"([1-9]\d{0,5}) ?(min|h|d)", value) if isinstance(value, str) else None
    if found is None:
        raise contradiction(
            Words(f"{value!r} is not a duration", f"{value!r} 不是时长"),
            Words('a text like "20 min", "2 h" or "30 d"', '如 "20 min"、"2 h" 或 "30 d" 的文字'),
        )
    length = int(found[1]) * UNITS[found[2]]
    if length > LONGEST:
        raise contradiction(
            Words(f"{value!r} is too long", f"{value!r} 过长"),
            Words(f"up to {LONGEST.days} d", f"不超过 {LONGEST.days} d"),
        )
    return length


def _written_as_a_day(value: object) -> object:
    """A TOML date, or its text; a number or digits alone would be read as seconds since 1970."""
    written = isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
    if not isinstance(value, date) and not written:
        raise PydanticCustomError("date_parsing", "Input should be a valid date, like 2026-01-01")
    return value


def _read_wall_clock(value: object) -> time:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", value) if isinstance(value, str) else None
    if found is None:
        raise contradiction(
            Words(f"{value!r} is not a time of day", f"{value!r} 不是一天中的时刻"),
            Words('a text like "08:00", from "00:00" to "23:59"', '如 "08:00" 的文字，从 "00:00" 到 "23:59"'),
        )
    return time(int(found[1]), int(found[2]))


def _known_category(value: str) -> str:
    if value in CATEGORIES:
        return value
    near = get_close_matches(value, CATEGORIES, n=3) or [name for name in CATEGORIES if "." not in name]
    names = ", ".join(near)
    raise contradiction(
        Words(f"unknown category {value!r}", f"没有这个类别：{value!r}"),
        Words(f"a category such as {names}", f"类别，如 {names}"),
    )


def _known_content(value: str) -> str:
    if value in CONTENT_WORDS:
        return value
    wrong = Words(f"unknown element {value!r}", f"没有这个要素：{value!r}")
    raise contradiction(wrong, same(", ".join(sorted(CONTENT_WORDS))))


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise contradiction(
            Words(f"unknown time zone {value!r}", f"没有这个时区：{value!r}"),
            Words("an IANA name such as Asia/Shanghai", "IANA 时区名，如 Asia/Shanghai"),
        ) from error
    return value


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _each_once(value: tuple[Any, ...]) -> tuple[Any, ...]:
    for word in value:
        if value.count(word) > 1:
            raise contradiction(
                Words(
                    f"{word} stands twice, so the list runs in a circle", f"{word} 出现了两次，列表成了循环"
                ),
                Words("each word once", "每个词只写一次"),
            )
    return value


def _sorted_once(value: tuple[time, ...]) -> tuple[time, ...]:
    return tuple(sorted(_each_once(value)))


Text = Annotated[StrictStr, Field(min_length=1, max_length=300)]
LimitId = Annotated[StrictStr, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,79}$")]
Duration = Annotated[timedelta, BeforeValidator(read_duration)]
Day = Annotated[date, BeforeValidator(_written_as_a_day)]
WallClock = Annotated[time, BeforeValidator(_read_wall_clock)]
Category = Annotated[StrictStr, AfterValidator(_known_category)]
Region = Annotated[StrictStr, Field(pattern=r"^\d{2,12}$")]
Roles = Annotated[
    tuple[NodeRole, ...], BeforeValidator(_one_or_more), Field(min_length=1), AfterValidator(_each_once)
]
Clocks = Annotated[
    tuple[Clock, ...], BeforeValidator(_one_or_more), Field(min_length=1), AfterValidator(_each_once)
]
Content = Annotated[StrictStr, AfterValidator(_known_content)]
CountryCode = Annotated[StrictStr, Field(pattern=r"^[A-Z]{2}$")]
ZoneName = Annotated[StrictStr, AfterValidator(_known_zone)]
Once = AfterValidator(_each_once)
Sorted = AfterValidator(_sorted_once)
