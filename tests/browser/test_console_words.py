"""Where somebody wrote words instead of a number, the console shows the words: never a gap, never a number of ours."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import DESK
from tests.browser.real_house import signed_in
from tests.reports import make_later
from tests.world import World

pytestmark = pytest.mark.browser


async def test_it_shows_the_words_until_a_number_comes(browser: Browser, calm_house: World) -> None:
    page, complaints = await signed_in(
        browser, calm_house, calm_house.on_duty.duty_officer.login, "/console", DESK
    )
    receipt = await calm_house.report(
        casualties={"deaths": "十几", "injuries": 2}, quantities={"households": "几百户"}
    )
    facts = page.locator("#detail .facts")
    await expect(facts).to_contain_text("死亡 （原话：十几）")
    await expect(facts.locator(".unread")).to_contain_text("几百户")
    await page.locator(".timeline .filed summary").click()
    await expect(page.locator(".timeline .filed .content").first).to_contain_text("（原话：十几）")
    await calm_house.send(
        make_later(receipt["incident_id"], casualties={"deaths": 12}, quantities={"households": 320}),
        "reporter",
    )
    await expect(facts).to_contain_text("死亡 12")
    await expect(facts.locator(".unread")).to_have_count(0)
    assert complaints == []
