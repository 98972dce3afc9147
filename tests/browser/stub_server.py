"""A small honest stand-in for the doors: the HTTP contract the pages are written for, in memory, for browser tests.

It checks bodies with the real shapes, keeps what it accepts, and can be told to fail in the ways a page must survive.
"""

from typing import Any

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response

from producers.pages.show_pages import login_page, pages_router, render
from tests.browser.stub_county import COUNTY, PEOPLE
from tests.browser.stub_desk import StubDesk
from tests.browser.stub_doors import acting, problem, reporting, signed
from tests.browser.stub_reading import lists, looking

PASSWORD = "demo"
DEMO = [{name: one[name] for name in ("login", "name", "post")} for one in PEOPLE.values()]


def make_app(desk: StubDesk) -> FastAPI:
    app = FastAPI()
    app.state.duty_phone = lambda: COUNTY["phone"]
    app.include_router(pages_router(signed, demo_logins=DEMO))
    for router in (signing(), lists(), reporting(desk), acting(desk), looking(desk)):
        app.include_router(router)

    @app.middleware("http")
    async def guard(request: Request, call_next: Any) -> Response:
        if request.url.path.startswith("/api/") and signed(request) is None:
            return problem(401, "请先登录", "没有登录")
        unsafe = request.method == "POST" and request.url.path.startswith("/api/")
        if unsafe and not request.headers.get("x-csrf-token"):
            return problem(403, "CSRF", "X-CSRF-Token is missing")
        answer: Response = await call_next(request)
        return answer

    return app


def signing() -> APIRouter:
    router = APIRouter()

    @router.post("/login")
    def sign_in(
        request: Request, login: str = Form(), password: str = Form(), csrf: str = Form()
    ) -> Response:
        if login not in PEOPLE or password != PASSWORD or csrf != request.cookies.get("jibao_csrf"):
            return login_page(request, error="用户名或密码不对", status=401, demo_logins=DEMO)
        answer = RedirectResponse("/", 303)
        answer.set_cookie("jibao_session", login, httponly=True, samesite="strict")
        return answer

    @router.post("/logout")
    def sign_out() -> Response:
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie("jibao_session")
        return answer

    @router.get("/a/{token}")
    def one_tap(request: Request, token: str) -> Response:
        done = token == "done"
        return render(
            request,
            "acknowledge.html",
            token=token,
            incident_number="YL-2026-0001",
            title="G99 高速多车追尾",
            grade="II",
            person_name="李明远",
            state="acknowledged" if done else "open",
            acknowledged_by="李明远" if done else None,
            acknowledged_at="16:10:05" if done else None,
        )

    return router
