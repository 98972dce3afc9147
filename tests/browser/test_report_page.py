"""The reporter's page: a report is on the device before it is sent, and the page says honestly what became of it."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Opened, PageServer

pytestmark = pytest.mark.browser


async def write(page: Page, title: str = "石桥镇粮库火情") -> None:
    await page.locator(".common").get_by_text("火灾事故").click()
    await page.get_by_role("button", name="刚刚").click()
    await page.fill("#title", title)
    await page.fill("#place-text", "粮库东侧")


async def send(page: Page) -> None:
    await page.click("#send")


async def test_it_shows_the_receipt_and_then_the_stored_number(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    await write(page)
    await send(page)
    copy = page.locator(".copy.stored")
    await expect(copy).to_contain_text("已入库")
    await expect(copy).to_contain_text("第 1 号报告")
    [kept] = page_server.desk.reports.values()
    assert kept["receipt_no"] in await copy.inner_text()
    assert kept["body"]["occurred_at"].endswith("+08:00")
    assert page_server.problems == []


async def test_it_sends_unknown_numbers_as_null_and_never_as_zero(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    await write(page)
    await page.fill("[name='casualties.injuries']", "2")
    await page.fill("[name='casualties.deaths']", "0")
    await send(page)
    await page.wait_for_selector(".copy.stored")
    [kept] = page_server.desk.reports.values()
    assert kept["body"]["casualties"] == {
        "deaths": 0,
        "missing": None,
        "serious_injuries": None,
        "injuries": 2,
        "trapped": None,
        "evacuated": None,
    }


async def test_it_sends_what_there_is_and_lists_gently_what_is_missing(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    await page.fill("#place-text", "粮库东侧")
    missing = page.locator("#missing-list")
    await expect(missing).to_contain_text("伤亡情况")
    await missing.get_by_role("button", name=re.compile("伤亡情况.*: 正在核实")).click()
    await expect(missing).not_to_contain_text("伤亡情况")
    await send(page)
    await expect(page.locator(".copy.stored")).to_contain_text("还可补充")
    assert page_server.problems == []


async def test_it_keeps_the_copy_offline_and_sends_it_later_under_the_same_id(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    await write(page)
    await page.context.set_offline(True)
    await send(page)
    copy = page.locator(".copy.waiting")
    await expect(copy).to_contain_text("没有收到")
    await expect(page.locator("#banner")).to_contain_text(page_server.phone)
    report_id = await copy.get_attribute("data-report")
    await page.context.set_offline(False)
    await page.wait_for_selector(".copy.stored")
    assert list(page_server.desk.reports) == [report_id]
    await expect(page.locator("#banner")).to_be_hidden()


async def test_it_opens_offline_and_still_has_the_copy_after_the_page_was_closed(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await page.context.set_offline(True)
    await write(page)
    await send(page)
    report_id = await page.locator(".copy.waiting").get_attribute("data-report")
    await page.close()
    again = await page.context.new_page()
    again.set_default_timeout(15_000)
    await again.goto("/report")
    await expect(again.locator(f"[data-report='{report_id}']")).to_contain_text("待发送")
    await expect(again.locator("#banner")).to_contain_text("没有收到")
    await again.context.set_offline(False)
    await again.wait_for_selector(".copy.stored")
    assert list(page_server.desk.reports) == [report_id]


async def test_it_says_not_received_and_whom_to_phone_when_the_broker_is_away(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    page_server.desk.broker_up = False
    await write(page)
    await send(page)
    banner = page.locator("#banner")
    await expect(banner).to_contain_text("没有收到")
    await expect(banner.get_by_role("link")).to_have_attribute(
        "href", f"tel:{page_server.phone.replace('-', '')}"
    )
    assert await page.locator(".copy.accepted, .copy.stored").count() == 0
    page_server.desk.broker_up = True
    await page.wait_for_selector(".copy.stored")


async def test_it_sends_again_until_the_report_is_stored_and_not_merely_accepted(
    open_page: Opened, page_server: PageServer
) -> None:
    page_server.desk.storing = False
    page = await open_page("/report")
    await write(page)
    await send(page)
    await expect(page.locator(".copy.accepted")).to_contain_text("已接收")
    [kept] = page_server.desk.reports.values()
    page_server.desk.reports.clear()  # lost after the receipt: the page's copy is the only one
    await page.wait_for_function("() => document.querySelector('.copy').dataset.state !== 'stored'")
    page_server.desk.storing = True
    await page.wait_for_selector(".copy.stored", timeout=20_000)
    assert list(page_server.desk.reports) == [kept["report_id"]]
    assert len(page_server.desk.sent_ids) == 2


async def test_it_says_which_field_was_refused_and_sends_the_mended_report_under_a_new_id(
    open_page: Opened, page_server: PageServer
) -> None:
    page_server.desk.refuse_field = "occurred_at"
    page = await open_page("/report")
    await write(page)
    await send(page)
    refused = page.locator(".copy.refused")
    await expect(refused).to_contain_text("事发时间")
    await expect(refused).to_contain_text("时间在未来")
    old = await refused.get_attribute("data-report")
    page_server.desk.refuse_field = None
    await refused.get_by_role("button", name="修改并重报").click()
    await expect(page.locator("[data-error=occurred_at]")).to_contain_text("时间在未来")
    await page.get_by_role("button", name="10 分钟前").click()
    await send(page)
    await page.wait_for_selector(".copy.stored")
    assert await page.locator(".copy.refused").count() == 0
    assert old not in page_server.desk.reports


async def test_it_sends_a_follow_up_that_names_its_incident(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    await write(page)
    await send(page)
    await page.locator(".copy.stored").get_by_role("button", name="续报").click()
    await expect(page.locator("#incident_id")).to_be_visible()
    await page.fill("[name='details.process']", "明火已扑灭，无人员伤亡。")
    await send(page)
    await expect(page.locator(".copy.stored")).to_have_count(2)
    first, second = page_server.desk.reports.values()
    assert (second["body"]["stage"], second["incident_id"]) == ("follow_up", first["incident_id"])
    assert second["body"]["category"] == "accident.fire"


async def test_it_keeps_the_draft_over_a_reload(open_page: Opened, page_server: PageServer) -> None:
    page = await open_page("/report")
    await write(page, "写到一半")
    await expect(page.locator("#draft-state")).to_contain_text("草稿已保存")
    await page.reload()
    await expect(page.locator("#title")).to_have_value("写到一半")


async def test_it_warns_before_signing_out_while_copies_are_unsent(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    page_server.desk.broker_up = False
    await write(page)
    await send(page)
    await page.wait_for_selector(".copy.waiting")
    asked: list[str] = []

    async def no(dialog: object) -> None:
        asked.append(dialog.message)  # type: ignore[attr-defined]
        await dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", no)
    async with page.expect_event("dialog"):  # the copies are counted before anybody is asked
        await page.click("#logout")
    await expect(page.locator(".copy.waiting")).to_be_visible()
    assert "1 份报告没有入库" in asked[0]
    assert page.url.endswith("/report")


async def test_it_says_sign_in_again_when_the_session_ended_and_keeps_the_report(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    await write(page)
    await page.context.clear_cookies()
    await send(page)
    await expect(page.locator("#banner")).to_contain_text("已退出登录")
    await expect(page.locator(".copy.waiting")).to_be_visible()


async def test_it_can_be_sent_by_keyboard_alone(open_page: Opened, page_server: PageServer) -> None:
    page = await open_page("/report")
    await page.wait_for_selector("#form:not([inert])")
    await page.locator("#title").focus()
    await page.keyboard.type("键盘报送")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_selector(".copy.stored")
    [kept] = page_server.desk.reports.values()
    assert kept["body"]["title"] == "键盘报送"


@pytest.mark.parametrize("size", [(360, 740), (412, 915)], ids=["360", "412"])
async def test_it_covers_nothing_that_has_the_focus(
    open_page: Opened, page_server: PageServer, size: tuple[int, int]
) -> None:
    page = await open_page("/report", size={"width": size[0], "height": size[1]})
    page_server.desk.broker_up = False
    await write(page)
    await send(page)  # the red line and the send bar stand at both ends of the screen
    await expect(page.locator("#banner")).to_be_visible()
    await page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    covered = await page.evaluate(
        """() => [...document.querySelectorAll('#form input, #form textarea, #form select, #form button')]
        .filter((one) => one.checkVisibility() && one.id !== 'send')
        .map((one) => {
          one.focus();
          const { left, top, width, height } = one.getBoundingClientRect();
          const there = document.elementFromPoint(left + width / 2, top + height / 2);
          const isOwn = there && (one.contains(there) || there.contains(one) || one.labels?.[0]?.contains(there));
          return isOwn && !there.closest('.sendbar, .banner') ? null : `${one.id || one.name} ${top}`;
        }).filter(Boolean)"""
    )
    assert covered == []
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
