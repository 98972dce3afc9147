"""A browser and a server for the pages. `page_server` is a stand-in with switches; tests speak of behaviour only."""

import os
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.browser.real_house import HASHED
from tests.browser.stub_county import COUNTY
from tests.browser.stub_desk import StubDesk
from tests.browser.stub_server import PASSWORD, make_app
from tests.servers import Databases
from tests.world import World, make_world

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORTER, OFFICER, AUDITOR = "town.sun", "duty.li", "audit.wu"
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1366, "height": 768}
expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong
Opened = Callable[..., Coroutine[Any, Any, Page]]


def chromium() -> str | None:
    """Where a Chromium is, if there is one."""
    names = (os.environ.get("JIBAO_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@dataclass
class PageServer:
    """The pages behind a real port, and the switches a test may throw."""

    url: str
    desk: StubDesk
    password: str = PASSWORD
    phone: str = COUNTY["phone"]
    problems: list[str] = field(default_factory=list)


@pytest.fixture
def page_server() -> Iterator[PageServer]:
    """One server for one test, on a free port."""
    desk = StubDesk()
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
        config = uvicorn.Config(make_app(desk), log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        chosen.listen(64)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [chosen]})
        thread.start()
        yield PageServer(f"http://127.0.0.1:{port}", desk)
        desk.away = True
        server.should_exit = True
        thread.join(10)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A real Chromium without a window."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: install chromium, or say where it is in JIBAO_CHROMIUM")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=ARGS)
        yield opened
        await opened.close()


@pytest.fixture
async def house(session_databases: Databases) -> AsyncIterator[World]:
    """The whole county with passwords; here an absent console is looked for as long as in the field."""
    async with make_world(session_databases) as world:
        await world.peek.execute("update people set password_hash = $1", HASHED)
        yield world


@pytest.fixture
async def calm_house(world: World) -> World:
    """The whole county with passwords, where an absent console has failed at once."""
    await world.peek.execute("update people set password_hash = $1", HASHED)
    return world


@pytest.fixture
async def open_page(browser: Browser, page_server: PageServer) -> Opened:
    """Sign in by the form and open a page: `await open_page("/console", login=…, size=…, language=…)`."""

    async def open_it(
        path: str, *, login: str = REPORTER, size: ViewportSize | None = None, language: str = "zh-CN"
    ) -> Page:
        context = await browser.new_context(
            viewport=size or (PHONE if login == REPORTER else DESK),
            locale=language,
            timezone_id="UTC",
            base_url=page_server.url,
        )
        context.set_default_timeout(15_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: page_server.problems.append(str(error)))
        page.on("console", lambda said: _complain(page_server, said.type, said.text))
        await page.goto("/login")
        await page.fill("#login", login)
        await page.fill("#password", page_server.password)
        await page.keyboard.press("Enter")
        await page.wait_for_url(lambda url: not url.endswith("/login"))
        if not page.url.endswith(path):
            await page.goto(path)
        return page

    return open_it


# A refused or absent answer is what several tests ask for; the browser notes each on the console by itself.
def _complain(server: PageServer, kind: str, text: str) -> None:
    if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
        server.problems.append(f"{kind}: {text}")
