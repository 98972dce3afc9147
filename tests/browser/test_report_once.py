"""A report is sent once, whoever presses how often; Enter never sends; each tab keeps a draft of its own."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.reporter_at import opened, stored, write
from tests.world import World

pytestmark = pytest.mark.browser


async def tap_twice(page: Page) -> None:
    await page.evaluate("() => { const b = document.getElementById('send'); b.click(); b.click(); }")


async def double_click(page: Page) -> None:
    await page.dblclick("#send")


async def hold_ctrl_enter(page: Page) -> None:
    await page.locator("#title").focus()
    await page.keyboard.down("Control")
    for _ in range(8):
        await page.keyboard.down("Enter")
    await page.keyboard.up("Enter")
    await page.keyboard.up("Control")


async def hold_enter_on_the_button(page: Page) -> None:
    await page.locator("#send").focus()
    for _ in range(8):
        await page.keyboard.down("Enter")
    await page.keyboard.up("Enter")


async def press_ctrl_enter_three_times(page: Page) -> None:
    await page.locator("#title").focus()
    for _ in range(3):
        await page.keyboard.press("Control+Enter")


PRESSES = [double_click, tap_twice, hold_ctrl_enter, hold_enter_on_the_button, press_ctrl_enter_three_times]


async def test_it_opens_one_incident_however_often_send_is_pressed(browser: Browser, house: World) -> None:
    page = await opened(browser, house)
    for number, press in enumerate(PRESSES, 1):
        await write(page, press.__name__)
        await press(page)
        assert await stored(page, house, number) == [one.__name__ for one in PRESSES[:number]]
        await expect(page.locator("#form-error")).to_be_empty()


async def test_it_sends_nothing_again_while_the_first_is_on_its_way(browser: Browser, house: World) -> None:
    page = await opened(browser, house)
    on_its_way, let_go = asyncio.Event(), asyncio.Event()

    async def slow(route: Route) -> None:
        on_its_way.set()
        await let_go.wait()
        await route.continue_()

    await page.context.route("**/api/v1/reports", slow)
    await write(page)
    await page.click("#send")
    await on_its_way.wait()
    await page.click("#send")
    await page.keyboard.press("Control+Enter")
    await page.locator(".copy.waiting").get_by_role("button", name="立即重发").dblclick()
    let_go.set()
    assert await stored(page, house) == ["石桥镇粮库火情"]


async def test_it_never_sends_by_enter_in_a_line_of_text(browser: Browser, house: World) -> None:
    page = await opened(browser, house)
    await write(page)
    await page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    fields = page.locator("#form").locator("input:visible, textarea:visible, select:visible")
    assert await fields.count() > 25
    for number in range(await fields.count()):
        await fields.nth(number).focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Shift+Enter")
    await page.locator("#title").focus()
    composing = await page.context.new_cdp_session(page)
    await composing.send(
        "Input.imeSetComposition", {"text": "huo", "selectionStart": 3, "selectionEnd": 3}
    )  # half a word of pinyin: this Enter belongs to the input method
    await page.keyboard.press("Enter")
    await page.evaluate(
        "() => document.getElementById('title').dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true, cancelable: true}))"
    )
    await expect(page.locator("#copies .none")).to_be_visible()
    assert await house.peek.fetchval("select count(*) from incidents") == 0
    await expect(page.locator("#place-text")).to_have_value("粮库东侧")


async def test_it_keeps_a_draft_for_each_tab_over_a_reload(browser: Browser, house: World) -> None:
    one = await opened(browser, house)
    await write(one, "第一个窗口")
    async with one.context.expect_page() as made:
        await one.evaluate("() => { window.open('/report'); }")  # takes a copy of what the tab remembers
    two = await made.value
    await two.wait_for_selector("#form:not([inert])")
    await expect(two.locator("#title")).to_be_empty()
    await write(two, "第二个窗口")
    await one.fill("#place-text", "改过的地点")
    for page, title in ((one, "第一个窗口"), (two, "第二个窗口"), (one, "第一个窗口")):
        await page.reload()
        await page.wait_for_selector("#form:not([inert])")
        await expect(page.locator("#title")).to_have_value(title)
    await two.click("#send")
    assert await stored(two, house) == ["第二个窗口"]
    await expect(one.locator("#title")).to_have_value("第一个窗口")


async def test_it_finds_the_draft_of_a_tab_that_was_closed(browser: Browser, house: World) -> None:
    one = await opened(browser, house)
    await write(one, "手机收走了这个窗口")
    context = one.context
    await one.close()
    found, other = await context.new_page(), await context.new_page()
    for page in (found, other):
        await page.goto("/report")
        await page.wait_for_selector("#form:not([inert])")
    await expect(found.locator("#title")).to_have_value("手机收走了这个窗口")
    await expect(other.locator("#title")).to_be_empty()


async def test_it_sends_once_what_was_sent_just_before_the_page_died(browser: Browser, house: World) -> None:
    page = await opened(browser, house)
    await write(page)
    drafts = (
        "() => Object.fromEntries(Object.entries(localStorage).filter(([k]) => k.startsWith('jibao.draft.')))"
    )
    kept = await page.evaluate(drafts)
    assert len(kept) == 1
    await page.click("#send")
    assert len(await stored(page, house)) == 1
    put_back = "(kept) => Object.entries(kept).forEach(([key, text]) => localStorage.setItem(key, text))"
    await page.evaluate(put_back, kept)  # as if the page had ended before it could drop the draft
    await page.reload()
    await page.wait_for_selector("#form:not([inert])")
    await expect(page.locator("#title")).to_be_empty()
    await page.evaluate(put_back, kept)
    assert await stored(page, house) == ["石桥镇粮库火情"]


async def test_it_loses_no_words_when_a_refused_report_is_opened(browser: Browser, house: World) -> None:
    page = await opened(browser, house)
    await page.context.route(
        "**/api/v1/reports",
        lambda route: route.fulfill(
            status=422, json={"title": "被退回", "detail": "时间在未来", "errors": []}
        ),
    )
    await write(page, "被退回的")
    await page.click("#send")
    await page.wait_for_selector(".copy.refused")
    await write(page, "正在写的")
    page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.dismiss()))
    await page.get_by_role("button", name="修改并重报").click()
    await expect(page.locator("#title")).to_have_value("正在写的")
    page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
    await page.get_by_role("button", name="修改并重报").click()
    await expect(page.locator("#title")).to_have_value("被退回的")
    await page.reload()
    await expect(page.locator("#editing")).to_be_visible()
    await page.context.unroute("**/api/v1/reports")
    await page.click("#send")
    assert await stored(page, house) == ["被退回的"]
    await expect(page.locator(".copy")).to_have_count(1)
