"""rules: decisions a second of `planning.plan` for one report, with 200 limits loaded and with 2,000.

The packs are made up: many issuers, each with its region and twenty limits over categories, grades, roles and clocks,
so that what applies to a report stays the same and only what does not apply grows. The floor looks the answer up in a
dictionary and builds the same objects from it: no clause is weighed, none is merged. Counted is the time of the one
core that decides, so that a neighbour on the machine is no part of it.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import process_time
from typing import Any
from uuid import UUID

from bench.figures import Figure, Say, Scale, Target
from bench.stack import Servers
from rules.limits import Pack
from rules.packs import Packs
from rules.planning import plan
from schemas.categories import CATEGORIES
from schemas.incident import Case
from schemas.obligation import Planned, StampedLimit
from schemas.vocabulary import Grade, NodeRole

SIZES = {Scale.FULL: (20_000, 5), Scale.QUICK: (5000, 3), Scale.TINY: (50, 1)}
LIMITS_EACH = 20
WANTED = 10_000.0
KEPT = 0.8
"""With ten times as many limits a decision may be a fifth slower."""

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CHAIN = (NodeRole.UNIT, NodeRole.TOWNSHIP, NodeRole.COUNTY_DEPARTMENT, NodeRole.COUNTY, NodeRole.CITY)
GRADES = (Grade.I, Grade.II, Grade.III, Grade.IV, Grade.UNGRADED)


async def measure(_servers: Servers, scale: Scale, say: Say) -> list[Figure]:
    """Decisions a second; the two sizes take turns."""
    count, turns = SIZES[scale]
    asked = [_case(number) for number in range(200)]
    few, many = Packs(make_packs(200)), Packs(make_packs(2000))
    answers = {_key(case): _prepared(plan(case, few, NOW)) for case in asked}
    rates: dict[str, list[float]] = {"few": [], "many": [], "floor": []}
    for turn in range(1, turns + 1):
        say(f"turn {turn} of {turns}: {count} decisions each")
        rates["floor"].append(_rate(lambda case: _build(answers[_key(case)]), asked, count))
        rates["few"].append(_rate(lambda case: plan(case, few, NOW), asked, count))
        rates["many"].append(_rate(lambda case: plan(case, many, NOW), asked, count))
    owed = sum(len(plan(case, few, NOW)) for case in asked) / len(asked)
    ours, floor_is = median(rates["few"]), "a dictionary look-up, then the same objects built"
    targets = {"few": Target(WANTED, at_least=True), "many": Target(round(KEPT * ours), at_least=True)}
    return [
        Figure(
            f"rules {size}",
            f"one report → everything it makes owed ({owed:.1f} duties), {size} limits loaded",
            floor_is,
            "decisions/s",
            median(rates[name]),
            median(rates["floor"]),
            targets[name],
        )
        for name, size in (("few", "200"), ("many", "2,000"))
    ]


def make_packs(limits: int) -> list[Pack]:
    """So many limits: one issuer for the whole country, the others each for a region of their own."""
    return [_pack(number) for number in range(limits // LIMITS_EACH)]


def _pack(number: int) -> Pack:
    header = {
        "id": f"made.up.{number}",
        "version": "1",
        "title": "测量",
        "title_en": "Measured",
        "region": [] if number == 0 else [f"{10 + number % 90:02}{number:02}"[:4]],
        "remind_before": "5 min",
    }
    document = {"document": "测量办法", "issuer": "无", "in_force_from": date(2000, 1, 1)}
    limits = [_limit(number, place) for place in range(LIMITS_EACH)]
    return Pack.model_validate({"pack": header, "documents": {"d": document}, "limit": limits})


def _limit(number: int, place: int) -> dict[str, Any]:
    """One in three for every category, the others each for one; calls and texts, some in slots."""
    names = list(CATEGORIES)
    step = place % (len(CHAIN) - 1)
    applies: dict[str, Any] = {} if place % 3 == 0 else {"categories": [names[(number + place) % len(names)]]}
    if place % 4 == 1:
        applies["grades"] = [grade.value for grade in GRADES[: 1 + place % 3]]
    when: dict[str, Any] = {"within": f"{20 + 5 * place} min"}
    if place % 10 == 9:
        when = {"at": ["08:00", "17:00"], "until": "closed"}
    return {
        "id": f"M{number}.{place}",
        "title": "某条",
        "title_en": "A clause",
        "citation": {"of": "d", "article": str(place + 1), "status": "V1"},
        "applies": applies,
        "from": CHAIN[step].value,
        "to": CHAIN[step + 1].value,
        "stage": "follow_up" if "at" in when else ("first", "first", "final")[place % 3],
        "medium": ("phone", "written")[place % 2],
        "clock": ["occurred", "known", "received"],
        **when,
    }


def _case(number: int) -> Case:
    """A report of some category, grade and place."""
    return Case(
        incident_id=UUID(int=number),
        category=list(CATEGORIES)[number % len(CATEGORIES)],
        grade=GRADES[number % len(GRADES)],
        division=f"{11 + number % 9}0{1 + number % 9}01103",
        occurred_at=NOW - timedelta(minutes=5),
        received={NodeRole.COUNTY: NOW},
        nodes={role: f"node.{role}" for role in CHAIN},
    )


def _rate(decide: Callable[[Case], object], asked: Sequence[Case], count: int) -> float:
    """Decisions a second of one core; every case in its turn."""
    cases = [asked[number % len(asked)] for number in range(count)]
    begun = process_time()
    for case in cases:
        decide(case)
    return count / (process_time() - begun)


Parts = tuple[dict[str, Any], dict[str, Any], tuple[dict[str, Any], ...]]


def _key(case: Case) -> tuple[str, Grade, str | None]:
    return case.category, case.grade, case.division


def _prepared(planned: Sequence[Planned]) -> list[Parts]:
    """An answer as the plain values from which it can be built again."""
    return [(dict(p), dict(p.binding), tuple(dict(other) for other in p.others)) for p in planned]


def _build(parts: Sequence[Parts]) -> list[Planned]:
    return [
        Planned.trusted(
            **{
                **values,
                "binding": StampedLimit.trusted(**binding),
                "others": tuple(StampedLimit.trusted(**other) for other in others),
            }
        )
        for values, binding, others in parts
    ]
