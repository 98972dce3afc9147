"""What a device does to a page: storage lost, clocks set, sleep, a second tab. No report stands still unsaid."""

import asyncio
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.browser.reporter_at import REPORTER, TITLE, opened, prepared, sign_in, stored, write
from tests.world import World

pytestmark = pytest.mark.browser

LOSES_STORAGE = """
const kept = [], open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...given) {
  if (sessionStorage.getItem("broken")) throw new DOMException("the connection to the server was lost", "UnknownError");
  const asked = open.apply(this, given);
  asked.addEventListener("success", () => kept.push(asked.result));
  return asked;
};
window.loseStorage = () => kept.splice(0).forEach((one) => one.close());
"""
SETS_CLOCKS = """
const wall = Date.now.bind(Date), ran = performance.now.bind(performance);
window.wallAhead = 0;
Date.now = () => wall() + window.wallAhead;
"""
REFUSES_TO_KEEP = """
const count = () => localStorage.setItem("asked", Number(localStorage.getItem("asked") ?? 0) + 1);
navigator.storage.persisted = async () => sessionStorage.getItem("promised") === "yes";
navigator.storage.persist = async () => { count(); return false; };
"""


async def test_it_opens_its_storage_again_when_the_browser_closed_it(browser: Browser, house: World) -> None:
    page = await prepared(browser, house, LOSES_STORAGE)
    await page.context.set_offline(True)
    await write(page)
    await page.click("#send")
    await expect(page.locator(".copy.waiting")).to_contain_text("没有收到")
    await page.evaluate("loseStorage()")
    await page.context.set_offline(False)
    assert await stored(page, house) == [TITLE]
    await page.evaluate("loseStorage()")
    await write(page, "第二份")
    await page.click("#send")
    assert await stored(page, house, 2) == [TITLE, "第二份"]
    await expect(page.locator("#banner")).to_be_hidden()


async def test_it_says_when_nothing_is_being_sent_again_and_goes_on_when_the_storage_opens(
    browser: Browser, house: World
) -> None:
    page = await prepared(browser, house, LOSES_STORAGE)
    await page.context.route("**/api/v1/reports", lambda route: route.abort())
    await write(page)
    await page.click("#send")
    await expect(page.locator(".copy.waiting")).to_contain_text("没有收到")
    await page.evaluate("() => { sessionStorage.setItem('broken', '1'); loseStorage(); }")
    await expect(page.locator("#banner-more")).to_contain_text("没有在重发")
    await expect(page.locator(".copy.waiting")).to_be_visible()  # what this page knows it goes on with
    await page.reload()
    await expect(page.locator("#banner-more")).to_contain_text("没有在重发")
    await expect(page.locator("#banner .phone")).to_have_text(house.county.phone)
    await page.evaluate("() => sessionStorage.removeItem('broken')")
    await page.context.unroute("**/api/v1/reports")
    assert await stored(page, house) == [TITLE]
    await expect(page.locator("#banner")).to_be_hidden()


@pytest.mark.parametrize("hours", [-72, -5, 5, 72])
async def test_it_goes_on_sending_when_the_phones_clock_is_set(
    browser: Browser, house: World, hours: int
) -> None:
    page = await prepared(browser, house, SETS_CLOCKS)
    await page.context.route("**/api/v1/reports", lambda route: route.abort())
    await write(page)
    await page.click("#send")
    await expect(page.locator(".copy.waiting")).to_contain_text("没有收到")
    await page.evaluate("(ms) => { window.wallAhead = ms; }", hours * 3_600_000)
    await page.context.unroute("**/api/v1/reports")
    assert await stored(page, house) == [TITLE]
    await write(page, "钟改过以后")
    await page.click("#send")
    await expect(page.locator(".copy").first).to_contain_text("钟改过以后")
    assert await stored(page, house, 2) == [TITLE, "钟改过以后"]


