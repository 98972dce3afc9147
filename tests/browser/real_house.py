"""A person at a screen of the real house: signed in by the form, with what the browser complained about."""

from typing import Any

from playwright.async_api import Browser, Page

from producers.sign_in import hasher
from tests.world import World

PASSWORD = "a password for tests"
HASHED = hasher.hash(PASSWORD)


async def signed_in(
    browser: Browser, house: World, login: str, path: str, size: Any, **context_options: Any
) -> tuple[Page, list[str]]:
    """A person at a screen. Complaints: errors of scripts, and every request that leaves the house."""
    port = house.running["doors"].port
    own = f"http://127.0.0.1:{port}"
    options = {"locale": "zh-CN"} | context_options
    context = await browser.new_context(viewport=size, base_url=own, **options)
    context.set_default_timeout(15_000)
    page, complaints = await context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((own, "blob:", "data:")) else complaints.append(asked.url),
    )
    await page.goto("/login")
    await page.fill("#login", login)
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: not url.endswith("/login"))
    await page.goto(path)
    return page, complaints
