"""How rows and shapes look to the outside: one function a thing, no decisions and no I/O."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from producers import unreadable
from producers.reception import Reception
from rules import completeness, escalation, rosters, routing, timeliness
from rules.desk import Desk
from schemas.categories import CATEGORIES
from schemas.county import County, Node, Person
from schemas.events import ReportSubmitted
from schemas.incident import Incident
from schemas.vocabulary import AlertState, Grade
from storage.database import Row

COUNTED = ("met", "late", "missed", "overdue", "waived", "disputed")
UNANSWERED = (AlertState.OPEN, AlertState.EXHAUSTED)


def person(one: Person, node: Node | None) -> dict[str, Any]:
    """A person as every page may see her."""
    return {
        "person_id": one.person_id, "login": one.login, "name": one.name, "name_en": one.name_en, "post": one.post,
        "role": one.role, "phone": one.phone, "node": _node(node) if node else None,
    }  # fmt: skip


def _node(node: Node) -> dict[str, Any]:
    return node.model_dump(include={"code", "name", "name_en", "role", "division", "phone"})


def nodes(desk: Desk, within: str = "") -> list[dict[str, Any]]:
    """The reporting chain, or what of it stands in one division and those below it."""
    return [_node(node) for node in desk.county.nodes if (node.division or "").startswith(within)]


def county(one: County) -> dict[str, Any]:
    """What a page shows of the county."""
    return one.model_dump(include={"code", "name", "name_en", "timezone", "phone"})


def report_state(report_id: UUID, row: Row | None, said: ReportSubmitted | None) -> dict[str, Any]:
    """What became of a report."""
    missing = list(row["missing"]) if row else []
    return {
        "report_id": report_id,
        "state": row["state"] if row else "accepted",
        "receipt_no": said.receipt_no if said else row and row["receipt_no"],
        "incident_id": said.incident_id if said else row and row["incident_id"],
        "received_at": said.at if said else row and row["received_at"],
        "number": row["number"] if row else None,
        "missing": missing,
        "missing_labels": completeness.labels(missing),
        "doubtful_times": list(row["doubtful_times"]) if row else [],
        "reason": row["reason"] if row else None,
        "field": row["field"] if row else None,
        "detail": row["detail"] if row else None,
    }


def summary(row: Row) -> dict[str, Any]:
    """An incident in a list."""
    zh, en = CATEGORIES.get(row["category"], (row["category"], row["category"]))
    keys = (
        "incident_id", "number", "title", "category", "grade", "division", "place_text", "state", "occurred_at",
        "doubtful_times", "received_at", "stopped_at", "acknowledged", "report_count", "next_due_at",
    )  # fmt: skip
    return {key: row[key] for key in keys} | {
        "tags": list(row["tags"]),
        "category_name": zh,
        "category_name_en": en,
        "has_final": row["final_report_id"] is not None,
    }


def incident(one: Incident) -> dict[str, Any]:
    """An incident in full."""
    zh, en = CATEGORIES.get(one.category, (one.category, one.category))
    return one.model_dump() | {"category_name": zh, "category_name_en": en}


def report(row: Row, desk: Desk) -> dict[str, Any]:
    """One immutable report with the times that were claimed and the one that counts."""
    keys = (
        "report_id", "number", "stage", "medium", "door", "from_node", "submitted_by_name", "category", "grade", "body",
        "occurred_at", "known_at", "doubtful_times", "called_at", "received_at", "broker_at", "judged_at", "receipt_no",
        "corrects",
    )  # fmt: skip
    node = desk.nodes.get(row["from_node"] or "")
    missing = list(row["missing"])
    return {key: row[key] for key in keys} | {
        "title": row["body"].get("title"),
        "from_name": node.name if node else None,
        "from_name_en": node.name_en if node else None,
        "missing": missing,
        "missing_labels": completeness.labels(missing),
    }


def obligation(row: Row) -> dict[str, Any]:
    """One obligation with its binding limit and the others."""
    keys = (
        "obligation_id", "incident_id", "incident_number", "incident_title", "from_role", "from_node", "from_name",
        "from_name_en", "to_role", "to_node", "to_name", "to_name_en", "stage", "medium", "occurrence", "state",
        "due_at", "counts_from", "opened_at",
        "breached_at", "detected_at", "done_at", "reason", "revision", "binding", "others",
    )  # fmt: skip
    late = (row["done_at"] - row["due_at"]).total_seconds() if row["done_at"] else None
    return {key: row[key] for key in keys} | {
        "lateness_seconds": max(late, 0.0) if late is not None else None
    }


def queue(rows: Sequence[Row], owed: Sequence[Row], told: Sequence[Row]) -> list[dict[str, Any]]:
    """Open incidents by time left, each with its obligations and its loudest alert."""
    duties: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for shown in unreadable.each("obligations", "obligation_id", owed, obligation):
        duties[shown["incident_id"]].append(shown | {"others": []})  # one incident's page shows them all
    calls: dict[UUID, Row] = {}
    for row in told:
        before = calls.get(row["incident_id"])
        if before is None or _loudness(row) >= _loudness(before):
            calls[row["incident_id"]] = row
    listed = [
        one | {"obligations": duties[one["incident_id"]], "alert": _call(calls.get(one["incident_id"]))}
        for one in unreadable.each("incidents", "incident_id", rows, summary)
    ]
    return sorted(
        listed, key=lambda one: (one["next_due_at"] is None, one["next_due_at"] or one["received_at"])
    )


def _loudness(row: Row) -> tuple[bool, int, bool]:
    climbs = row["reason"] != "obligation_due_soon"
    return (row["state"] in UNANSWERED and climbs, row["step"], climbs)


def _call(row: Row | None) -> dict[str, Any] | None:
    keys = ("alert_id", "reason", "state", "step", "round", "next_at", "person_name", "acknowledged_by_name",
            "acknowledged_at")  # fmt: skip
    return {key: row[key] for key in keys} if row else None


def alerts_of(told: Sequence[Row], tries: Sequence[Row], reception: Reception) -> list[dict[str, Any]]:
    """An incident's alerts, each with the ladder it climbs and every try to reach somebody."""
    attempts: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    keys = ("attempt_id", "step", "round", "person_name", "channel", "state", "reason", "detail", "raised_at",
            "sent_at", "answered_at")  # fmt: skip
    for row in tries:
        attempts[row["alert_id"]].append({key: row[key] for key in keys})
    return unreadable.each(
        "alerts", "alert_id", told, lambda row: _alert(row, attempts[row["alert_id"]], reception)
    )


