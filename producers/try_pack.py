"""What a pack would change: key by key against the version in force, and on the incidents of the last 90 days."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from producers.reception import Reception
from rules.adoption import together
from rules.desk import Desk
from rules.dry_run import Moved, Past, Shift, dry_run
from rules.limits import Pack
from rules.pack_diff import diff
from rules.pack_problems import Problem
from rules.pack_proof import prove
from rules.pack_scope import NamedPack
from rules.packs import Packs
from rules.settling import Lane
from schemas.incident import Incident
from schemas.obligation import Planned
from schemas.reasons import CloseReason
from schemas.vocabulary import Medium, NodeRole, Stage
from storage import incidents, obligations

LOOK_BACK = timedelta(days=90)
INCIDENTS_AT_MOST = 2000
"""More would hold up the doors; the answer says how many it looked at."""
SHOWN = 30
REAL = (None, CloseReason.FINAL_REPORT)
"""What was closed otherwise was no incident of its own."""


def changes(desk: Desk, new: Pack) -> list[dict[str, Any]]:
    """The difference to the version in force."""
    old = next((one for one in desk.packs.packs if one.header.id == new.header.id), None)
    return [asdict(one) for one in diff(old, new)]


def remarks(desk: Desk, now: datetime, named: NamedPack) -> list[Problem]:
    """What the office should know of its pack beside all others: laxer than the law, gaps, chains that end."""
    day = now.astimezone(ZoneInfo(desk.county.timezone)).date()
    return prove([named], desk.packs.packs, day)


async def try_on_the_past(reception: Reception, new: Pack) -> dict[str, Any]:
    """Whose reports would have been due earlier, later, in addition or not at all."""
    desk, now = reception.desk, reception.clock.now()
    async with reception.database.reading() as tx:
        found = await incidents.since(tx, now - LOOK_BACK, INCIDENTS_AT_MOST)
        rows = await obligations.done_first(tx, [one.incident_id for one in found])
    done: dict[Any, dict[Lane, Any]] = defaultdict(dict)
    for row in rows:
        lane = (
            NodeRole(row["from_role"]),
            NodeRole(row["to_role"]),
            Stage(row["stage"]),
            Medium(row["medium"]),
        )
        done[row["incident_id"]][lane] = row["done_at"]
    known = [one for one in found if one.close_reason in REAL]
    past = [Past(one.case(), one.received_at, done[one.incident_id]) for one in known]
    after = Packs(together(desk.packs.packs, [new]), holidays=desk.packs.holidays)
    moved = await asyncio.to_thread(dry_run, past, desk.packs, after)
    return {
        "from": now - LOOK_BACK,
        "to": now,
        "incidents": len(known),
        "all": len(found) < INCIDENTS_AT_MOST,
        "touched": len({one.incident_id for one in moved}),
        "units": _by_unit(moved, desk),
        "examples": _examples(moved, {one.incident_id: one for one in known}, desk),
    }


def _by_unit(moved: Sequence[Moved], desk: Desk) -> list[dict[str, Any]]:
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in moved:
        counts[one.unit, one.duty.stage.value][one.shift.value] += 1
        counts[one.unit, one.duty.stage.value]["late"] += one.late
    return [
        {"unit": unit, **_names(unit, desk), "stage": stage, "would_be_late": count["late"]}
        | {shift.value: count[shift.value] for shift in Shift}
        for (unit, stage), count in sorted(counts.items())
    ]


def _examples(moved: Sequence[Moved], known: dict[Any, Incident], desk: Desk) -> list[dict[str, Any]]:
    """The newest, those first that would have been late."""
    order = sorted(moved, key=lambda one: not one.late)
    return [
        {
            "incident_id": one.incident_id,
            "incident_number": known[one.incident_id].number,
            "title": known[one.incident_id].title,
            "unit": one.unit,
            **_names(one.unit, desk),
            "to_role": one.duty.to_role,
            "stage": one.duty.stage,
            "medium": one.duty.medium,
            "shift": one.shift,
            "would_be_late": one.late,
            "before": _due(one.before),
            "after": _due(one.after),
        }
        for one in order[:SHOWN]
    ]


def _due(planned: Planned | None) -> dict[str, Any] | None:
    if planned is None:
        return None
    return {"due_at": planned.due_at, "limit": planned.binding.id, "title": planned.binding.title}


def _names(unit: str, desk: Desk) -> dict[str, str]:
    node = desk.nodes.get(unit)
    return {"name": node.name, "name_en": node.name_en} if node else {"name": unit, "name_en": unit}
