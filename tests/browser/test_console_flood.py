"""One person sends many reports: the queue counts them under the newest, lists them when asked, hides nobody else."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import DESK
from tests.browser.real_house import signed_in
from tests.browser.test_accessibility import faults
from tests.world import World

pytestmark = pytest.mark.browser
MANY = 24


async def test_it_counts_a_senders_many_in_one_line_and_lists_them_when_asked(
    browser: Browser, calm_house: World
) -> None:
    house = calm_house
    await house.report(who="duty_officer", title="真正的事故", grade="II")
    for number in range(MANY - 1):
        await house.report(title=f"第 {number} 份", grade="I")
    await house.fast_forward(minutes=1)
    await house.report(title="最新一份", grade="I")
    await house.settled()
    page, complaints = await signed_in(browser, house, house.on_duty.duty_officer.login, "/console", DESK)
    fold, rows = page.locator("[data-fold]"), page.locator(".row")
    await expect(fold).to_contain_text("来自 青泉镇")
    assert await rows.count() < MANY
    await expect(rows.filter(has_text="真正的事故")).to_have_count(1)
    await expect(rows.filter(has_text="最新一份")).to_have_count(1)
    assert await faults(page, "folded") == []
    await fold.focus()
    await page.keyboard.press("Enter")
    await expect(fold).to_have_attribute("aria-expanded", "true")
    await expect(rows).to_have_count(MANY + 1)
    await rows.filter(has_text="第 17 份").click()
    await expect(page.locator("#detail h2")).to_have_text("第 17 份")
    await house.report(title="又一份", grade="I")
    await expect(rows.filter(has_text="又一份")).to_have_count(1)
    await expect(rows).to_have_count(MANY + 2)
    await fold.click()
    await expect(fold).to_have_attribute("aria-expanded", "false")
    await expect(rows.filter(has_text="真正的事故")).to_have_count(1)
    assert complaints == []
