"""A time that is no RFC 3339 is refused at every door, by name, in both languages: body, query, call and act.

Read leniently, `20261123` was a morning in 1970: the report was stored and no obligation opened.
"""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.reports import at, make_report
from tests.times import NO_TEXTS, NO_TIMES
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
Way = tuple[str, str, str, dict[str, Any]]
NOBODY = "0198d5a0-0000-7000-8000-0000000000ff"
SOME = [
    ("202611230810", "datetime_parsing"),
    ("2026-11-23T08:10:00", "timezone_aware"),
    ("0001-01-01T00:00:00Z", "invalid"),
    ("9999-12-31T23:59:59+14:00", "invalid"),
]


def ways(value: Any) -> list[tuple[str, str, str, dict[str, Any], str]]:
    """Each body in which a time travels: who sends it, where to, the body, and the field that is named."""
    report, call = make_report(), make_report(medium="phone")
    stop = {"stopped_at": value}
    forward = {"medium": "phone", "sent_at": value}
    pack = {"toml": "x = 1", "in_force_from": value}
    called = {"called_at": at(), "report": call | {"occurred_at": value}}
    return [
        ("reporter", "reports", "occurred_at", report | {"occurred_at": value}, "occurred_at"),
        ("reporter", "reports", "known_at", report | {"known_at": value}, "known_at"),
        ("duty_officer", "calls", "called_at", {"called_at": value, "report": call}, "called_at"),
        ("duty_officer", "calls", "report.occurred_at", called, "report.occurred_at"),
        ("duty_officer", f"incidents/{NOBODY}/stop", "stopped_at", stop, "stopped_at"),
        ("duty_officer", f"incidents/{NOBODY}/forward", "sent_at", forward, "sent_at"),
        ("admin", "packs", "in_force_from", pack, "in_force_from"),
        ("admin", "packs?check=1", "in_force_from", pack, "in_force_from"),
    ]


async def refused(world: World, value: Any, reason: str) -> None:
    for who, path, name, body, field in ways(value):
        content = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        answer = await world.call(who, "POST", f"/api/v1/{path}", content=content, headers=headers)
        assert answer.status_code == 422, (path, name, value, answer.text)
        found = [(one["field"], one["reason"]) for one in answer.json()["errors"]]
        assert found == [(field, reason)], (path, value)


@pytest.mark.parametrize(("text", "reason"), SOME)
async def test_it_refuses_a_text_that_is_no_time_in_every_body(
    shared_world: World, text: str, reason: str
) -> None:
    await refused(shared_world, text, reason)


@pytest.mark.parametrize("value", NO_TEXTS)
async def test_it_refuses_a_value_that_is_no_text_in_every_body(shared_world: World, value: Any) -> None:
    await refused(shared_world, value, "datetime_parsing")


@pytest.mark.parametrize(("text", "reason"), NO_TIMES)
async def test_it_names_the_field_of_a_report_whatever_the_text_is(
    shared_world: World, text: str, reason: str
) -> None:
    body = make_report(occurred_at=text)
    answer = await shared_world.call("reporter", "POST", "/api/v1/reports", json=body)
    assert answer.status_code == 422, answer.text
    assert [(one["field"], one["reason"]) for one in answer.json()["errors"]] == [("occurred_at", reason)]


QUERIES = [("timeliness", "from"), ("timeliness", "to"), ("obligations", "due_before")]
LOG = [("security-log", "since"), ("security-log", "until")]


@pytest.mark.parametrize(("path", "name"), QUERIES + LOG)
async def test_it_names_the_parameter_of_a_question(shared_world: World, path: str, name: str) -> None:
    for text, reason in NO_TIMES:
        answer = await shared_world.call("auditor", "GET", f"/api/v1/{path}", params={name: text})
        assert answer.status_code == 422, (text, answer.text)
        assert [(one["field"], one["reason"]) for one in answer.json()["errors"]] == [(name, reason)], text


@pytest.mark.parametrize(("path", "name"), QUERIES + LOG)
async def test_it_answers_no_question_about_what_is_over_ten_years_ahead(
    shared_world: World, path: str, name: str
) -> None:
    for text in ("2036-11-25T00:00:00Z", "2199-12-31T23:59:59-14:00"):
        answer = await shared_world.call("auditor", "GET", f"/api/v1/{path}", params={name: text})
        assert answer.status_code == 422, (text, answer.text)
        assert answer.json()["errors"][0]["field"] == name
    answer = await shared_world.call(
        "auditor", "GET", f"/api/v1/{path}", params={name: "2036-11-20T00:00:00Z"}
    )
    assert answer.status_code == 200, answer.text


async def test_it_answers_about_the_earliest_day_that_can_be_asked_for(shared_world: World) -> None:
    for zone in ("Z", "%2B14:00", "-14:00"):
        answer = await shared_world.call(
            "auditor",
            "GET",
            f"/api/v1/timeliness?from=1900-01-02T00:00:00{zone}&to=2036-01-01T00:00:00{zone}",
        )
        assert answer.status_code == 200, answer.text


STRANGE = [
    ("incidents", "limit", "1e3"),
    ("incidents", "limit", "0"),
    ("incidents", "limit", "9" * 400),
    ("incidents", "limit", "１０"),
    ("incidents", "state", "half"),
    ("obligations", "limit", "-1"),
    ("obligations", "state", "none"),
    ("obligations", "unit", "a\x00b"),
    ("overview", "limit", "9" * 5000),
    ("timeliness", "group_by", "moon"),
    ("events", "limit", "1001.5"),
    ("events", "after", "x" * 5000),
    ("events", "after", "99999999999999999999.9999999999999999999"),
    ("packs", "check", "2"),
    ("stream", "after", "1.x"),
]


@pytest.mark.parametrize(("path", "name", "value"), STRANGE)
async def test_no_other_parameter_of_a_question_breaks_the_answer(
    shared_world: World, path: str, name: str, value: str
) -> None:
    """A value that nobody can mean is refused or, where a route does not know the parameter, passed over."""
    answer = await shared_world.call("auditor", "GET", f"/api/v1/{path}", params={name: value})
    assert answer.status_code == (200 if path == "packs" else 422), answer.text
    if answer.status_code == 422:
        assert answer.json()["detail"] and answer.headers["content-type"] == "application/problem+json"


async def test_it_says_in_both_languages_what_a_time_looks_like(shared_world: World) -> None:
    body = make_report(occurred_at="20261123", report_id=str(uuid4()))
    said = {}
    for language in ("zh", "en"):
        answer = await shared_world.call(
            "reporter", "POST", "/api/v1/reports", json=body, headers={"Accept-Language": language}
        )
        (fault,) = answer.json()["errors"]
        said[language] = fault["detail"]
    assert "不是 RFC 3339 时间" in said["zh"] and "2026-11-23T08:10:00+08:00" in said["zh"]
    assert "is not a time" in said["en"] and "2026-11-23T08:10:00+08:00" in said["en"]
