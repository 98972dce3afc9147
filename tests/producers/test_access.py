"""Every endpoint for the owner, a colleague of the duty room, a stranger from another township, and nobody at all."""

import pytest
import pytest_asyncio

from tests.reports import make_call, make_later, make_report
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWNER, COLLEAGUE, STRANGER, AUDITOR, ADMIN = "reporter", "duty_officer", "reporter.104", "auditor", "admin"
ASKERS = (OWNER, COLLEAGUE, STRANGER, AUDITOR, ADMIN)


async def reported(world: World) -> dict[str, str]:
    """One incident of township 103, its report and its alert."""
    receipt = await world.report()
    await world.settled()
    alert = await world.alert(receipt["incident_id"])
    return {"incident": receipt["incident_id"], "report": receipt["report_id"], "alert": alert["alert_id"]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seen(shared_world: World) -> dict[str, str]:
    """What the questions are about; they change nothing."""
    return await reported(shared_world)


READING = [
    # path, then what owner, colleague, stranger, auditor and admin are answered
    ("/api/v1/session", 200, 200, 200, 200, 200),
    ("/api/v1/nodes", 200, 200, 200, 200, 200),
    ("/api/v1/reports/{report}", 200, 200, 404, 200, 200),
    ("/api/v1/incidents", 200, 200, 200, 200, 200),  # each its own list: see below
    ("/api/v1/incidents/{incident}", 200, 200, 404, 200, 200),
    ("/api/v1/incidents/{incident}/why", 200, 200, 404, 200, 200),
    ("/api/v1/packs", 403, 200, 403, 200, 200),
    ("/api/v1/obligations", 200, 200, 200, 200, 200),
    ("/api/v1/overview", 200, 200, 200, 200, 200),
    ("/api/v1/timeliness", 200, 200, 200, 200, 200),
    ("/api/v1/events", 200, 200, 200, 200, 200),
]


@pytest.mark.parametrize(("path", "answers"), [(row[0], row[1:]) for row in READING])
async def test_it_shows_each_asker_what_is_theirs(
    shared_world: World, seen: dict[str, str], path: str, answers: tuple[int, ...]
) -> None:
    asked = path.format(**seen)
    got = [(await shared_world.call(who, "GET", asked)).status_code for who in ASKERS]
    assert tuple(got) == answers
    assert (await shared_world.http.get(asked)).status_code == 401


async def test_it_lists_to_a_stranger_nothing_of_another_township(
    shared_world: World, seen: dict[str, str]
) -> None:
    for path in ("incidents", "obligations", "overview", "events", "timeliness"):
        told = (await shared_world.call(STRANGER, "GET", f"/api/v1/{path}")).text
        assert seen["incident"] not in told and seen["report"] not in told, path
    for path in ("incidents", "obligations", "overview", "events"):
        told = (await shared_world.call(OWNER, "GET", f"/api/v1/{path}")).text
        assert seen["incident"] in told, path


ACTING = [
    # path, body, then what owner, colleague, stranger, auditor and admin are answered
    (
        "/api/v1/reports",
        make_report(),
        202,
        202,
        202,
        403,
        403,
    ),  # a stranger's is its own; the place stays words
    ("/api/v1/calls", make_call("2026-11-23T00:59:00Z"), 403, 202, 403, 403, 403),
    ("/api/v1/reports", "later", 202, 202, 403, 403, 403),
    ("/api/v1/incidents/{incident}/grade", {"grade": "III"}, 403, 200, 403, 403, 403),
    ("/api/v1/incidents/{incident}/forward", {"medium": "phone"}, 403, 200, 403, 403, 403),
    ("/api/v1/incidents/{incident}/stop", {"stopped_at": "2026-11-23T00:59:00Z"}, 403, 200, 403, 403, 403),
    ("/api/v1/packs?check=1", {"toml": "x"}, 403, 403, 403, 403, 200),
    ("/api/v1/alerts/{alert}/acknowledge", {}, 403, 200, 403, 403, 403),
    ("/api/v1/incidents/{incident}/close", {"why": "duplicate", "note": "x"}, 403, 200, 403, 403, 403),
    ("/api/v1/incidents/{incident}/reopen", {"note": "x"}, 403, 409, 403, 403, 403),  # it is open
]


@pytest.mark.parametrize(("path", "body", "answers"), [(row[0], row[1], row[2:]) for row in ACTING])
async def test_it_lets_each_do_what_is_theirs_and_says_why_not(
    shared_world: World, path: str, body: object, answers: tuple[int, ...]
) -> None:
    ids = await reported(shared_world)
    body = make_later(ids["incident"], place={}) if body == "later" else body
    refused = [who for who, status in zip(ASKERS, answers, strict=True) if status == 403]
    for who in refused:
        answer = await shared_world.call(who, "POST", path.format(**ids), json=body)
        assert (answer.status_code, answer.json()["errors"][0]["reason"]) == (403, "not_allowed"), who
    assert (await shared_world.http.post(path.format(**ids), json=body)).status_code == 401
    for who, status in zip(ASKERS, answers, strict=True):
        if who not in refused:
            answer = await shared_world.call(who, "POST", path.format(**ids), json=body)
            assert answer.status_code == status, answer.text


OPEN = ["/healthz", "/readyz", "/metrics", "/login", "/openapi.json", "/api/v1/categories"]


@pytest.mark.parametrize("path", OPEN)
async def test_it_shows_to_everybody_only_what_names_nobody(
    shared_world: World, seen: dict[str, str], path: str
) -> None:
    answer = await shared_world.http.get(path)
    assert answer.status_code == 200
    names = [person.name for person in shared_world.county.people]
    assert not [name for name in names if name in answer.text]
    assert seen["incident"] not in answer.text


@pytest.mark.parametrize(
    "path", ["/console", "/console/why", "/console/packs", "/report", "/timeliness", "/"]
)
async def test_it_sends_strangers_from_the_pages_to_the_sign_in(shared_world: World, path: str) -> None:
    answer = await shared_world.http.get(path)
    after = "" if path == "/" else f"?after={path}"
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login{after}")


@pytest.mark.parametrize("token", ["x", "token-of-nobody", "Bearer", "é", "a" * 5000])
async def test_it_knows_no_token_that_was_never_given(shared_world: World, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode()}
    answer = await shared_world.http.get("/api/v1/session", headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_it_does_not_let_a_report_id_of_another_be_taken_over(shared_world: World) -> None:
    """The same id and the same words, but another sender: a report of its own, never the other one's receipt."""
    report = make_report(report_id="0198d5a0-0000-7000-8000-0000000000e1", place={})
    first = await shared_world.call(OWNER, "POST", "/api/v1/reports", json=report)
    second = await shared_world.call(STRANGER, "POST", "/api/v1/reports", json=report)
    assert (first.status_code, second.status_code) == (202, 202)
    for key in ("receipt_no", "report_id", "incident_id"):
        assert first.json()[key] != second.json()[key], key


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/events?after=x",
        "/api/v1/events?after=99999999999999999999999.1",
        "/api/v1/events?limit=0",
        "/api/v1/incidents?state=lost",
        "/api/v1/incidents?limit=9999999",
        "/api/v1/incidents/not-a-uuid",
        "/api/v1/obligations?due_before=2026-11-23T09:00:00",
        "/api/v1/obligations?unit=%00",
        "/api/v1/timeliness?group_by=colour",
        "/api/v1/timeliness?from=yesterday",
    ],
)
async def test_it_answers_a_bad_question_with_the_field_that_is_wrong(shared_world: World, path: str) -> None:
    answer = await shared_world.call(COLLEAGUE, "GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), (
        answer.text
    )
    assert answer.json()["errors"]
