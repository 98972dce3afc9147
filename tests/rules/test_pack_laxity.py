"""An office's own limit that is later than the law above it is found; what cannot be compared is left alone."""

import pytest

from rules.limits import Pack
from rules.pack_files import read_folder, read_text
from rules.pack_laxity import laxer
from rules.pack_problems import Problem
from tests.rules.cases import HEADER, limit

OWN = HEADER.replace('id = "test"', 'id = "county.own"\nregion = ["990101"]')
ABOVE = HEADER.replace('id = "test"', 'id = "law"\nregion = ["99"]')


def findings(own: str, above: str, head: str = ABOVE) -> list[Problem]:
    """What is found in a county's pack under another one."""
    packs = [read_text((text).encode(), "mine.toml") for text in (OWN + own, head + above)]
    return list(laxer(("mine.toml", packs[0]), [packs[1]]))


LATER = [
    # an office's limit, the law above it
    ({"within": "2 h"}, {"within": "1 h"}),
    ({"within": "60 min", "clock": "known"}, {"within": "60 min"}),  # known is never before occurred
    ({"within": "60 min", "clock": "received"}, {"within": "30 min"}),
    (
        {"within": "2 h", "clock": ["known", "occurred"]},
        {"within": "1 h", "clock": ["known", "received"]},
    ),
    ({"within": "2 h", "medium": "phone"}, {"within": "1 h"}),  # the law leaves the medium open
    ({"within": "2 h"}, {"within": "1 h", "applies": '{ grades = ["I"] }'}),
    ({"within": "2 h"}, {"within": "1 h", "applies": '{ categories = ["accident.fire"] }'}),
    ({"within": "2 h", "from": ["township", "unit"]}, {"within": "1 h", "from": "unit"}),
    ({"within": None, "every": "12 h"}, {"within": None, "every": "6 h"}),
    ({"within": None, "immediate": "30 min"}, {"within": "20 min"}),
]


@pytest.mark.parametrize(("own", "above"), LATER)
def test_it_finds_a_limit_that_is_due_after_the_law_above_it(
    own: dict[str, object], above: dict[str, object]
) -> None:
    (found,) = findings(limit(**own), limit(**above))
    assert (found.file, found.limit) == ("mine.toml", "L1")
    assert found.key in ("within", "every", "immediate")
    assert found.problem.startswith("is laxer than the law above it")
    assert "law L1, 某办法 art. 1, asks" in found.problem
    assert found.allowed.endswith(", or earlier")


@pytest.mark.parametrize(
    ("own", "above"),
    [
        ({"within": "1 h"}, {"within": "1 h"}),
        ({"within": "30 min", "clock": "known"}, {"within": "60 min"}),  # may be earlier or later
        ({"within": "2 h"}, {"within": "1 h", "clock": "known"}),
        ({"within": "2 h", "clock": "judged"}, {"within": "1 h", "clock": "received"}),
        ({"within": "2 h"}, {"within": "1 h", "to": "city"}),
        ({"within": "2 h"}, {"within": "1 h", "stage": "final"}),
        ({"within": "2 h", "medium": "written"}, {"within": "20 min", "medium": "phone"}),
        ({"within": "2 h"}, {"within": "20 min", "medium": "phone"}),
        (
            {"within": "2 h", "applies": '{ grades = ["IV"] }'},
            {"within": "1 h", "applies": '{ grades = ["I"] }'},
        ),
        (
            {"within": "2 h", "applies": '{ categories = ["accident.fire"] }'},
            {"within": "1 h", "applies": '{ categories = ["public_health"] }'},
        ),
        ({"within": "2 h"}, {"within": "1 h", "applies": '{ tags = ["may_evolve"] }'}),
        ({"within": "2 h"}, {"within": "1 h", "applies": "{ quantities = { deaths = { min = 3 } } }"}),
        ({"within": "2 h"}, {"within": "1 h", "citation": '{ of = "d", status = "draft" }'}),
        (
            {"within": "2 h"},
            {"within": "1 h", "citation": '{ of = "d", status = "V1", in_force_until = 2001-01-01 }'}
            | {"applies": '{ regions = ["9902"] }'},
        ),
        ({"within": "2 h"}, {"within": None, "immediate": "15 min"}),  # the law has no number: 立即
        ({"within": None, "text": "business_days = 3"}, {"within": "1 d"}),  # counted by a calendar
        ({"within": None, "text": "days = 3"}, {"within": "1 d"}),
        (
            {"within": "2 h", "text": 'not_later_than = { clock = "known", within = "10 min" }'},
            {"within": "1 h"},
        ),
    ],
)
def test_it_leaves_alone_what_is_not_later_or_cannot_be_compared(
    own: dict[str, object], above: dict[str, object]
) -> None:
    assert findings(limit(**own), limit(**above)) == []  # type: ignore[arg-type]


def test_it_takes_a_call_in_time_for_what_a_law_asks_by_any_medium() -> None:
    call, text = (
        limit(id="L1", medium="phone", within="20 min"),
        limit(id="L2", medium="written", within="2 h"),
    )
    assert findings(call + text, limit(within="1 h")) == []
    assert [one.limit for one in findings(text, limit(within="1 h"))] == ["L2"]


def test_it_compares_with_what_stands_above_only() -> None:
    for region in ('region = ["990101"]', 'region = ["990102"]', 'region = ["99010101"]'):
        beside = HEADER.replace('id = "test"', f'id = "law"\n{region}')
        assert findings(limit(within="2 h"), limit(within="1 h"), beside) == []
    country = HEADER.replace('id = "test"', 'id = "law"')
    assert len(findings(limit(within="2 h"), limit(within="1 h"), country)) == 1


def test_it_names_the_grades_for_which_the_law_is_stricter() -> None:
    (found,) = findings(limit(within="2 h"), limit(within="1 h", applies='{ grades = ["I", "II"] }'))
    assert "(I, II): 2 h from occurred" in found.problem


def test_the_packs_of_the_demo_keep_the_law_above_them() -> None:
    packs = read_folder()
    own: list[Pack] = [pack for pack in packs if pack.header.fictional]
    assert len(own) >= 2
    assert [one for pack in own for one in laxer((pack.header.id, pack), packs)] == []
