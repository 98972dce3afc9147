"""Builders: a complete first report and a phone call, in which a test names only what it cares about."""

from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in the county, a Monday


def at(**delta: float) -> str:
    """A moment so long after the start of the test, as RFC 3339; negative for before."""
    return (START + timedelta(**delta)).isoformat()


def make_report(**changes: Any) -> dict[str, Any]:
    """A complete first report of an expressway accident in township 103; `changes` replace top-level keys."""
    report: dict[str, Any] = {
        "stage": "first",
        "medium": "written",
        "category": "accident.traffic.expressway",
        "grade": "IV",
        "title": "青云高速 K12 多车追尾",
        "occurred_at": at(minutes=-5),
        "known_at": at(minutes=-3),
        "place": {"division": "990101103", "text": "青云高速 K12+300"},
        "source": {"name": "王报送", "unit": "990101103", "phone": "0990-5550103"},
        "casualties": {"deaths": 0, "injuries": 2},
        "details": {"process": "三车追尾", "measures": "已封闭一条车道，救护车在途"},
    }
    return report | changes


def make_later(incident_id: str, **changes: Any) -> dict[str, Any]:
    """A follow-up of the same township; `stage` and the rest can be changed."""
    report: dict[str, Any] = {
        "stage": "follow_up",
        "medium": "written",
        "incident_id": incident_id,
        "category": "accident.traffic.expressway",
        "place": {"division": "990101103"},
        "source": {"unit": "990101103"},
        "details": {"process": "伤者已送医，现场清理中", "cause": "雨天路滑", "losses": "三车受损",
                    "measures": "已恢复通车", "next_steps": "善后处理"},
        "casualties": {"deaths": 0, "injuries": 2},
    }  # fmt: skip
    return report | changes


def make_call(called_at: str, **changes: Any) -> dict[str, Any]:
    """A phone call as the duty officer logs it."""
    return {"called_at": called_at, "report": make_report(**({"medium": "phone"} | changes))}
