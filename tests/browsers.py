"""A browser without a window: signs in by the form, keeps its cookies, and sends the CSRF token as our pages do."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from producers.sign_in import hasher
from tests.world import World

PASSWORD = "正确的密码 correct horse"
HASH = hasher.hash(PASSWORD)


@dataclass
class Browser:
    """A client with cookies; `csrf` is what the pages read from the session."""

    http: httpx.AsyncClient
    csrf: str = ""

    async def form_csrf(self, address: str = "/login") -> str:
        """The hidden field of the sign-in form."""
        page = await self.http.get(address)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found, page.text
        return found[1]

    async def sign_in(self, login: str, password: str = PASSWORD, csrf: str | None = None) -> httpx.Response:
        """Send the form; nothing is followed."""
        token = await self.form_csrf() if csrf is None else csrf
        form = {"login": login, "password": password, "csrf": token}
        return await self.http.post("/login", data=form, headers={"Accept-Language": "en"})

    async def post(self, path: str, body: Any) -> httpx.Response:
        """What our own pages send."""
        return await self.http.post(
            path, json=body, headers={"X-CSRF-Token": self.csrf, "Accept-Language": "en"}
        )


@asynccontextmanager
async def browser(world: World) -> AsyncIterator[Browser]:
    """A browser that nobody has signed in with."""
    async with httpx.AsyncClient(base_url=world.http.base_url, timeout=20, trust_env=False) as http:
        yield Browser(http)


@asynccontextmanager
async def signed_in(world: World, login: str) -> AsyncIterator[Browser]:
    """A browser in which this person has signed in."""
    await give_password(world, login)
    async with browser(world) as opened:
        answer = await opened.sign_in(login)
        assert answer.status_code == 303, answer.text
        opened.csrf = (await opened.http.get("/api/v1/session")).json()["csrf"]
        yield opened


async def give_password(world: World, login: str) -> None:
    """Let somebody sign in with the test's password."""
    await world.rows("update people set password_hash = $2 where login = $1", login, HASH)
