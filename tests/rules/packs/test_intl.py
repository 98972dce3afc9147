"""The limits outside China: each asked by its pack's name; no place in China ever gets one."""

from datetime import datetime, timedelta

import pytest

from jibao.workdays import known_holidays
from rules.explanation import explain
from rules.pack_files import load, read_folder
from rules.packs import Packs
from schemas.categories import CATEGORIES
from schemas.incident import Case
from schemas.vocabulary import Clock
from tests.rules.cases import make_case
from tests.rules.packs.asking import (
    DAY,
    HOUR,
    JUDGED,
    KNOWN,
    OCCURRED,
    J,
    K,
    Row,
    case_of,
    due_times,
    expect,
    expect_silence,
    packs_of,
    speaking_limits,
)

A = "unit → authority"
NET, RADIATION, WORK = "accident.network", "accident.radiation", "accident.work_safety"

ROWS = {
    # NIS2 art. 23: 24 and 72 hours from becoming aware, two reports
    "intl.nis2": [
        Row("NIS2.early_warning", A, K, DAY, NET),
        Row("NIS2.notification", A, K, 3 * DAY, NET, "II"),
    ],
    # DORA: 4 hours from classification
    "intl.dora": [Row("DORA.initial", A, J, 4 * HOUR, NET, "I")],
    # CRA art. 14: 24 and 72 hours from becoming aware
    "intl.cra": [
        Row("CRA.early_warning", A, K, DAY, NET),
        Row("CRA.notification", A, K, 3 * DAY, NET),
    ],
    # GDPR art. 33: 72 hours
    "intl.gdpr": [Row("GDPR.notification", A, K, 3 * DAY, "accident.data_secrecy")],
    # 10 CFR 50.72: an hour from the declaration, 4 and 8 from discovery; 50.73: 60 days, in writing
    "intl.nrc": [
        Row("NRC.declaration", A, J, 60, RADIATION, "I"),
        Row("NRC.4h", A, K, 4 * HOUR, RADIATION),
        Row("NRC.8h", A, K, 8 * HOUR, RADIATION),
        Row("NRC.LER", A, K, 60 * DAY, RADIATION, medium="written"),
    ],
    # 8-K: judged on a Sunday in New York; Thursday is Thanksgiving, so Friday is the fourth day and ends 4 h 29 min
    # and 5 days later
    "intl.sec": [Row("SEC.8-K", A, J, 5 * DAY + 4 * HOUR + 29, NET)],
    # IHR art. 6: 24 hours from the assessment, by the state
    "intl.ihr": [
        Row("IHR.notification", "ministry → authority", J, DAY, "public_health.infectious.novel"),
        Row("IHR.notification", "ministry → authority", J, DAY, "public_health.unexplained", "II"),
    ],
    # 29 CFR 1904.39: a death, 8 hours
    "intl.osha": [Row("OSHA.fatality", A, K, 8 * HOUR, WORK, quantities={"deaths": 1})],
}

SILENT = [
    # a leak of data is not the failure of a network, nor the other way round
    ("intl.nis2", Row("NIS2.early_warning", A, K, 0, "accident.data_secrecy")),
    ("intl.gdpr", Row("GDPR.notification", A, K, 0, NET)),
    # what is no incident is not reported
    ("intl.dora", Row("DORA.initial", A, J, 0, NET, "non_incident")),
    # nobody died, or nobody knows; the 24 hours are a draft
    ("intl.osha", Row("OSHA.fatality", A, K, 0, WORK, quantities={"deaths": 0})),
    ("intl.osha", Row("OSHA.fatality", A, K, 0, WORK)),
    ("intl.osha", Row("OSHA.hospitalisation", A, K, 0, WORK, quantities={"serious_injuries": 2})),
    # 15 minutes to state and local agencies: a draft
    ("intl.nrc", Row("NRC.state_and_local", A, J, 0, RADIATION, "I")),
    # a food event is not the kind that is encoded
    ("intl.ihr", Row("IHR.notification", "ministry → authority", J, 0, "public_health.food_safety")),
    # a place in China
    ("intl.dora", Row("DORA.initial", A, J, 0, NET, "I", division="310104")),
]

