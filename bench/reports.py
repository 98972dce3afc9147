"""Made-up first reports from every township, as a door takes them and as they travel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from schemas.county import County, Person
from schemas.events import ReportSubmitted
from schemas.report import Report
from schemas.vocabulary import Door, NodeRole

CATEGORIES = (
    "accident.traffic.expressway",
    "accident.public_facility.heating",
    "accident.environment",
    "accident.work_safety",
)
STORY = "三车追尾，现场有人员受伤，交警、消防、卫健人员已到场处置；一条车道封闭，后方车辆缓行约两公里。"


@dataclass(frozen=True)
class Sender:
    """Somebody who may report, and for which township."""

    person: Person
    division: str


def senders(county: County) -> list[Sender]:
    """One reporter of each township."""
    townships = {node.code: node.division for node in county.nodes if node.role is NodeRole.TOWNSHIP}
    return [
        Sender(person, townships[person.node])
        for person in county.people
        if person.node in townships and person.role.value == "reporter"
    ]


def report(number: int, sender: Sender, now: datetime) -> dict[str, Any]:
    """One report of about 1 KB; numbered, so that categories and townships are mixed."""
    return {
        "report_id": str(uuid4()),
        "stage": "first",
        "medium": "written",
        "category": CATEGORIES[number % len(CATEGORIES)],
        "grade": "IV",
        "title": f"测试事件 {number}",
        "occurred_at": (now - timedelta(minutes=5)).isoformat(),
        "known_at": (now - timedelta(minutes=3)).isoformat(),
        "place": {"division": sender.division, "text": f"青云高速 K{number % 90}+300"},
        "source": {"name": sender.person.name, "unit": sender.division, "phone": "0990-5550103"},
        "casualties": {"deaths": 0, "injuries": number % 3},
        "details": {"process": STORY, "measures": "已封闭一条车道，救护车在途"},
    }


def submitted(number: int, sender: Sender, now: datetime) -> ReportSubmitted:
    """The same as it travels on INTAKE after a door took it."""
    said = Report.model_validate(report(number, sender, now))
    report_id = said.report_id
    assert isinstance(report_id, UUID)
    return ReportSubmitted(
        incident_id=report_id,
        division=sender.division,
        at=now,
        report_id=report_id,
        receipt_no=f"{sender.division}-20261123-{report_id.hex[:8]}",
        door=Door.API,
        submitted_by=sender.person.person_id,
        from_node=sender.person.node,
        body_hash=sha256(report_id.bytes).hexdigest(),
        report=said,
    )
