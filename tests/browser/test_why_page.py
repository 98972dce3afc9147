"""Why this deadline? One click from every countdown, with the clause that binds, the others, and what stays silent."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from jibao import county_in_force
from tests.browser.conftest import DESK, PHONE
from tests.browser.real_house import HASHED, signed_in
from tests.conftest import OpenWorld
from tests.packs import QUICKER, add_limits, demo_pack, taken
from tests.reports import at
from tests.rules.cases import limit
from tests.world import World

pytestmark = pytest.mark.browser
WIDER = "() => document.documentElement.scrollWidth - window.innerWidth"


async def reported(house: World, **changes: Any) -> str:
    """A grade III accident of township 103, reported in writing."""
    receipt = await house.report(grade="III", **changes)
    await house.settled()
    return str(receipt["incident_id"])


async def opened(
    browser: Browser, house: World, incident_id: str, size: Any = DESK, **how: Any
) -> tuple[Page, list[str]]:
    login = house.on_duty.duty_officer.login
    page, complaints = await signed_in(
        browser, house, login, f"/console/why?incident={incident_id}", size, **how
    )
    await page.wait_for_selector(".duty-card")
    return page, complaints


async def test_it_is_one_click_from_every_countdown(browser: Browser, calm_house: World) -> None:
    await reported(calm_house)
    login = calm_house.on_duty.duty_officer.login
    console, complaints = await signed_in(browser, calm_house, login, "/console", DESK)
    await console.wait_for_selector("#detail .obligations")
    rows = await console.locator(".obligations tbody").count()
    assert await console.locator(".obligations .why-link").count() == rows > 0
    async with console.context.expect_page() as popup:
        await console.locator("#next .why-link").first.click()
    page = await popup.value
    asked = page.locator(".duty-card.asked")
    await expect(asked).to_contain_text("电话 首报")
    await expect(asked).to_be_focused()
    await expect(console.locator("#connection")).to_contain_text("已连接")  # it goes on listening
    assert complaints == []


async def test_it_opens_by_key_and_leads_back_to_the_same_incident(
    browser: Browser, calm_house: World
) -> None:
    await reported(calm_house, title="先到的")
    await reported(calm_house, title="后到的", occurred_at=at(minutes=-1))
    login = calm_house.on_duty.duty_officer.login
    console, complaints = await signed_in(browser, calm_house, login, "/console", DESK)
    await expect(console.locator("#detail h2")).to_have_text("先到的")
    await console.keyboard.press("j")
    await expect(console.locator("#detail h2")).to_have_text("后到的")
    async with console.context.expect_page() as popup:
        await console.keyboard.press("w")
    page = await popup.value
    await expect(page.locator("#incident")).to_contain_text("后到的")
    await page.locator("#back").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#detail h2")).to_have_text("后到的")
    assert complaints == []


async def test_it_shows_the_clause_that_binds_the_others_and_the_record(
    browser: Browser, calm_house: World
) -> None:
    page, complaints = await opened(browser, calm_house, await reported(calm_house))
    names = {node.code: node.name for node in calm_house.county.nodes}
    township = page.locator("section.part", has_text=names["990101103"]).first
    phone = township.locator(".duty-card", has_text="电话 首报").first
    for words in (
        "09:15:00",
        "约束条款",
        "事发后20分钟内电话报县政府",
        "演示县〔2026〕1号",
        "第 3 条",
        "本地规定",
    ):
        await expect(phone).to_contain_text(words)
    await expect(phone.locator(".left")).not_to_be_empty()
    written = township.locator(".duty-card", has_text="书面 首报").first
    await expect(written.locator(".verdict")).to_contain_text("及时")
    dues = await township.locator("> .duty-card time").evaluate_all("all => all.map((one) => one.dateTime)")
    assert dues == sorted(dues)
    assert complaints == []


async def test_it_says_what_did_not_apply_only_when_asked(browser: Browser, calm_house: World) -> None:
    page, _ = await opened(browser, calm_house, await reported(calm_house))
    silent = page.locator("details", has_text="哪些没有适用")
    category = silent.locator(".reason", has_text="类别不符")
    await expect(category).to_be_hidden()
    await silent.locator("> summary").focus()
    await page.keyboard.press("Enter")
    await category.locator("summary").focus()
    await page.keyboard.press("Enter")
    assert await category.locator("li").count() > 5
    await expect(category.locator("li").first).to_contain_text("《")


async def test_what_was_born_under_an_older_version_keeps_it_and_the_new_one_stands_beside(
    browser: Browser, calm_house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(county_in_force, "LOOK_EVERY", 0.02)
    incident_id = await reported(calm_house)
    await calm_house.act("packs", who="admin", toml=demo_pack("2026.3", QUICKER), in_force_from=at(minutes=1))
    await calm_house.fast_forward(minutes=1)
    await taken(calm_house, "county.demo", "2026.3")
    page, _ = await opened(browser, calm_house, incident_id)
    phone = page.locator(".duty-card", has_text="20分钟内电话").first
    await expect(phone.locator(".due")).to_contain_text("09:15:00")
    await expect(phone.locator(".clause.binding").first).to_contain_text("2026.2")
    await expect(phone.locator(".now summary")).to_contain_text("2026.3")


@pytest.mark.parametrize(
    ("language", "word"), [("zh-CN", "为什么是这个时限"), ("en-GB", "Why this deadline?")]
)
async def test_it_fits_a_phone_in_both_languages(
    browser: Browser, calm_house: World, language: str, word: str
) -> None:
    page, complaints = await opened(browser, calm_house, await reported(calm_house), PHONE, locale=language)
    await expect(page.locator("h1")).to_contain_text(word)
    assert await page.evaluate(WIDER) <= 0
    for part in await page.locator("details > summary").all():
        if await part.is_visible():
            await part.click()
    assert await page.evaluate(WIDER) <= 0
    assert "[" not in (await page.locator("main").inner_text()), "a text is missing"
    assert complaints == []


async def test_it_says_so_when_there_is_no_such_incident(browser: Browser, calm_house: World) -> None:
    login = calm_house.on_duty.duty_officer.login
    gone = "/console/why?incident=0198d5a0-0000-7000-8000-0000000000e1"
    page, complaints = await signed_in(browser, calm_house, login, gone, DESK)
    await expect(page.get_by_role("alert")).to_contain_text("没有这个事件")
    assert complaints == []


async def test_a_reporter_is_led_to_its_own_page(browser: Browser, calm_house: World) -> None:
    page, _ = await signed_in(browser, calm_house, "reporter.103", "/console/why?incident=x", DESK)
    assert page.url.endswith("/report")


async def test_the_other_clauses_stand_beside_the_one_that_binds_with_their_own_times(
    browser: Browser, open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_limits(
        monkeypatch,
        limit(
            id="slower",
            medium="phone",
            within="90 min",
            citation='{ of = "d", article = "7", status = "V2" }',
        ),
        limit(id="window", stage="correction", window=True, within="30 d"),
        limit(id="waits", stage="feedback", clock="received"),
        limit(id="target", medium="network", within=None, immediate="10 min"),
    )
    house = await open_world()
    await house.peek.execute("update people set password_hash = $1", HASHED)
    page, complaints = await opened(browser, house, await reported(house))
    phone = page.locator(".duty-card", has_text="20分钟内电话").first
    for words in ("其他条款", "11-23 10:25:00", "某办法", "第 7 条", "V2 部分核对"):
        await expect(phone.locator(".clause.other")).to_contain_text(words)
    target = page.locator(".duty-card", has_text="网络 首报").first
    await expect(target.locator(".flag.target")).to_have_text("工作目标")
    await expect(page.locator(".waits")).to_contain_text(["等待“接报”时间（乡镇（街道））"])
    window = page.locator("section.part", has=page.locator("h2", has_text="补报期"))
    await expect(window.locator(".duty-card").first).to_contain_text("有变化时才报")
    assert complaints == []
