"""Every button and form of every page is pressed twice, held, or sent again while under way: it has one effect."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import DESK, OFFICER, PHONE, Opened, PageServer
from tests.browser.real_house import signed_in
from tests.packs import QUICKER, demo_pack
from tests.world import World

pytestmark = pytest.mark.browser
REPEATS = 5


async def double_click(page: Page, button: Locator) -> None:
    await button.dblclick()


async def click_many_times(page: Page, button: Locator) -> None:
    await button.evaluate(f"(one) => {{ for (let n = 0; n < {REPEATS}; n += 1) one.click(); }}")


async def hold_enter(page: Page, button: Locator) -> None:
    await button.focus()
    await hold(page, "Enter")


async def hold_ctrl_enter(page: Page, button: Locator) -> None:
    await page.keyboard.down("Control")
    await hold(page, "Enter")
    await page.keyboard.up("Control")


async def hold(page: Page, key: str) -> None:
    for _ in range(REPEATS):
        await page.keyboard.down(key)
    await page.keyboard.up(key)


Way = Callable[[Page, Locator], Awaitable[None]]


@dataclass
class Sendings:
    """What a page sends; `slow` holds each back until it was tried again."""

    slow: bool
    sent: list[str] = field(default_factory=list)
    tried: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self, page: Page) -> None:
        async def on_the_way(route: Route) -> None:
            if route.request.method != "GET":
                self.sent.append(route.request.url)
                if self.slow:
                    await self.tried.wait()
            await route.continue_()

        await page.route("**/*", on_the_way)

    async def once(self, try_it: Awaitable[None], done: Awaitable[Any]) -> None:
        """Try something in the test's way, and expect one sending."""
        self.sent.clear()
        self.tried.clear()
        trying = asyncio.create_task(_run(try_it, self.tried))
        await done
        await trying
        assert len(self.sent) == 1, self.sent


async def _run(try_it: Awaitable[None], tried: asyncio.Event) -> None:
    try:
        await try_it
    finally:
        tried.set()


DIALOGS: dict[str, tuple[str, dict[str, str], str]] = {
    "grade": ("g", {"grade": "III", "note": "two lanes closed"}, "incident.regraded"),
    "forward": ("f", {"receipt_no": "SW-7"}, "report.forwarded"),
    "follow_up": ("u", {"details.process": "one lane open"}, "report.stored"),
    "stop": ("s", {}, "incident.stopped"),
    "close": ("c", {"why": "non_incident", "note": "an exercise"}, "incident.closed"),
    "reopen": ("o", {"note": "it was none"}, "incident.reopened"),
}
"""Each dialog about an incident: its key, what is filled in, the fact that it makes."""


async def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        place = page.locator(f"dialog [name='{name}']")
        if await place.evaluate("one => one.tagName") == "SELECT":
            await place.select_option(value)
        else:
            await place.fill(value)


async def kinds(house: World, incident_id: str) -> list[str]:
    await house.settled()
    return await house.kinds(incident_id)


@pytest.mark.parametrize(
    ("way", "slow"),
    [(double_click, True), (click_many_times, False), (hold_enter, False), (hold_ctrl_enter, True)],
)
async def test_it_sends_each_dialog_once(browser: Browser, calm_house: World, way: Way, slow: bool) -> None:
    house, sendings = calm_house, Sendings(slow)
    page, complaints = await signed_in(browser, house, house.on_duty.duty_officer.login, "/console", DESK)
    receipt = await house.report()
    incident_id = receipt["incident_id"]
    await expect(page.locator("#detail h2")).to_contain_text("青云高速")
    await sendings.watch(page)
    opened, closed = page.locator("dialog[open]"), expect(page.locator("dialog[open]"))
    for name, (key, values, fact) in DIALOGS.items():
        before = (await kinds(house, incident_id)).count(fact)
        await expect(page.locator(f"#detail [data-act={name}]")).to_be_enabled()
        await page.keyboard.press(key)
        await fill(page, values)
        await sendings.once(way(page, opened.locator("[type=submit]")), closed.to_have_count(0))
        assert (await kinds(house, incident_id)).count(fact) == before + 1, name
    await page.keyboard.press("l")
    await fill(page, {"title": "上泉村水源纠纷"})
    await sendings.once(way(page, opened.locator("[type=submit]")), closed.to_have_count(0))
    await house.settled()
    assert await house.peek.fetchval("select count(*) from incidents") == 2
    await expect(page.locator("#detail h2")).to_contain_text("上泉村")
    answered = (await house.report(title="石桥镇粮库火情"))["incident_id"]
    await page.locator(".row", has_text="粮库火情").click()
    await page.locator("#detail [data-act=on_behalf]:enabled").click()
    await fill(page, {"who": house.on_duty.duty_leader.login, "note": "我马上到"})
    await sendings.once(way(page, opened.locator("[type=submit]")), closed.to_have_count(0))
    assert (await kinds(house, answered)).count("alert.acknowledged") == 1
    assert complaints == []


