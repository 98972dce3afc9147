"""Which nodes take part: asked of the demo county, so that its tree is proved too."""

from pathlib import Path
from time import perf_counter

import pytest

from jibao.county_files import read_county
from rules.chain import Chains, chain, resolve_unit
from schemas.county import County, Ladder, Node, Roster, Step
from schemas.vocabulary import NodeRole

COUNTY = read_county(Path(__file__).parents[2] / "examples" / "county")
CHAINS = Chains(COUNTY)
UPWARD = {NodeRole.COUNTY: "990101", NodeRole.CITY: "990100", NodeRole.PROVINCE: "99"}


@pytest.mark.parametrize(
    ("division", "from_node", "below_county"),
    [
        # the place decides the township
        ("990101103", None, {NodeRole.TOWNSHIP: "990101103"}),
        # a village belongs to its township
        ("990101103205", None, {NodeRole.TOWNSHIP: "990101103"}),
        # the reporter brings its own seat
        ("990101103", "park", {NodeRole.TOWNSHIP: "990101103", NodeRole.UNIT: "park"}),
        ("990101203205", "990101203205", {NodeRole.TOWNSHIP: "990101203", NodeRole.VILLAGE: "990101203205"}),
        ("990101103", "police", {NodeRole.TOWNSHIP: "990101103", NodeRole.COUNTY_DEPARTMENT: "police"}),
        # 属地: a township that reports from elsewhere does not take that township's seat
        ("990101104", "990101103", {NodeRole.TOWNSHIP: "990101104"}),
        # nobody knows where: the reporter's own place
        (None, "990101103", {NodeRole.TOWNSHIP: "990101103"}),
        (None, "park", {NodeRole.TOWNSHIP: "990101103", NodeRole.UNIT: "park"}),
        # only the county is known: the same
        ("990101", "park", {NodeRole.TOWNSHIP: "990101103", NodeRole.UNIT: "park"}),
        ("990101", None, {}),
        # the duty room's own reports add no seat
        (None, "990101", {}),
        # a reporter that has left the county
        (None, "gone", {}),
    ],
)
def test_who_takes_part(
    division: str | None, from_node: str | None, below_county: dict[NodeRole, str]
) -> None:
    assert CHAINS.of(division, from_node) == {**UPWARD, **below_county}
    assert chain(COUNTY, division, from_node) == {**UPWARD, **below_county}


def test_an_answer_can_be_changed_without_changing_the_next_one() -> None:
    CHAINS.of("990101103", None).clear()
    assert CHAINS.of("990101103", None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("990101103", "990101103"),
        ("青泉镇", "990101103"),
        (" 青泉镇 ", "990101103"),
        ("Qingquan Town", "990101103"),
        ("青泉镇\u200b", "990101103"),  # copied from a chat
        ("青 泉 镇", "990101103"),
        ("９９０１０１１０３", "990101103"),
        ("qingquan  TOWN", "990101103"),
        ("青泉镇人民政府", "990101103"),
        ("青泉镇政府", "990101103"),
        ("青泉镇镇政府值班室", "990101103"),
        ("云岭县青泉镇", "990101103"),
        ("城关街道办事处", "990101001"),
        ("城关街道办", "990101001"),
        ("上泉村村委会", "990101203205"),
        ("应急管理局", "emergency"),
        ("云岭县应急管理局", "emergency"),
        ("云岭县人民政府", "990101"),
        ("县政府", None),  # of which county?
        ("镇政府", None),
        ("青泉", None),  # a part of a name is a guess
        ("", None),
        (None, None),
    ],
)
def test_a_unit_is_found_by_its_code_or_exact_name(text: str | None, code: str | None) -> None:
    assert CHAINS.resolve_unit(text) == code
    assert resolve_unit(COUNTY, text) == code


def make_county(*nodes: Node) -> County:
    step = Step(post="duty_officer", wait_minutes={})
    return County(
        code="990101",
        name="云岭县",
        phone="0990-5550100",
        nodes=nodes,
        people=(),
        posts=(),
        roster=Roster(),
        ladders=(Ladder(id="default", steps=(step,)),),
    )


def test_a_name_that_two_nodes_share_names_neither() -> None:
    twins = [Node(code=code, name="中心小学", role=NodeRole.UNIT, division="990101") for code in ("a1", "a2")]
    assert resolve_unit(make_county(*twins), "中心小学") is None


def test_a_loop_of_parents_ends_the_walk_upward() -> None:
    county = Node(code="990101", name="县", role=NodeRole.COUNTY, division="990101", parent="990100")
    city = Node(code="990100", name="市", role=NodeRole.CITY, division="9901", parent="990101")
    assert chain(make_county(county, city), None, None) == {
        NodeRole.COUNTY: "990101",
        NodeRole.CITY: "990100",
    }


@pytest.mark.parametrize(
    ("division", "known"),
    [
        ("990101103", True),
        ("990101103999", True),  # any village of a township
        ("990101", True),
        ("9901", True),
        ("990100", True),  # the city by its full code
        ("990101999", False),  # no such township, though it lies in the county
        ("9901011039", False),  # no level has ten digits
        ("110101", False),
    ],
)
def test_which_division_codes_are_known(division: str, known: bool) -> None:
    assert CHAINS.knows_division(division) is known


def test_thousands_of_answers_take_less_than_a_second() -> None:
    begun = perf_counter()
    for _ in range(10_000):
        CHAINS.of("990101103205", "park")
    assert perf_counter() - begun < 1
