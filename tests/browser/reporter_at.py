"""A reporter at her phone, on the real system: open the page, write, and see what became of it."""

from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.real_house import PASSWORD, signed_in
from tests.world import World

REPORTER, NEIGHBOUR = "reporter.103", "reporter.104"
TITLE = "石桥镇粮库火情"


async def opened(browser: Browser, house: World, login: str = REPORTER, **options: Any) -> Page:
    """Her page, when it can be written in."""
    page, _ = await signed_in(browser, house, login, "/report", PHONE, **options)
    await page.wait_for_selector("#form:not([inert])")
    return page


async def prepared(browser: Browser, house: World, script: str) -> Page:
    """Her page in a browser that ran `script` before every page, for what a device does to a page."""
    context = await browser.new_context(
        viewport=PHONE, base_url=f"http://127.0.0.1:{house.running['doors'].port}", locale="zh-CN"
    )
    context.set_default_timeout(15_000)
    await context.add_init_script(script)
    return await sign_in(await context.new_page(), REPORTER)


async def sign_in(page: Page, login: str) -> Page:
    """Sign in on this page and wait for the form."""
    await page.goto("/login")
    await page.fill("#login", login)
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#form:not([inert])")
    return page


async def write(page: Page, title: str = TITLE) -> None:
    """Fill in the least that makes a report."""
    await page.fill("#title", title)
    await page.fill("#place-text", "粮库东侧")


async def stored(page: Page, house: World, copies: int = 1) -> list[str]:
    """The titles of all incidents, when the page says that its copies are stored."""
    await expect(page.locator(".copy.stored")).to_have_count(copies)
    await house.settled()
    return [row["title"] for row in await house.rows("select title from incidents order by number")]
