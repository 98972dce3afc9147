"""What is missing is named in the order to ask for it; "正在核实" is an answer, an empty field is not."""

from typing import Any
from uuid import uuid4

import pytest

from rules.completeness import demanded_by_limits, is_pending, labels, missing
from rules.content import shipped
from rules.pack_words import CONTENT_WORDS
from rules.packs import Packs
from schemas.report import Report
from schemas.vocabulary import Grade, Stage, Tag
from tests.rules.cases import at, limit, make_case, make_packs

FULL: dict[str, Any] = {
    "category": "accident.traffic.expressway",
    "title": "青泉镇高速公路两车追尾",
    "occurred_at": "2026-11-23T08:10:00+08:00",
    "place": {"division": "990101103", "text": "K102+300"},
    "source": {"name": "袁秀兰", "unit": "青泉镇", "phone": "0990-5551103"},
    "casualties": {"deaths": 0, "injuries": 3},
    "details": {"process": "两车追尾", "measures": "已派交警、救护车"},
}


def make_report(**changes: Any) -> Report:
    return Report.model_validate({**FULL, **changes})


def later(stage: Stage, **fields: Any) -> Report:
    """A report after the first, with only what is given."""
    return Report.model_validate({"stage": stage, "incident_id": uuid4(), **fields})


def test_a_full_first_report_lacks_nothing() -> None:
    assert missing(make_report()) == ()


def test_an_empty_first_report_is_asked_for_everything_in_order() -> None:
    everything = next(one.elements for one in shipped().demands if one.id == "first")
    assert missing(Report()) == everything


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"occurred_at": None}, ("occurred_at",)),
        ({"category": "other"}, ("category",)),
        ({"place": {}}, ("place",)),
        ({"place": {"text": "K102+300"}}, ()),  # words are a place as well
        ({"title": None}, ()),  # the process says what happened
        ({"title": " ", "details": {"measures": "已派人"}}, ("what",)),  # blanks say nothing
        ({"source": {"unit": "青泉镇"}}, ("phone",)),
        ({"source": {"phone": "0990-5551103"}}, ("source",)),
        ({"casualties": {}}, ("casualties",)),  # unknown is not zero
        ({"casualties": {"deaths": 0}}, ()),  # zero is known
        ({"casualties": {"evacuated": 40}}, ("casualties",)),  # who was moved says nothing of who was hurt
        ({"casualties": {}, "details": {"process": "伤亡情况正在核实", "measures": "已派人"}}, ()),
        ({"casualties": {}, "details": {"process": "Casualties being verified", "measures": "sent"}}, ()),
        ({"details": {"process": "两车追尾"}}, ("measures",)),
        ({"details": {"process": "两车追尾", "measures": "正在核实"}}, ()),  # a valid answer
    ],
)
def test_a_first_report_is_asked_for_what_it_lacks(
    changes: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert missing(make_report(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # 停热范围: households or words
        ({"category": "accident.public_facility.heating"}, ("households",)),
        ({"category": "accident.public_facility.heating", "quantities": {"households": 5200}}, ()),
        ({"category": "accident.public_facility.power", "details": {**FULL["details"], "scope": "城南"}}, ()),
        # where a train stands and what help it needs
        (
            {"category": "accident.traffic.rail", "place": {"division": "990101103"}},
            ("exact_place", "requests"),
        ),
        # burnt area and trend
        ({"category": "natural_disaster.forest_grassland_fire"}, ("burnt_area", "trend")),
        ({"category": "accident.environment"}, ("cause", "scope", "trend")),
        # a sector of one kind does not ask another
        ({"category": "accident.public_facility.lift"}, ()),
    ],
)
def test_each_sector_asks_for_its_own_elements(changes: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert missing(make_report(**changes)) == expected


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (later(Stage.FOLLOW_UP, title="续报一"), ("new_facts",)),  # a title alone brings no news
        (later(Stage.FOLLOW_UP, casualties={"deaths": 1}), ()),
        (later(Stage.FOLLOW_UP, quantities={"outage_minutes": 0}), ()),
        (later(Stage.FOLLOW_UP, details={"trend": "火势已控制"}), ()),
        (later(Stage.FINAL), ("process", "cause", "casualties", "losses", "measures", "next_steps")),
        (
            later(
                Stage.FINAL,
                casualties={"deaths": 0},
                quantities={"direct_loss_cny": 120000},
                details={"process": "已结束", "cause": "追尾", "measures": "已清障", "next_steps": "赔偿"},
            ),
            (),
        ),
        (later(Stage.VERIFICATION, casualties={"deaths": 2}), ("losses",)),
        (later(Stage.CORRECTION), ("corrects",)),
        (later(Stage.CORRECTION, corrects=uuid4()), ()),
        (later(Stage.RETRACTION, corrects=uuid4()), ("why_retracted",)),
        (later(Stage.FEEDBACK), ("result",)),
        (Report(stage=Stage.ZERO), ("source",)),
    ],
)
def test_each_later_stage_asks_for_its_own(report: Report, expected: tuple[str, ...]) -> None:
    assert missing(report) == expected


