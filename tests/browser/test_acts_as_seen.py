"""Acts are decided on what was seen: who was quicker is named; a lost answer is asked for again; who acted is named."""

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.conftest import DESK
from tests.browser.real_house import signed_in
from tests.browser.test_accessibility import faults
from tests.world import World

pytestmark = pytest.mark.browser


async def at_the_console(browser: Browser, house: World) -> tuple[Page, str]:
    """The duty officer before one incident of grade IV."""
    page, _ = await signed_in(browser, house, house.on_duty.duty_officer.login, "/console", DESK)
    receipt = await house.report(grade="IV")
    await expect(page.locator("#detail h2")).to_contain_text("青云高速")
    await expect(page.locator("#detail [data-act=acknowledge]")).to_be_enabled()
    return page, receipt["incident_id"]


async def send(page: Page) -> None:
    await page.keyboard.press("Control+Enter")


async def test_it_says_who_was_quicker_and_shows_it_before_anything_is_changed(
    browser: Browser, calm_house: World
) -> None:
    page, incident_id = await at_the_console(browser, calm_house)
    await page.keyboard.press("g")
    await page.select_option("dialog [name=grade]", "III")
    await calm_house.act(f"incidents/{incident_id}/grade", who="duty_leader", grade="II")
    await send(page)
    await expect(page.locator(".form-problem")).to_contain_text(calm_house.on_duty.duty_leader.name)
    await expect(page.locator(".incident-head .grade")).to_have_attribute("data-grade", "II")
    assert await calm_house.peek.fetchval("select grade from incidents") == "II"
    await page.fill("dialog [name=note]", "复核后定为较大")
    await send(page)
    await expect(page.locator("dialog[open]")).to_have_count(0)
    assert await calm_house.peek.fetchval("select grade from incidents") == "III"


async def test_it_forwards_once_though_the_first_answer_was_lost(browser: Browser, calm_house: World) -> None:
    page, incident_id = await at_the_console(browser, calm_house)

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/forward", lose_the_answer, times=1)
    await page.keyboard.press("f")
    await page.fill("dialog [name=receipt_no]", "SW-7")
    await send(page)
    await expect(page.locator(".form-problem")).to_contain_text("再发送一次不会重复")
    await page.keyboard.press("Escape")
    await page.keyboard.press("f")
    await expect(page.locator("dialog [name=receipt_no]")).to_have_value("SW-7")
    await page.fill("dialog [name=received_by]", "市值班室")
    await send(page)
    await expect(page.locator(".form-problem")).to_contain_text("上次发送其实已经生效")
    await calm_house.settled()
    assert (await calm_house.kinds(incident_id)).count("report.forwarded") == 1


async def test_it_sends_again_under_the_same_id(browser: Browser, calm_house: World) -> None:
    page, incident_id = await at_the_console(browser, calm_house)

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/stop", lose_the_answer, times=1)
    await page.keyboard.press("s")
    await send(page)
    await expect(page.locator(".form-problem")).to_contain_text("再发送一次不会重复")
    await send(page)
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await calm_house.settled()
    assert (await calm_house.kinds(incident_id)).count("incident.stopped") == 1


async def test_it_opens_again_what_was_closed_and_names_everybody_who_acted(
    browser: Browser, calm_house: World
) -> None:
    page, incident_id = await at_the_console(browser, calm_house)
    officer, leader = calm_house.on_duty.duty_officer, calm_house.on_duty.duty_leader
    await page.keyboard.press("Shift+A")
    await page.select_option("dialog [name=who]", leader.login)
    await page.fill("dialog [name=note]", "我马上到")
    await send(page)
    await expect(page.locator(".row .has-it")).to_contain_text(leader.name)
    await calm_house.act(f"incidents/{incident_id}/grade", who="duty_leader", grade="III")
    await calm_house.act(f"incidents/{incident_id}/close", who="duty_leader", why="non_incident", note="演练")
    await expect(page.locator("#detail [data-act=reopen]")).to_be_enabled()
    await expect(page.locator("#detail [data-act=close]")).to_have_count(0)
    await page.keyboard.press("o")
    assert await faults(page, "reopen") == []
    await send(page)
    await expect(page.locator("[data-error=note]")).not_to_be_empty()
    await page.fill("dialog [name=note]", "不是演练")
    await send(page)
    await expect(page.locator(".incident-head .state")).to_have_text("处置中")
    await calm_house.settled()
    assert await calm_house.peek.fetchval("select state from incidents") == "open"
    for kind, words in {
        "alert_acknowledged": f"{leader.name}（由 {officer.name} 代为登记）",
        "incident_regraded": leader.name,
        "incident_closed": leader.name,
        "incident_reopened": officer.name,
    }.items():
        await expect(page.locator(f".timeline .{kind} .by-whom").first).to_have_text(f" {words}")


async def test_it_shows_that_a_report_came_after_the_closing(browser: Browser, calm_house: World) -> None:
    page, incident_id = await at_the_console(browser, calm_house)
    await calm_house.act(f"incidents/{incident_id}/close", why="non_incident", note="演练")
    await calm_house.fast_forward(minutes=1)
    first = (await calm_house.incident(incident_id))["reports"][0]["report_id"]
    await calm_house.report(
        incident_id=incident_id, stage="correction", corrects=first, title="青云高速多车追尾"
    )
    await expect(page.locator(".incident-head .notice")).to_contain_text("办结后又收到 1 份报告")
