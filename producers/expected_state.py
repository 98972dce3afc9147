"""What the person saw when she acted: where something else stands, nothing is done and she is told who did what.

`expected` is optional; each act has one field of its own, and `GET /incidents/{id}` shows them all.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from producers.problems import Fault, Problem
from producers.reception import Reception
from schemas.events import (
    IncidentClosed,
    IncidentRegraded,
    IncidentReopened,
    IncidentStopped,
    ReportForwarded,
)
from schemas.incident import Incident
from schemas.reasons import Denial
from schemas.shape import Count, Moment, Shape
from schemas.vocabulary import AlertState, Grade, IncidentState
from storage import events
from storage.database import Row, Transaction


class ExpectedGrade(Shape):
    """The grade that was seen."""

    grade: Grade


class ExpectedStop(Shape):
    """The end of the response that was seen; null where none was."""

    stopped_at: Moment | None


class ExpectedState(Shape):
    """Whether it was seen open or closed."""

    state: IncidentState


class ExpectedForwards(Shape):
    """How many reports upward were seen."""

    forward_count: Count


class ExpectedAlert(Shape):
    """The state of the alert that was seen; `open` and `exhausted` both mean that nobody has it."""

    state: AlertState


LAST = {
    "grade": (IncidentRegraded.kind,),
    "stopped_at": (IncidentStopped.kind,),
    "state": (IncidentClosed.kind, IncidentReopened.kind),
    "forward_count": (ReportForwarded.kind,),
}
"""Which facts can have changed what was expected."""

GRADES = {Grade.UNGRADED: ("未分级", "ungraded"), Grade.NON_INCIDENT: ("非突发事件", "no incident")}


async def check(tx: Transaction, reception: Reception, incident: Incident, expected: Shape | None) -> None:
    """Raise Problem 409, naming who did what and when, where the incident is no longer what the person saw."""
    for field in type(expected).model_fields if expected is not None else ():
        if getattr(incident, field) != getattr(expected, field):
            raise await conflict(tx, reception, incident, f"expected.{field}", Denial.CHANGED)


async def conflict(
    tx: Transaction, reception: Reception, incident: Incident, field: str, why: Denial
) -> Problem:
    """Who did what and when, with what stands now."""
    about = field.removeprefix("expected.")
    row = await events.last_of(tx, incident.incident_id, LAST[about])
    zone = ZoneInfo(reception.desk.county.timezone)
    zh, en = said(row, incident, zone, reception.clock.now()) if row else _standing(about, incident, zone)
    present = {
        "state": incident.state, "grade": incident.grade, "stopped_at": incident.stopped_at,
        "closed_at": incident.closed_at, "close_reason": incident.close_reason,
        "forward_count": incident.forward_count,
    }  # fmt: skip
    done = {"kind": row["kind"], "at": row["at"], **names(row)} if row else None
    return Problem(409, zh, en, [Fault(field, why, en, zh)], present=_plain(present), last_act=_plain(done))


def said(row: Row, incident: Incident, zone: ZoneInfo, now: datetime) -> tuple[str, str]:
    """The last act of its kind as a sentence, 中文 and English."""
    who, at = names(row), moment(row["at"], zone, now)
    zh_who, en_who, body = who["by_name"], who["by_name_en"], row["body"]
    if row["kind"] == IncidentRegraded.kind:
        zh, en = _grade(Grade(body["new"]))
        return f"{zh_who} 已于 {at} 定为 {zh}", f"{en_who} set {en} at {at}"
    if row["kind"] == IncidentStopped.kind:
        ended = moment(datetime.fromisoformat(body["stopped_at"]), zone, now)
        return (
            f"{zh_who} 已于 {at} 登记处置于 {ended} 结束",
            f"{en_who} recorded at {at} that the response ended at {ended}",
        )
    if row["kind"] == IncidentClosed.kind:
        return f"{zh_who} 已于 {at} 办结该事件", f"{en_who} closed this incident at {at}"
    if row["kind"] == IncidentReopened.kind:
        return f"{zh_who} 已于 {at} 恢复处置该事件", f"{en_who} reopened this incident at {at}"
    count = incident.forward_count
    return (
        f"{zh_who} 已于 {at} 登记上报（共 {count} 次）",
        f"{en_who} recorded a report upward at {at} ({count} in all)",
    )


def names(row: Row) -> dict[str, str]:
    """Who acted, in both languages."""
    name = row["by_name"] or "–"
    return {"by_name": name, "by_name_en": row["by_name_en"] or name}


def moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A time as the clock on the county's wall shows it, with the date where that is not today."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"


def _grade(grade: Grade) -> tuple[str, str]:
    return GRADES.get(grade, (f"{grade.value} 级", f"grade {grade.value}"))


def _standing(field: str, incident: Incident, zone: ZoneInfo) -> tuple[str, str]:
    """What stands, where nobody's act made it so: a report did, or the incident began with it."""
    value = getattr(incident, field)
    if isinstance(value, Grade):
        zh, en = _grade(value)
    elif isinstance(value, datetime):
        zh = en = f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    else:
        zh, en = ("无", "nothing") if value is None else (str(value), str(value))
    return (
        f"与您看到的不同，现为：{zh}；请核对后再办",
        f"it is not what you saw; now: {en}; look again, then act",
    )


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {key: one.isoformat() if isinstance(one, datetime) else one for key, one in values.items()}
