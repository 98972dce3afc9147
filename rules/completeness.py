"""Which elements a report still owes: they are asked for, never refused, and "正在核实" is a valid answer.

The elements and who asks for them are data (`rules/content.toml`); a limit that applies may ask for more of them.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from rules.content import Content, Element, shipped
from rules.matching import facts_hold, in_force, reference
from rules.packs import Packs
from rules.typed.table import table
from rules.when import clocks_of
from schemas.categories import is_within
from schemas.incident import Case
from schemas.report import Details, Report
from schemas.vocabulary import Grade, Stage

PENDING = re.compile(
    r"(正在|尚在|仍在|有待|待)(进一步)?(核实|核查|确认|统计)|being (verified|checked)|under verification",
    re.I,
)
UNREAD = "unread:"
_TEXTS = tuple(f"details.{name}" for name in Details.model_fields)


def missing(report: Report, besides: Iterable[str] = (), content: Content | None = None) -> tuple[str, ...]:
    """The keys of the elements that are not there yet, in the order to ask for them; see `labels`.

    A field whose words nobody could read is asked for by itself (`unread:casualties.deaths`) instead of its element.

    `besides`: what the limits that apply ask for, as `demanded_by_limits` says.
    """
    known = content or shipped()
    demanded = [
        key
        for one in known.demands
        if one.stage is report.stage
        and (not one.categories or any(is_within(report.category, prefix) for prefix in one.categories))
        for key in one.elements
    ]
    wanted = dict.fromkeys([*demanded, *(key for key in besides if key in known.elements)])
    words = {path for path, said in report.unread.items() if not is_pending(said)}
    owed = (key for key in wanted if not _is_answered(report, known.elements[key]))
    return (
        *(key for key in owed if not any(_is_under(path, known.elements[key]) for path in words)),
        *(UNREAD + path for path in report.unread if path in words),
    )


def demanded_by_limits(case: Case, packs: Packs, stage: Stage, now: datetime) -> tuple[str, ...]:
    """What the limits that apply to an incident say a report of this stage must bring (their own `content`)."""
    if case.grade is Grade.NON_INCIDENT:
        return ()
    at = reference(clocks_of(case), now)
    wanted: dict[str, None] = {}
    for rule in packs.contents.of(case.category, case.division):
        limit, grades = rule.limit, rule.limit.applies.grades
        taking_part = rule.from_role in case.nodes and (not grades or case.grade in grades)
        if limit.stage is stage and taking_part and in_force(rule, at) and facts_hold(rule, case):
            wanted |= dict.fromkeys(limit.content)
    return tuple(wanted)


def labels(keys: Iterable[str]) -> list[dict[str, str]]:
    """The names of elements in both languages; a key that is no longer known names itself."""
    known = shipped().elements
    return [
        {"zh": known[key].title, "en": known[key].title_en} if key in known else _label_of_words(key)
        for key in keys
    ]


def _label_of_words(key: str) -> dict[str, str]:
    """What is asked of a field that holds words only; a key that is no longer known names itself."""
    path = key.removeprefix(UNREAD)
    field = table()["fields"].get(path)
    if field is None or path == key:
        return {"zh": key, "en": key}
    return {
        "zh": f"{field['zh']}（已记原话，请补准确内容）",
        "en": f"{field['en']} (kept in words; give it exactly)",
    }


def is_pending(text: str) -> bool:
    """Whether a text says that something is still being verified."""
    return PENDING.search(text) is not None


def _is_answered(report: Report, element: Element) -> bool:
    if any(_value(report, path) not in (None, "", (), element.unless) for path in element.fields_):
        return True
    if any(is_pending(report.unread.get(path, "")) for path in element.fields_):
        return True
    return element.in_words and any(is_pending(str(_value(report, path) or "")) for path in _TEXTS)


def _is_under(path: str, element: Element) -> bool:
    """Whether words kept at `path` stand where this element is answered: its field, or a part around or inside it."""
    return any(
        path == field or field.startswith(f"{path}.") or path == f"{field.rpartition('.')[0]}.point"
        for field in element.fields_
    )


def _value(report: Report, path: str) -> object:
    value: object = report
    for name in path.split("."):
        value = getattr(value, name)
    return value
