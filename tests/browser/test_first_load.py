"""A township's thin line carries little: all bytes until a new phone can write a report, and what works after them."""

import json

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import PHONE
from tests.browser.counted_line import counted_line
from tests.browser.reporter_at import REPORTER, opened, sign_in
from tests.world import World

pytestmark = pytest.mark.browser
FIRST_LOAD = 60 * 1024
READY = "() => navigator.serviceWorker.ready.then(() => true)"
KEPT_PAGE = """async () => {
  const kept = await caches.match("/report");
  return [await kept.text(), kept.headers.get("content-security-policy"), kept.headers.get("content-type")];
}"""


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_the_first_load_of_a_new_phone_is_small(
    browser: Browser, calm_house: World, language: str
) -> None:
    async with counted_line(calm_house.running["doors"].port) as line:
        context = await browser.new_context(
            viewport=PHONE, base_url=f"http://127.0.0.1:{line.port}", locale=language
        )
        page = await sign_in(await context.new_page(), REPORTER)
        await page.evaluate(READY)
        await page.wait_for_load_state("networkidle")
        sent = dict(line.sent)
        await context.close()
    assert {"GET /login", "POST /login", "GET /report", "GET /sw.js", "GET /api/v1/session"} <= set(sent)
    assert sum(sent.values()) <= FIRST_LOAD, json.dumps(sent, indent=1)


async def test_the_first_load_is_enough_to_write_without_a_network(
    browser: Browser, calm_house: World
) -> None:
    page = await opened(browser, calm_house)
    await page.evaluate(READY)
    served = await page.evaluate(
        "() => fetch('/report').then((answer) => answer.headers.get('content-security-policy'))"
    )
    html, policy, kind = await page.evaluate(KEPT_PAGE)
    assert policy == served and kind.startswith("text/html")
    assert 'id="form"' in html and "inert" in html and "data-category" not in html, "as it was served"
    await page.context.set_offline(True)
    await page.reload()
    await page.wait_for_selector("#form:not([inert])")
    await expect(page.locator("#who")).to_contain_text("青泉镇")
    await expect(page.locator("#division option")).not_to_have_count(1)
    await page.locator("#category summary").click()
    await page.fill("#category-search", "车祸")
    await page.locator("#category .found button").first.click()
    await expect(page.locator("#category .chosen")).to_contain_text("交通")
    await page.fill("#casualties\\.injuries", "三人")
    await page.fill("#title", "省道两车相撞")
    await page.locator("#send").click()
    await expect(page.locator(".copy")).to_contain_text("省道两车相撞")
    await page.context.set_offline(False)
    await expect(page.locator(".copy.stored")).to_have_count(1, timeout=40_000)
    await calm_house.settled()
    stored = (await calm_house.rows("select category from incidents"))[0]
    assert stored["category"].startswith("accident.traffic.")
