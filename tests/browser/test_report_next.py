"""After sending she reads that it was received, what she must do next and who has it, on every device of hers."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.reporter_at import REPORTER, TITLE, opened, prepared, stored, write
from tests.world import World

pytestmark = pytest.mark.browser
WALL_FIVE_HOURS_AHEAD = "const wall = Date.now.bind(Date); Date.now = () => wall() + 5 * 3600000;"


async def seconds_left(page: Page) -> list[int]:
    """What each countdown says, in the order shown; what ran out is below zero."""
    said = await page.locator("#duties-list .left").all_inner_texts()
    left = []
    for text in said:
        days, clock = re.findall(r"(?:(\d+)天\s*)?((?:\d+:)+\d+)", text)[0]
        parts = [int(part) for part in clock.split(":")]
        seconds = sum(part * 60**place for place, part in enumerate(reversed(parts))) + int(days or 0) * 86400
        left.append(-seconds if "超时" in text else seconds)
    return left


async def test_it_says_received_and_what_comes_next_and_keeps_that_live_on_every_device(
    browser: Browser, house: World
) -> None:
    first = await prepared(browser, house, WALL_FIVE_HOURS_AHEAD)
    second = await opened(browser, house)
    await write(first)
    await first.locator(".common").get_by_role("button", name="高速公路交通事故").click()
    await first.get_by_role("button", name="刚刚").click()
    await first.locator("#later > summary").click()
    await first.select_option("#grade", "III")
    await first.click("#send")
    receipt = first.locator("#receipt.good")
    await expect(receipt).to_contain_text("已收到")
    assert await stored(first, house) == [TITLE]
    row = await house.peek.fetchrow("select receipt_no, received_at from reports")
    await expect(receipt).to_contain_text(row["receipt_no"])
    width = await receipt.evaluate("(one) => one.getBoundingClientRect().width / window.innerWidth")
    assert width > 0.9
    incident = await house.peek.fetchrow("select incident_id, number from incidents")
    duties = await house.rows(
        "select due_at, medium from obligations where state = 'open' and from_node = $1 order by due_at",
        next(one.node for one in house.county.people if one.login == REPORTER),
    )
    assert duties
    for page in (first, second):
        await expect(page.locator(".case")).to_contain_text(incident["number"])
        await expect(page.locator(".duty")).to_have_count(len(duties))
        await expect(page.locator(".case-taken")).to_have_text("还没有人签收")
        left = await seconds_left(page)
        assert left == sorted(left)
        for shown, duty in zip(left, duties, strict=True):
            due: datetime = duty["due_at"]
            assert abs((due - house.clock.now()).total_seconds() - shown) < 60
    calls = [duty for duty in duties if duty["medium"] == "phone"]
    await expect(first.locator(".duty a.call")).to_have_count(len(calls))
    alert = await house.alert(str(incident["incident_id"]))
    await house.act(f"alerts/{alert['alert_id']}/acknowledge")
    await house.act(f"incidents/{incident['incident_id']}/grade", grade="II")
    for page in (first, second):
        await expect(page.locator(".case-taken")).to_contain_text(f"{house.on_duty.duty_officer.name} 签收")
        await expect(page.locator(".case .grade")).to_have_attribute("data-grade", "II")


async def test_it_says_whom_to_phone_before_when_and_what_ran_out(browser: Browser, house: World) -> None:
    await house.report(REPORTER, title=TITLE)
    await house.settled()
    page = await opened(browser, house)
    call = page.locator(".duty", has_text="电话报告").locator("a.call").first
    await expect(call).to_have_attribute("href", re.compile(r"^tel:\d{7,}$"))
    await expect(page.locator(".duty", has_text="电话报告").first).to_contain_text(
        re.compile(r"于 \d\d:\d\d 前\s+还剩 \d+:\d\d")
    )
    house.clock.move(timedelta(minutes=40))
    await page.reload()
    await expect(page.locator(".duty.over").first).to_contain_text("已超时")


async def test_it_says_from_when_its_knowledge_is_without_a_network(browser: Browser, house: World) -> None:
    await house.report(REPORTER, title=TITLE)
    await house.settled()
    page = await opened(browser, house)
    await expect(page.locator(".case")).to_contain_text(TITLE)
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context = page.context
    await page.close()
    await context.set_offline(True)
    cold = await context.new_page()
    await cold.goto("/report")
    await expect(cold.locator(".case")).to_contain_text(TITLE)
    await expect(cold.locator("#duties-since")).to_contain_text("没有收到服务器的消息")
    await context.set_offline(False)
    await expect(cold.locator("#duties-since")).to_be_hidden()


async def test_it_opens_the_form_for_a_written_duty_of_the_right_incident(
    browser: Browser, house: World
) -> None:
    receipt = await house.report(REPORTER, title=TITLE)
    await house.settled()
    page = await opened(browser, house)
    await page.locator(".duty").get_by_role("button", name="去写").first.click()
    await expect(page.locator("#incident_id")).to_have_value(receipt["incident_id"])
    await page.fill("[name='details.process']", "明火已扑灭。")
    await page.click("#send")
    await expect(page.locator(".copy.stored")).to_have_count(1)
    stages = await house.rows("select stage from reports order by number")
    assert len(stages) == 2 and await house.peek.fetchval("select count(*) from incidents") == 1