async def test_it_knows_what_just_now_is_after_a_sleep(browser: Browser, house: World) -> None:
    page = await prepared(browser, house, SETS_CLOCKS)
    house.clock.move(timedelta(minutes=15))
    async with page.expect_request("**/api/v1/session"):  # a timer notices, though no event came
        await page.evaluate("(ms) => { window.wallAhead = ms; }", 15 * 60_000)
    house.clock.move(timedelta(minutes=10))
    await page.evaluate("(ms) => { window.wallAhead = ms; }", 25 * 60_000)
    await page.get_by_role("button", name="刚刚").click()  # before anything noticed: it asks first
    await write(page)
    await page.click("#send")
    assert await stored(page, house) == [TITLE]
    occurred: datetime = await house.peek.fetchval("select occurred_at from incidents")
    assert abs(occurred - house.clock.now()) < timedelta(minutes=2)


async def test_it_asks_again_at_once_when_it_is_shown_again(browser: Browser, house: World) -> None:
    page = await opened(browser, house)
    devtools = await page.context.new_cdp_session(page)
    await page.context.set_offline(True)
    await write(page)
    await page.click("#send")
    await expect(page.locator(".copy.waiting")).to_contain_text("没有收到")
    await devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    await page.context.set_offline(False)
    async with page.expect_request("**/api/v1/session"):
        await devtools.send("Page.setWebLifecycleState", {"state": "active"})
    assert await stored(page, house) == [TITLE]


async def test_it_sends_one_copy_once_from_two_tabs(browser: Browser, house: World) -> None:
    one = await opened(browser, house)
    two = await one.context.new_page()
    await two.goto("/report")
    await two.wait_for_selector("#form:not([inert])")
    await one.context.set_offline(True)
    await write(one)
    await one.click("#send")
    await expect(two.locator(".copy.waiting")).to_be_visible()
    await one.context.set_offline(False)
    assert await stored(one, house) == [TITLE]
    assert await stored(two, house) == [TITLE]
    assert await house.peek.fetchval("select count(*) from reports") == 1
    assert await house.peek.fetchval("select count(*) from refusals") == 0


async def test_it_asks_once_that_the_storage_be_kept_and_says_so_when_it_is_not(
    browser: Browser, house: World
) -> None:
    page = await prepared(browser, house, REFUSES_TO_KEEP)
    await expect(page.locator("#not-kept")).to_contain_text("没有答应")
    await page.reload()
    await expect(page.locator("#not-kept")).to_contain_text("没有答应")
    assert await page.evaluate("localStorage.getItem('asked')") == "1"
    await page.evaluate("sessionStorage.setItem('promised', 'yes')")
    await page.reload()
    await expect(page.locator("#copies .none")).to_be_visible()
    await expect(page.locator("#not-kept")).to_be_hidden()


async def test_it_leaves_nothing_private_after_signing_out_but_unsent_copies(
    browser: Browser, house: World
) -> None:
    page = await opened(browser, house)
    await write(page, "已经入库的")
    await page.click("#send")
    await stored(page, house)
    await page.context.route("**/api/v1/reports", lambda route: route.abort())
    await write(page, "没有发出的")
    await page.click("#send")
    await expect(page.locator(".copy.waiting")).to_contain_text("没有收到")
    await write(page, "没有写完的")
    page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
    await page.click("#logout")
    await page.wait_for_url("**/login")
    left = await page.evaluate(
        """async () => {
        const database = await new Promise((done) => {
          const asked = indexedDB.open("jibao");
          asked.onsuccess = () => done(asked.result);
        });
        const rows = await new Promise((done) => {
          const asked = database.transaction("copies").objectStore("copies").getAll();
          asked.onsuccess = () => done(asked.result);
        });
        const kept = [];
        for (const name of await caches.keys())
          for (const asked of await (await caches.open(name)).keys()) kept.push(new URL(asked.url).pathname);
        return {rows, kept, texts: JSON.stringify([{...localStorage}, {...sessionStorage}])};
        }"""
    )
    assert [one["body"]["title"] for one in left["rows"]] == ["没有发出的"]
    for private in ("已经入库的", "没有写完的", "没有发出的", REPORTER, "phone"):
        assert private not in left["texts"]
    assert all(path.startswith("/static/") or path == "/report" for path in left["kept"])
    await page.context.unroute("**/api/v1/reports")
    await sign_in(page, REPORTER)
    assert sorted(await stored(page, house)) == ["已经入库的", "没有发出的"]
