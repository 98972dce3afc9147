"""What is owed: limits that ask for the same thing merge, the strictest binds, and facts decide who owes at all."""

from datetime import timedelta

import pytest

from rules.pack_files import load
from rules.planning import plan
from schemas.obligation import Planned, StampedLimit
from schemas.vocabulary import Grade, Medium, NodeRole, Stage, Tag
from tests.rules.cases import NODES, at, keys, limit, make_case, make_packs

DEMO = load(["city.demo", "county.demo"])


def test_the_strictest_limit_binds_and_the_others_stand_beside_it() -> None:
    packs = make_packs(limit(id="slow", within="2 h"), limit(id="fast", within="20 min"), limit(id="mid"))
    (planned,) = plan(make_case(), packs, at("08:20"))
    assert (planned.binding.id, planned.due_at) == ("fast", at("08:30"))
    assert [(other.id, other.due_at) for other in planned.others] == [
        ("mid", at("09:10")),
        ("slow", at("10:10")),
    ]


@pytest.mark.parametrize(
    "changes", [{"medium": "phone"}, {"stage": "final"}, {"to": "city"}, {"from": "unit"}]
)
def test_another_medium_stage_sender_or_recipient_is_another_duty(changes: dict[str, str]) -> None:
    packs = make_packs(limit(), limit(id="L2", **changes))
    assert len(plan(make_case(), packs, at("08:20"))) == 2


def test_a_limit_that_takes_any_medium_is_a_duty_of_its_own() -> None:
    packs = make_packs(limit(id="any"), limit(id="call", medium="phone"), limit(id="text", medium="written"))
    media = {planned.duty.medium for planned in plan(make_case(), packs, at("08:20"))}
    assert media == {Medium.ANY, Medium.PHONE, Medium.WRITTEN}


def test_what_the_demo_county_owes_for_a_larger_accident() -> None:
    nodes = {NodeRole.TOWNSHIP: "t", NodeRole.COUNTY: "c", NodeRole.CITY: "s"}
    case = make_case(nodes=nodes, received={NodeRole.COUNTY: at("08:20")})
    owed = {(p.duty.from_role, p.duty.stage, p.duty.medium): p.due_at for p in plan(case, DEMO, at("08:20"))}
    assert owed == {
        (NodeRole.TOWNSHIP, Stage.FIRST, Medium.PHONE): at("08:30"),
        (NodeRole.TOWNSHIP, Stage.FIRST, Medium.WRITTEN): at("08:50"),
        (NodeRole.COUNTY, Stage.FIRST, Medium.PHONE): at("08:50"),
        (NodeRole.COUNTY, Stage.FIRST, Medium.WRITTEN): at("09:20"),
        (NodeRole.TOWNSHIP, Stage.FOLLOW_UP, Medium.ANY): at("17:00"),
        (NodeRole.COUNTY, Stage.FOLLOW_UP, Medium.ANY): at("17:00"),
        (NodeRole.TOWNSHIP, Stage.FINAL, Medium.WRITTEN): at("08:10") + timedelta(days=15),
        (NodeRole.COUNTY, Stage.FINAL, Medium.WRITTEN): at("08:10") + timedelta(days=30),
    }


def test_a_role_that_takes_no_part_owes_nothing() -> None:
    case = make_case(nodes={NodeRole.COUNTY: "c"}, received={NodeRole.COUNTY: at("08:20")})
    assert {sender for sender, *_ in keys(plan(case, DEMO, at("08:20")))} == {NodeRole.COUNTY}


def test_the_same_duty_stands_once_whatever_the_order_of_the_packs() -> None:
    case = make_case(received={NodeRole.COUNTY: at("08:20")})
    turned = load(["county.demo", "city.demo"])
    assert plan(case, DEMO, at("08:20")) == plan(case, turned, at("08:20"))


def test_a_closed_incident_owes_nothing_more() -> None:
    assert plan(make_case(closed_at=at("12:00")), DEMO, at("12:01")) == ()


def test_a_draft_never_applies() -> None:
    draft = '{ of = "d", article = "1", status = "draft" }'
    assert plan(make_case(), make_packs(limit(citation=draft)), at("08:20")) == ()


def test_a_correction_window_is_a_right_and_not_a_debt() -> None:
    packs = make_packs(limit("window = true", within="30 d", stage="correction"))
    assert plan(make_case(), packs, at("08:20")) == ()


@pytest.mark.parametrize(
    ("begins", "ends", "owed"),
    [
        # in force from the day on, from its first moment in the pack's zone
        ("2026-11-23", None, 1),
        ("2026-11-24", None, 0),
        # until the day, which is no more in it
        ("2020-01-01", "2026-11-23", 0),
        ("2020-01-01", "2026-11-24", 1),
    ],
)
def test_the_law_of_the_day_on_which_it_occurred_holds(begins: str, ends: str | None, owed: int) -> None:
    until = f", in_force_until = {ends}" if ends else ""
    citation = f'{{ of = "d", article = "1", status = "V1", in_force_from = {begins}{until} }}'
    packs = make_packs(limit(citation=citation))
    assert len(plan(make_case(occurred_at=at("00:00")), packs, at("08:20", day=25))) == owed


