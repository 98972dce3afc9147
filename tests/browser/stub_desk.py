"""What the stub server knows: reports, incidents, alerts, and the switches that a test can throw."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from rules import completeness
from schemas.report import Report
from tests.browser.stub_county import NODE_OF, STEPS, Json, category_names, city_leg, obligation
from tests.browser.stub_shown import attempt, listed

MINUTE = timedelta(minutes=1)


class StubDesk:
    """All state of one stub. `broker_up`, `away`, `storing` and `refuse_field` are the switches."""

    def __init__(self) -> None:
        self.broker_up = True
        self.away = False
        self.storing = True
        self.refuse_field: str | None = None
        self.reports: dict[str, Json] = {}
        self.details: dict[str, Json] = {}
        self.sent_ids: list[str] = []
        self.last_event = 0
        self.listeners: set[asyncio.Queue[tuple[str, Json]]] = set()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def accept(self, report: Report, who: Json, door: str, called_at: str | None = None) -> Json:
        """Idempotent: the same id gives the same receipt and one report."""
        key = str(report.report_id or uuid4())
        self.sent_ids.append(key)
        if key not in self.reports:
            self.reports[key] = self._new(key, report, who, door, called_at)
        kept = self.reports[key]
        return {name: kept[name] for name in ("receipt_no", "report_id", "incident_id", "received_at")}

    def _new(self, key: str, report: Report, who: Json, door: str, called_at: str | None) -> Json:
        now = self.now()
        missing = completeness.missing(report)
        labels = [label["zh"] for label in completeness.labels(missing)]
        incident_id = str(report.incident_id) if report.incident_id else key
        kept = {
            "report_id": key,
            "receipt_no": f"YL{now:%Y%m%d}-{len(self.reports) + 1:04d}",
            "incident_id": incident_id,
            "received_at": now.isoformat(),
            "state": "accepted",
            "number": None,
            "missing": missing,
            "missing_labels": labels,
            "reason": None,
            "detail": None,
            "door": door,
            "called_at": called_at,
            "body": report.model_dump(mode="json"),
            "from": who,
        }
        if self.storing:
            self.store(kept)
        return kept

    def store(self, kept: Json) -> None:
        """Join the report to its incident and tell the duty officer."""
        body, incident_id = kept["body"], kept["incident_id"]
        detail = self.details.get(incident_id) or self.open_incident(
            incident_id, body, kept["from"]["node"]["code"]
        )
        kept["state"], kept["number"] = "stored", len(detail["reports"]) + 1
        detail["incident"]["report_count"] = kept["number"]
        detail["reports"].append(listed(kept))
        self.fact("report.stored", incident_id, {"report_id": kept["report_id"]})
        if body["stage"] == "first":
            self.raise_alert(incident_id)

    def open_incident(self, incident_id: str, body: Json, node: str) -> Json:
        now = self.now()
        incident: Json = {
            "incident_id": incident_id,
            "number": f"YL-2026-{len(self.details) + 1:04d}",
            **category_names(body["category"]),
            "title": body.get("title") or "",
            "grade": body.get("grade", "ungraded"),
            "proposed_grade": None,
            "tags": body.get("tags", []),
            "division": body.get("place", {}).get("division"),
            "place_text": body.get("place", {}).get("text"),
            "state": "open",
            "occurred_at": body.get("occurred_at"),
            "known_at": None,
            "received_at": now.isoformat(),
            "graded_at": None,
            "stopped_at": None,
            "closed_at": None,
            "close_reason": None,
            "quantities": {k: v for k, v in (body.get("casualties") or {}).items() if v is not None},
            "report_count": 0,
            "nodes": {},
        }
        county = city_leg()
        detail: Json = {"incident": incident, "reports": [], "alerts": [], "events": []}
        name = NODE_OF[node]["name"]
        detail["obligations"] = [
            obligation(incident, now + 9 * MINUTE, "first", "phone", from_name=name),
            obligation(
                incident,
                now - MINUTE,
                "first",
                "written",
                from_name=name,
                state="met",
                done_at=now.isoformat(),
            ),
            obligation(incident, now + 26 * MINUTE, "first", "written", **county),
            obligation(incident, now + 240 * MINUTE, "follow_up", "written", from_name=name),
        ]
        self.details[incident_id] = detail
        self.event(incident_id, "incident.opened", {})
        return detail

    def raise_alert(self, incident_id: str, *, step: int = 0, age: timedelta = timedelta()) -> Json:
        detail = self.details[incident_id]
        at = self.now() - age
        alert: Json = {
            "alert_id": str(uuid4()),
            "reason": "incident_reported",
            "state": "open",
            "step": step,
            "round": 1,
            "ladder": "default",
            "grade": detail["incident"]["grade"],
            "raised_at": at.isoformat(),
            "next_at": (self.now() + 3 * MINUTE).isoformat(),
            "person_name": STEPS[step]["person_name"],
            "acknowledged_at": None,
            "acknowledged_by_name": None,
            "note": None,
            "steps": STEPS,
            "attempts": [attempt(n, at) for n in range(step + 1)],
        }
        detail["alerts"].append(alert)
        incident = detail["incident"]
        self.event(incident_id, "alert.raised", {"alert_id": alert["alert_id"], "step": step, "round": 1})
        told = {name: alert[name] for name in ("alert_id", "grade", "step", "round", "person_name")}
        self.tell(
            "alert", told | {"incident_id": incident_id, "title": incident["title"], "why": alert["reason"]}
        )
        return alert

    def acknowledge(self, alert: Json, incident_id: str, who: Json, note: str, medium: str) -> None:
        alert |= {
            "state": "acknowledged",
            "acknowledged_at": self.now().isoformat(),
            "acknowledged_by_name": who["name"],
            "note": note,
            "next_at": None,
        }
        self.event(
            incident_id, "alert.acknowledged", {"alert_id": alert["alert_id"], "medium": medium, "note": note}
        )

    def alert_of(self, alert_id: str) -> tuple[Json, str] | None:
        for incident_id, detail in self.details.items():
            for alert in detail["alerts"]:
                if alert["alert_id"] == alert_id:
                    return alert, incident_id
        return None

    def event(self, incident_id: str, kind: str, body: Json) -> None:
        self.details[incident_id]["events"].append(
            {
                "id": self.last_event + 1,
                "kind": kind,
                "at": self.now().isoformat(),
                "why": body.get("why"),
                "body": body,
            }
        )
        self.fact(kind, incident_id, body)

    def fact(self, kind: str, incident_id: str, body: Json) -> None:
        self.last_event += 1
        self.tell("fact", {"id": self.last_event, "kind": kind, "incident_id": incident_id, "body": body})

    def tell(self, event: str, data: dict[str, Any]) -> None:
        for queue in self.listeners:
            queue.put_nowait((event, data))
