"""Signing in and out, who am I, and the one-tap page; opening a link never acknowledges, its button does."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from producers import shown
from producers.acknowledge_alert import IHaveIt, acknowledge
from producers.act_once import Once
from producers.forms import read_form
from producers.let_in import Coming
from producers.pages.page_files import lists
from producers.pages.show_pages import login_page, own_page, problem_page, render
from producers.problems import Problem
from producers.reception import Reception, reply
from producers.show_incidents import session_body
from producers.sign_in import Gate, demand, same, same_site
from rules.typed.signs import login as as_given_out
from runtime.links import BadLink, OldLink
from schemas.vocabulary import AcknowledgeMedium, AlertState, Medium, Stage
from storage import alerts, people

SIGN_IN_FIELDS = {"login": 80, "password": 400, "csrf": 100, "after": 400}
Division = Annotated[str, Query(pattern=r"^[0-9]{0,12}$")]
SIGN_OUT_FIELDS = {"csrf": 100}
"""The longest value of each field of the forms."""


def make_router(reception: Reception, gate: Gate) -> APIRouter:
    """Session endpoints and the pages around them."""
    router = APIRouter(tags=["session"])
    _session(router, reception, gate)
    _login(router, reception, gate)
    _one_tap(router, reception)
    return router


def _session(router: APIRouter, reception: Reception, gate: Gate) -> None:
    @router.get("/api/v1/session", summary="who is signed in")
    async def session(request: Request) -> Response:
        who = demand(await gate.who(request.headers, request.cookies))
        return reply(session_body(reception, who))

    @router.get("/api/v1/categories", summary="the words: categories, tags, grades, stages, media")
    async def categories() -> Response:
        media = [medium for medium in Medium if medium is not Medium.ANY]
        return reply(lists() | {"stages": list(Stage), "media": media})

    @router.get("/api/v1/nodes", summary="the reporting chain; `within`: of one division and those below it")
    async def nodes(request: Request, within: Division = "") -> Response:
        demand(await gate.who(request.headers, request.cookies))
        return reply({"nodes": shown.nodes(reception.desk, within)})


def _login(router: APIRouter, reception: Reception, gate: Gate) -> None:
    cookies = gate.cookies

    def form(request: Request, error: str, status: int, after: str) -> Response:
        shown_to = demo_logins(reception)
        return login_page(request, error=error, status=status, demo_logins=shown_to, after=after)

    @router.post("/login", include_in_schema=False)
    async def sign_in(request: Request) -> Response:
        login, password, csrf, after = (await read_form(request, SIGN_IN_FIELDS)).values()
        if not csrf or not same(csrf, request.cookies.get(cookies.csrf, "")) or not same_site(request):
            return form(request, "csrf", 403, after)
        coming = Coming(
            as_given_out(login),
            password,
            request.client.host if request.client else "",
            request.headers.get("user-agent", ""),
            request.cookies.get(cookies.device, ""),
            request.cookies.get(cookies.session, ""),
        )
        try:
            entered = await gate.let_in.sign_in(coming)
        except Problem as problem:
            return form(request, "too_many" if problem.status == 429 else "error", problem.status, after)
        if entered is None:
            return form(request, "wrong", 401, after)
        return cookies.signed_in(entered, reception.settings.session_lasts, own_page(after) or "/")

    @router.post("/logout", include_in_schema=False)
    async def sign_out(request: Request) -> Response:
        who = await gate.who(request.headers, request.cookies)
        session = request.cookies.get(cookies.session)
        if who is not None and session:
            given = request.headers.get("x-csrf-token") or (await read_form(request, SIGN_OUT_FIELDS))["csrf"]
            if (who.csrf and not same(given, who.csrf)) or not same_site(request):
                raise Problem(
                    403, "页面已过期，请刷新后重试", "this page is out of date; reload it and try again"
                )
            await gate.sign_out(session, who)
        return cookies.signed_out("/login")


def demo_logins(reception: Reception) -> list[dict[str, str]]:
    """Who may be tried out, in the demo only; passwords are in the start-up message, never on a page."""
    people = reception.desk.county.people if reception.settings.demo else ()
    return [{"login": person.login, "name": person.name, "post": person.post} for person in people]


def _one_tap(router: APIRouter, reception: Reception) -> None:
    @router.get("/a/{token}", include_in_schema=False)
    async def ask(request: Request, token: str) -> Response:
        try:
            return render(request, "acknowledge.html", **(await _tapped(reception, token))[0])
        except Problem as problem:
            return problem_page(request, problem.status, *problem.said)

    @router.post("/a/{token}", include_in_schema=False)
    async def tap(request: Request, token: str) -> Response:
        try:
            _, alert_id, person_id = await _tapped(reception, token)
            said = IHaveIt(alert_id, person_id, person_id, AcknowledgeMedium.LINK)
            await acknowledge(reception, said, Once("acknowledge", person_id))
        except Problem as problem:
            if problem.status != 409:
                return problem_page(request, problem.status, *problem.said)
        return await ask(request, token)


async def _tapped(reception: Reception, token: str) -> tuple[dict[str, Any], UUID, UUID]:
    """What the page of a link shows, the alert and the person. Raises Problem 404 or 410 with words."""
    try:
        alert_id, person_id = reception.links.read(token, reception.clock.now())
    except OldLink as error:
        raise _over() from error
    except BadLink as error:
        raise Problem(404, "链接无效", "this link is not valid") from error
    async with reception.database.reading() as tx:
        row = await alerts.one(tx, alert_id) if await people.may_sign_in(tx, person_id) else None
    person = reception.desk.people.get(person_id)
    if row is None or person is None:
        raise Problem(404, "链接已失效", "this link is no longer valid")
    if row["state"] == AlertState.CLOSED:
        raise _over()
    keys = ("incident_number", "title", "grade", "state", "acknowledged_at")
    shown_there = {key: row[key] for key in keys} | {
        "token": token,
        "person_name": person.name,
        "acknowledged_by": row["acknowledged_by_name"],
    }
    return shown_there, alert_id, person_id


def _over() -> Problem:
    return Problem(
        410,
        "链接已过期（24 小时内且提醒未结束时有效），请登录系统查看",
        "this link is over: it is good for 24 hours and while the alert is open; sign in to look",
    )
