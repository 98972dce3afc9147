"""The hot path over HTTP: `POST /api/v1/reports` and `/api/v1/calls`, plain ASGI because a flood comes this way."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from producers.body_text import charset_of, no_text
from producers.keep_refused import RefusedKeeper
from producers.problems import Fault, Problem, language_of, of_validation
from producers.reception import Reception
from producers.sign_in import Gate, SignedIn, demand
from producers.submit_report import Said, Submitting
from rules.access import Act
from rules.typed import report as typed_report
from rules.typed.body import read as body_of
from rules.typed.encoding import UnknownEncodingError
from runtime.trouble import Unavailable
from schemas.report import MAX_BODY_BYTES, Report
from schemas.shape import Moment, Shape
from schemas.vocabulary import Door, Medium

Scope = dict[str, Any]
Send = Callable[[Any], Awaitable[None]]
PATHS = ("/api/v1/reports", "/api/v1/calls")


class Call(Shape):
    """A phone call as the duty officer logs it: when it came, and what was said."""

    called_at: Moment
    report: Report


class ReceiveReports:
    """Reads, checks who and what, and answers 202 with a receipt or a problem that names the field."""

    def __init__(self, reception: Reception, gate: Gate) -> None:
        self._reception = reception
        self._gate = gate
        self._submitting = Submitting(reception)
        self._refused = RefusedKeeper(reception)

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """One POST."""
        request = Request(scope, receive)
        language = language_of(request.headers, request.cookies)
        answer = await self._answer(request, language)
        await answer(scope, receive, send)

    async def _answer(self, request: Request, language: str) -> Response:
        body, who, door = b"", None, Door.API
        try:
            who = demand(await self._gate.who(request.headers, request.cookies))
            door = _door(request, who)
            body, whole = await _read(request)
            self._check(request, who, whole)
            said = (
                _read_call(request, body, who)
                if request.url.path == PATHS[1]
                else _read_report(request, body, who, door)
            )
            receipt = await self._submitting.accept(said)
        except ValidationError as error:
            problem = of_validation(error)
            self._refused.keep(problem, body, _person(who), door)
            return problem.answer(language)
        except UnknownEncodingError as error:
            problem = no_text(error)
            self._refused.keep(problem, body, _person(who), door)
            return problem.answer(language)
        except Problem as problem:
            if problem.status in (400, 403, 409, 413, 422):
                self._refused.keep(problem, body, _person(who), door)
            return problem.answer(language)
        except (Unavailable, ClientDisconnect):
            return self._submitting.not_received().answer(language)
        location = {"Location": f"/api/v1/reports/{receipt.report_id}"}
        return Response(receipt.model_dump_json(), 202, headers=location, media_type="application/json")

    def _check(self, request: Request, who: SignedIn, whole: bool) -> None:
        """May this person say this here? Asked after reading, so that even what is refused can be kept aside."""
        demand(who, Act.LOG_CALL if request.url.path == PATHS[1] else Act.REPORT)
        self._gate.check_csrf(request, who)
        if not whole:
            raise Problem(
                413,
                f"报告超过 {MAX_BODY_BYTES // 1024} KiB；请删减文字，附件另行报送",
                f"the report is over {MAX_BODY_BYTES // 1024} KiB; shorten the text",
                [Fault("", "too_large", f"at most {MAX_BODY_BYTES} bytes", f"最多 {MAX_BODY_BYTES} 字节")],
            )


def _person(who: SignedIn | None) -> UUID | None:
    return who.person.person_id if who else None


def _door(request: Request, who: SignedIn) -> Door:
    """Where it came from: our own pages carry a session, our own command names itself, the rest is the API."""
    if request.url.path == PATHS[1]:
        return Door.PHONE_LOG
    if who.csrf is not None:
        return Door.PAGE
    return Door.COMMAND if request.headers.get("x-jibao-door") == "command" else Door.API


async def _read(request: Request) -> tuple[bytes, bool]:
    """The body, at most 64 KiB of it, and whether that was all. Raises Problem 415 for what is no JSON."""
    kind = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if kind not in ("application/json", ""):
        raise Problem(
            415,
            "请用 application/json",
            "send application/json",
            [Fault("Content-Type", "unsupported", kind)],
        )
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > MAX_BODY_BYTES:
        return b"", False
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return bytes(body[:MAX_BODY_BYTES]), False
    return bytes(body), True


def _read_report(request: Request, body: bytes, who: SignedIn, door: Door) -> Said:
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= 200:
        raise Problem(422, "Idempotency-Key 应为 1–200 个字符", "Idempotency-Key: 1 to 200 characters",
                      [Fault("Idempotency-Key", "invalid", "1 to 200 characters", "1 至 200 个字符")])  # fmt: skip
    return Said(
        typed_report.tidy(
            body_of(Report, body, charset_of(request.headers.get("content-type", "")), typed_report.read)
        ),
        who,
        door,
        key,
    )


def _read_call(request: Request, body: bytes, who: SignedIn) -> Said:
    call = body_of(Call, body, charset_of(request.headers.get("content-type", "")), _reading_of_call)
    report = typed_report.tidy(call.report)
    if "medium" not in report.model_fields_set:
        report = report.model_copy(update={"medium": Medium.PHONE})
    return Said(report, who, Door.PHONE_LOG, None, call.called_at)


def _reading_of_call(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    report = raw.get("report")
    if not isinstance(report, dict):
        return raw
    return {**raw, "report": typed_report.read(report, typed_report.CALL)}
