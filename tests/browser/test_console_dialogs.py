"""The console's dialogs: Enter never sends half a report, what was typed survives, and two tabs never mix words."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OFFICER, Opened, PageServer
from tests.browser.test_console_page import report

pytestmark = pytest.mark.browser
KEYS = {
    "g": "grade",
    "f": "forward",
    "u": "follow_up",
    "s": "stop",
    "c": "close",
    "l": "call",
    "Shift+A": "on_behalf",
}
ONE_LINE = "dialog input:visible, dialog select:visible"


async def console(open_page: Opened, server: PageServer) -> tuple[Page, list[str]]:
    """A console before one incident, and what it sends."""
    report(server)
    page = await open_page("/console", login=OFFICER)
    await page.wait_for_selector("#detail h2")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    return page, sent


async def call_with(page: Page, title: str) -> None:
    await page.keyboard.press("l")
    await page.fill("dialog [name=title]", title)
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog[open]")).to_have_count(0)


@pytest.mark.parametrize("key", KEYS)
async def test_enter_in_a_line_or_a_choice_sends_nothing(
    open_page: Opened, page_server: PageServer, key: str
) -> None:
    page, sent = await console(open_page, page_server)
    await page.keyboard.press(key)
    await page.wait_for_selector(f"dialog[open] .form-{KEYS[key]}")
    for folded in await page.locator("dialog details").all():
        await folded.evaluate("one => { one.open = true; }")
    count = await page.locator(ONE_LINE).count()
    assert count
    for nth in range(count):
        await page.locator(ONE_LINE).nth(nth).focus()
        await page.keyboard.press("Enter")
    await expect(page.locator("dialog[open]")).to_have_count(1)
    assert sent == []


async def test_enter_on_a_button_does_what_the_button_says(
    open_page: Opened, page_server: PageServer
) -> None:
    page, sent = await console(open_page, page_server)
    await page.keyboard.press("f")
    await page.get_by_role("button", name="取消").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.keyboard.press("f")
    await page.locator("dialog [type=submit]").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    assert len(sent) == 1


async def test_enter_that_ends_a_composition_sends_nothing(
    open_page: Opened, page_server: PageServer
) -> None:
    page, sent = await console(open_page, page_server)
    await page.keyboard.press("l")
    await page.fill("dialog [name='details.process']", "水位上")
    for how in ("isComposing: true", "keyCode: 229"):
        await page.locator("dialog [name='details.process']").evaluate(
            "(one) => one.dispatchEvent(new KeyboardEvent('keydown', "
            f"{{ key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true, {how} }}))"
        )
    await expect(page.locator("dialog[open]")).to_have_count(1)
    assert sent == []
    await page.locator("dialog [name='details.process']").press("Control+Enter")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    assert sum(url.endswith("/calls") for url in sent) == 1


async def test_it_keeps_the_words_of_a_call_over_escape_and_reload_until_they_are_dropped(
    open_page: Opened, page_server: PageServer
) -> None:
    page, _ = await console(open_page, page_server)
    await call_with(page, "水库水位上涨")
    await page.reload()
    await page.wait_for_selector("#detail h2")
    await page.keyboard.press("l")
    await expect(page.locator("dialog [name=title]")).to_have_value("水库水位上涨")
    await expect(page.locator("dialog .draft")).to_contain_text("上次没有发送的内容")
    await page.get_by_role("button", name="清空重填").click()
    await expect(page.locator("dialog [name=title]")).to_have_value("")
    await page.keyboard.press("Escape")
    await page.keyboard.press("l")
    await expect(page.locator("dialog [name=title]")).to_have_value("")


async def test_two_tabs_keep_their_own_words_even_where_one_was_opened_from_the_other(
    open_page: Opened, page_server: PageServer
) -> None:
    page, _ = await console(open_page, page_server)
    await call_with(page, "甲线来电")
    async with page.expect_popup() as opening:
        await page.evaluate("() => void window.open('/console')")  # gets a copy of this tab's storage
    other = await opening.value
    await other.wait_for_selector("#detail h2")
    await other.wait_for_function("(mine) => sessionStorage['jibao.tab'] !== mine", arg=await tab(page))
    await other.keyboard.press("l")
    await expect(other.locator("dialog [name=title]")).to_have_value("")
    await other.fill("dialog [name=title]", "乙线来电")
    await other.keyboard.press("Escape")
    await page.keyboard.press("l")
    await expect(page.locator("dialog [name=title]")).to_have_value("甲线来电")
    await page.keyboard.press("Escape")
    await other.keyboard.press("l")
    await expect(other.locator("dialog [name=title]")).to_have_value("乙线来电")
    assert page_server.problems == []


async def tab(page: Page) -> str:
    return str(await page.evaluate("() => sessionStorage['jibao.tab']"))


async def test_the_next_person_at_the_same_tab_never_sees_the_words_of_the_one_before(
    open_page: Opened, page_server: PageServer
) -> None:
    page, _ = await console(open_page, page_server)
    await call_with(page, "只给我看")
    await page.context.clear_cookies()
    await page.goto("/login")
    await page.fill("#login", "leader.chen")
    await page.fill("#password", page_server.password)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#detail h2")
    await page.keyboard.press("l")
    await expect(page.locator("dialog [name=title]")).to_have_value("")
