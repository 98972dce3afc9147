"""`jibao report`: the copy is on disk before it is sent, and is resent under the same id until it is *stored*."""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import typer
from pydantic import ValidationError

from jibao import access_file
from jibao.embedded.directory import write_private
from jibao.words import pick
from runtime.exchange import Bound, exchange, make_client
from schemas.report import Report

BOUND = Bound(10.0, 256 * 1024)
LOOK_EVERY = 0.05
RESEND_AFTER = (0.5, 1.0, 2.0, 5.0, 10.0)
FINAL = (400, 401, 403, 404, 409, 413, 415, 422)


@dataclass(frozen=True)
class Sending:
    """What the user asked for; `patience` in seconds."""

    text: str
    data: Path
    url: str | None
    token_file: Path | None
    patience: float
    as_json: bool


async def run_sending(sending: Sending) -> int:
    """Send until stored: 0; refused: 1; not stored in time: 1, the copy stays; wrong input: 2."""
    body = _checked(sending.text)
    if body is None:
        return 2
    access = access_file.of(sending.data, "reporter", sending.url, sending.token_file)
    copy = _keep_copy(sending.data, body)
    headers = {"Authorization": f"Bearer {access.token}", "X-Jibao-Door": "command"}
    headers["Accept-Language"] = pick("zh", "en")
    async with make_client(5.0, base_url=access.base_url, headers=headers) as client:
        return await _until_stored(client, body, copy, sending)


def _checked(text: str) -> dict[str, Any] | None:
    """The report with an id, or None after saying what is wrong with it."""
    try:
        report = Report.model_validate_json(text)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            field = ".".join(str(part) for part in one["loc"])
            said = pick(one.get("ctx", {}).get("zh", one["msg"]), one["msg"])
            print(f"{field or pick('报告', 'report')}: {said}", file=sys.stderr)
        return None
    body = dict(json.loads(text))
    body["report_id"] = str(report.report_id or uuid4())
    return body


def _keep_copy(data: Path, body: dict[str, Any]) -> Path:
    folder = data / "outbox"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy = folder / f"{body['report_id']}.json"
    write_private(copy, json.dumps(body, ensure_ascii=False))
    return copy


async def _until_stored(client: httpx.AsyncClient, body: dict[str, Any], copy: Path, sending: Sending) -> int:
    deadline, tries, receipt = time.monotonic() + sending.patience, 0, None
    while time.monotonic() < deadline:
        answer = await _send(client, body)
        if answer is not None and answer.status_code == 202:
            if receipt is None:
                receipt = answer.json()
                _say(
                    sending,
                    pick(
                        f"已接收 回执 {receipt['receipt_no']}", f"accepted, receipt {receipt['receipt_no']}"
                    ),
                )
            stored = await _watch(client, body["report_id"], min(deadline, time.monotonic() + 5))
            if stored is not None:
                return _finish(stored, receipt, copy, sending)
        elif answer is not None and answer.status_code in FINAL:
            print(_problem(answer), file=sys.stderr)
            _put_aside(copy)
            return 1
        elif tries == 0:
            print(_not_received(answer), file=sys.stderr)
        await asyncio.sleep(RESEND_AFTER[min(tries, len(RESEND_AFTER) - 1)])
        tries += 1
    print(pick(f"未确认入库，副本在 {copy}", f"not known to be stored; the copy is {copy}"), file=sys.stderr)
    return 1


async def _send(client: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response | None:
    try:
        return await exchange(client, "POST", "/api/v1/reports", BOUND, json=body)
    except httpx.HTTPError:
        return None


async def _watch(client: httpx.AsyncClient, report_id: str, until: float) -> dict[str, Any] | None:
    """Its state once it is stored or refused; None when that is not known by `until`."""
    while time.monotonic() < until:
        try:
            answer = await exchange(client, "GET", f"/api/v1/reports/{report_id}", BOUND)
        except httpx.HTTPError:
            return None
        if answer.status_code == 200 and answer.json()["state"] != "accepted":
            return dict(answer.json())
        await asyncio.sleep(LOOK_EVERY)
    return None


def _finish(stored: dict[str, Any], receipt: dict[str, Any], copy: Path, sending: Sending) -> int:
    refused = stored["state"] == "refused"
    if sending.as_json:
        typer.echo(json.dumps({**receipt, **stored}, ensure_ascii=False))
    elif refused:
        print(
            f"{pick('被退回', 'refused')}: {stored['field']} {stored['reason']} {stored['detail']}",
            file=sys.stderr,
        )
    else:
        missing = (
            pick("，待补：", "; still missing: ") + "、".join(stored["missing"]) if stored["missing"] else ""
        )
        typer.echo(
            pick(f"已入库 第 {stored['number']} 报{missing}", f"stored as report {stored['number']}{missing}")
        )
    if refused:
        _put_aside(copy)
        return 1
    copy.unlink()
    return 0


def _put_aside(copy: Path) -> None:
    """A refused report stays, under another name, so that it can be mended and sent again."""
    copy.rename(copy.with_suffix(".refused.json"))


def _say(sending: Sending, text: str) -> None:
    if not sending.as_json:
        typer.echo(text)


def _problem(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return f"{answer.status_code} {answer.text[:300]}"
    faults = "".join(
        f"\n  {one['field']}: {one['reason']}: {one['detail']}" for one in body.get("errors", [])
    )
    return f"{body['title']}: {body['detail']}{faults}"


def _not_received(answer: httpx.Response | None) -> str:
    if answer is not None:
        return _problem(answer)
    return pick(
        "没有收到！连接不上系统；请打电话报告，本机会继续重发",
        "NOT received: the system does not answer; phone it in, we keep trying",
    )
