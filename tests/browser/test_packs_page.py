"""Change without release in the console: check, see what it changes, put it in force; all by keyboard."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.real_house import signed_in
from tests.packs import QUICKER, demo_pack
from tests.world import World

pytestmark = pytest.mark.browser
WIDER = "() => document.documentElement.scrollWidth - window.innerWidth"


async def opened(browser: Browser, house: World, size: Any = DESK, **how: Any) -> tuple[Page, list[str]]:
    page, complaints = await signed_in(browser, house, "admin", "/console/packs", size, **how)
    await page.wait_for_selector("#standing tbody tr")
    return page, complaints


async def check(page: Page, toml: str) -> None:
    await page.fill("#toml", toml)
    await page.locator("#check").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#checked:not([hidden])")


async def test_it_puts_a_pack_in_force_in_three_steps_by_keyboard(
    browser: Browser, calm_house: World
) -> None:
    await calm_house.report()
    await calm_house.settled()
    page, complaints = await opened(browser, calm_house)
    await expect(page.locator("#standing tr").nth(1)).to_contain_text("county.demo 2026.2")
    await check(page, demo_pack("2026.3", QUICKER))
    checked = page.locator("#checked")
    await expect(checked).to_be_focused()
    for words in ("20 min", "15 min", "更严", "1 起事件中，有 1 起"):
        await expect(checked).to_contain_text(words)
    assert await calm_house.peek.fetchval("select count(*) from packs") == 0
    await expect(page.locator("#begins")).to_have_value("2026-11-24T00:00")
    await page.locator("#note").focus()
    await page.keyboard.type("缩短电话首报")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#done")).to_contain_text("2026-11-24 00:00")
    await expect(page.locator("#coming")).to_contain_text("county.demo 2026.3")
    await expect(page.locator("#coming")).to_contain_text("缩短电话首报")
    await expect(page.locator("#standing tr").nth(1)).to_contain_text("county.demo 2026.2")
    assert await calm_house.peek.fetchval("select version from packs") == "2026.3"
    assert complaints == []


NAMED = [
    # the language of the browser, the place, what is wrong there, what is wrong with another issuer's id
    ("zh-CN", ("时限 county.first.phone", "withn：没有这个键", "不是县级规则包的编号")),
    ("en-GB", ("limit county.first.phone", "withn: unknown key", "is no id of a county")),
]


@pytest.mark.parametrize(("language", "said"), NAMED, ids=["zh", "en"])
async def test_it_names_each_problem_on_one_line_and_offers_no_third_step(
    browser: Browser, calm_house: World, language: str, said: tuple[str, str, str]
) -> None:
    page, complaints = await opened(browser, calm_house, locale=language)
    place, unknown, foreign = said
    await check(page, demo_pack("2026.3", ('within = "20 min"', 'withn = "20 min"')))
    await expect(page.locator(".problems li").first).to_contain_text(place)
    await expect(page.locator(".problems")).to_contain_text(unknown)
    await expect(page.locator("#adopt")).to_be_hidden()
    await check(page, demo_pack("2026.3", ('id = "county.demo"', 'id = "cn.national"')))
    await expect(page.locator(".problems")).to_contain_text(foreign)
    assert complaints == []


async def test_typing_on_after_the_check_takes_the_third_step_away(
    browser: Browser, calm_house: World
) -> None:
    page, _ = await opened(browser, calm_house)
    await check(page, demo_pack("2026.3", QUICKER))
    await expect(page.locator("#adopt")).to_be_visible()
    await page.locator("#toml").focus()
    await page.keyboard.type("# more")
    await expect(page.locator("#adopt")).to_be_hidden()
    await expect(page.locator("#checked")).to_be_hidden()


async def test_it_takes_a_file_and_refuses_one_that_is_not_utf8_or_too_large(
    browser: Browser, calm_house: World
) -> None:
    page, complaints = await opened(browser, calm_house)
    gbk = {"name": "规则.toml", "mimeType": "text/plain", "buffer": demo_pack().encode("gbk", "replace")}
    await page.set_input_files("#file", gbk)
    await expect(page.locator("#problem")).to_contain_text("不是 UTF-8")
    await page.set_input_files("#file", gbk | {"name": "big.toml", "buffer": b"x" * 1_100_000})
    await expect(page.locator("#problem")).to_contain_text("超过 1 MB")
    await page.set_input_files("#file", gbk | {"name": "good.toml", "buffer": demo_pack("2026.3").encode()})
    await expect(page.locator("#toml")).to_have_value(demo_pack("2026.3"))
    await expect(page.locator("#problem")).to_be_empty()
    assert complaints == []


async def test_it_begins_a_new_version_from_the_text_that_stands_and_says_what_is_refused(
    browser: Browser, calm_house: World
) -> None:
    page, complaints = await opened(browser, calm_house)
    await page.get_by_role("button", name="起草新版本 county.demo").click()
    await expect(page.locator("#toml")).to_have_value(demo_pack("2026.2"))
    await check(page, demo_pack("2026.3", QUICKER))
    await page.fill("#begins", "2026-11-23T08:00")  # an hour ago
    await page.locator("#confirm").click()
    await expect(page.locator("#problem")).to_contain_text("生效时间已过")
    await expect(page.locator("#adopt")).to_be_visible()
    assert await calm_house.peek.fetchval("select count(*) from packs") == 0
    assert complaints == []


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "时限规则包"), ("en-GB", "Packs of time limits")])
async def test_it_fits_a_phone_in_both_languages(
    browser: Browser, calm_house: World, language: str, word: str
) -> None:
    await calm_house.report()
    await calm_house.settled()
    page, complaints = await opened(browser, calm_house, PHONE, locale=language)
    await expect(page.locator("h1")).to_have_text(word)
    assert await page.evaluate(WIDER) <= 0
    await check(page, demo_pack("2026.3", QUICKER, more="# " + "很长的一行" * 60))
    assert await page.evaluate(WIDER) <= 0
    assert "[packs" not in (await page.locator("main").inner_text()), "a text is missing"
    nameless = await page.evaluate(
        "() => [...document.querySelectorAll('input, textarea')].filter((one) => !one.labels?.length).length"
    )
    assert nameless == 0 and complaints == []


async def test_only_an_admin_comes_here_and_finds_the_way(browser: Browser, calm_house: World) -> None:
    officer = calm_house.on_duty.duty_officer.login
    page, _ = await signed_in(browser, calm_house, officer, "/console/packs", DESK)
    assert page.url.endswith("/console")
    await page.wait_for_selector("#facets button")
    await expect(page.locator("#packs")).to_be_hidden()
    console, _ = await signed_in(browser, calm_house, "admin", "/console", DESK)
    await console.locator("#packs").click()
    await expect(console.locator("h1")).to_have_text("时限规则包")
