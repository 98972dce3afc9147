"""An office puts its own packs in force, inside its county, and never the rules of yesterday."""

from datetime import timedelta

import pytest

from rules.adoption import Untimely, next_midnight, not_the_offices, objections, together, untimely
from rules.limits import Pack
from rules.pack_files import read_text
from tests.rules.cases import HEADER, at, limit


def pack(*limits: str, pack_id: str = "county.test", region: str = '["990101"]', version: str = "1") -> Pack:
    header = HEADER.replace('id = "test"', f'id = "{pack_id}"\nregion = {region}').replace(
        '"1"', f'"{version}"', 1
    )
    return read_text((header + "".join(limits or (limit(),))).encode(), "x.toml")


@pytest.mark.parametrize(
    ("pack_id", "region", "keys"),
    [
        ("county.test", '["990101"]', []),
        ("county.test", '["990101103", "990101104"]', []),  # part of the county
        ("cn.national", '["990101"]', ["pack.id"]),  # an id of a higher issuer
        ("countyish", '["990101"]', ["pack.id"]),
        ("county.test", '["9901"]', ["pack.region"]),  # the whole city
        ("county.test", '["990101", "990102"]', ["pack.region"]),
        ("county.test", "[]", ["pack.region"]),  # the whole country
        ("cn.national", "[]", ["pack.id", "pack.region"]),
    ],
)
def test_an_office_makes_only_what_is_its_own(pack_id: str, region: str, keys: list[str]) -> None:
    found = not_the_offices(pack(pack_id=pack_id, region=region), "x.toml", "990101")
    assert [one.key for one in found] == keys
    assert all(one.allowed and one.file == "x.toml" for one in found)


def test_a_limit_has_an_id_of_its_own_among_all_packs_but_its_older_self() -> None:
    law, older = pack(limit(id="N1"), pack_id="cn.law", region="[]"), pack(limit(id="L1"))
    assert objections(pack(limit(id="L1")), "x.toml", "990101", [law, older]) == []
    (found,) = objections(pack(limit(id="N1")), "x.toml", "990101", [law, older])
    assert (found.limit, found.key) == ("N1", "id") and "cn.law" in str(found)


@pytest.mark.parametrize(
    ("begins", "why"),
    [
        (timedelta(), None),
        (timedelta(days=3000), None),
        (timedelta(seconds=-1), Untimely.IN_THE_PAST),
        (timedelta(days=3654), Untimely.TOO_FAR_AHEAD),
    ],
)
def test_it_begins_neither_yesterday_nor_out_of_sight(begins: timedelta, why: Untimely | None) -> None:
    assert untimely(at("09:00") + begins, at("09:00")) is why


@pytest.mark.parametrize(("now", "day"), [("00:00", 24), ("09:00", 24), ("23:59:59", 24)])
def test_the_next_midnight_is_the_countys_own(now: str, day: int) -> None:
    assert next_midnight(at(now), "Asia/Shanghai") == at("00:00", day)


def test_an_adopted_pack_takes_the_place_of_the_shipped_one_of_its_id() -> None:
    law, shipped, adopted = pack(pack_id="cn.law"), pack(), pack(version="2")
    assert together([shipped, law], [adopted, pack(pack_id="county.b")]) == (
        adopted,
        law,
        pack(pack_id="county.b"),
    )
