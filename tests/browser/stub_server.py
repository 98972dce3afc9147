"""A small honest stand-in for the doors: the HTTP contract the pages are written for, in memory, for browser tests.

It checks bodies with the real shapes, keeps what it accepts, and can be told to fail in the ways a page must survive.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from pydantic import ValidationError

from producers.pages.show_pages import CSRF_COOKIE, login_page, pages_router, render
from schemas.categories import CATEGORIES
from schemas.report import Report
from schemas.vocabulary import Grade, Medium, Stage, Tag
from tests.browser.stub_county import COUNTY, NODES, PEOPLE, Json
from tests.browser.stub_desk import StubDesk

PASSWORD = "demo"
DEMO = [{name: one[name] for name in ("login", "name", "post")} for one in PEOPLE.values()]


def problem(status: int, title: str, detail: str, errors: list[Json] | None = None, **more: object) -> JSONResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": errors or []}
    return JSONResponse(body | more, status, media_type="application/problem+json")


def signed(request: Request) -> Json | None:
    return PEOPLE.get(request.cookies.get("jibao_session", ""))


def make_app(desk: StubDesk) -> FastAPI:
    app = FastAPI()
    app.include_router(pages_router(signed, demo_logins=DEMO))
    for router in (signing(), lists(), reporting(desk), acting(desk), looking(desk)):
        app.include_router(router)

    @app.middleware("http")
    async def guard(request: Request, call_next: Any) -> Response:
        if request.url.path.startswith("/api/") and signed(request) is None:
            return problem(401, "请先登录", "没有登录")
        if request.method == "POST" and request.url.path.startswith("/api/") and not request.headers.get("x-csrf-token"):
            return problem(403, "CSRF", "X-CSRF-Token is missing")
        answer: Response = await call_next(request)
        return answer

    return app


def signing() -> APIRouter:
    router = APIRouter()

    @router.post("/login")
    def sign_in(request: Request, login: str = Form(), password: str = Form(), csrf: str = Form()) -> Response:
        if login not in PEOPLE or password != PASSWORD or csrf != request.cookies.get(CSRF_COOKIE):
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


def lists() -> APIRouter:
    router = APIRouter(prefix="/api/v1")

    @router.get("/categories")
    def categories() -> Json:
        return {
            "categories": [{"id": k, "name": zh, "name_en": en} for k, (zh, en) in CATEGORIES.items()],
            "tags": [x.value for x in Tag],
            "grades": [x.value for x in Grade],
            "stages": [x.value for x in Stage],
            "media": [x.value for x in Medium],
        }

    @router.get("/nodes")
    def nodes() -> Json:
        return {"nodes": NODES}

    return router


def reporting(desk: StubDesk) -> APIRouter:
    router = APIRouter(prefix="/api/v1")

    def take(body: Json, who: Json, door: str, called_at: str | None = None) -> Response:
        if not desk.broker_up:
            return problem(503, "未收到", "报告没有收到，请立即拨打值班电话", phone=COUNTY["phone"])
        if desk.refuse_field:
            error = {"field": desk.refuse_field, "reason": "future_time", "detail": "时间在未来"}
            return problem(422, "被退回", "报告中有不符合要求的内容", [error])
        try:
            report = Report.model_validate(body)
        except ValidationError as bad:
            errors = [
                {"field": ".".join(map(str, e["loc"])), "reason": e["type"], "detail": e["msg"]} for e in bad.errors()
            ]
            return problem(422, "被退回", "报告格式不符", errors)
        return JSONResponse(desk.accept(report, who, door, called_at), 202)

    @router.post("/reports")
    async def report(request: Request) -> Response:
        return take(await request.json(), signed(request) or {}, "page")

    @router.post("/calls")
    async def call(request: Request) -> Response:
        body = await request.json()
        return take(body["report"], signed(request) or {}, "phone_log", body["called_at"])

    @router.get("/reports/{report_id}")
    def state(report_id: str) -> Response:
        kept = desk.reports.get(report_id)
        if kept is None:
            return problem(404, "unknown", report_id)
        return JSONResponse({k: v for k, v in kept.items() if k not in ("body", "from")})

    return router


def acting(desk: StubDesk) -> APIRouter:
    router = APIRouter(prefix="/api/v1")

    @router.post("/alerts/{alert_id}/acknowledge")
    async def acknowledge(request: Request, alert_id: str) -> Response:
        body, found = await request.json(), desk.alert_of(alert_id)
        if found is None:
            return problem(404, "unknown", alert_id)
        alert, incident_id = found
        if alert["state"] == "acknowledged":
            return problem(409, "已签收", f"{alert['acknowledged_by_name']} 已签收", reason="already_acknowledged")
        who = PEOPLE[body.get("on_behalf_of") or request.cookies["jibao_session"]]
        desk.acknowledge(alert, incident_id, who, body.get("note") or "", body.get("medium", "console"))
        wanted = ("alert_id", "state", "acknowledged_at", "acknowledged_by_name")
        return JSONResponse({name: alert[name] for name in wanted})

    @router.post("/incidents/{incident_id}/{act}")
    async def act(request: Request, incident_id: str, act: str) -> Response:
        body, incident = await request.json(), desk.details[incident_id]["incident"]
        now = desk.now().isoformat()
        if act == "grade" and body["grade"] == incident["grade"]:
            error = {"field": "grade", "reason": "same_grade", "detail": "等级没有变化"}
            return problem(409, "等级未变", "请选择不同的等级", [error])
        old = incident["grade"]
        changes: dict[str, Json] = {
            "grade": {"grade": body.get("grade"), "graded_at": now},
            "stop": {"stopped_at": body.get("stopped_at")},
            "close": {"state": "closed", "closed_at": now, "close_reason": body.get("why")},
            "forward": {},
        }
        incident |= changes[act]
        kinds = {"grade": "incident.regraded", "stop": "incident.stopped", "close": "incident.closed"}
        desk.event(incident_id, kinds.get(act, "report.forwarded"), body | {"old": old, "new": incident["grade"]})
        return JSONResponse({"forwarded": True, "met": []} if act == "forward" else {"incident": incident})

    return router


def looking(desk: StubDesk) -> APIRouter:
    router = APIRouter(prefix="/api/v1")

    @router.get("/session")
    def session(request: Request) -> Json:
        now = desk.now().isoformat()
        return {"person": signed(request), "csrf": uuid4().hex, "county": COUNTY, "now": now, "clock_rate": 1}

    @router.get("/incidents")
    def incidents() -> Json:
        return {"incidents": [desk.summary(detail) for detail in desk.details.values()]}

    @router.get("/incidents/{incident_id}")
    def incident(incident_id: str) -> Response:
        detail = desk.details.get(incident_id)
        return JSONResponse(detail) if detail else problem(404, "unknown", incident_id)

    @router.get("/overview")
    def overview() -> Json:
        now = desk.now().isoformat()
        health = {"broker": desk.broker_up, "database": True, "clock_seen_at": now, "relay_lag_seconds": 0.1}
        return {
            "now": now,
            "clock_rate": 1,
            "incidents": [desk.summary(detail) for detail in desk.details.values()],
            "on_duty": desk.on_duty(),
            "health": health | {"intake_waiting": 0},
            "timeliness": {"due": 41, "on_time": 39, "ratio": 39 / 41},
            "county": COUNTY,
        }

    @router.get("/timeliness")
    def timeliness(request: Request) -> Json:
        rows = (("石桥镇", 23, 22, 1, 0), ("青溪乡", 14, 14, 0, 0), ("城关街道", 4, 3, 0, 1))
        groups = [
            {"key": name, "name": name, "due": due, "on_time": good, "late": late, "missed": missed, "waived": 1}
            | {"disputed": 0, "ratio": good / due, "small_sample": due < 10}
            | {f"{n}_late_seconds": 754 if late else None for n in ("median", "p90", "max")}
            for name, due, good, late, missed in rows
        ]
        total = {"due": 41, "on_time": 39, "late": 1, "missed": 1, "waived": 3, "disputed": 0, "ratio": 39 / 41}
        asked = request.query_params
        return {"from": asked.get("from"), "to": asked.get("to"), "groups": groups, "total": total}

    @router.get("/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(words(desk), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    return router


async def words(desk: StubDesk) -> AsyncIterator[str]:
    queue: asyncio.Queue[tuple[str, Json]] = asyncio.Queue()
    desk.listeners.add(queue)
    try:
        while True:
            if not desk.silent:
                tick = {"now": desk.now().isoformat(), "clock_rate": 1, "broker": desk.broker_up, "database": True}
                yield f"event: tick\ndata: {json.dumps(tick)}\n\n"
            try:
                event, data = await asyncio.wait_for(queue.get(), 2)
                if not desk.silent:
                    yield f"id: {data.get('id', '')}\nevent: {event}\ndata: {json.dumps(data)}\n\n"
            except TimeoutError:
                continue
    finally:
        desk.listeners.discard(queue)
