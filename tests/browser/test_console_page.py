"""The duty console: live without reload, honest about its own connection, everything by keyboard."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from producers.pages.show_pages import FILES
from schemas.report import Report
from tests.browser.conftest import AUDITOR, OFFICER, Opened, PageServer
from tests.browser.stub_county import PEOPLE

pytestmark = pytest.mark.browser


def report(server: PageServer, **changes: Any) -> str:
    """A township reports while the console is closed; returns the incident."""
    body = {
        "title": "石桥镇粮库火情",
        "category": "accident.fire",
        "place": {"division": "990101101"},
    } | changes
    return str(server.desk.accept(Report.model_validate(body), PEOPLE["town.sun"], "page")["incident_id"])


async def report_live(page: Page, **changes: Any) -> None:
    """The same over HTTP, while the console is open."""
    body = {
        "report_id": str(uuid4()),
        "title": "青溪乡山体滑坡",
        "category": "natural_disaster.geological",
    } | changes
    answer = await page.request.post("/api/v1/reports", data=body, headers={"X-CSRF-Token": "x"})
    assert answer.status == 202


async def test_it_shows_a_new_alert_without_reload_and_says_so_in_the_title(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/console", login=OFFICER)
    await expect(page.locator("#connection")).to_contain_text("已连接")
    await report_live(page, title="<b>青溪乡</b>山体滑坡")
    await expect(page.locator(".strip-item")).to_contain_text("<b>青溪乡</b>山体滑坡")
    await expect(page.locator(".row.unanswered")).to_have_count(1)
    await page.wait_for_function("() => document.title.includes('1')")
    assert page_server.problems == []


async def test_it_acknowledges_by_one_key(open_page: Opened, page_server: PageServer) -> None:
    incident = report(page_server)
    page = await open_page("/console", login=OFFICER)
    await expect(page.locator("#detail h2")).to_contain_text("粮库火情")
    await page.keyboard.press("a")
    await expect(page.locator("#ladder")).to_contain_text("李明远 已于")
    await expect(page.locator(".strip-item")).to_have_count(0)
    assert page_server.desk.details[incident]["alerts"][0]["state"] == "acknowledged"
    assert page_server.problems == []


async def test_it_acknowledges_on_behalf_with_the_words_that_were_heard(
    open_page: Opened, page_server: PageServer
) -> None:
    incident = report(page_server)
    page = await open_page("/console", login=OFFICER)
    await page.wait_for_selector("#detail h2")
    await page.keyboard.press("Shift+A")
    await page.select_option("[name=who]", "leader.chen")
    await page.fill("[name=note]", "我马上到，先通知消防")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#ladder")).to_contain_text("我马上到，先通知消防")
    assert page_server.desk.details[incident]["alerts"][0]["acknowledged_by_name"] == "陈建国"


async def test_it_says_disconnected_and_since_when_and_comes_back_by_itself(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/console", login=OFFICER)
    await expect(page.locator("#connection")).to_contain_text("已连接")
    page_server.desk.away = True
    lost = page.locator("#lost")
    await expect(lost).to_contain_text("连接中断，自")
    first = await lost.locator(".seconds").inner_text()
    await expect(lost.locator(".seconds")).not_to_have_text(first)
    report(page_server, title="断线期间的事件")
    page_server.desk.away = False
    await expect(lost).to_be_hidden(timeout=20_000)
    await expect(page.locator("#queue")).to_contain_text("断线期间的事件")


async def test_it_logs_a_call_by_keyboard_alone(open_page: Opened, page_server: PageServer) -> None:
    page = await open_page("/console", login=OFFICER)
    await page.wait_for_selector("#facets button")
    await page.keyboard.press("l")
    await page.keyboard.type("青溪乡")
    await page.keyboard.press("Tab")
    await page.keyboard.type("何敏")
    await page.locator("[name=title]").focus()
    await page.keyboard.type("水库水位上涨")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#detail h2")).to_contain_text("水库水位上涨")
    [kept] = page_server.desk.reports.values()
    assert (kept["body"]["medium"], kept["body"]["source"]["unit"]) == ("phone", "990101203")
    assert kept["called_at"].endswith("+08:00")
    assert page_server.problems == []


async def test_it_keeps_what_was_typed_when_the_broker_is_away(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/console", login=OFFICER)
    await page.wait_for_selector("#facets button")
    page_server.desk.broker_up = False
    await page.keyboard.press("l")
    await page.fill("[name=title]", "不能丢的来电")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".form-problem")).to_contain_text("未收到")
    await page.keyboard.press("Escape")
    await page.keyboard.press("l")
    await expect(page.locator("[name=title]")).to_have_value("不能丢的来电")


async def test_it_says_an_error_beside_the_field_it_is_about(
    open_page: Opened, page_server: PageServer
) -> None:
    report(page_server)
    page = await open_page("/console", login=OFFICER)
    await page.wait_for_selector("#detail h2")
    await page.keyboard.press("g")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("[data-error=grade]")).to_contain_text("等级没有变化")
    await page.select_option("[name=grade]", "III")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".incident-head .grade")).to_have_text("较大")


async def test_it_moves_through_the_queue_by_key_in_the_order_of_time_left(
    open_page: Opened, page_server: PageServer
) -> None:
    late, early = report(page_server, title="后到期"), report(page_server, title="先到期")
    for duty in page_server.desk.details[late]["obligations"]:
        duty["due_at"] = "2099-01-01T00:00:00+00:00"
    page = await open_page("/console", login=OFFICER)
    await expect(page.locator(".row").first).to_have_attribute("data-incident", early)
    await page.wait_for_selector("#detail h2")
    await page.keyboard.press("j")
    await expect(page.locator("#detail h2")).to_have_text("后到期")
    await page.keyboard.press("k")
    await expect(page.locator("#detail h2")).to_have_text("先到期")


async def test_it_shows_why_a_limit_binds_and_the_others_with_their_own_times(
    open_page: Opened, page_server: PageServer
) -> None:
    report(page_server)
    page = await open_page("/console", login=OFFICER)
    await page.locator(".obligations summary").first.click()
    why = page.locator(".obligations .why").first
    for words in ("约束条款", "云岭县突发事件信息报告办法", "其他条款", "国务院令第493号", "V1"):
        await expect(why).to_contain_text(words)
    await report_live(page)  # a redraw keeps the part open
    await expect(page.locator(".row")).to_have_count(2)
    await expect(why).to_contain_text("其他条款")


async def test_it_gives_an_auditor_no_buttons_and_no_keys(open_page: Opened, page_server: PageServer) -> None:
    incident = report(page_server)
    page = await open_page("/console", login=AUDITOR)
    await page.wait_for_selector("#detail h2")
    await page.keyboard.press("a")
    await page.keyboard.press("l")
    await expect(page.locator(".acts, dialog[open]")).to_have_count(0)
    assert page_server.desk.details[incident]["alerts"][0]["state"] == "open"


async def test_it_acknowledges_what_the_strip_shows_though_the_details_are_older(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/console", login=OFFICER)
    found = await page.evaluate(
        """async (address) => {
          const { desk, openAlerts } = await import(address);
          const [alert, answered] = [{ alert_id: "a", state: "open" }, { alert_id: "a", state: "acknowledged" }];
          const older = (alerts) => {
            desk.overview = { incidents: [{ incident_id: "i", alert }] };
            desk.detail = { incident: { incident_id: "i" }, alerts };
            return openAlerts("i").length;
          };
          return [older([]), older([alert]), older([answered])];
        }""",
        f"/static/{FILES.version}/console/desk.js",
    )
    assert found == [1, 1, 0]


async def test_it_never_rounds_the_ratio_up_to_the_target(open_page: Opened, page_server: PageServer) -> None:
    page = await open_page("/console", login=OFFICER)
    said = await page.evaluate(
        "async (spans) => { const { percent } = await import(spans);"
        " return [[9999, 10000], [2, 2], [0, 0]].map(([on_time, due]) => percent({ on_time, due })); }",
        f"/static/{FILES.version}/shared/spans.js",
    )
    assert said == ["99.9 %", "100.0 %", "–"]


async def test_it_stays_quick_with_thousands_of_incidents(open_page: Opened, page_server: PageServer) -> None:
    for number in range(3000):
        report(page_server, title=f"事件 {number}" if number else "要找的那一起")
    page = await open_page("/console", login=OFFICER)
    await expect(page.locator(".row")).to_have_count(200, timeout=20_000)
    await expect(page.locator("#queue-more")).to_contain_text("2800")
    await asyncio.wait_for(page.fill("#search", "要找的"), 10)
    await expect(page.locator(".row")).to_have_count(1)


async def test_it_shows_timeliness_with_the_target_and_marks_small_samples(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/timeliness", login=OFFICER)
    await expect(page.locator("#total")).to_contain_text("95.1 %")
    await expect(page.locator("#table tbody tr").nth(2)).to_contain_text("样本少")
    assert page_server.problems == []
