"""Which elements a report still owes: they are asked for, never refused, and "正在核实" is a valid answer.

The elements are data: each key lists the fields of which any one answers it (handbook §2.1: 山东条例 art. 29,
493 art. 12, 河南 2021, 599号令 art. 10, 草原防火条例 art. 27, 铁路交通事故条例 art. 16).
"""

import re
from dataclasses import dataclass

from schemas.categories import is_within
from schemas.report import Report
from schemas.vocabulary import Stage

PENDING = re.compile(
    r"(正在|尚在|仍在|有待|待)(进一步)?(核实|核查|确认|统计)|being (verified|checked)|under verification",
    re.I,
)

_HURT = ("casualties.deaths", "casualties.missing", "casualties.serious_injuries", "casualties.injuries")
_NUMBERS = (
    *_HURT,
    "casualties.trapped",
    "casualties.evacuated",
    "quantities.households",
    "quantities.participants",
    "quantities.direct_loss_cny",
    "quantities.area_ha",
    "quantities.outage_minutes",
    "quantities.persons_to_move",
)
_TEXTS = (
    "details.cause",
    "details.process",
    "details.losses",
    "details.scope",
    "details.trend",
    "details.measures",
    "details.leaders_on_site",
    "details.next_steps",
    "details.requests",
)

ANSWERS: dict[str, tuple[str, ...]] = {
    "occurred_at": ("occurred_at",),
    "place": ("place.text", "place.division", "place.longitude"),
    "exact_place": ("place.text",),
    "category": ("category",),
    "what": ("title", "details.process"),
    "source": ("source.name", "source.unit"),
    "phone": ("source.phone",),
    "casualties": _HURT,
    "measures": ("details.measures",),
    "process": ("details.process",),
    "cause": ("details.cause",),
    "losses": ("details.losses", "quantities.direct_loss_cny"),
    "next_steps": ("details.next_steps",),
    "requests": ("details.requests",),
    "trend": ("details.trend",),
    "scope": ("details.scope",),
    "households": ("quantities.households", "details.scope"),
    "burnt_area": ("quantities.area_ha", "details.scope"),
    "participants": ("quantities.participants", "details.scope"),
    "new_facts": (*_TEXTS, *_NUMBERS),
    "corrects": ("corrects",),
    "why_retracted": ("details.cause", "details.process"),
    "result": ("details.measures", "details.process"),
}

LABELS: dict[str, tuple[str, str]] = {
    "occurred_at": ("事发时间", "time of occurrence"),
    "place": ("地点", "place"),
    "exact_place": ("具体位置（线路、里程）", "exact place (line, kilometre)"),
    "category": ("事件类别", "category"),
    "what": ("发生了什么（标题或基本过程）", "what happened (title or process)"),
    "source": ("信息来源（姓名或单位）", "source (name or unit)"),
    "phone": ("联系电话", "phone of the source"),
    "casualties": ("伤亡情况（不清楚请写“正在核实”）", "casualties (write “being verified” if unknown)"),
    "measures": ("已采取措施", "measures taken"),
    "process": ("基本过程", "course of events"),
    "cause": ("起因", "cause"),
    "losses": ("损失情况", "losses"),
    "next_steps": ("下一步工作（善后）", "next steps (aftermath)"),
    "requests": ("请求事项（救援需求）", "requests (help needed)"),
    "trend": ("发展趋势", "expected development"),
    "scope": ("影响范围", "scope"),
    "households": ("停供户数或范围", "households or area cut off"),
    "burnt_area": ("过火面积", "burnt area"),
    "participants": ("参与人数", "number of participants"),
    "new_facts": ("新进展（情况、伤亡或数量）", "what is new (details, casualties or numbers)"),
    "corrects": ("所更正的报告", "the report that it corrects"),
    "why_retracted": ("撤回原因", "why it is retracted"),
    "result": ("落实结果", "what was done"),
}

DEMANDED: dict[Stage, tuple[str, ...]] = {
    Stage.FIRST: ("occurred_at", "place", "category", "what", "source", "phone", "casualties", "measures"),
    Stage.FOLLOW_UP: ("new_facts",),
    Stage.VERIFICATION: ("casualties", "losses"),
    Stage.FINAL: ("process", "cause", "casualties", "losses", "measures", "next_steps"),
    Stage.CORRECTION: ("corrects",),
    Stage.FEEDBACK: ("result",),
    Stage.ZERO: ("source",),
    Stage.RETRACTION: ("corrects", "why_retracted"),
}


@dataclass(frozen=True, slots=True)
class Sector:
    """What one kind of incident owes in its first report besides, and which text asks for it."""

    category: str
    elements: tuple[str, ...]
    source: str


SECTORS = (
    Sector("accident.public_facility.power", ("households",), "国务院令第599号 art. 10"),
    Sector("accident.public_facility.heating", ("households",), "国务院令第599号 art. 10 (停热范围)"),
    Sector("accident.public_facility.water_supply", ("households",), "by analogy with 599号令 art. 10"),
    Sector("accident.public_facility.gas", ("households",), "by analogy with 599号令 art. 10"),
    Sector(
        "accident.traffic.rail", ("exact_place", "requests"), "铁路交通事故应急救援和调查处理条例 art. 16"
    ),
    Sector(
        "accident.environment", ("cause", "scope", "trend"), "环境事件初报: type, pollutant, victims, danger"
    ),
    Sector("natural_disaster.forest_grassland_fire", ("burnt_area", "trend"), "草原防火条例 art. 27"),
    Sector(
        "public_health.animal_disease",
        ("process", "scope"),
        "动物疫情报告 art. 18: species, numbers, symptoms",
    ),
    Sector("social_security.mass_incident", ("participants",), "群体性事件分级 by participants"),
)


def missing(report: Report) -> tuple[str, ...]:
    """The keys of the elements that are not there yet, in the order to ask for them; see `LABELS`."""
    demanded = list(DEMANDED[report.stage])
    if report.stage is Stage.FIRST:
        demanded += [key for s in SECTORS if is_within(report.category, s.category) for key in s.elements]
    return tuple(key for key in dict.fromkeys(demanded) if not _is_answered(report, key))


def is_pending(text: str) -> bool:
    """Whether a text says that something is still being verified."""
    return PENDING.search(text) is not None


def _is_answered(report: Report, key: str) -> bool:
    if key == "category":
        return report.category != "other"
    if any(_value(report, path) not in (None, "") for path in ANSWERS[key]):
        return True
    # A number has no room for words, so the words may stand in any of the texts.
    return key == "casualties" and any(is_pending(str(_value(report, path) or "")) for path in _TEXTS)


def _value(report: Report, path: str) -> object:
    value: object = report
    for name in path.split("."):
        value = getattr(value, name)
    return value