def _alert(row: Row, attempts: list[dict[str, Any]], reception: Reception) -> dict[str, Any]:
    keys = (
        "alert_id", "obligation_id", "reason", "state", "step", "round", "ladder", "grade", "title", "raised_at",
        "next_at", "person_name", "acknowledged_at", "acknowledged_by_name", "acknowledged_medium", "note",
    )  # fmt: skip
    steps = ladder_steps(reception.desk.county, row["ladder"], row["grade"], reception.clock.now())
    return {key: row[key] for key in keys} | {"steps": steps, "attempts": attempts}


def ladder_steps(of: County, ladder_id: str, grade: str, now: datetime) -> list[dict[str, Any]]:
    """Who stands on each step at this moment and how long each is waited for, in minutes."""
    ladder = routing.named(of.ladders, ladder_id)
    names = {post.code: post for post in of.posts}
    people = {one.login: one for one in of.people}
    steps = []
    for number, step in enumerate(ladder.steps):
        post, one = names.get(step.post), people.get(rosters.holder(of, step.post, now) or "")
        wait = escalation.wait(step, Grade(grade), ladder)
        steps.append(
            {
                "step": number, "post": step.post, "post_name": post.name if post else step.post,
                "post_name_en": post.name_en if post else step.post, "person_name": one.name if one else None,
                "phone": one.phone if one else None, "login": one.login if one else None,
                "wait_minutes": wait.total_seconds() / 60,
            }
        )  # fmt: skip
    return steps


def on_duty(of: County, now: datetime) -> list[dict[str, Any]]:
    """Who sits at each post now, until when, and who is next."""
    people = {one.login: one for one in of.people}
    seats = []
    for post in of.posts:
        one = people.get(rosters.holder(of, post.code, now) or "")
        change = None if post.holder else rosters.next_change(of.roster, post.code, now)
        after = people.get(change.login) if change and change.login else None
        seats.append(
            {
                "post": post.code, "post_name": post.name, "post_name_en": post.name_en,
                "login": one.login if one else None, "name": one.name if one else None,
                "phone": one.phone if one else None, "until": change.at if change else None,
                "next_name": after.name if after else None,
            }
        )  # fmt: skip
    return seats


def group(row: Row) -> dict[str, Any]:
    """One line of the timeliness table."""
    counts = timeliness.Counts(*(row[key] for key in COUNTED))
    late = timeliness.Spread(row["median_late"], row["p90_late"], row["max_late"])
    names = {"name": row["name"] or row["key"], "name_en": row["name_en"] or row["name"] or row["key"]}
    return {"key": row["key"]} | names | _measured(counts, late)


def ratio(rows: Sequence[Row]) -> dict[str, Any]:
    """All groups together; medians cannot be added up and are left out."""
    counts = timeliness.Counts(*(sum(row[key] for row in rows) for key in COUNTED))
    late = [row["max_late"] for row in rows if row["max_late"] is not None]
    return _measured(counts, timeliness.Spread(max=max(late, default=None)))


def _measured(counts: timeliness.Counts, late: timeliness.Spread) -> dict[str, Any]:
    line = timeliness.measure("", counts, late)
    return {
        "due": line.due, "on_time": line.on_time, "late": counts.late, "missed": counts.missed,
        "overdue": counts.overdue, "waived": counts.waived, "disputed": counts.disputed, "ratio": line.ratio,
        "median_late_seconds": late.median, "p90_late_seconds": late.p90, "max_late_seconds": late.max,
        "small_sample": line.small_sample,
    }  # fmt: skip


def verdict(row: Row) -> dict[str, Any]:
    """One settled obligation as the record has it."""
    keys = (
        "obligation_id", "incident_id", "incident_number", "unit", "unit_name", "unit_name_en", "to_role", "stage",
        "medium", "occurrence", "outcome", "reason", "due_at", "done_at", "lateness_seconds", "rule", "pack",
        "pack_version", "document", "article", "settled_at", "withdrawn_at",
    )  # fmt: skip
    return {key: row[key] for key in keys}
