"""Every kind of bad report gets an answer that names field and reason, in the sender's language, and is kept."""

import json
from typing import Any

import pytest

from tests.reports import at, make_call, make_later, make_report
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOBODY = "0198d5a0-0000-7000-8000-0000000000ff"


def where(**changes: Any) -> bytes:
    """A report with these keys replaced."""
    return json.dumps(make_report(**changes)).encode()


def text(size: int) -> bytes:
    """A report of so many bytes."""
    body = where(details={"process": ""})
    return body.replace(b'"process": ""', b'"process": "' + b"x" * (size - len(body)) + b'"')


BODIES = [
    (b'{"stage": "first",', 400, "", "json_invalid"),  # cut off
    (b"", 400, "", "json_invalid"),  # nothing
    (b"\xff\xfe\x00", 400, "", "encoding"),  # a text in no encoding
    (where(title="é").replace(b"\\u00e9", b"\xe9"), 400, "", "encoding"),  # nor this one
    (where(unread={"colour": "red"}), 422, "unread", "invalid"),  # words of a field that is none
    (where(unread={"title": 5}), 422, "unread.title", "string_type"),
    (b"[" * 5000, 400, "", "json_invalid"),  # nested without end
    (b"[]", 422, "", "model_type"),  # not an object
    (b'"first"', 422, "", "model_type"),
    (where(colour="red"), 422, "colour", "extra_forbidden"),  # unknown field
    (where(place={"village": "x"}), 422, "place.village", "extra_forbidden"),  # unknown field, deeper
    (where(report_id="7"), 422, "report_id", "uuid_parsing"),
    (where(occurred_at="2026-11-23T08:55:00"), 422, "occurred_at", "timezone_aware"),  # time without zone
    (where(occurred_at="yesterday"), 422, "occurred_at", "datetime_parsing"),
    (where(occurred_at="0001-01-01T00:00:00+14:00"), 422, "occurred_at", "invalid"),  # nobody reports that
    (where(occurred_at=at(minutes=3)), 422, "occurred_at", "future_time"),
    (where(known_at=at(days=1)), 422, "known_at", "future_time"),
    (where(stage="follow_up"), 422, "incident_id", "invalid"),  # names no incident
    (where(corrects=NOBODY), 422, "corrects", "invalid"),  # a first report corrects nothing
    (json.dumps(make_later(NOBODY)).encode(), 422, "incident_id", "unknown_incident"),
    (where(incident_id=NOBODY), 422, "incident_id", "unknown_incident"),  # a text for a call nobody logged
    (text(64 * 1024 + 1), 413, "", "too_large"),
]


@pytest.mark.parametrize(("body", "status", "field", "reason"), BODIES)
async def test_it_names_the_field_and_the_reason_and_stores_nothing(
    shared_world: World, body: bytes, status: int, field: str, reason: str | None
) -> None:
    world = shared_world
    before = await counts(world)
    answer = await world.call("reporter", "POST", "/api/v1/reports", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), (
        answer.text
    )
    problem = answer.json()
    assert field in [one["field"] for one in problem["errors"]]
    if reason is not None:
        assert (field, reason) in [(one["field"], one["reason"]) for one in problem["errors"]]
    assert problem["detail"] and problem["title"] and problem["status"] == status
    await world.settled()
    assert (await counts(world))["reports"] == before["reports"]


@pytest.mark.parametrize(
    ("body", "zh", "en"),
    [
        (where(stage="final"), "final 阶段的报告必须指明所属事件", "must name its incident"),
        (where(unread={"colour": "red"}), "没有字段 colour", "no field 'colour'"),
        (where(colour="red"), "没有这个字段", "not permitted"),
        (where(corrects=NOBODY), "只有更正或撤回", "only a correction"),
    ],
)
async def test_it_says_what_is_wrong_in_the_askers_language(
    shared_world: World, body: bytes, zh: str, en: str
) -> None:
    for language, words in (("zh-CN", zh), ("en-GB", en)):
        headers = {"Accept-Language": language}
        answer = await shared_world.call("reporter", "POST", "/api/v1/reports", content=body, headers=headers)
        (fault,) = answer.json()["errors"]
        assert words in fault["detail"] and words in answer.json()["detail"]
        assert (" / " in fault["detail"]) is False


async def counts(world: World) -> dict[str, int]:
    """How much is stored and how much is kept aside."""
    row = (
        await world.rows(
            "select (select count(*) from reports) as reports, (select count(*) from refusals) as kept"
        )
    )[0]
    return dict(row)


async def test_it_takes_a_report_of_exactly_the_longest_length(shared_world: World) -> None:
    body = where(
        details={"process": "x" * 20_000, "measures": "x" * 20_000, "cause": "x" * 20_000, "trend": ""}
    )
    padded = body + b" " * (64 * 1024 - len(body))
    answer = await shared_world.call("reporter", "POST", "/api/v1/reports", content=padded)
    assert (len(padded), answer.status_code) == (64 * 1024, 202)


async def test_it_stops_reading_a_body_that_never_says_how_long_it_is(shared_world: World) -> None:
    async def endless() -> Any:
        for _ in range(200):
            yield b" " * 1024

    answer = await shared_world.call("reporter", "POST", "/api/v1/reports", content=endless())
    assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (413, "too_large")


async def test_it_reads_only_json(shared_world: World) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = await shared_world.call(
            "reporter", "POST", "/api/v1/reports", content=where(), headers={"Content-Type": kind}
        )
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (415, "Content-Type")


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_it_refuses_a_key_that_is_none(shared_world: World, key: str) -> None:
    answer = await shared_world.call(
        "reporter", "POST", "/api/v1/reports", content=where(), headers={"Idempotency-Key": key}
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        (make_call(at(minutes=3)), "called_at", "future_time"),
        (make_call("2026-11-23T09:00:00"), "called_at", "timezone_aware"),
        ({"report": make_report(medium="phone")}, "called_at", "missing"),
        ({"called_at": at()}, "report", "missing"),
        (make_call(at(), medium="written"), "called_at", "invalid"),  # a letter has no call time
        (make_call(at(), colour="red"), "report.colour", "extra_forbidden"),
    ],
)
async def test_it_names_what_is_wrong_with_a_logged_call(
    shared_world: World, body: dict[str, Any], field: str, reason: str
) -> None:
    answer = await shared_world.call("duty_officer", "POST", "/api/v1/calls", json=body)
    assert answer.status_code == 422, answer.text
    assert (field, reason) in [(one["field"], one["reason"]) for one in answer.json()["errors"]]


async def test_it_speaks_the_language_of_the_sender(shared_world: World) -> None:
    said = {}
    for language in ("zh-CN,zh;q=0.9", "en-GB,en;q=0.8", ""):
        headers = {"Accept-Language": language}
        answer = await shared_world.call(
            "reporter", "POST", "/api/v1/reports", content=where(colour=1), headers=headers
        )
        said[language[:2]] = (answer.json()["title"], answer.json()["detail"])
    assert said["zh"] == said[""]
    assert said["zh"][0] == "内容有误" and "没有这个字段" in said["zh"][1]
    assert said["en"][0] == "The content is not right" and "colour" in said["en"][1]


async def test_it_says_everything_that_is_wrong_at_once(shared_world: World) -> None:
    body = where(colour=1, report_id="7", occurred_at="2026-11-23T08:55:00")
    answer = await shared_world.call("reporter", "POST", "/api/v1/reports", content=body)
    assert {one["field"] for one in answer.json()["errors"]} == {"colour", "report_id", "occurred_at"}
