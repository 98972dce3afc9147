"""The stub's doors: what comes in, and the acts on it."""

import json

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from rules.typed.report import read
from schemas.report import Report
from tests.browser.stub_county import COUNTY, PEOPLE, Json
from tests.browser.stub_desk import StubDesk


def problem(
    status: int, title: str, detail: str, errors: list[Json] | None = None, **more: object
) -> JSONResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": errors or []}
    return JSONResponse(body | more, status, media_type="application/problem+json")


def signed(request: Request) -> Json | None:
    return PEOPLE.get(request.cookies.get("jibao_session", ""))


def reporting(desk: StubDesk) -> APIRouter:
    router = APIRouter(prefix="/api/v1")

    def take(body: Json, who: Json, door: str, called_at: str | None = None) -> Response:
        if not desk.broker_up:
            return problem(503, "未收到", "报告没有收到，请立即拨打值班电话", phone=COUNTY["phone"])
        if desk.refuse_field:
            error = {"field": desk.refuse_field, "reason": "future_time", "detail": "时间在未来"}
            return problem(422, "被退回", "报告中有不符合要求的内容", [error])
        try:
            report = Report.model_validate_json(json.dumps(read(body)))
        except ValidationError as bad:
            errors = [
                {"field": ".".join(map(str, e["loc"])), "reason": e["type"], "detail": e["msg"]}
                for e in bad.errors()
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
            return problem(
                409, "已签收", f"{alert['acknowledged_by_name']} 已签收", reason="already_acknowledged"
            )
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
        desk.event(
            incident_id, kinds.get(act, "report.forwarded"), body | {"old": old, "new": incident["grade"]}
        )
        return JSONResponse({"forwarded": True, "met": []} if act == "forward" else {"incident": incident})

    return router
