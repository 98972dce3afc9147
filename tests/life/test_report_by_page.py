"""Step 1 by a page: a signed-in browser reports with its session and CSRF token, and the door is the page."""

from tests.browsers import signed_in
from tests.reports import make_report
from tests.world import World


async def test_it_takes_a_report_from_a_signed_in_page(world: World) -> None:
    async with signed_in(world, "reporter.103") as browser:
        session = (await browser.http.get("/api/v1/session")).json()
        answer = await browser.post("/api/v1/reports", make_report())
    assert answer.status_code == 202, answer.text
    await world.settled()
    stored = (await world.incident(answer.json()["incident_id"]))["reports"][0]
    assert (stored["door"], stored["from_node"]) == ("page", session["person"]["node"]["code"])


async def test_it_refuses_a_page_without_its_csrf_token_and_stores_nothing(world: World) -> None:
    async with signed_in(world, "reporter.103") as browser:
        answer = await browser.http.post("/api/v1/reports", json=make_report())
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["field"] == "X-CSRF-Token"
    await world.settled()
    assert await world.rows("select 1 from reports") == []


async def test_it_gives_the_same_receipt_when_the_page_sends_again_under_the_same_id(world: World) -> None:
    report = make_report(report_id="0198d5a0-0000-7000-8000-000000000001")
    async with signed_in(world, "reporter.103") as browser:
        first = await browser.post("/api/v1/reports", report)
        again = await browser.post("/api/v1/reports", report)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    await world.settled()
    assert len(await world.rows("select 1 from reports")) == 1
