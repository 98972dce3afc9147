"""Conditions that no incident can meet, and clocks that can never start, are named by their keys."""

import pytest

from rules.pack_check import check
from rules.pack_files import read_text
from tests.rules.cases import HEADER, limit

ENDED = HEADER.replace(
    "in_force_from = 2000-01-01", "in_force_from = 2000-01-01\nin_force_until = 2020-01-01"
)


NEVER = [
    # a limit, the key to which the finding points, what it says
    (
        limit(applies='{ categories = ["accident"], any = [{ categories = ["public_health"] }] }'),
        "applies.any[0].categories",
        "can never apply: outside accident",
    ),
    (
        limit(
            applies="{ quantities = { deaths = { min = 3 } }, any = [{ quantities = { deaths = { below = 3 } } }] }"
        ),
        "applies.any[0].quantities.deaths",
        "can never apply: the limit wants other deaths",
    ),
    (
        limit(applies='{ grades = ["ungraded"] }', clock="judged"),
        "clock",
        "can never start: what is ungraded has not been judged",
    ),
]


@pytest.mark.parametrize(("text", "key", "problem"), NEVER)
def test_it_finds_what_can_never_apply(text: str, key: str, problem: str) -> None:
    (found,) = check([("mine.toml", read_text((HEADER + text).encode(), "mine.toml"))])
    assert (found.limit, found.key, found.problem) == ("L1", key, problem)
    assert found.allowed


OTHER_DAYS = [
    # the days of a clause whose document holds from 2000 to 2020, the key that is wrong
    ("in_force_from = 2021-01-01, in_force_until = 2022-01-01", "citation.in_force_from"),
    ("in_force_from = 1990-01-01, in_force_until = 1999-01-01", "citation.in_force_until"),
]


@pytest.mark.parametrize(("days", "key"), OTHER_DAYS)
def test_it_finds_a_clause_that_holds_only_when_its_document_does_not(days: str, key: str) -> None:
    text = ENDED + limit(citation=f'{{ of = "d", status = "V1", {days} }}')
    (found,) = check([("mine.toml", read_text(text.encode(), "mine.toml"))])
    assert (found.limit, found.key) == ("L1", key)


@pytest.mark.parametrize(
    "applies",
    [
        '{ categories = ["accident"], any = [{ categories = ["accident.fire"] }] }',
        '{ categories = ["accident.fire"], any = [{ categories = ["accident"] }] }',
        "{ quantities = { deaths = { min = 3 } }, any = [{ quantities = { deaths = { min = 1, below = 4 } } }] }",
    ],
)
def test_it_leaves_alone_what_can_apply(applies: str) -> None:
    assert check([("mine.toml", read_text((HEADER + limit(applies=applies)).encode(), "mine.toml"))]) == []
