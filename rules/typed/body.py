"""The body of a report or a call: bytes in any encoding that is read here → its shape.

What has its shape already, as our own pages and most programs send it, takes the short way.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rules.typed.encoding import decode

Model = TypeVar("Model", bound=BaseModel)
MAX_DIGITS = 300
"""A longer number is no number that anybody counted; it is kept as the words it was."""


def read(
    model: type[Model],
    body: bytes,
    declared: str | None,
    reading: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> Model:
    """The shape of a body; `reading` reads what people typed in it, where the shape does not take it as it is.

    Raises `ValidationError` for what stays refused, `UnknownEncodingError` for bytes that are no text.
    """
    if declared is None or declared.lower() in ("utf-8", "utf8"):
        try:
            return model.model_validate_json(body)
        except ValidationError:
            pass  # the long way tells what stays wrong after reading
    text = decode(body, declared)
    raw = parse(text)
    if not isinstance(raw, dict):
        return model.model_validate_json(text.encode("utf-8", "replace"))  # says why it is none
    return model.model_validate_json(json.dumps(reading(raw)))


def parse(text: str) -> object:
    """JSON as people write it: numbers too long to be any, NaN and Infinity stay words. None for what is no JSON."""
    try:
        return json.loads(text, parse_int=_whole, parse_constant=str)
    except (ValueError, RecursionError):
        return None


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits
