"""The shipped grade criteria, row by row: the last number outside and the first inside of every half-open bound."""

import pytest

from rules.grading import Proposal, propose
from rules.pack_files import load
from schemas.vocabulary import Quantity
from tests.rules.cases import at, make_case

PACKS = load(["cn.grades", "county.demo"])
NATIONAL, COUNTY = PACKS.packs
MINE, ROAD, FIRE = "accident.work_safety.mine", "accident.traffic.road", "accident.fire"
EQUIPMENT, LIFT = "accident.public_facility.special_equipment", "accident.public_facility.lift"
FOREST, GEOLOGICAL = "natural_disaster.forest_grassland_fire", "natural_disaster.geological"
MASS, DISPUTE = "social_security.mass_incident", "social_security.dispute.water_rights"
LABOUR = "social_security.dispute.labour"
WATER, GAS = "accident.public_facility.water_supply", "accident.public_facility.gas"
HEAT, SOURCE = "accident.public_facility.heating", "accident.radiation"
M = 1_000_000

DEATHS = ((0, None), (1, "IV"), (2, "IV"), (3, "III"), (9, "III"), (10, "II"), (29, "II"), (30, "I"))
HURT = ((0, None), (1, "IV"), (9, "IV"), (10, "III"), (49, "III"), (50, "II"), (99, "II"), (100, "I"))
ART_3 = ((0, None), (1, "IV"), (10 * M - 1, "IV"), (10 * M, "III"), (50 * M - 1, "III"), (50 * M, "II"),
         (100 * M - 1, "II"), (100 * M, "I"))  # fmt: skip
ART_64 = ((9_999, None), (10_000, "IV"), *ART_3[2:])
ART_4 = ((0, None), (1, "IV"), (M - 1, "IV"), (M, "III"), (5 * M - 1, "III"), (5 * M, "II"), (10 * M - 1, "II"),
         (10 * M, "I"))  # fmt: skip

EDGES = [
    # 493号令 art. 3: any one of deaths, serious injuries, direct loss
    (MINE, "deaths", DEATHS, {}),
    (MINE, "serious_injuries", HURT, {}),
    (MINE, "direct_loss_cny", ART_3, {}),
    ("accident.hazardous_chemicals", "deaths", DEATHS, {}),
    # the same numbers by analogy: road traffic and fire
    (ROAD, "deaths", DEATHS, {}),
    ("accident.traffic.expressway", "serious_injuries", HURT, {}),
    (FIRE, "direct_loss_cny", ART_3, {}),
    # 特种设备安全监察条例 arts 61–64: the same, but a loss from 10,000 yuan
    (LIFT, "deaths", DEATHS, {}),
    (EQUIPMENT, "serious_injuries", HURT, {}),
    (EQUIPMENT, "direct_loss_cny", ART_64, {}),
    # arts 61–64: a toxic leak moves people
    (EQUIPMENT, "evacuated", ((499, None), (500, "IV"), (9_999, "IV"), (10_000, "III"), (49_999, "III"),
                              (50_000, "II"), (149_999, "II"), (150_000, "I")), {}),
    # arts 61, 62: a hundred people stranded; art. 63: anybody for 12 h; art. 64: from 3.5 h
    (EQUIPMENT, "outage_minutes", ((209, None), (210, "IV"), (719, "IV"), (720, "III"), (1439, "III"),
                                   (1440, "II"), (2879, "II"), (2880, "I")), {"trapped": 100}),
    (EQUIPMENT, "trapped", ((0, None), (1, "III"), (99, "III"), (100, "I")), {"outage_minutes": 2880}),
    (EQUIPMENT, "trapped", ((99, "III"), (100, "II")), {"outage_minutes": 1440}),
    (EQUIPMENT, "trapped", ((0, None), (1, "IV")), {"outage_minutes": 210}),
    # art. 64: somebody in a lift for 2 hours
    (LIFT, "outage_minutes", ((119, None), (120, "IV"), (100_000, "IV")), {"trapped": 1}),
    (LIFT, "trapped", ((0, None), (1, "IV")), {"outage_minutes": 120}),
    # 森林防火条例 art. 40
    (FOREST, "area_ha", ((0, "IV"), (0.99, "IV"), (1, "III"), (99.9, "III"), (100, "II"), (999.9, "II"),
                         (1000, "I")), {}),
    (FOREST, "deaths", DEATHS, {}),
    (FOREST, "serious_injuries", HURT, {}),
    # 地质灾害防治条例 art. 4
    (GEOLOGICAL, "deaths", DEATHS, {}),
    (GEOLOGICAL, "direct_loss_cny", ART_4, {}),
    # 地质灾害险情 (plans, V2): people who must be moved
    (GEOLOGICAL, "persons_to_move", ((0, None), (1, "IV"), (99, "IV"), (100, "III"), (499, "III"), (500, "II"),
                                     (999, "II"), (1000, "I")), {}),
    # 放射性同位素条例 art. 40: acute deaths, or severe radiation sickness
    (SOURCE, "deaths", ((0, None), (1, "II"), (2, "II"), (3, "I")), {}),
    (SOURCE, "serious_injuries", ((0, None), (1, "III"), (9, "III"), (10, "II"), (100, "II")), {}),
    # 群体性事件, national trial list (V2)
    (MASS, "participants", ((999, None), (1000, "II"), (4999, "II"), (5000, "I")), {}),
    (DISPUTE, "participants", ((999, None), (1000, "II")), {}),
    (MASS, "deaths", ((2, None), (3, "II"), (9, "II"), (10, "I")), {}),
    (MASS, "injuries", ((9, None), (10, "II"), (29, "II"), (30, "I")), {}),
    (MASS, "serious_injuries", ((9, None), (10, "II"), (29, "II"), (30, "I")), {}),
    # 供水 and 燃气, national trial list (V2): 50,000 households and 48 hours together
    (WATER, "households", ((49_999, None), (50_000, "I")), {"outage_minutes": 2880}),
    (WATER, "outage_minutes", ((2879, None), (2880, "I")), {"households": 50_000}),
    # 燃气 (a city's copy, V3): 24 hours
    (GAS, "households", ((999, None), (1000, "IV"), (9_999, "IV"), (10_000, "III"), (29_999, "III"),
                         (30_000, "II"), (50_000, "II")), {"outage_minutes": 1440}),
    (GAS, "outage_minutes", ((1439, None), (1440, "II"), (2879, "II"), (2880, "I")), {"households": 50_000}),
    (GAS, "outage_minutes", ((1439, None), (1440, "III")), {"households": 10_000}),
    (GAS, "outage_minutes", ((1439, None), (1440, "IV")), {"households": 1000}),
]  # fmt: skip

PLACED = [
    # the fictional county, art. 6: in a sensitive place the number is lower
    (MASS, {"participants": 49}, ["sensitive_place"], "990101103", None),
    (MASS, {"participants": 50}, ["sensitive_place"], "990101103", "III"),
    (MASS, {"participants": 199}, ["sensitive_place"], "990101103", "III"),
    (MASS, {"participants": 200}, ["sensitive_place"], "990101103", "II"),
    (DISPUTE, {"participants": 200}, ["sensitive_place"], "990101103", "II"),
    (MASS, {"participants": 5000}, ["sensitive_place"], "990101103", "I"),
    (MASS, {"participants": 200}, ["sensitive_time"], "990101103", None),
    (MASS, {"participants": 200}, [], "990101103", None),
    (MASS, {"participants": 200}, ["sensitive_place"], "150101", None),
    # … one city's plan for labour disputes is a draft: nobody knows the city
    (LABOUR, {"participants": 200}, ["sensitive_place"], "150101", None),
    (LABOUR, {"participants": 999}, [], "990101103", None),
    # 临汾 (a copy, V3): its urban area, and its counties from half of that
    (HEAT, {"households": 9_999, "outage_minutes": 1440}, [], "141002", None),
    (HEAT, {"households": 10_000, "outage_minutes": 1440}, [], "141002", "IV"),
    (HEAT, {"households": 10_000, "outage_minutes": 1439}, [], "141002", None),
    (HEAT, {"households": 4_999, "outage_minutes": 1440}, [], "141021", None),
    (HEAT, {"households": 5_000, "outage_minutes": 1440}, [], "141021", "IV"),
    (HEAT, {"households": 5_000, "outage_minutes": 1439}, [], "141082", None),
    (HEAT, {"households": 5_000, "outage_minutes": 1440}, [], "141082", "IV"),
    # nowhere else, and nowhere unknown
    (HEAT, {"households": 90_000, "outage_minutes": 9999}, [], "990101103", None),
    (HEAT, {"households": 90_000, "outage_minutes": 9999}, [], None, None),
    # drafts never speak: a row for water that nobody verified (U), a plan of an unnamed league
    (WATER, {"households": 10_000, "outage_minutes": 1440}, [], "990101103", None),
    (MASS, {"participants": 500}, [], "150101", None),
    # what no clause grades by numbers
    ("public_health.food_safety", {"deaths": 30}, [], "990101103", None),
    ("accident.traffic.rail", {"deaths": 30}, [], "990101103", None),
]


def proposed(category: str, quantities: dict[str, float], **changes: object) -> Proposal | None:
    case = make_case(category=category, quantities=quantities, **changes)
    answer = propose(case, PACKS, at("09:00"))
    return answer if isinstance(answer, Proposal) else None


@pytest.mark.parametrize(
    ("category", "quantity", "value", "beside", "grade"),
    [(category, name, v, beside, grade) for category, name, edges, beside in EDGES for v, grade in edges],
)
def test_each_edge_of_each_bound_makes_its_grade(
    category: str, quantity: str, value: float, beside: dict[str, float], grade: str | None
) -> None:
    answer = proposed(category, {**beside, quantity: value})
    assert (answer.decided.grade if answer else None) == grade


@pytest.mark.parametrize(("category", "quantities", "tags", "division", "grade"), PLACED)
def test_place_and_sensitivity_decide_which_criteria_are_asked(
    category: str, quantities: dict[str, float], tags: list[str], division: str | None, grade: str | None
) -> None:
    answer = proposed(category, quantities, tags=tags, division=division)
    assert (answer.decided.grade if answer else None) == grade


def test_no_bound_of_a_shipped_criterion_is_without_a_row() -> None:
    """Each criterion in force decides at least once in the tables above, at its own lower edge."""
    cases = [(c, {**beside, name: v}, {}) for c, name, edges, beside in EDGES for v, _ in edges]
    cases += [(c, q, {"tags": tags, "division": place}) for c, q, tags, place, _ in PLACED]
    answers = [answer for c, q, more in cases if (answer := proposed(c, q, **more))]
    spoken = {one.criterion for answer in answers for one in (answer.decided, *answer.others)}
    criteria = (*NATIONAL.criteria, *COUNTY.criteria)
    in_force = {one.id for one in criteria if one.citation.status != "draft"}
    assert in_force - spoken == set()


def test_every_criterion_names_its_grade_in_its_id_and_says_how_sure_it_is() -> None:
    for one in (*NATIONAL.criteria, *COUNTY.criteria):
        assert one.id.startswith("linfen.") or one.id.endswith(f".{one.grade}")
        assert set(one.quantities) <= set(Quantity)
        by_analogy = one.id.startswith("traffic_fire.")
        assert ("by analogy" in one.title_en, "参照" in one.title) == (by_analogy, by_analogy)


def test_what_nobody_has_verified_is_a_draft() -> None:
    drafts = {one.id for one in NATIONAL.criteria if one.citation.status == "draft"}
    assert drafts == {
        "mass.sensitive_place.I", "mass.sensitive_place.II",
        "labour.participants.I", "labour.participants.II", "league.participants.II", "league.deaths.I",
        "league.deaths.II", "water.outage.II",
    }  # fmt: skip
