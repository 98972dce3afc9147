"""Every page and dialog can be read and used by everybody: axe finds nothing, by day and night, on desk and phone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.real_house import signed_in
from tests.browser.reporter_at import opened, write
from tests.world import World

pytestmark = pytest.mark.browser
axe = Axe()
ASKED = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DIALOGS = {"f": "forward", "g": "grade", "l": "call", "c": "close", "Shift+A": "on_behalf", "?": "help"}


@pytest.fixture
async def busy(calm_house: World) -> AsyncIterator[World]:
    """A county in the middle of its work: something overdue, something graded, something that nobody answers."""
    await calm_house.report(
        title="城关街道商铺火灾", category="accident.fire", grade="III", casualties={"deaths": 3}
    )
    await calm_house.fast_forward(minutes=21)
    await calm_house.report(title="上泉村水源纠纷", category="social_security.dispute.water_rights")
    await calm_house.settled()
    yield calm_house


async def faults(page: Page, where: str) -> list[str]:
    """What axe finds on the page as it stands, on a screen so tall that nothing lies under what stays at its foot."""
    size = page.viewport_size or DESK
    await page.set_viewport_size({"width": size["width"], "height": 6000})
    found: dict[str, Any] = (await axe.run(page, options=ASKED)).response
    await page.set_viewport_size(size)
    return [
        f"{where}: {one['id']} {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_axe_finds_nothing_on_the_duty_rooms_pages(
    browser: Browser, busy: World, size: ViewportSize, scheme: str
) -> None:
    login = busy.on_duty.duty_officer.login
    page, complaints = await signed_in(browser, busy, login, "/console", size, color_scheme=scheme)
    await page.wait_for_selector("#detail .obligations", state="attached")
    seen = await faults(page, "console")
    for key, dialog in DIALOGS.items():
        await page.keyboard.press(key)
        await page.wait_for_selector(f"dialog[open] .form-{dialog}")
        seen += await faults(page, dialog)
        await page.keyboard.press("Escape")
        await page.wait_for_selector("dialog[open]", state="detached")
    why = await page.locator("#detail .why-link").first.get_attribute("href")
    assert why is not None
    for address, ready in ((why, ".duty-card"), ("/timeliness", "#record-table td")):
        await page.goto(address)
        await page.wait_for_selector(ready)
        seen += await faults(page, address.partition("?")[0])
    assert seen == []
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_the_pages_of_reporter_and_admin(
    browser: Browser, busy: World, scheme: str
) -> None:
    page, complaints = await signed_in(browser, busy, "reporter.103", "/report", PHONE, color_scheme=scheme)
    await page.wait_for_function("() => document.querySelector('#who').textContent !== ''")
    seen = await faults(page, "report")
    await page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    seen += await faults(page, "report, all open")
    await page.context.clear_cookies()
    await page.goto("/login")
    seen += await faults(page, "login")
    page, more = await signed_in(browser, busy, "admin", "/console/packs", DESK, color_scheme=scheme)
    await page.wait_for_selector("#standing td")
    seen += await faults(page, "packs")
    assert seen == []
    assert complaints == more == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_duties_and_on_what_was_not_received_or_refused(
    browser: Browser, calm_house: World, scheme: str
) -> None:
    page = await opened(browser, calm_house, color_scheme=scheme)
    await page.locator("#when-chips button").first.click()
    await page.locator("#later > summary").click()
    await page.select_option("#grade", "III")
    await write(page)
    await page.click("#send")
    await expect(page.locator(".copy.stored")).to_have_count(1)
    await calm_house.settled()
    await expect(page.locator(".duty")).not_to_have_count(0)
    seen = await faults(page, "duties")
    await calm_house.fast_forward(minutes=40)
    await page.route("**/api/v1/reports", lambda route: route.abort())
    await write(page, "第二份")
    await page.click("#send")
    await expect(page.locator(".copy.not-received")).to_be_visible()
    await expect(page.locator(".duty.over")).not_to_have_count(0)
    seen += await faults(page, "not received, over time")
    await page.context.clear_cookies()
    await page.unroute("**/api/v1/reports")
    await page.locator(".copy.not-received").get_by_role("button").first.click()
    await expect(page.locator("#banner")).to_contain_text("已退出登录")
    seen += await faults(page, "signed out")
    assert seen == []