@pytest.mark.parametrize(("way", "slow"), [(double_click, False), (hold_enter, True), ("a", False)])
async def test_it_acknowledges_once_and_never_the_next_alert_as_well(
    browser: Browser, calm_house: World, way: Any, slow: bool
) -> None:
    house, sendings = calm_house, Sendings(slow)
    page, complaints = await signed_in(browser, house, house.on_duty.duty_officer.login, "/console", DESK)
    await house.report(title="甲", grade="I")
    await house.report(title="乙", grade="II")
    await expect(page.locator(".strip-item")).to_have_count(2)
    await expect(page.locator("#detail h2")).to_be_visible()
    await sendings.watch(page)
    button = page.locator(".strip-item").first.get_by_role("button", name="签收")
    trying = hold(page, way) if isinstance(way, str) else way(page, button)
    await sendings.once(trying, expect(page.locator(".strip-item")).to_have_count(1))
    await house.settled()
    assert await house.peek.fetchval("select count(*) from events where kind = 'alert.acknowledged'") == 1
    assert complaints == []


async def test_it_types_nothing_into_a_dialog_with_the_held_key_that_opened_it(
    browser: Browser, calm_house: World
) -> None:
    page, _ = await signed_in(browser, calm_house, calm_house.on_duty.duty_officer.login, "/console", DESK)
    await calm_house.report(grade="III")
    await page.wait_for_selector("#detail h2")
    await hold(page, "l")
    await expect(page.locator("dialog [name='source.unit']")).to_be_focused()
    await expect(page.locator("dialog [name='source.unit']")).to_have_value("")
    await page.keyboard.type("ll")
    await expect(page.locator("dialog [name='source.unit']")).to_have_value("ll")


@pytest.mark.parametrize("way", [double_click, hold_enter])
async def test_it_signs_in_once(open_page: Opened, page_server: PageServer, way: Way) -> None:
    page = await open_page("/console", login=OFFICER)
    await page.context.clear_cookies()
    await page.goto("/login")
    sendings = Sendings(slow=True)
    await sendings.watch(page)
    await page.fill("#login", OFFICER)
    await page.fill("#password", page_server.password)
    button = page.locator("form [type=submit]")
    await sendings.once(way(page, button), page.wait_for_url("**/console"))


async def test_it_signs_in_once_by_a_held_enter_in_the_password(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/console", login=OFFICER)
    await page.context.clear_cookies()
    await page.goto("/login")
    sendings = Sendings(slow=True)
    await sendings.watch(page)
    await page.fill("#login", OFFICER)
    await page.fill("#password", page_server.password)
    await sendings.once(hold(page, "Enter"), page.wait_for_url("**/console"))


@pytest.mark.parametrize("way", [double_click, hold_enter])
async def test_it_sends_the_one_tap_button_once(open_page: Opened, page_server: PageServer, way: Way) -> None:
    page = await open_page("/a/some-token", login=OFFICER, size=PHONE)
    sendings = Sendings(slow=True)
    await sendings.watch(page)
    answered = page.wait_for_event("response", lambda answer: answer.request.method == "POST")
    await sendings.once(way(page, page.locator("form [type=submit]")), answered)


@pytest.mark.parametrize("way", [double_click, hold_ctrl_enter])
async def test_it_checks_and_adopts_a_pack_once(browser: Browser, calm_house: World, way: Way) -> None:
    page, complaints = await signed_in(browser, calm_house, "admin", "/console/packs", DESK)
    await page.wait_for_selector("#standing td")
    sendings = Sendings(slow=True)
    await sendings.watch(page)
    await page.fill("#toml", demo_pack("2026.3", QUICKER))
    await sendings.once(way(page, page.locator("#check")), expect(page.locator("#adopt")).to_be_visible())
    await page.fill("#note", "办公会议定")
    await page.locator("#note").press("Enter")
    assert len(sendings.sent) == 1, "Enter in a line of the form adopts nothing"
    await sendings.once(
        way(page, page.locator("#confirm")), expect(page.locator("#done .notice")).to_be_visible()
    )
    assert await calm_house.peek.fetchval("select count(*) from packs") == 1
    assert complaints == []


async def test_it_signs_out_once(browser: Browser, calm_house: World) -> None:
    page, _ = await signed_in(browser, calm_house, calm_house.on_duty.duty_officer.login, "/console", DESK)
    await page.wait_for_selector("#facets button")
    sendings = Sendings(slow=True)
    await sendings.watch(page)
    await sendings.once(click_many_times(page, page.locator("#logout")), page.wait_for_url("**/login*"))
