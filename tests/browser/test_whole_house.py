"""The pages on the real house: real doors, broker and database, from a township's phone to the duty console."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.real_house import PASSWORD, signed_in
from tests.world import World

pytestmark = pytest.mark.browser


def on_duty(house: World) -> str:
    return house.on_duty.duty_officer.login


async def test_it_brings_a_report_from_the_phone_to_the_console_until_somebody_has_it(
    browser: Browser, house: World
) -> None:
    desk, desk_complaints = await signed_in(browser, house, on_duty(house), "/console", DESK)
    await expect(desk.locator("#connection")).to_contain_text("已连接")
    town, town_complaints = await signed_in(browser, house, "reporter.103", "/report", PHONE)
    await town.get_by_role("button", name="高速公路交通事故").click()
    await town.fill("#title", "青云高速追尾，两人受伤")
    await town.get_by_role("button", name="报送", exact=True).click()
    await expect(town.locator("body")).to_contain_text("已入库")
    await expect(desk.locator(".strip-item")).to_contain_text("青云高速追尾")
    await house.settled()
    attempts = await house.rows("select state, channel from attempts")
    assert [(row["state"], row["channel"]) for row in attempts] == [("delivered", "console")]
    await desk.keyboard.press("a")
    await expect(desk.locator(".strip-item")).to_have_count(0)
    await house.settled()
    assert await house.peek.fetchval("select state from alerts") == "acknowledged"
    assert desk_complaints == town_complaints == []


async def test_it_opens_after_the_sign_in_the_page_that_was_asked_for(browser: Browser, house: World) -> None:
    context = await browser.new_context(
        viewport=DESK, base_url=f"http://127.0.0.1:{house.running['doors'].port}", locale="zh-CN"
    )
    page = await context.new_page()
    await page.goto("/timeliness?by=stage")
    await page.get_by_role("link", name="English").click()
    await page.fill("#login", on_duty(house))
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/timeliness?by=stage")
    await page.close()  # or it would notice the missing session and lead away by itself
    await context.clear_cookies()
    page = await context.new_page()
    await page.goto("/console")
    assert page.url.endswith("/login?after=/console")


async def test_it_speaks_english_to_whoever_reads_english(browser: Browser, house: World) -> None:
    desk, complaints = await signed_in(browser, house, on_duty(house), "/console", DESK, locale="en-GB")
    await expect(desk.locator("#connection")).to_contain_text("Connected")
    await house.report(title="Pile-up on the expressway", grade="III")
    await expect(desk.locator(".obligations tbody").first).to_contain_text("Yunling County Duty Office")
    await expect(desk.locator("#next .by")).to_contain_text("Qingquan Town → Yunling County Duty Office")
    await expect(desk.locator("ol.timeline")).to_contain_text("Duty officer")
    await expect(desk.locator("#who")).to_contain_text("duty officer")
    await house.fast_forward(minutes=16)
    await expect(desk.locator("#next .over .why-link")).to_be_visible()
    await desk.goto("/timeliness")
    await expect(desk.locator("table").first).to_contain_text("Qingquan Town")
    assert complaints == []


async def test_it_shows_the_breach_and_the_next_person_when_nobody_answers(
    browser: Browser, house: World
) -> None:
    desk, complaints = await signed_in(browser, house, on_duty(house), "/console", DESK)
    await expect(desk.locator("#connection")).to_contain_text("已连接")
    receipt = await house.report(title="上泉村水源纠纷", grade="III")
    await expect(desk.locator(".strip-item")).to_contain_text("上泉村水源纠纷")
    await house.fast_forward(minutes=16)
    await expect(desk.locator("#detail")).to_contain_text("超时")
    steps = await house.peek.fetchval("select max(step) from attempts")
    assert steps >= 1
    assert "obligation.breached" in await house.kinds(receipt["incident_id"])
    assert complaints == []


async def test_it_logs_a_call_and_grades_and_forwards_by_keyboard(browser: Browser, house: World) -> None:
    desk, complaints = await signed_in(browser, house, on_duty(house), "/console", DESK)
    receipt = await house.report()
    await expect(desk.locator("#detail h2")).to_contain_text("青云高速")
    await desk.keyboard.press("g")
    await desk.locator("dialog [name=grade][value=III], dialog select[name=grade]").first.wait_for()
    select = desk.locator("dialog select[name=grade]")
    if await select.count():
        await select.select_option("III")
    else:
        await desk.locator("dialog [name=grade][value=III]").check()
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("dialog[open]")).to_have_count(0)
    await house.settled()
    assert await house.peek.fetchval("select grade from incidents") == "III"
    await desk.keyboard.press("f")
    await desk.locator("dialog[open]").wait_for()
    await desk.keyboard.press("Control+Enter")
    await expect(desk.locator("dialog[open]")).to_have_count(0)
    await house.settled()
    assert "report.forwarded" in await house.kinds(receipt["incident_id"])
    assert complaints == []
