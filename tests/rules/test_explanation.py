"""The answer to "why this deadline?": it agrees with what is opened, and each silent limit has its reason."""

from datetime import UTC, timedelta

import pytest

from rules.explanation import NotApplicable, explain, to_json
from rules.pack_files import load
from rules.planning import plan
from schemas.vocabulary import Grade, NodeRole
from tests.rules.cases import CHINA, HEADER, at, limit, make_case, make_packs

EVERYBODY = {role: role.value for role in NodeRole}


def reasons(case_changes: dict[str, object], *limits: str, header: str = HEADER) -> list[NotApplicable]:
    packs = make_packs(*limits, header=header)
    return list(explain(make_case(**case_changes), packs, at("08:20"), with_reasons=True).not_applicable)


@pytest.mark.parametrize(
    ("changes", "text", "reason"),
    [
        ({}, limit(citation='{ of = "d", status = "draft" }'), "draft"),
        ({}, limit(citation='{ of = "d", status = "V1", in_force_from = 2027-01-01 }'), "not_in_force"),
        ({}, limit(applies='{ regions = ["41"] }'), "region"),
        ({}, limit(applies='{ categories = ["accident.fire"] }'), "category"),
        ({}, limit(applies='{ grades = ["I"] }'), "grade"),
        ({"grade": Grade.NON_INCIDENT}, limit(), "grade"),
        ({}, limit(applies='{ tags = ["may_evolve"] }'), "tags"),
        ({}, limit(applies="{ quantities = { deaths = { min = 1 } } }"), "quantities"),
        ({}, limit(applies='{ any = [{ tags = ["may_evolve"] }] }'), "conditions"),
        ({}, limit(clock="stopped", stage="final"), "clock_not_started:stopped"),
        ({}, limit(clock="received"), "clock_not_started:received@township"),
        ({"stopped_at": at("09:00")}, limit(elapsed="4 h"), "stopped_before_elapsed"),
        (
            {"final_at": {NodeRole.TOWNSHIP: at("08:15")}},
            limit('every = "12 h"\nuntil = "final"', within=None),
            "final_filed",
        ),
    ],
)
def test_a_silent_limit_says_why(changes: dict[str, object], text: str, reason: str) -> None:
    assert [(one.id, one.reason) for one in reasons(changes, text)] == [("L1", reason)]


def test_only_what_waits_for_a_clock_is_named_unasked() -> None:
    packs = make_packs(limit(clock="stopped", stage="final"), limit(id="L2", applies='{ grades = ["I"] }'))
    (waiting,) = explain(make_case(), packs, at("08:20")).not_applicable
    assert (waiting.id, waiting.waits) == ("L1", True)


def test_a_bounded_limit_does_not_wait() -> None:
    bound = 'not_later_than = { clock = "occurred", within = "15 d" }'
    answer = explain(make_case(), make_packs(limit(bound, clock="stopped", stage="final")), at("08:20"))
    assert not answer.not_applicable
    assert answer.obligations[0].due_at == at("08:10") + timedelta(days=15)


def test_each_level_waits_for_its_own_receipt() -> None:
    case = make_case(category="accident.work_safety", received={NodeRole.COUNTY: at("08:20")})
    answer = explain(case, load(["cn.national"]), at("08:20"))
    assert {one.id: one.reason for one in answer.not_applicable} == {
        "N06": "clock_not_started:received@unit",
        "N30": "clock_not_started:received@unit",
        "N07.county_department": "clock_not_started:received@county_department",
        "N07.city_department": "clock_not_started:received@city_department",
    }


@pytest.mark.parametrize("grade", list(Grade))
@pytest.mark.parametrize("category", ["accident.work_safety.mine", "public_health.food_safety", "other"])
def test_what_is_explained_is_what_would_be_opened(category: str, grade: Grade) -> None:
    case = make_case(
        category=category, grade=grade, nodes=EVERYBODY, received=dict.fromkeys(NodeRole, at("08:20"))
    )
    packs = load()
    answer = explain(case, packs, at("08:20"))
    assert tuple(p for p in answer.obligations if not answer.is_window(p)) == plan(case, packs, at("08:20"))


def test_a_window_is_listed_and_marked() -> None:
    packs = make_packs(limit("window = true", within="30 d", stage="correction"))
    answer = explain(make_case(), packs, at("08:20"))
    (window,) = answer.obligations
    assert answer.is_window(window)
    assert window.due_at == at("08:10") + timedelta(days=30)


def test_its_json_says_what_passes_a_level_what_is_a_window_and_whose_number_it_is() -> None:
    packs = make_packs(
        limit(to="city", skip_level=True, within=None, immediate="10 min", clock=["known", "received"]),
        limit("window = true", id="L2", within="30 d", stage="correction"),
    )
    direct, window = to_json(explain(make_case(known_at=at("08:12")), packs, at("08:20")), CHINA)[
        "obligations"
    ]
    assert (direct["skip_level"], direct["window"]) == (True, False)
    assert (window["skip_level"], window["window"]) == (False, True)
    said = [(one["clock"], one["working_target"]) for one in (*direct["limits"], *window["limits"])]
    assert said == [("known", True), ("occurred", False)]


def test_its_json_is_the_agreed_one_in_the_incidents_zone() -> None:
    packs = make_packs(limit(copy=["city"]), limit(id="L2", within="2 h"), limit(id="L3", clock="stopped"))
    case = make_case(occurred_at=at("08:10").astimezone(UTC))
    cited = {
        **{"title": "某条", "title_en": "A clause", "pack": "test", "version": "1"},
        "clock": "occurred",
        "working_target": False,
        **{"document": "某办法", "number": None, "article": "1", "status": "V1"},
    }
    assert to_json(explain(case, packs, at("08:20")), CHINA) == {
        "obligations": [
            {
                "from": "township",
                "to": "county",
                "stage": "first",
                "medium": "any",
                "occurrence": 1,
                "due_at": "2026-11-23T09:10:00+08:00",
                "binding": "L1",
                "limits": [
                    {"id": "L1", "due_at": "2026-11-23T09:10:00+08:00", **cited},
                    {"id": "L2", "due_at": "2026-11-23T10:10:00+08:00", **cited},
                ],
                "copy": ["city"],
                "skip_level": False,
                "window": False,
            }
        ],
        "not_applicable": [{"id": "L3", "reason": "clock_not_started:stopped"}],
    }
