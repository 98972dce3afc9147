"""How the answer to "why this deadline?" looks: what the rules say now, and beside it what stands in the record.

What is on record keeps the limits with which it was opened; where the rules say something else now, both are shown.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from producers import shown
from rules.desk import Desk
from rules.explanation import Explanation, to_json
from rules.limits import Limit, Pack
from rules.places import covers
from rules.plausibility import Claim, doubt
from rules.settling import is_elapsed
from schemas.incident import Incident
from schemas.obligation import Duty, Planned
from schemas.reasons import Doubt, SettleReason
from storage.database import Row

Titles = dict[tuple[str, str], tuple[Pack, Limit]]


def why(answer: Explanation, incident: Incident, rows: Sequence[Row], desk: Desk) -> dict[str, Any]:
    """The JSON of `jibao explain --why-not`, with names, and with what is on record."""
    body = to_json(answer, ZoneInfo(desk.county.timezone))
    titles = {(pack.header.id, limit.id): (pack, limit) for pack in desk.packs.packs for limit in pack.limits}
    left = [shown.obligation(row) for row in rows]
    for one, planned in zip(body["obligations"], answer.obligations, strict=True):
        found = _recorded(planned, left)
        if found is not None:
            left.remove(found)
        one |= _parties(planned.duty, incident, desk) | {
            "counts_from": planned.counts_from,
            "recorded": found,
        }
    silent = zip(body["not_applicable"], answer.not_applicable, strict=True)
    not_applicable = [
        plain | _silent(one.pack, one.id, titles) | {"waits": one.waits} for plain, one in silent
    ]
    return body | {
        "incident": shown.incident(incident),
        "doubtful": [_doubtful(name, incident) for name in incident.doubtful_times],
        "not_applicable": not_applicable,
        "recorded": left,
        "packs": [
            {"id": pack.header.id, "version": pack.header.version}
            for pack in desk.packs.packs
            if covers(pack.header.region, incident.division)
        ],
    }


DOUBTS = {
    Doubt.TOO_OLD: (
        "距接报 {days} 天，年份可能有误",
        "it lies {days} days before the receipt; the year may be wrong",
    ),
    Doubt.AFTER_RECEIPT: ("晚于第一次接报", "it lies after the first receipt"),
    Doubt.AFTER_END: ("晚于处置结束", "it lies after the end of the response"),
    Doubt.BEFORE_EVENT: ("早于事发时间", "it lies before the event"),
}
NAMES = {
    "occurred_at": ("事发时间", "the time of the event"),
    "known_at": ("获悉时间", "the time it was known"),
}


def _doubtful(name: str, incident: Incident) -> dict[str, Any]:
    """A claimed time that does not count, and in words why the receipt counts instead."""
    claimed: datetime | None = getattr(incident, name, None)
    why = doubt(name, Claim.of(incident), incident.received_at) or Doubt.TOO_OLD
    days = (incident.received_at - claimed).days if claimed else 0
    zh, en = (said.format(days=days) for said in DOUBTS[why])
    called_zh, called_en = NAMES.get(name, (name, name))
    return {
        "time": name,
        "reason": why.value,
        "claimed": claimed,
        "counted_from": incident.received_at,
        "said": f"{called_zh}待核实（{zh}），凡由它起算的时限改按接报时间起算；更正时间或确认无误后重新计算",
        "said_en": f"{called_en} is in doubt ({en}): what counts from it counts from the receipt instead, until it is"
        " corrected or confirmed",
    }


def _recorded(planned: Planned, rows: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """The row that stands for this duty; of a recurrence, the one of this very slot."""
    duty, slot = planned.duty, planned.counts_from is not None
    for row in rows:
        same = all(row[key] == getattr(duty, key) for key in ("from_role", "to_role", "stage", "medium"))
        if (
            not same
            or (row["counts_from"] is not None) != slot
            or row["reason"] == SettleReason.NO_LONGER_DUE
        ):
            continue
        if not slot or (row["due_at"] == planned.due_at and _is_elapsed(row) == is_elapsed(duty)):
            return row
    return None


def _is_elapsed(row: dict[str, Any]) -> bool:
    duty = {key: row[key] for key in ("from_role", "to_role", "stage", "medium", "occurrence")}
    return is_elapsed(Duty.model_validate(duty))


def _parties(duty: Duty, incident: Incident, desk: Desk) -> dict[str, Any]:
    """The nodes behind the roles; None where a role takes no part in this incident."""
    said: dict[str, Any] = {}
    for end, role in (("from", duty.from_role), ("to", duty.to_role)):
        node = desk.nodes.get(incident.nodes.get(role, ""))
        said[f"{end}_node"] = node.code if node else None
        said[f"{end}_name"] = node.name if node else None
        said[f"{end}_name_en"] = node.name_en if node else None
    return said


def _silent(pack: str, limit: str, titles: Titles) -> dict[str, Any]:
    home, said = titles[pack, limit]
    document = home.document(said)
    return {
        "pack": pack,
        "version": home.header.version,
        "title": said.title,
        "title_en": said.title_en,
        "from": [role.value for role in said.from_roles],
        "document": document.document,
        "number": document.number,
        "article": said.citation.article,
        "status": said.citation.status.value,
    }
