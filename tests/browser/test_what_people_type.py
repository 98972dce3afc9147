"""What people type on a page: read at once as the server reads it, kept as words where it cannot be, never dropped."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from rules.typed import categories
from schemas.categories import CATEGORIES
from tests.browser.conftest import OFFICER, Opened, PageServer

pytestmark = pytest.mark.browser
VECTORS = json.loads((Path(__file__).parents[1] / "rules" / "typed" / "vectors.json").read_bytes())
READ_ALL = """async ([vectors, words]) => {
    const at = document.querySelector('script[type=module]').src;
    const modules = ['typed', 'signs', 'category_words'].map((name) => import(new URL(`../shared/${name}.js`, at)));
    const typed = Object.assign({}, ...await Promise.all(modules));
    const list = (await (await fetch('/api/v1/categories')).json()).categories;
    return {
        numbers: vectors.numbers.map(([field, said]) => typed.readNumber(said, field)),
        phones: vectors.phones.map(([said]) => typed.dial(said)),
        lines: vectors.lines.map(([said]) => typed.line(said)),
        keys: vectors.keys.map(([said]) => typed.key(said)),
        categories: vectors.categories.map(([said]) => typed.findCategories(said, list)),
        words: words.map((said) => typed.findCategories(said, list)),
    };
}"""


async def test_the_page_reads_every_case_as_the_server_does(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    words = [word for one in categories.words().values() for word in one["words"]]
    read: dict[str, Any] = await page.evaluate(READ_ALL, [VECTORS, words])
    for case, got in zip(VECTORS["numbers"], read["numbers"], strict=True):
        assert (got["value"], got["words"]) == (case[2], case[3]), case
    for part in ("phones", "lines", "keys", "categories"):
        for case, got in zip(VECTORS[part], read[part], strict=True):
            assert got == case[1], (part, case)
    for word, found in zip(words, read["words"], strict=True):
        assert found == list(categories.find(word)), word


async def test_each_word_finds_its_category_first(open_page: Opened, page_server: PageServer) -> None:
    page = await open_page("/report")
    await page.click("#category summary")
    first = page.locator("#category .found button").first
    for typed, category in [
        ("车祸", "accident.traffic.road"),
        ("停电", "accident.public_facility.power"),
        ("拉肚子", "public_health.food_safety"),
        ("粮库着火", "accident.fire"),
        ("讨薪", "social_security.dispute.labour"),
        ("blackout", "accident.public_facility.power"),
    ]:
        await page.fill("#category-search", typed)
        await expect(first).to_have_attribute("data-category", category)
    await page.fill("#category-search", "爆炸")  # of what? the likeliest are offered
    shown = page.locator("#category .found button")
    candidates = list(categories.find("爆炸"))
    for nth, category in enumerate(candidates):
        await expect(shown.nth(nth)).to_have_attribute("data-category", category)
    assert set(candidates) <= set(CATEGORIES)


async def test_it_shows_how_a_number_is_read_and_sends_the_words(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    await page.fill("#title", "粮库起火")
    for name, typed, said in [
        ("injuries", "3人", "读作 3"),
        ("deaths", "约10", "读作 10；原话“约10”一并保留"),
        ("missing", "十几", "读不出数字，按原话“十几”记录"),
        ("evacuated", "1.2万", "读作 12000"),
        ("trapped", "不详", "按“不详”记录"),
    ]:
        await page.fill(f"[name='casualties.{name}']", typed)
        await expect(page.locator(f".read-as[data-of='casualties.{name}']")).to_contain_text(said)
    await page.fill("[name='casualties.injuries']", "3")
    await expect(page.locator(".read-as[data-of='casualties.injuries']")).to_be_empty()
    await page.click("#send")
    await page.wait_for_selector(".copy.stored")
    [kept] = page_server.desk.reports.values()
    numbers = kept["body"]["casualties"]
    assert (numbers["injuries"], numbers["deaths"], numbers["evacuated"]) == (3, 10, 12000)
    assert (numbers["missing"], numbers["trapped"]) == (None, None)
    assert kept["body"]["unread"] == {"casualties.missing": "十几"}
    assert kept["body"]["as_typed"] == {"casualties.deaths": "约10"}
    assert page_server.problems == []


async def test_half_a_date_is_asked_about_and_sent_as_words(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    await page.fill("#title", "粮库起火")
    await page.focus("#occurred_at")
    await page.keyboard.type("11")  # the month, and nothing more
    await page.focus("#title")
    await expect(page.locator(".read-as[data-of='occurred_at']")).to_have_text(
        "日期或时间只填了一部分，请补全"
    )
    await page.click("#send")
    await page.wait_for_selector(".copy.stored")
    [kept] = page_server.desk.reports.values()
    assert kept["body"]["unread"] == {"occurred_at": "日期或时间只填了一部分，请补全"}
    assert kept["body"]["occurred_at"] is None


async def test_a_call_is_read_the_same_way_and_half_its_time_is_not_sent(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/console", login=OFFICER)
    await page.wait_for_selector("#facets button")
    await page.keyboard.press("l")
    await page.fill("[name=title]", "来电：粮库起火")
    await page.fill("[name='source.unit']", "青泉镇\u200b")
    await page.fill("[name='casualties.deaths']", "十几")
    await expect(page.locator("dialog .read-as[data-of='casualties.deaths']")).to_contain_text(
        "按原话“十几”记录"
    )
    await page.fill("[name='called_at']", "")
    await page.focus("[name='called_at']")
    await page.keyboard.type("11")
    await page.focus("[name=title]")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("[data-error='called_at']")).to_have_text("日期或时间只填了一部分，请补全")
    assert page_server.desk.reports == {}


async def test_the_console_shows_the_words_beside_the_number_that_nobody_could_read(
    open_page: Opened, page_server: PageServer
) -> None:
    page = await open_page("/report")
    await page.fill("#title", "粮库起火")
    await page.fill("[name='casualties.deaths']", "十几")
    await page.fill("[name='casualties.injuries']", "约10")
    await page.click("#send")
    await page.wait_for_selector(".copy.stored")
    [incident] = [one["incident_id"] for one in page_server.desk.reports.values()]
    console = await open_page(f"/console#{incident}", login=OFFICER)
    await console.get_by_text("粮库起火").first.click()
    facts = console.locator("#detail .facts")
    await expect(facts).to_contain_text("死亡 （原话：十几）")
    await expect(facts).to_contain_text("受伤 10")
    await console.locator(".timeline details summary").first.click()
    await expect(console.locator(".timeline .content").first).to_contain_text("受伤 10 （原话：约10）")
