"""The account page in a browser: what is open, ending it, a new password; on a phone, in both languages, for all."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.real_house import PASSWORD, signed_in
from tests.world import World

pytestmark = pytest.mark.browser
ASKED = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDER = "() => document.documentElement.scrollWidth - window.innerWidth"
NEW = "河边三棵老柳树 in May"


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "修改密码"), ("en-GB", "Change the password")])
async def test_it_fits_a_phone_and_can_be_read_by_everybody(
    browser: Browser, calm_house: World, language: str, word: str
) -> None:
    page, complaints = await signed_in(
        browser, calm_house, "reporter.103", "/account", PHONE, locale=language
    )
    await page.wait_for_selector("#sessions li")
    await expect(page.locator("#password h2")).to_have_text(word)
    assert await page.evaluate(WIDER) <= 0
    found: dict[str, Any] = (await Axe().run(page, options=ASKED)).response
    assert [one["id"] for one in found["violations"]] == []
    assert "[" not in (await page.locator("main").inner_text()), "a text is missing"
    assert complaints == []


async def test_it_ends_another_sign_in_and_changes_the_password_once(
    browser: Browser, calm_house: World
) -> None:
    other, _ = await signed_in(browser, calm_house, "reporter.103", "/account", DESK)
    page, complaints = await signed_in(browser, calm_house, "reporter.103", "/account", DESK)
    await page.wait_for_selector("#end-others:not([hidden])")
    await page.click("#sessions button")
    await expect(page.locator("#done")).to_contain_text("1")
    await other.reload()
    await other.wait_for_url(lambda url: "/login" in url)
    for field, text in (("current", PASSWORD), ("new", "123456789012"), ("again", "123456789012")):
        await page.fill(f"#{field}", text)
    await page.click("#password button")
    await expect(page.locator("#problem")).to_contain_text("新密码不可用")
    for field in ("new", "again"):
        await page.fill(f"#{field}", NEW)
    await page.dblclick("#password button")
    await expect(page.locator("#done")).to_contain_text("密码已修改")
    changed = "select count(*) from security_log where kind = 'password_changed'"
    assert await calm_house.peek.fetchval(changed) == 1
    assert complaints == []


@pytest.mark.parametrize(
    ("login", "path"), [("reporter.103", "/report"), ("duty.li", "/console"), ("auditor.wu", "/timeliness")]
)
async def test_it_is_reached_from_the_other_pages(
    browser: Browser, calm_house: World, login: str, path: str
) -> None:
    page, _ = await signed_in(browser, calm_house, login, path, DESK)
    await page.click('a[href="/account"]')
    await page.wait_for_selector("#sessions li")
