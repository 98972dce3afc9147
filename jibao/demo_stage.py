"""The stage of `jibao demo`: a running system with a fast clock, and the people who act on it through its doors."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from rich.console import Console
from rich.markup import escape

from jibao.words import language, pick
from runtime.ending import end

LOOK_EVERY, LOOKS = 0.05, 200  # real seconds


class Failed(Exception):
    """The system answered something that the script does not expect."""


@dataclass
class Actor:
    """One signed-in person with a browser: session cookie and CSRF token."""

    login: str
    name: str
    client: httpx.AsyncClient

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Do something. Raises Failed with the system's own words."""
        answer = await self.client.post(f"/api/v1/{path}", json=body)
        if answer.status_code >= 300:
            raise Failed(f"{self.login} POST {path}: {answer.status_code} {answer.text[:300]}")
        return dict(answer.json())

    async def get(self, path: str, **params: Any) -> dict[str, Any]:
        """Ask something."""
        answer = await self.client.get(f"/api/v1/{path}", params=params)
        if answer.status_code != 200:
            raise Failed(f"{self.login} GET {path}: {answer.status_code} {answer.text[:300]}")
        return dict(answer.json())

    async def send(self, path: str, **body: Any) -> dict[str, Any]:
        """Send a report or a call, and stay until it is stored; as every client of ours does."""
        receipt = await self.post(path, **body)
        for _ in range(LOOKS):
            state = await self.get(f"reports/{receipt['report_id']}")
            if state["state"] == "stored":
                return receipt
            if state["state"] == "refused":
                raise Failed(f"{self.login} {path}: {state['reason']} {state['detail']}")
            await asyncio.sleep(LOOK_EVERY)
        raise Failed(f"{self.login} {path}: accepted and not stored: {receipt['report_id']}")


@dataclass
class Stage:
    """Where the demo plays. Times are the system's own; `minute` counts from the beginning of the play."""

    base_url: str
    password: str
    out: Console
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    rate: float = 1.0
    began: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    actors: dict[str, Actor] = field(default_factory=dict)
    jobs: list[asyncio.Task[None]] = field(default_factory=list)

    async def sign_in(self, login: str) -> Actor:
        """Sign in through the login page, once."""
        if login not in self.actors:
            client = httpx.AsyncClient(base_url=self.base_url, timeout=20, trust_env=False)
            await client.get("/login")
            form = {"login": login, "password": self.password, "csrf": client.cookies.get("jibao_csrf", "")}
            answer = await client.post("/login", data=form)
            if answer.status_code != 303:
                raise Failed(f"{login} cannot sign in: {answer.status_code}")
            session = (await client.get("/api/v1/session")).json()
            client.headers.update({"X-CSRF-Token": session["csrf"], "Accept-Language": language()})
            self.actors[login] = Actor(login, session["person"]["name"], client)
        return self.actors[login]

    async def begin(self, auditor: Actor) -> None:
        """Set minute 0 to the next full minute of the system's clock."""
        session = await auditor.get("session")
        self.rate, self.zone = session["clock_rate"], ZoneInfo(session["county"]["timezone"])
        now = datetime.fromisoformat(session["now"])
        self.began = (now + timedelta(minutes=2)).replace(second=0, microsecond=0)
        self._synced = (asyncio.get_running_loop().time(), now)

    def now(self) -> datetime:
        """The system's time."""
        at, then = self._synced
        return then + timedelta(seconds=(asyncio.get_running_loop().time() - at) * self.rate)

    def at(self, minute: float) -> datetime:
        """The moment of a minute of the play."""
        return self.began + timedelta(minutes=minute)

    async def until(self, minute: float) -> None:
        """Wait for a minute of the play."""
        await asyncio.sleep(max((self.at(minute) - self.now()).total_seconds() / self.rate, 0))

    def minute_of(self, hour: int, minute: int) -> float:
        """The minute of the play at a wall-clock time of the same day."""
        local = self.began.astimezone(self.zone)
        return (local.replace(hour=hour, minute=minute) - local).total_seconds() / 60

    def tell(self, zh: str, en: str) -> None:
        """One line of the play, with the system's time."""
        self.out.print(
            f"[dim]{self.now().astimezone(self.zone):%H:%M}[/dim]  {pick(zh, en)}", highlight=False
        )

    def watch(self, actor: Actor) -> None:
        """Open this person's console: alerts are shown on it, whether she looks or not."""
        self.jobs.append(asyncio.create_task(self._watch(actor)))

    async def _watch(self, actor: Actor) -> None:
        while True:
            with suppress(httpx.HTTPError):
                async with actor.client.stream("GET", "/api/v1/stream", timeout=None) as answer:
                    event = ""
                    async for line in answer.aiter_lines():
                        event = line[7:] if line.startswith("event: ") else event
                        if event == "alert" and line.startswith("data: "):
                            self._alerted(json.loads(line[6:]))
            await asyncio.sleep(0.2)

    def _alerted(self, alert: dict[str, Any]) -> None:
        step = alert["step"] + 1
        name, title = escape(alert["person_name"]), escape(alert["title"])
        self.tell(
            f"  [red]⏰ 提醒 → {name}（第 {step} 级）[/red] {title}（{alert['why']}）",
            f"  [red]⏰ alert → {name} (step {step})[/red] {title} ({alert['why']})",
        )

    async def close(self) -> None:
        """Everybody goes home."""
        await end(*self.jobs)
        for actor in self.actors.values():
            await actor.client.aclose()
