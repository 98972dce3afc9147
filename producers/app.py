"""The doors of one process: the hot path in front, everything else behind it, one place where they are put together."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from producers import (
    act_on_incidents,
    manage_people,
    my_account,
    pages_in_and_out,
    show_duties,
    show_incidents,
    show_security_log,
    show_why,
    shown,
    upload_packs,
)
from producers.bounds import Bounds, away
from producers.compress import Compressing
from producers.describe_api import describe_reports
from producers.pages.show_pages import pages_router
from producers.problems import Fault, Problem, language_of, of_errors
from producers.receive_reports import PATHS, ReceiveReports
from producers.reception import Reception
from producers.sight import scope_of
from producers.sign_in import Gate, demand
from producers.stream_events import LiveScreens, Screen
from rules.access import Act
from runtime.ending import end
from runtime.health import Health
from runtime.trouble import Unavailable, Unreadable

log = logging.getLogger("jibao.doors")
Asgi = Callable[[Any, Any, Any], Awaitable[None]]


class Doors:
    """An ASGI application and the task that feeds its live screens."""

    def __init__(self, reception: Reception, health: Health) -> None:
        self.reception = reception
        self.gate = Gate(reception)
        self.screens = LiveScreens(reception, self.gate.credentials)
        self.receive = ReceiveReports(reception, self.gate)
        self.site = _site(reception, self.gate, self.screens, health)
        self.packed_site = Compressing(self.site)
        self.bounded = Bounds(self._inside, self.gate, reception.settings.base_url.startswith("https"))
        self._feeding: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Every request passes the bounds first."""
        await self.bounded(scope, receive, send)

    async def _inside(self, scope: Any, receive: Any, send: Any) -> None:
        """Reports take the short way, on which a receipt is too short to pack; the others go through the site."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] in PATHS:
            await self.receive(scope, receive, send)
        else:
            await self.packed_site(scope, receive, send)

    def start(self) -> None:
        """Begin to feed the live screens."""
        self._feeding = asyncio.create_task(self.screens.run())

    async def stop(self) -> None:
        """Cut the live screens."""
        self.screens.close()
        if self._feeding is not None:
            await end(self._feeding)


def _site(reception: Reception, gate: Gate, screens: LiveScreens, health: Health) -> FastAPI:
    site = FastAPI(
        title="Jibao 急报",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,  # it would send the caller to whatever Host the request named
    )
    site.state.gate = gate
    site.state.is_https = gate.cookies.secure
    site.state.duty_phone = lambda: reception.desk.county.phone or ""
    site.add_exception_handler(Problem, _problem)
    site.add_exception_handler(RequestValidationError, _invalid)
    site.add_exception_handler(HTTPException, _http)
    site.add_exception_handler(Unavailable, _away)
    site.add_exception_handler(Unreadable, _unreadable)
    site.router.routes.extend(health.routes())
    site.include_router(show_incidents.make_router(reception))
    site.include_router(show_duties.make_router(reception))
    site.include_router(show_why.make_router(reception))
    site.include_router(act_on_incidents.make_router(reception))
    site.include_router(upload_packs.make_router(reception))
    site.include_router(manage_people.make_router(reception))
    site.include_router(my_account.make_router(reception))
    site.include_router(show_security_log.make_router(reception))
    site.include_router(pages_in_and_out.make_router(reception, gate))
    _stream(site, reception, gate, screens)

    async def person(request: Request) -> dict[str, Any] | None:
        who = await gate.who(request.headers, request.cookies)
        return shown.person(who.person, reception.desk.nodes.get(who.person.node)) if who else None

    site.include_router(pages_router(person, demo_logins=pages_in_and_out.demo_logins(reception)))
    describe(site)
    return site


def _stream(site: FastAPI, reception: Reception, gate: Gate, screens: LiveScreens) -> None:
    @site.get("/api/v1/stream", tags=["read"], summary="facts, alerts and ticks as server-sent events")
    async def stream(request: Request) -> Response:
        who = demand(await gate.who(request.headers, request.cookies))
        scope = scope_of(reception, who)
        # A page that shows no alerts must not count as a console on which somebody was told.
        shows_alerts = request.query_params.get("alerts") != "no"
        person_id = who.person.person_id if shows_alerts else uuid4()
        screen = Screen(person_id, scope, who.credential, shows_alerts and who.may(Act.ACKNOWLEDGE))
        since = request.headers.get("last-event-id", "") or request.query_params.get("after", "")
        try:
            lines = screens.open(screen, since)
            first = await anext(lines)
        except ValueError as error:
            raise Problem(422, "Last-Event-ID 无效", "Last-Event-ID is no place in the ledger") from error

        async def whole() -> Any:
            yield first
            async for line in lines:
                yield line

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(whole(), media_type="text/event-stream", headers=headers)


def describe(site: FastAPI) -> None:
    """The hot path is no FastAPI route; its description stands in /openapi.json all the same."""
    plain = site.openapi

    def openapi() -> dict[str, Any]:
        return describe_reports(plain())

    site.openapi = openapi  # type: ignore[method-assign]


def _language(request: Request) -> str:
    return language_of(request.headers, request.cookies)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.answer(_language(request))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return of_errors(error.errors()).answer(_language(request))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    zh, en = {
        404: ("没有这个地址", "no such address"),
        405: ("不支持这种操作", "this method is not supported here"),
    }.get(error.status_code, (str(error.detail), str(error.detail)))
    return Problem(error.status_code, zh, en, [Fault("", "http", str(error.detail))]).answer(
        _language(request)
    )


async def _unreadable(request: Request, error: Exception) -> Response:
    zh, en = "内容含有无法保存的字符", "the content holds a character that cannot be kept"
    return Problem(422, zh, en, [Fault("", "invalid", en, zh)]).answer(_language(request))


async def _away(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unavailable)
    log.warning("cannot answer: %s", error)
    return away(error).answer(_language(request))
