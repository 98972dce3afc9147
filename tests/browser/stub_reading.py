"""What the stub tells a page that asks, and its live line."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from rules.typed import categories as typed_categories
from schemas.categories import CATEGORIES
from schemas.vocabulary import Grade, Medium, Stage, Tag
from tests.browser.stub_county import COUNTY, NODES, Json
from tests.browser.stub_desk import StubDesk
from tests.browser.stub_doors import problem, signed
from tests.browser.stub_shown import on_duty, summary


def lists() -> APIRouter:
    router = APIRouter(prefix="/api/v1")

    @router.get("/categories")
    def categories() -> Json:
        return {
            "categories": [
                {"id": k, "name": zh, "name_en": en, **typed_categories.words()[k]}
                for k, (zh, en) in CATEGORIES.items()
            ],
            "tags": [x.value for x in Tag],
            "grades": [x.value for x in Grade],
            "stages": [x.value for x in Stage],
            "media": [x.value for x in Medium],
        }

    @router.get("/nodes")
    def nodes() -> Json:
        return {"nodes": NODES}

    return router


def looking(desk: StubDesk) -> APIRouter:
    router = APIRouter(prefix="/api/v1")

    @router.get("/session")
    def session(request: Request) -> Json:
        now = desk.now().isoformat()
        return {"person": signed(request), "csrf": uuid4().hex, "county": COUNTY, "now": now, "clock_rate": 1}

    @router.get("/incidents")
    def incidents() -> Json:
        return {"incidents": [summary(detail) for detail in desk.details.values()]}

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
            "incidents": [summary(detail) for detail in desk.details.values()],
            "on_duty": on_duty(desk.now()),
            "health": health | {"intake_waiting": 0},
            "timeliness": {"due": 41, "on_time": 39, "ratio": 39 / 41},
            "county": COUNTY,
        }

    @router.get("/timeliness")
    def timeliness(request: Request) -> Json:
        rows = (("石桥镇", 23, 22, 1, 0), ("青溪乡", 14, 14, 0, 0), ("城关街道", 4, 3, 0, 1))
        groups = [
            {
                "key": name,
                "name": name,
                "due": due,
                "on_time": good,
                "late": late,
                "missed": missed,
                "waived": 1,
            }
            | {"disputed": 0, "ratio": good / due, "small_sample": due < 10}
            | {f"{n}_late_seconds": 754 if late else None for n in ("median", "p90", "max")}
            for name, due, good, late, missed in rows
        ]
        total = {
            "due": 41,
            "on_time": 39,
            "late": 1,
            "missed": 1,
            "waived": 3,
            "disputed": 0,
            "ratio": 39 / 41,
        }
        asked = request.query_params
        return {"from": asked.get("from"), "to": asked.get("to"), "groups": groups, "total": total}

    @router.get("/stream")
    async def stream() -> Response:
        if desk.away:
            return problem(503, "away", "the stub was told to be away")
        return StreamingResponse(
            words(desk), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    return router


async def words(desk: StubDesk) -> AsyncIterator[str]:
    queue: asyncio.Queue[tuple[str, Json]] = asyncio.Queue()
    desk.listeners.add(queue)
    try:
        while not desk.away:
            tick = {
                "now": desk.now().isoformat(),
                "clock_rate": 1,
                "broker": desk.broker_up,
                "database": True,
            }
            yield f"event: tick\ndata: {json.dumps(tick)}\n\n"
            with suppress(TimeoutError):
                event, data = await asyncio.wait_for(queue.get(), 0.5)
                yield f"id: {data.get('id', '')}\nevent: {event}\ndata: {json.dumps(data)}\n\n"
    finally:
        desk.listeners.discard(queue)
