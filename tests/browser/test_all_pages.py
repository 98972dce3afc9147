"""What every page promises: it fits a phone, speaks the reader's language and needs a sign-in."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OFFICER, PHONE, REPORTER, Opened, PageServer
from tests.browser.test_console_page import report

pytestmark = pytest.mark.browser
PAGES = [("/report", REPORTER), ("/console", OFFICER), ("/timeliness", OFFICER)]
TALLER_THAN_WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize(("path", "login"), PAGES)
async def test_it_never_scrolls_sideways_on_a_phone(
    open_page: Opened, page_server: PageServer, path: str, login: str, language: str
) -> None:
    report(page_server, title="很长的标题" * 30)
    page = await open_page(path, login=login, size=PHONE, language=language)
    await page.wait_for_function("() => document.querySelector('#who').textContent !== ''")
    assert await page.evaluate(TALLER_THAN_WIDE) <= 0
    for view in ("detail", "ladder") if path == "/console" else ():
        await page.click(f"button[data-view={view}]")
        assert await page.evaluate(TALLER_THAN_WIDE) <= 0, view
    assert page_server.problems == []


@pytest.mark.parametrize(
    ("language", "word"), [("zh-CN", "报送"), ("en-GB", "Send report"), ("fr-FR", "报送")]
)
async def test_it_speaks_the_browsers_language_and_chinese_by_default(
    open_page: Opened, page_server: PageServer, language: str, word: str
) -> None:
    page = await open_page("/report", language=language)
    await expect(page.locator("#send")).to_have_text(word)


async def test_it_keeps_the_language_that_was_chosen(open_page: Opened, page_server: PageServer) -> None:
    page = await open_page("/report")
    await page.get_by_role("link", name="English").click()
    await page.goto("/report")
    await expect(page.locator("#send")).to_have_text("Send report")


async def test_it_shows_every_input_with_a_label_and_no_bare_key(
    open_page: Opened, page_server: PageServer
) -> None:
    for path, login in PAGES:
        page = await open_page(path, login=login)
        await page.wait_for_function("() => document.querySelector('#who').textContent !== ''")
        nameless = await page.evaluate(
            "() => [...document.querySelectorAll('input, select, textarea')]"
            ".filter((one) => !one.labels?.length && one.type !== 'hidden').map((one) => one.outerHTML)"
        )
        assert nameless == []
        assert "[" not in (await page.locator("body").inner_text()), "a text is missing"


async def test_it_says_beside_the_form_when_signing_in_failed(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    await page.context.clear_cookies()
    await page.goto("/report")
    assert page.url.endswith("/login?after=/report")
    await page.fill("#login", "town.sun")
    await page.fill("#password", "wrong")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()


async def test_it_acknowledges_by_a_button_and_never_by_opening_the_link(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/a/some-token", login=OFFICER)
    await expect(page.get_by_role("button", name="签收")).to_be_visible()
    assert await page.locator("form").get_attribute("method") == "post"


async def test_it_turns_dark_by_key_and_stays_dark(open_page: Opened, page_server: PageServer) -> None:
    page = await open_page("/console", login=OFFICER)
    await page.wait_for_selector("#facets button")
    await page.keyboard.press("t")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