@pytest.mark.parametrize(
    ("text", "pending"),
    [
        ("人员伤亡情况正在核实", True),
        ("损失正在进一步核查", True),
        ("原因待确认", True),
        ("Cause under verification", True),
        ("经核实无人员伤亡", False),  # verified is the opposite
        ("", False),
    ],
)
def test_it_knows_the_words_for_not_known_yet(text: str, pending: bool) -> None:
    assert is_pending(text) is pending


def test_every_element_that_a_limit_may_ask_for_has_a_name_and_fields_that_answer_it() -> None:
    assert set(shipped().elements) >= CONTENT_WORDS
    (named,) = labels(["leaders_on_site"])
    assert named == {"zh": "领导到位情况", "en": "leaders on site"}
    assert labels(["of_an_older_version"]) == [{"zh": "of_an_older_version", "en": "of_an_older_version"}]


CONTENT = limit("content = ['leaders_on_site', 'deaths', 'casualties']")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("leaders_on_site",)),  # three hurt, nobody dead: casualties and deaths are known
        ({"casualties": {"injuries": 3}}, ("leaders_on_site", "deaths")),
        (
            {"casualties": {}},
            ("casualties", "leaders_on_site", "deaths"),
        ),  # what all are asked for comes first
        (
            {"casualties": {}, "details": {"process": "伤亡正在核实", "measures": "已派人"}},
            ("leaders_on_site",),
        ),
        ({"details": {**FULL["details"], "leaders_on_site": "正在核实"}}, ()),  # a valid answer here as well
    ],
)
def test_a_limit_asks_for_its_own_elements_besides(
    changes: dict[str, Any], expected: tuple[str, ...]
) -> None:
    besides = demanded_by_limits(make_case(), make_packs(CONTENT), Stage.FIRST, at("09:00"))
    assert missing(make_report(**changes), besides) == expected


@pytest.mark.parametrize(
    ("text", "case", "stage"),
    [
        (CONTENT, {}, Stage.FINAL),  # another stage
        (limit("content = ['cause']", applies='{ categories = ["public_health"] }'), {}, Stage.FIRST),
        (limit("content = ['cause']", applies='{ grades = ["I"] }'), {}, Stage.FIRST),
        (limit("content = ['cause']", applies='{ tags = ["sensitive_time"] }'), {}, Stage.FIRST),
        (limit("content = ['cause']", applies='{ regions = ["41"] }'), {}, Stage.FIRST),
        (limit("content = ['cause']", citation='{ of = "d", status = "draft" }'), {}, Stage.FIRST),
        (
            limit("content = ['cause']", **{"from": "cdc"}),
            {},
            Stage.FIRST,
        ),  # who does not take part owes nothing
        (CONTENT, {"grade": Grade.NON_INCIDENT}, Stage.FIRST),
    ],
)
def test_a_limit_that_does_not_apply_asks_for_nothing(text: str, case: dict[str, Any], stage: Stage) -> None:
    assert demanded_by_limits(make_case(**case), make_packs(text), stage, at("09:00")) == ()


def test_a_limit_asks_once_the_incident_has_become_what_it_is_for() -> None:
    packs = make_packs(limit("content = ['cause']", applies='{ tags = ["sensitive_time"] }'))
    sensitive = make_case(tags={Tag.SENSITIVE_TIME})
    assert demanded_by_limits(sensitive, packs, Stage.FIRST, at("09:00")) == ("cause",)
    assert demanded_by_limits(sensitive, Packs([]), Stage.FIRST, at("09:00")) == ()