ASKED = [(pack, row) for pack, rows in ROWS.items() for row in rows]


@pytest.mark.parametrize(("pack", "row"), ASKED, ids=[str(row) for _, row in ASKED])
def test_it_says_what_the_clause_says(pack: str, row: Row) -> None:
    expect(pack, row)


@pytest.mark.parametrize(("pack", "row"), SILENT, ids=[str(row) for _, row in SILENT])
def test_it_does_not_ask_for_more_than_the_clause(pack: str, row: Row) -> None:
    expect_silence(pack, row)


@pytest.mark.parametrize("pack", ROWS)
def test_every_limit_has_a_row(pack: str) -> None:
    assert {row.limit for row in ROWS[pack]} == speaking_limits(pack)


def test_every_pack_outside_china_is_asked_here() -> None:
    assert set(ROWS) == {pack.header.id for pack in read_folder() if pack.header.id.startswith("intl.")}


def dora(**changes: object) -> tuple[datetime, Clock]:
    """When DORA's first notification is due, and the clock that binds."""
    case = case_of("intl.dora", ROWS["intl.dora"][0]).model_copy(update=changes)
    (planned,) = explain(case, packs_of("intl.dora"), OCCURRED).obligations
    return planned.due_at, planned.binding.clock


def test_of_doras_two_clocks_the_classification_binds_when_it_is_early() -> None:
    assert dora() == (JUDGED + timedelta(hours=4), Clock.JUDGED)
    at_the_edge = KNOWN + timedelta(hours=20)
    assert dora(judged_at=at_the_edge) == (KNOWN + timedelta(hours=24), Clock.JUDGED)


def test_of_doras_two_clocks_the_awareness_binds_when_the_classification_is_late_or_missing() -> None:
    outer = (KNOWN + timedelta(hours=24), Clock.KNOWN)
    assert dora(judged_at=KNOWN + timedelta(hours=20, minutes=1)) == outer
    assert dora(judged_at=KNOWN + timedelta(days=3)) == outer
    assert dora(judged_at=None) == outer


def test_the_fourth_business_day_ends_at_midnight_in_new_york() -> None:
    (due,) = due_times("intl.sec", ROWS["intl.sec"][0])
    assert due == datetime.fromisoformat("2026-11-28T00:00-05:00")


def test_it_is_asked_by_its_name_wherever_the_incident_is() -> None:
    packs = Packs(packs_of("intl.gdpr").packs, everywhere=True)
    case = make_case(category="accident.data_secrecy", known_at=KNOWN, division=None)
    assert [one.binding.id for one in explain(case, packs, KNOWN).obligations] == ["GDPR.notification"]


def everything(division: str | None, category: str) -> Case:
    return make_case(
        category=category,
        division=division,
        quantities={"deaths": 40, "serious_injuries": 200},
        known_at=KNOWN,
        judged_at=JUDGED,
    )


def test_no_place_in_china_gets_a_limit_from_outside() -> None:
    everywhere = load()
    chinese = {region for pack in everywhere.packs for region in pack.header.region if region != "00"}
    chinese |= {f"{province:02}0101" for province in range(11, 100)}
    outside = {pack.header.id for pack in everywhere.packs if pack.header.id.startswith("intl.")}
    for division in (None, *sorted(chinese)):
        covering = everywhere.covering(division)
        assert not outside & set(covering.ids)
        given = everywhere.candidates(NET, everything(division, NET).grade, division, None)
        assert not outside & {rule.stamp.pack for rule in given}


def test_the_whole_of_one_answer_in_china_is_chinese() -> None:
    packs = Packs(load().packs, holidays=known_holidays())
    for category in CATEGORIES:
        answer = explain(everything("310104", category), packs, OCCURRED)
        assert not [p for p in answer.obligations if p.binding.pack.startswith("intl.")]
