"""A time that is probably a slip of the hand is asked about before anything is sent."""

import asyncio
import json

import pytest
from playwright.async_api import Browser, Dialog, Page, expect

from tests.browser.reporter_at import TITLE, opened, stored, write
from tests.world import World

pytestmark = pytest.mark.browser


def answers(page: Page, *accept: bool) -> list[str]:
    """Answer the questions of the page in turn; what was asked is in the list."""
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await (dialog.accept() if accept[len(asked) - 1] else dialog.dismiss())

    page.on("dialog", lambda dialog: asyncio.ensure_future(answer(dialog)))
    return asked


async def test_it_asks_whether_the_year_is_right_and_sends_what_was_confirmed(
    browser: Browser, house: World
) -> None:
    page = await opened(browser, house)
    asked = answers(page, False, True)
    await write(page)
    await page.fill("#occurred_at", "2016-11-22T08:00")
    await page.click("#send")
    await expect(page.locator("[data-error=occurred_at]")).to_contain_text("没有报送")
    assert "3653 天前：年份对吗" in asked[0]
    assert await page.evaluate("document.activeElement.id") == "occurred_at"
    await expect(page.locator("#copies .none")).to_be_visible()
    assert await house.peek.fetchval("select count(*) from reports") == 0
    await page.click("#send")
    assert await stored(page, house) == [TITLE]
    session = await house.get("session", "reporter.103")
    body = json.loads(await house.peek.fetchval("select body::text from reports"))
    assert body["occurred_at"].startswith("2016-11-22")
    if "plausibility" in session:
        assert body["times_confirmed"] == ["occurred_at"]


async def test_it_asks_about_the_future_and_about_known_before_it_happened(
    browser: Browser, house: World
) -> None:
    page = await opened(browser, house)
    asked = answers(page, False, False)
    await write(page)
    await page.fill("#occurred_at", "2027-01-01T08:00")
    await page.click("#send")
    await expect(page.locator("[data-error=occurred_at]")).to_contain_text("没有报送")
    await page.get_by_role("button", name="刚刚").click()
    await page.locator("#later > summary").click()
    await page.fill("#known_at", "2026-11-23T08:00")
    await page.click("#send")
    await expect(page.locator("[data-error=known_at]")).to_contain_text("没有报送")
    assert "还没有到" in asked[0] and "早于事发时间" in asked[1]
    assert await house.peek.fetchval("select count(*) from reports") == 0
    await page.fill("#known_at", "")
    await page.click("#send")
    assert await stored(page, house) == [TITLE]
