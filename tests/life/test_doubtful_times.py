"""A year typed wrong hides no duty and makes nobody a year late: the time is kept, marked, and the receipt counts."""

from typing import Any
from uuid import UUID

import pytest

from tests.reports import at, make_call, make_later, make_report
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
LONG_AGO = ["2016-11-23T08:55:00+08:00", "2025-11-23T08:55:00+08:00"]


async def stored(
    world: World, body: dict[str, Any], who: str = "reporter", path: str = "reports"
) -> dict[str, Any]:
    """The incident of a report, once everything has been reacted to."""
    receipt = await world.send(body, who, path)
    await world.settled()
    state = await world.get(f"reports/{receipt['report_id']}")
    assert state["state"] == "stored", state
    return await world.incident(receipt["incident_id"]) | {"report_id": receipt["report_id"], "state": state}


def due(found: dict[str, Any]) -> dict[tuple[str, ...], str]:
    """When each duty is due."""
    keys = ("from_role", "to_role", "stage", "medium", "occurrence")
    return {tuple(str(one[key]) for key in keys): one["due_at"] for one in found["obligations"]}


def open_now(found: dict[str, Any]) -> dict[tuple[str, ...], str]:
    """When each duty that is not done yet is due."""
    return due({"obligations": [one for one in found["obligations"] if one["state"] == "open"]})


@pytest.mark.parametrize("occurred_at", LONG_AGO)
async def test_a_wrong_year_leaves_every_duty_open_from_the_receipt(
    shared_world: World, occurred_at: str
) -> None:
    world = shared_world
    usual = await stored(world, make_report(occurred_at=at()))  # it happened at the moment it was received
    found = await stored(world, make_report(occurred_at=occurred_at))
    incident, (report,) = found["incident"], found["reports"]
    assert (
        incident["doubtful_times"]
        == report["doubtful_times"]
        == found["state"]["doubtful_times"]
        == ["occurred_at"]
    )
    assert incident["occurred_at"][:4] == report["occurred_at"][:4] == occurred_at[:4]  # as it was claimed
    assert due(found) == due(usual) and due(found)
    assert {one["state"] for one in found["obligations"]} == {one["state"] for one in usual["obligations"]}
    assert not any(one["breached_at"] for one in found["obligations"])


async def test_it_says_in_words_why_the_receipt_counts(shared_world: World) -> None:
    found = await stored(shared_world, make_report(occurred_at=LONG_AGO[0]))
    why = await shared_world.get(f"incidents/{found['incident']['incident_id']}/why")
    (one,) = why["doubtful"]
    assert (one["time"], one["reason"]) == ("occurred_at", "too_old")
    assert one["counted_from"] == found["incident"]["received_at"] != one["claimed"]
    assert "3652 天" in one["said"] and "接报时间" in one["said"]
    assert "3652 days" in one["said_en"] and "receipt" in one["said_en"]
    asked = await shared_world.get("overview")
    (listed,) = [i for i in asked["incidents"] if i["incident_id"] == found["incident"]["incident_id"]]
    assert listed["doubtful_times"] == ["occurred_at"]


async def test_whoever_says_that_the_year_is_right_is_believed(shared_world: World) -> None:
    sure = make_report(occurred_at=LONG_AGO[1], known_at=at(), times_confirmed=["occurred_at"])
    found = await stored(shared_world, sure)
    assert found["incident"]["doubtful_times"] == found["reports"][0]["doubtful_times"] == []
    assert any(one["due_at"] < "2026" for one in found["obligations"])  # late it is, by its own word
    why = await shared_world.get(f"incidents/{found['incident']['incident_id']}/why")
    assert why["doubtful"] == []


async def test_only_times_can_be_confirmed(shared_world: World) -> None:
    answer = await shared_world.call(
        "reporter", "POST", "/api/v1/reports", json=make_report(times_confirmed=["called_at"])
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "times_confirmed.0")


async def test_a_correction_with_a_better_time_clears_the_doubt_and_counts_anew(shared_world: World) -> None:
    world = shared_world
    usual = await stored(world, make_report(known_at=at(minutes=-3)))
    wrong = await stored(world, make_report(occurred_at=LONG_AGO[0], known_at=at(minutes=-3)))
    assert open_now(wrong) != open_now(usual)
    key = wrong["incident"]["incident_id"]
    better = make_later(
        key, stage="correction", corrects=wrong["report_id"], occurred_at=usual["incident"]["occurred_at"]
    )
    mended = await stored(world, better)
    assert mended["incident"]["doubtful_times"] == []
    assert open_now(mended) == open_now(usual)  # what was met before stays as it was
    assert mended["reports"][0]["doubtful_times"] == ["occurred_at"]  # what was said stays as it was said


