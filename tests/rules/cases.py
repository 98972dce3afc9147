"""Builders for the rules' tests: they fill what a test does not care about."""

from datetime import datetime, timedelta, timezone
from uuid import uuid4

from rules.obligations import Changes, obligation_of, revised
from rules.pack_files import read_text
from rules.packs import Packs
from schemas.incident import Case
from schemas.obligation import Obligation, Planned
from schemas.vocabulary import Grade, Medium, NodeRole, ObligationState, Stage

CHINA = timezone(timedelta(hours=8))
NODES = {
    NodeRole.UNIT: "unit-1",
    NodeRole.TOWNSHIP: "township-1",
    NodeRole.COUNTY_DEPARTMENT: "department-1",
    NodeRole.COUNTY: "county-1",
    NodeRole.CITY: "city-1",
}

HEADER = """
[pack]
id = "test"
version = "1"
title = "测试"
title_en = "Test"
[documents.d]
document = "某办法"
issuer = "某部门"
in_force_from = 2000-01-01
"""


def at(text: str, day: int = 23) -> datetime:
    """A time of day in November 2026 in China: "08:10" or "08:10:30"."""
    return datetime.fromisoformat(f"2026-11-{day:02d}T{text}+08:00")


def make_case(**changes: object) -> Case:
    """A III accident at 08:10 in the demo county, in which every role up to the city takes part."""
    values: dict[str, object] = {
        "incident_id": uuid4(),
        "category": "accident.traffic.road",
        "grade": Grade.III,
        "division": "990101103",
        "occurred_at": at("08:10"),
        "nodes": NODES,
    }
    return Case.model_validate(values | changes)


def limit(text: str = "", **changes: object) -> str:
    """One [[limit]]: township → county, first, by any medium, within 60 min of occurrence, unless told otherwise."""
    values: dict[str, object] = {
        "id": "L1",
        "title": "某条",
        "title_en": "A clause",
        "citation": '{ of = "d", article = "1", status = "V1" }',
        "applies": "{}",
        "from": "township",
        "to": "county",
        "stage": "first",
        "medium": "any",
        "clock": "occurred",
        "within": "60 min",
        **changes,
    }
    lines = [f"{key.rstrip('_')} = {_toml(value)}" for key, value in values.items() if value is not None]
    return "\n".join(["", "[[limit]]", *lines, text, ""])


def criterion(text: str = "", **changes: str) -> str:
    """One [[criterion]]: three deaths on a road make III, unless told otherwise."""
    values = {
        "id": '"C1"',
        "title": '"死亡3人以上"',
        "title_en": '"3 deaths or more"',
        "citation": '{ of = "d", article = "3", status = "V1" }',
        "applies": '{ categories = ["accident.traffic"] }',
        "grade": '"III"',
        "quantities": "{ deaths = { min = 3 } }",
    } | changes
    return "\n".join(["", "[[criterion]]", *(f"{key} = {value}" for key, value in values.items()), text, ""])


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    text = str(value)
    return text if text.startswith("{") else f'"{text}"'


def make_packs(*limits: str, header: str = HEADER) -> Packs:
    """One pack of these limits, with the document `d`."""
    return Packs([read_text((header + "".join(limits)).encode(), "test.toml")])


def row(planned: Planned, **changes: object) -> Obligation:
    """An open obligation for a plan."""
    values: dict[str, object] = {
        "obligation_id": uuid4(),
        "incident_id": uuid4(),
        "duty": planned.duty,
        "from_node": NODES.get(planned.duty.from_role, "elsewhere"),
        "to_node": NODES.get(planned.duty.to_role),
        "state": ObligationState.OPEN,
        "due_at": planned.due_at,
        "counts_from": planned.counts_from,
        "opened_at": planned.due_at - timedelta(days=1),
        "binding": planned.binding,
        "others": planned.others,
    }
    return Obligation.model_validate(values | changes)


def apply(changes: Changes, rows: list[Obligation], case: Case, now: datetime) -> list[Obligation]:
    """The record after changes, as the consumer would store it."""
    kept = {one.obligation_id: one for one in rows}
    for revision in changes.revise:
        kept[revision.obligation.obligation_id] = revised(revision)
    for waiver in changes.waive:
        ended = {"state": ObligationState.WAIVED, "reason": waiver.reason.value}
        kept[waiver.obligation.obligation_id] = waiver.obligation.model_copy(update=ended)
    return [*kept.values(), *(obligation_of(one, case, uuid4(), now) for one in changes.open)]


def keys(planned: tuple[Planned, ...]) -> set[tuple[NodeRole, NodeRole, Stage, Medium]]:
    """Who owes what to whom."""
    return {(p.duty.from_role, p.duty.to_role, p.duty.stage, p.duty.medium) for p in planned}