@pytest.mark.parametrize(
    ("applies", "facts", "owed"),
    [
        # 以上 includes the number, 以下 excludes it (493号令 art. 3)
        ("{ quantities = { deaths = { min = 3, below = 10 } } }", {"quantities": {"deaths": 3}}, True),
        ("{ quantities = { deaths = { min = 3, below = 10 } } }", {"quantities": {"deaths": 10}}, False),
        # a number that nobody knows meets no threshold
        ("{ quantities = { deaths = { below = 10 } } }", {}, False),
        # every threshold of one condition
        (
            "{ quantities = { deaths = { min = 1 }, households = { min = 50 } } }",
            {"quantities": {"deaths": 1}},
            False,
        ),
        # one of several conditions
        (
            '{ any = [{ quantities = { deaths = { min = 3 } } }, { tags = ["may_evolve"] }] }',
            {"tags": {Tag.MAY_EVOLVE}},
            True,
        ),
        ('{ any = [{ quantities = { deaths = { min = 3 } } }, { grades = ["II"] }] }', {}, False),
        # one of the tags
        ('{ tags = ["sensitive_time", "media_reported"] }', {"tags": {Tag.MEDIA_REPORTED}}, True),
        ('{ tags = ["sensitive_time"] }', {"tags": {Tag.MEDIA_REPORTED}}, False),
        # a category prefix holds everything below it, and nothing that only sounds like it
        ('{ categories = ["accident.traffic"] }', {}, True),
        ('{ categories = ["accident.traffic.road", "accident.traffic"] }', {}, True),
        ('{ categories = ["accident.fire"] }', {}, False),
        # a region inside the pack's
        ('{ regions = ["9901"] }', {}, True),
        ('{ regions = ["9902"] }', {}, False),
        ('{ regions = ["9901"] }', {"division": None}, False),
        # not yet graded is no grade; without grades every incident but one that is none
        ('{ grades = ["III", "IV"] }', {"grade": Grade.UNGRADED}, False),
        ("{}", {"grade": Grade.UNGRADED}, True),
        ("{}", {"grade": Grade.NON_INCIDENT}, False),
    ],
)
def test_a_limit_applies_exactly_where_it_says(applies: str, facts: dict[str, object], owed: bool) -> None:
    planned = plan(make_case(**facts), make_packs(limit(applies=applies)), at("08:20"))
    assert len(planned) == int(owed)


def test_until_final_ends_with_the_senders_own_final_report() -> None:
    packs = make_packs(limit('every = "12 h"\nuntil = "final"', within=None, stage="follow_up"))
    assert plan(make_case(final_at={NodeRole.COUNTY: at("09:00")}), packs, at("10:00"))
    assert not plan(make_case(final_at={NodeRole.TOWNSHIP: at("09:00")}), packs, at("10:00"))


def test_two_recurrences_that_ask_for_the_same_follow_up_give_one_slot_at_a_time() -> None:
    packs = make_packs(
        limit('at = ["08:00", "17:00"]', id="slots", within=None, stage="follow_up"),
        limit('every = "4 h"', id="interval", within=None, stage="follow_up"),
    )
    (planned,) = plan(make_case(), packs, at("08:20"))
    assert (planned.binding.id, planned.due_at) == ("interval", at("12:10"))
    assert [(other.id, other.due_at) for other in planned.others] == [("slots", at("17:00"))]


def test_a_follow_up_that_is_asked_for_once_stands_beside_the_slots() -> None:
    packs = make_packs(
        limit(id="once", stage="follow_up"),
        limit('at = ["08:00", "17:00"]', id="slots", within=None, stage="follow_up"),
    )
    once, slot = plan(make_case(), packs, at("08:20"))
    assert (once.binding.id, once.duty.occurrence, once.counts_from) == ("once", 1, None)
    assert (slot.binding.id, slot.duty.occurrence, slot.counts_from) == ("slots", 2, at("08:10"))


def test_it_reminds_ahead_as_the_limit_or_its_pack_says() -> None:
    (planned,) = plan(make_case(), make_packs(limit(remind_before="10 min")), at("08:20"))
    assert planned.remind_at == at("09:00")


def test_an_immediate_limit_is_labelled_as_the_offices_own_target() -> None:
    (planned,) = plan(make_case(), make_packs(limit(within=None, immediate="10 min")), at("08:11"))
    assert (planned.due_at, planned.binding.working_target) == (at("08:20"), True)


def test_what_is_built_without_checking_is_what_checking_would_build() -> None:
    for planned in plan(make_case(received={NodeRole.COUNTY: at("08:20")}, nodes=NODES), DEMO, at("08:20")):
        assert Planned.model_validate(planned.model_dump()) == planned
        assert Planned.model_validate_json(planned.model_dump_json()) == planned
        assert planned.model_fields_set == set(Planned.model_fields)
        assert planned.binding.model_fields_set == set(StampedLimit.model_fields)
