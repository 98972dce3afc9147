"""A copy belongs to its author: nobody else's session sends it, and each page says who is signed in now."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.reporter_at import NEIGHBOUR, REPORTER, TITLE, opened, sign_in, stored, write
from tests.world import World

pytestmark = pytest.mark.browser


def name_of(house: World, login: str) -> str:
    return next(one.name for one in house.county.people if one.login == login)


async def signs_in_beside(page: Page, login: str) -> Page:
    """In another tab of the same browser somebody else signs in."""
    other = await page.context.new_page()
    await page.context.clear_cookies()
    return await sign_in(other, login)


@pytest.mark.parametrize("accepted", [False, True], ids=["not sent yet", "accepted already"])
async def test_it_never_sends_a_copy_under_another_persons_session(
    browser: Browser, house: World, accepted: bool
) -> None:
    hers, his = name_of(house, REPORTER), name_of(house, NEIGHBOUR)
    one = await opened(browser, house)
    if accepted:
        await house.stop("consumers")
    else:
        await one.context.route("**/api/v1/reports", lambda route: route.abort())
    await write(one)
    await one.click("#send")
    await expect(one.locator(".copy.accepted" if accepted else ".copy.waiting.not-received")).to_be_visible()
    two = await signs_in_beside(one, NEIGHBOUR)
    await one.context.unroute("**/api/v1/reports")
    await expect(one.locator("#who")).to_contain_text(f"现在登录的是 {his}")
    await expect(one.locator("#banner-more")).to_contain_text(f"请以 {hers} 登录后发送")
    await expect(two.locator("#banner-more")).to_contain_text(
        f"{hers} 的 1 份报告在等：请以 {hers} 登录后发送"
    )
    await one.bring_to_front()
    await write(one, "换人以后写的")
    await one.click("#send")
    await expect(one.locator(".copy").first).to_contain_text("由作者本人登录后发送")
    await expect(one.locator("[data-state=accepted]")).to_have_count(1 if accepted else 0)
    if accepted:
        await house.start("consumers")
    await house.settled()
    by = "select count(*) from reports where submitted_by <> (select person_id from people where login = $1)"
    assert await house.peek.fetchval(by, REPORTER) == 0
    await two.close()
    await one.context.clear_cookies()
    await sign_in(one, REPORTER)
    assert sorted(await stored(one, house, 2)) == sorted([TITLE, "换人以后写的"])
    assert await house.peek.fetchval(by, REPORTER) == 0


async def test_it_is_red_when_signed_out_while_sending_and_sends_after_the_sign_in(
    browser: Browser, house: World
) -> None:
    page = await opened(browser, house)
    await page.context.clear_cookies()
    await write(page)
    await page.click("#send")
    await expect(page.locator("#banner strong")).to_have_text("已退出登录！")
    await expect(page.locator("#banner .phone")).to_have_attribute(
        "href", "tel:" + house.county.phone.replace("-", "")
    )
    await expect(page.locator("#banner-more")).to_contain_text("1 份报告没有发出")
    await expect(page.locator(".copy.waiting.not-received .phone")).to_be_visible()
    await page.locator("#banner-more").get_by_role("link", name="登录").click()
    await expect(page.locator(".card")).to_contain_text(house.county.phone)
    await sign_in(page, REPORTER)
    assert await stored(page, house) == [TITLE]
    await expect(page.locator("#banner")).to_be_hidden()


async def test_it_goes_on_by_itself_when_she_signs_in_again_in_another_tab(
    browser: Browser, house: World
) -> None:
    page = await opened(browser, house)
    await page.context.clear_cookies()
    await write(page)
    await page.click("#send")
    await expect(page.locator("#banner strong")).to_have_text("已退出登录！")
    await signs_in_beside(page, REPORTER)
    assert await stored(page, house) == [TITLE]


@pytest.mark.parametrize("signed", [True, False], ids=["signed in", "signed out"])
async def test_it_shows_the_phone_in_red_from_a_cold_start_without_network(
    browser: Browser, house: World, signed: bool
) -> None:
    page = await opened(browser, house)
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context, dialled = page.context, "tel:" + house.county.phone.replace("-", "")
    if not signed:
        await page.click("#logout")
        await page.wait_for_url("**/login")
        await expect(page.locator(".card .phone")).to_have_attribute("href", dialled)
    await page.close()
    await context.set_offline(True)
    cold = await context.new_page()
    await cold.set_viewport_size(PHONE)
    await cold.goto("/report")
    if signed:
        await write(cold)
        await cold.click("#send")
        await expect(cold.locator(".copy.waiting")).to_contain_text("没有收到")
    await expect(cold.locator("#banner strong")).to_have_text("没有收到！" if signed else "已退出登录！")
    await expect(cold.locator("#banner .phone")).to_have_attribute("href", dialled)


async def test_it_shows_a_refused_report_in_red_with_reason_phone_and_what_to_do(
    browser: Browser, house: World
) -> None:
    page = await opened(browser, house)
    await write(page)
    await page.fill("#occurred_at", "2031-01-01T00:00")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.click("#send")
    refused = page.locator(".copy.refused.not-received")
    await expect(refused).to_contain_text("事发时间")
    await expect(refused).to_contain_text("修改并重报")
    await expect(refused.locator(".phone")).to_have_text(house.county.phone)
    await expect(page.locator("#banner strong")).to_have_text("报告被退回！")
    await refused.get_by_role("button", name="修改并重报").click()
    await expect(page.locator("#title")).to_have_value(TITLE)
    await page.fill("#occurred_at", "")
    await page.click("#send")
    assert await stored(page, house) == [TITLE]
    await expect(page.locator("#banner")).to_be_hidden()
