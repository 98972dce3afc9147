"""The console shows what grade the rules propose and why; the duty officer decides, and is asked for a reason."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OFFICER, Opened, PageServer
from tests.browser.test_console_page import report

pytestmark = pytest.mark.browser
PROPOSED = {
    "grade": "II",
    "criterion": "accident.deaths.II",
    "pack": "cn.grades",
    "version": "2026.1",
    "title": "死亡10人以上30人以下",
    "title_en": "10 to under 30 deaths",
    "document": "生产安全事故报告和调查处理条例",
    "number": "国务院令第493号",
    "article": "3",
    "status": "V1",
}


def proposing(server: PageServer) -> str:
    """An incident of grade III for which the rules propose II."""
    incident_id = report(server, grade="III")
    server.desk.details[incident_id]["incident"]["proposed_grade"] = PROPOSED
    return incident_id


async def test_it_shows_the_proposal_with_its_criterion_and_clause_beside_the_grade(
    open_page: Opened, page_server: PageServer
) -> None:
    proposing(page_server)
    page = await open_page("/console", login=OFFICER)
    await expect(page.locator(".incident-head .proposed")).to_contain_text(
        "建议 II 级 · 死亡10人以上30人以下 · 国务院令第493号 第 3 条"
    )
    await expect(page.locator(".incident-head .grade")).to_have_text("较大")
    await expect(page.locator(".row .proposed")).to_have_text("建议 II 级")
    assert page_server.problems == []


async def test_it_asks_why_as_soon_as_another_grade_is_chosen_and_blocks_nothing(
    open_page: Opened, page_server: PageServer
) -> None:
    incident_id = proposing(page_server)
    page = await open_page("/console", login=OFFICER)
    await page.wait_for_selector("#detail h2")
    await page.keyboard.press("g")
    await expect(page.locator("#dialog-grade-hint")).to_contain_text("死亡10人以上30人以下")
    label = page.locator("[for=dialog-note]")
    await expect(label).to_have_text("与建议等级不同，请写明理由")
    await page.select_option("[name=grade]", "II")
    await expect(label).to_have_text("说明")
    await page.select_option("[name=grade]", "I")
    await expect(label).to_have_text("与建议等级不同，请写明理由")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".incident-head .grade")).to_have_text("特别重大")
    assert page_server.desk.details[incident_id]["incident"]["grade"] == "I"


async def test_it_says_the_same_in_english_and_nothing_where_nothing_is_proposed(
    open_page: Opened, page_server: PageServer
) -> None:
    proposing(page_server)
    page = await open_page("/console", login=OFFICER, language="en-GB")
    await expect(page.locator(".incident-head .proposed")).to_contain_text(
        "Proposed: grade II · 10 to under 30 deaths"
    )
    page_server.desk.details.clear()
    report(page_server)
    await page.reload()
    await page.wait_for_selector("#detail h2")
    await expect(page.locator(".proposed")).to_have_count(0)


async def test_it_keeps_in_the_timeline_what_was_proposed_and_why_it_became_another(
    open_page: Opened, page_server: PageServer
) -> None:
    incident_id = proposing(page_server)
    said = {"old": "III", "new": "I", "note": "", "why": "no_reason_given", "proposed": PROPOSED}
    page_server.desk.event(incident_id, "incident.regraded", said)
    page = await open_page("/console", login=OFFICER)
    entry = page.locator(".timeline .incident_regraded")
    await expect(entry).to_contain_text("较大 → 特别重大 · 建议 II 级")
    await expect(entry).to_contain_text("与建议不同，未说明理由")
