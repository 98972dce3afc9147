"""A point in time as it comes in from outside: RFC 3339 with seconds and zone, and nothing else.

Digits alone, a date alone, a number, a week date or a time without a zone is refused: read leniently, `20261123` was
a morning in 1970, and no obligation opened. Deliberately refused though other readers take it: `24:00` (the next day
has a name of its own), second 60 (no clock here can hold it), lower-case `t` and `z`, a blank in place of `T`.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|([+-])(\d\d):(\d\d))?", flags=re.ASCII)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""No report is about an event before this; the calendar's first days overflow in arithmetic between zones."""
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""The bound of the form itself, far from the calendar's end. How far ahead a time may lie is asked beside a clock."""
WIDEST = timedelta(hours=14)
"""The widest offset from UTC that any place on earth uses (RFC 3339 would allow 23:59)."""
KEPT = {"kept": True}
"""The context in which what we stored ourselves is read again: it was judged when it came in, so it stays readable."""


class NotAMoment(ValueError):
    """A text that is no time for us; `word` is the stable word for why, `zh` and `en` say it."""

    def __init__(self, word: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.word, self.zh, self.en = word, zh, en


def read_moment(value: object) -> datetime:
    """Read one time as it was written. Raises NotAMoment."""
    text = value if isinstance(value, str) else None
    found = FORM.fullmatch(text) if text is not None else None
    if text is None or found is None:
        raise _unreadable(value)
    if found[2] is None:
        raise NotAMoment(
            "timezone_aware",
            f"时间 {text} 没有时区；例如在末尾加 +08:00",
            f"{text} has no time zone; write for example +08:00 at its end",
        )
    if found[3] is not None and (
        int(found[5]) > 59 or timedelta(hours=int(found[4]), minutes=int(found[5])) > WIDEST
    ):
        raise NotAMoment(
            "datetime_parsing",
            f"时间 {text} 的时区超出 ±14:00；北京时间写 +08:00",
            f"the zone of {text} is beyond ±14:00; China's is +08:00",
        )
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _unreadable(value) from None
    # Compared by the year first: the calendar's first and last days cannot be turned into UTC.
    if not (EARLIEST.year <= moment.year <= LATEST.year and EARLIEST <= moment < LATEST):
        raise NotAMoment(
            "moment_out_of_range",
            f"时间 {text} 不在 {EARLIEST.year} 至 {LATEST.year} 年之间；请核对年份，不知道就留空",
            f"{text} is not between {EARLIEST.year} and {LATEST.year}; check the year, or leave it out if unknown",
        )
    return moment


def _unreadable(value: object) -> NotAMoment:
    said = repr(value)[:60]
    return NotAMoment(
        "datetime_parsing",
        f"{said} 不是 RFC 3339 时间；应如 2026-11-23T08:10:00+08:00（日期、T、时分秒、时区齐全）",
        f"{said} is not a time; write date, T, hours, minutes, seconds and zone: 2026-11-23T08:10:00+08:00",
    )


def _strict(value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    if isinstance(value, datetime) or (info.context or {}).get("kept"):
        return handler(value)
    try:
        return read_moment(value)
    except NotAMoment as error:
        about = {"zh": error.zh, "en": error.en}
        raise PydanticCustomError(error.word, "{en}", about) from error


Moment = Annotated[
    AwareDatetime, WrapValidator(_strict), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""A time that somebody outside says. What the system itself decided or stored is an `AwareDatetime`."""
