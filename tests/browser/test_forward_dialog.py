"""The county's own report upward: the dialog knows what is owed to whom, and ticks the level that is passed."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.real_house import HASHED, signed_in
from tests.conftest import OpenWorld
from tests.packs import add_limits
from tests.rules.cases import limit
from tests.world import World

pytestmark = pytest.mark.browser
DIRECT = {"from": "county", "to": "province", "medium": "phone", "within": "1 min"}


@pytest.fixture
async def passing(open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch) -> World:
    """A county that owes the province a call within a minute, past the city, and an incident there."""
    add_limits(monkeypatch, limit(id="direct", skip_level=True, copy=["city", "city_department"], **DIRECT))
    world = await open_world()
    await world.peek.execute("update people set password_hash = $1", HASHED)
    await world.report()
    await world.settled()
    return world


async def test_it_proposes_what_is_owed_next_and_whom_the_clause_copies(
    browser: Browser, passing: World
) -> None:
    page, complaints = await signed_in(browser, passing, passing.on_duty.duty_officer.login, "/console", DESK)
    await page.wait_for_selector("#detail .obligations")
    await page.keyboard.press("f")
    form = page.locator("dialog[open] form")
    await expect(form.locator("[name=to_role]")).to_have_value("province")
    await expect(form.locator("[name=medium]")).to_have_value("phone")
    ticked = form.locator("[name=copied_to]:checked")
    assert await ticked.evaluate_all("all => all.map((one) => one.value)") == ["city", "city_department"]
    await expect(form.locator("[name=copied_to][value=province]")).to_be_disabled()
    await form.locator("[name=to_role]").select_option("city")
    await expect(ticked).to_have_count(0)
    await expect(form.locator("[name=copied_to][value=city]")).to_be_disabled()
    await form.locator("[name=to_role]").select_option("state")
    await expect(ticked).to_have_count(1)  # no clause asks for it, and still the city is passed
    await form.locator("[name=to_role]").select_option("province")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".toast.good")).to_contain_text("1")
    await expect(page.locator("ol.timeline")).to_contain_text("省政府 · 抄送 市政府 市级部门 · 电话")
    assert complaints == []


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_it_fits_a_phone(browser: Browser, passing: World, language: str) -> None:
    login = passing.on_duty.duty_officer.login
    page, complaints = await signed_in(browser, passing, login, "/console", PHONE, locale=language)
    await page.wait_for_selector("#detail .obligations", state="attached")
    await page.keyboard.press("f")
    await page.wait_for_selector("dialog[open] [name=copied_to]")
    assert await page.evaluate("() => document.querySelector('dialog').scrollWidth - window.innerWidth") <= 0
    assert complaints == []
