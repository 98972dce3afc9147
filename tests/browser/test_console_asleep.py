"""A computer that slept: the console says how old its picture is, asks again by itself, and is heard at once."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.conftest import DESK
from tests.browser.real_house import signed_in
from tests.world import World

pytestmark = pytest.mark.browser
HOURS = 3  # an hour less than a session lives that nobody uses
# While a computer sleeps it hears nothing, `performance.now` stands still, and the clock on its wall goes on. Tones are
# counted.
DEVICE = """
  const now = Date.now.bind(Date);
  window.asleep = 0;
  window.tones = 0;
  window.deaf = false;
  EventSource.prototype.addEventListener = function (kind, act) {
    return EventTarget.prototype.addEventListener.call(this, kind, (event) => window.deaf || act(event));
  };
  Date.now = () => now() + window.asleep;
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () { window.tones += 1; return make.call(this); };
"""


async def opened(browser: Browser, house: World) -> tuple[Page, asyncio.Event]:
    """A console whose sound is on, and a gate before the list of incidents, open at first."""
    page, _ = await signed_in(browser, house, house.on_duty.duty_officer.login, "/login", DESK)
    gate = asyncio.Event()
    gate.set()

    async def held(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.context.add_init_script(DEVICE)
    await page.route("**/api/v1/overview*", held)
    await page.goto("/console")
    await expect(page.locator("#connection")).to_contain_text("已连接")
    await page.keyboard.press("m")
    await page.wait_for_function("() => window.tones > 0")
    await expect(page.locator("[data-lamp=picture]")).to_contain_text("刚核对")
    return page, gate


async def test_it_says_how_old_the_picture_is_by_the_servers_next_word_and_asks_again(
    browser: Browser, calm_house: World
) -> None:
    page, gate = await opened(browser, calm_house)
    gate.clear()
    await calm_house.fast_forward(hours=HOURS)
    await expect(page.locator("[data-lamp=picture]")).to_contain_text(f"{HOURS} 小时")
    await expect(page.locator("[data-lamp=picture]")).to_have_class("bad")
    gate.set()
    await expect(page.locator("[data-lamp=picture]")).to_contain_text("刚核对")


async def test_it_wakes_with_the_night_on_the_screen_and_rings(browser: Browser, calm_house: World) -> None:
    page, _ = await opened(browser, calm_house)
    await page.evaluate("() => { window.deaf = true; }")
    await page.context.set_offline(True)
    await calm_house.fast_forward(hours=HOURS)
    await calm_house.report(title="夜里的山洪", grade="I")
    await calm_house.settled()
    tones = await page.evaluate("(ms) => { window.asleep = ms; return window.tones; }", HOURS * 3_600_000)
    await expect(page.locator("[data-lamp=picture]")).to_contain_text(f"{HOURS} 小时")
    await expect(page.locator("#server-time")).to_contain_text("12:0")
    await page.context.set_offline(False)
    await page.evaluate("() => { window.deaf = false; }")
    await expect(page.locator(".strip-item")).to_contain_text("夜里的山洪")
    await expect(page.locator("[data-lamp=picture]")).to_contain_text("刚核对")
    await page.wait_for_function("(before) => window.tones > before", arg=tones)
