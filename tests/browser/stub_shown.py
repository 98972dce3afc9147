"""How the stub's things look to a page."""

from datetime import datetime, timedelta
from uuid import uuid4

from tests.browser.stub_county import PEOPLE, STEPS, Json

MINUTE = timedelta(minutes=1)


def listed(kept: Json) -> Json:
    body = kept["body"]
    wanted = ("stage", "medium", "category", "grade", "title", "occurred_at", "known_at")
    same = (
        "report_id",
        "number",
        "door",
        "missing",
        "missing_labels",
        "called_at",
        "received_at",
        "receipt_no",
    )
    node = kept["from"]["node"]
    return {
        **{name: body[name] for name in wanted},
        **{name: kept[name] for name in same},
        "body": body,
        "from_node": node["code"],
        "from_name": node["name"],
        "submitted_by_name": kept["from"]["name"],
        "judged_at": kept["called_at"] or kept["received_at"],
    }


def attempt(step: int, at: datetime) -> Json:
    stamp = (at + step * 3 * MINUTE).isoformat()
    base = {
        "attempt_id": str(uuid4()),
        "step": step,
        "round": 1,
        "person_name": STEPS[step]["person_name"],
    }
    state, reason = ("failed", "no_console_open") if step else ("delivered", "shown")
    return base | {
        "channel": "console",
        "state": state,
        "reason": reason,
        "detail": "",
        "raised_at": stamp,
        "sent_at": stamp,
        "answered_at": stamp,
    }


def summary(detail: Json) -> Json:
    open_due = [o["due_at"] for o in detail["obligations"] if o["state"] == "open"]
    alert = detail["alerts"][-1] if detail["alerts"] else None
    kept = ("alert_id", "state", "step", "round", "next_at", "person_name")
    incident: Json = detail["incident"]
    return incident | {
        "acknowledged": not alert or alert["state"] == "acknowledged",
        "next_due_at": min(open_due, default=None),
        "obligations": detail["obligations"],
        "alert": {name: alert[name] for name in kept} if alert else None,
    }


def on_duty(now: datetime) -> list[Json]:
    posts = (
        ("duty.li", "值班员", "Duty officer", "王晓岚"),
        ("leader.chen", "带班领导", "Duty leader", "刘淑华"),
    )
    until = (now + timedelta(hours=5)).replace(minute=0).isoformat()
    return [
        {"post_name": post, "post_name_en": en, "until": until, "next_name": following}
        | {name: PEOPLE[login][name] for name in ("login", "name", "phone")}
        for login, post, en, following in posts
    ]
