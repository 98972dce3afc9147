"""While a call is logged the console says what to ask for; "正在核实" is an answer and nothing is blocked."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OFFICER, Opened, PageServer

pytestmark = pytest.mark.browser


async def test_it_says_what_the_caller_has_not_been_asked_yet(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/console", login=OFFICER)
    await page.wait_for_selector("#facets button")
    await page.keyboard.press("l")
    owed = page.locator("dialog .still-missing")
    await expect(owed).to_contain_text("还缺这些，不影响报送: 事发时间、地点、事件类别")
    await page.fill("[name=title]", "水库水位上涨")
    await expect(owed).not_to_contain_text("发生了什么")
    await page.select_option("[name=category]", "accident.public_facility.heating")
    await expect(owed).to_contain_text("停供户数或范围")
    await page.fill("[name='details.measures']", "正在核实")
    await expect(owed).not_to_contain_text("已采取措施")
    await expect(owed).not_to_contain_text("伤亡情况")


async def test_it_takes_a_call_that_lacks_almost_everything_and_says_so(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/console", login=OFFICER)
    await page.wait_for_selector("#facets button")
    await page.keyboard.press("l")
    await page.fill("[name=title]", "只知道着火了")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#toasts")).to_contain_text("还可补充：事发时间")
    [kept] = page_server.desk.reports.values()
    assert kept["state"] == "stored"
    await expect(page.locator(".timeline .missing-text")).to_contain_text("缺：事发时间")
    assert page_server.problems == []
