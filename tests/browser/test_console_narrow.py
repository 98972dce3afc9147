"""The console on a phone, and its filters: nothing is covered, an incident opens at its top, nothing stays hidden."""

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.conftest import OFFICER, Opened, PageServer
from tests.browser.test_console_page import report

pytestmark = pytest.mark.browser
PHONES: list[ViewportSize] = [{"width": 360, "height": 740}, {"width": 412, "height": 915}]
PARTS = "#next .big, #next .what, #next .over-list, #next a, #server-time, .tools > *"
COVERED = """(parts) => [...document.querySelectorAll(parts)]
  .filter((one) => one.checkVisibility())
  .filter((one) => {
    const { left, top, width, height } = one.getBoundingClientRect();
    const corners = [[2, 2], [width - 2, 2], [2, height - 2], [width - 2, height - 2], [width / 2, height / 2]];
    return corners.some(([x, y]) => {
      const there = document.elementFromPoint(left + x, top + y);
      return there && there !== one && !one.contains(there) && !there.contains(one);
    });
  }).map((one) => one.outerHTML)"""


@pytest.mark.parametrize("size", PHONES, ids=["360", "412"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_nothing_covers_the_countdown_or_the_clock_on_a_phone(
    open_page: Opened, page_server: PageServer, size: ViewportSize, language: str
) -> None:
    for duty in page_server.desk.details[report(page_server)]["obligations"]:
        if duty["state"] == "open":
            duty["due_at"] = "2026-01-01T00:00:00+00:00"
    report(page_server, title="石桥镇粮库火情，过火面积待核实")
    page = await open_page("/console", login=OFFICER, size=size, language=language)
    await expect(page.locator("#next .big")).to_be_visible()
    await expect(page.locator("#next .over-list")).to_be_visible()
    assert await page.evaluate(COVERED, PARTS) == []


@pytest.mark.parametrize("size", PHONES, ids=["360", "412"])
async def test_a_pressed_row_opens_the_details_at_their_top_and_back_returns_to_it(
    open_page: Opened, page_server: PageServer, size: ViewportSize
) -> None:
    for number in range(30):
        report(page_server, title=f"事件 {number}")
    page = await open_page("/console", login=OFFICER, size=size)
    for back in (page.go_back, lambda: page.click("button[data-view=queue]")):
        row = page.locator(".row").nth(20)
        title = await row.locator(".row-title").inner_text()
        await row.scroll_into_view_if_needed()
        await row.click()
        await expect(page.locator("#detail h2")).to_have_text(title)
        await expect(page.locator("#detail h2")).to_be_in_viewport(ratio=1)
        await expect(page.locator("#detail .grade").first).to_be_in_viewport(ratio=1)
        await is_in_the_upper_third(page, "#detail h2")
        await back()
        await expect(row).to_be_in_viewport(ratio=1)
        await expect(row).to_be_focused()
    assert page_server.problems == []


async def is_in_the_upper_third(page: Page, what: str) -> None:
    box = await page.locator(what).bounding_box()
    assert box is not None
    assert page.viewport_size is not None
    assert box["y"] < page.viewport_size["height"] / 3


async def test_another_incident_is_shown_from_its_top_on_a_wide_screen_too(
    open_page: Opened, page_server: PageServer
) -> None:
    for number in range(3):
        report(page_server, title=f"事件 {number}")
    page = await open_page("/console", login=OFFICER)
    await page.wait_for_selector("#detail h2")
    await page.locator("#detail").evaluate("one => one.scrollTo(0, one.scrollHeight)")
    await page.locator(".row").nth(2).click()
    await expect(page.locator("#detail h2")).to_have_text(
        await page.locator(".row-title").nth(2).inner_text()
    )
    assert await page.locator("#detail").evaluate("one => one.scrollTop") == 0


async def test_escape_takes_away_what_was_looked_for_and_says_it_while_it_stands(
    open_page: Opened, page_server: PageServer
) -> None:
    report(page_server, title="石桥镇粮库火情")
    report(page_server, title="青溪乡山体滑坡")
    page = await open_page("/console", login=OFFICER)
    await expect(page.locator(".row")).to_have_count(2)
    await page.keyboard.press("/")
    await page.keyboard.type("滑坡")
    await expect(page.locator(".row")).to_have_count(1)
    await expect(page.locator("#filtered")).to_contain_text("“滑坡”（2 起中的 1 起）")
    await page.keyboard.press("Escape")
    await expect(page.locator("#search")).to_have_value("")
    await expect(page.locator(".row")).to_have_count(2)
    await expect(page.locator("#filtered")).to_be_hidden()
    await page.locator("[data-facet=over]").click()
    await expect(page.locator("#filtered")).to_contain_text("超时")
    await page.locator("#queue-title").click()
    await page.keyboard.press("Escape")
    await expect(page.locator(".row")).to_have_count(2)
    await page.fill("#search", "没有这样的")
    await expect(page.locator(".row")).to_have_count(0)
    await page.get_by_role("button", name="全部显示").click()
    await expect(page.locator(".row")).to_have_count(2)
    assert page_server.problems == []