async def test_a_later_yes_counts_too(shared_world: World) -> None:
    wrong = await stored(shared_world, make_report(occurred_at=LONG_AGO[1]))
    key = wrong["incident"]["incident_id"]
    yes = make_later(key, stage="correction", corrects=wrong["report_id"], times_confirmed=["occurred_at"])
    assert (await stored(shared_world, yes))["incident"]["doubtful_times"] == []


async def test_knowing_of_it_before_it_happened_is_marked_and_not_refused(shared_world: World) -> None:
    found = await stored(shared_world, make_report(occurred_at=at(minutes=-5), known_at=at(minutes=-30)))
    assert found["incident"]["doubtful_times"] == ["known_at"]
    why = await shared_world.get(f"incidents/{found['incident']['incident_id']}/why")
    assert [one["reason"] for one in why["doubtful"]] == ["before_event"]


async def test_the_same_report_again_is_the_same_report(shared_world: World) -> None:
    body = make_report(occurred_at=LONG_AGO[0])
    headers = {"Idempotency-Key": "the year is wrong"}
    first = await shared_world.call("reporter", "POST", "/api/v1/reports", json=body, headers=headers)
    again = await shared_world.call("reporter", "POST", "/api/v1/reports", json=body, headers=headers)
    assert (first.status_code, again.json()) == (202, first.json())
    sure = body | {"times_confirmed": ["occurred_at"]}
    other = await shared_world.call("reporter", "POST", "/api/v1/reports", json=sure, headers=headers)
    assert other.status_code == 409  # it says something else: yes, I am sure


CALLS = [
    (make_call(at(minutes=-10), occurred_at=at(minutes=-5), known_at=None), "report.occurred_at"),
    (make_call(at(minutes=-10), occurred_at=at(minutes=-20), known_at=at(minutes=-5)), "report.known_at"),
    (make_call("2025-11-23T08:55:00+08:00", occurred_at=None, known_at=None), "365"),
]


@pytest.mark.parametrize(("body", "said"), CALLS)
async def test_a_call_is_not_logged_before_its_event(
    shared_world: World, body: dict[str, Any], said: str
) -> None:
    for language in ("zh", "en"):
        headers = {"Accept-Language": language}
        answer = await shared_world.call("duty_officer", "POST", "/api/v1/calls", json=body, headers=headers)
        assert answer.status_code == 422, answer.text
        (fault,) = answer.json()["errors"]
        assert (fault["field"], fault["reason"]) == ("called_at", "implausible_time")
        assert said in fault["detail"] and body["called_at"] in fault["detail"]


async def test_a_call_about_something_long_ago_is_marked_like_any_report(shared_world: World) -> None:
    call = make_call(at(minutes=-1), occurred_at=LONG_AGO[0], known_at=None)
    found = await stored(shared_world, call, "duty_officer", "calls")
    assert found["incident"]["doubtful_times"] == ["occurred_at"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("stop", {"stopped_at": at(minutes=-30)}, "stopped_at"),
        ("stop", {"stopped_at": "1900-01-01T00:00:00Z"}, "stopped_at"),
        ("forward", {"medium": "phone", "sent_at": at(minutes=-30)}, "sent_at"),
        ("forward", {"medium": "phone", "sent_at": "2025-11-23T09:00:00+08:00"}, "sent_at"),
    ],
)
async def test_an_act_out_of_order_is_refused_with_both_times(
    shared_world: World, path: str, body: dict[str, Any], field: str
) -> None:
    found = await stored(shared_world, make_report())
    key = found["incident"]["incident_id"]
    for language in ("zh", "en"):
        headers = {"Accept-Language": language}
        answer = await shared_world.call(
            "duty_officer", "POST", f"/api/v1/incidents/{key}/{path}", json=body, headers=headers
        )
        assert answer.status_code == 422, answer.text
        (fault,) = answer.json()["errors"]
        assert (fault["field"], fault["reason"]) == (field, "implausible_time")
        assert body[field].replace("Z", "+00:00") in fault["detail"] and fault["detail"].count("T") >= 2
    assert (await shared_world.incident(key))["incident"]["stopped_at"] is None


async def test_the_page_learns_from_when_on_it_asks(shared_world: World) -> None:
    session = await shared_world.get("session", "reporter")
    assert session["plausibility"] == {"ask_after_hours": 24, "doubtful_after_days": 30}


async def test_an_incident_of_before_there_were_doubts_stays_as_it_was(shared_world: World) -> None:
    found = await stored(shared_world, make_report(occurred_at=LONG_AGO[0], times_confirmed=["occurred_at"]))
    key = found["incident"]["incident_id"]
    (row,) = await shared_world.rows("select doubtful_times from incidents where incident_id = $1", UUID(key))
    assert row["doubtful_times"] == []
    assert (await stored(shared_world, make_later(key)))["incident"]["doubtful_times"] == []
