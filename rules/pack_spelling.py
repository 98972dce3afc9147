"""The values of a pack as a pack spells them, by their keys: what people compare and what a difference is shown in.

What a pack leaves out is left out here too, so two spellings differ only where the packs say different things.
"""

from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import StrEnum

from pydantic import BaseModel

from rules.criteria import Criterion
from rules.limits import Limit, Pack

UNITS_ZH = {"min": "分钟", "h": "小时", "d": "日"}
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def duration(length: timedelta) -> str:
    """ "20 min", "2 h" or "30 d": the largest unit that leaves no rest, from two of it on."""
    for size, unit in ((DAY, "d"), (HOUR, "h")):
        if length >= 2 * size and not length % size:
            return f"{length // size} {unit}"
    return f"{length / MINUTE:g} min"


def duration_zh(length: timedelta) -> str:
    """The same for readers of Chinese: "20 分钟", "2 小时" or "30 日"."""
    number, unit = duration(length).split()
    return f"{number} {UNITS_ZH[unit]}"


def entry_texts(pack: Pack, entry: Limit | Criterion) -> dict[str, str]:
    """Every key that an entry says with its value; its citation with the document that it names, whatever its key."""
    texts = {key: text for key, text in shape_texts(entry).items() if not key.startswith("citation.")}
    document, (begins, ends) = pack.document(entry), pack.in_force(entry)
    cited: dict[str, object] = {
        "document": document.document,
        "issuer": document.issuer,
        "number": document.number,
        "article": entry.citation.article,
        "status": entry.citation.status,
        "in_force_from": begins,
        "in_force_until": ends,
    }
    return texts | {f"citation.{key}": spell(value) for key, value in cited.items() if value is not None}


def shape_texts(shape: BaseModel, prefix: str = "") -> dict[str, str]:
    """Every key that a table of a pack says with its value; a key inside a table is joined by a dot."""
    texts: dict[str, str] = {}
    for name, field in type(shape).model_fields.items():
        value, key = getattr(shape, name), prefix + (field.alias or name)
        if value is None or (
            not field.is_required() and value == field.get_default(call_default_factory=True)
        ):
            continue
        if isinstance(value, BaseModel):
            texts |= shape_texts(value, f"{key}.")
        else:
            texts[key] = spell(value)
    return texts


def spell(value: object) -> str:
    """One value: a word, a length of time, a list of them, or a table in one line."""
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, tuple):
        return ", ".join(map(spell, value))
    if isinstance(value, BaseModel | Mapping):
        inner = shape_texts(value) if isinstance(value, BaseModel) else _mapping_texts(value)
        return "{ " + "; ".join(f"{key} = {text}" for key, text in inner.items()) + " }"
    return value.value if isinstance(value, StrEnum) else str(value)


def _mapping_texts(values: Mapping[object, object]) -> dict[str, str]:
    return {spell(key): spell(one) for key, one in values.items()}
