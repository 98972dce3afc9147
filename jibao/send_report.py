"""`jibao report`: the copy is on disk before it is sent, and is resent under the same id until it is *stored*."""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import typer
from pydantic import ValidationError

from jibao import access_file, outbox
from jibao.words import pick
from rules.typed import categories
from rules.typed import report as typed_report
from rules.typed.body import parse, read
from rules.typed.encoding import UnknownEncodingError, decode
from runtime.exchange import Bound, exchange, make_client
from schemas.report import Report

BOUND = Bound(10.0, 256 * 1024)
LOOK_EVERY = 0.05
RESEND_AFTER = (0.5, 1.0, 2.0, 5.0, 10.0)
LEFT_PATIENCE = 15.0
"""How long a copy of an earlier run is tried, in seconds: it stays and is tried again by the next run."""
FINAL = (400, 401, 403, 404, 409, 413, 415, 422)


@dataclass(frozen=True)
class Sending:
    """What the user asked for: the bytes of a file; `patience` in seconds."""

    body: bytes
    data: Path
    url: str | None
    token_file: Path | None
    patience: float
    as_json: bool


async def run_sending(sending: Sending) -> int:
    """Send until stored: 0; refused: 1; not stored in time: 1, the copy stays; wrong input: 2.

    Then what earlier runs left is sent too, or it is said why not; that never changes how this report ended.
    """
    body = _checked(sending.body)
    if body is None:
        return 2
    access = access_file.of(sending.data, "reporter", sending.url, sending.token_file)
    by = outbox.whose(access.base_url, access.token)
    copy = outbox.keep(sending.data, body, by)
    headers = {"Authorization": f"Bearer {access.token}", "X-Jibao-Door": "command"}
    headers["Accept-Language"] = pick("zh", "en")
    async with make_client(5.0, base_url=access.base_url, headers=headers) as client:
        with outbox.locked(copy):
            code = await _until_stored(client, copy, sending)
        await _send_what_was_left(client, copy, by, sending)
        return code


async def _send_what_was_left(client: httpx.AsyncClient, own: outbox.Copy, by: str, sending: Sending) -> None:
    """One line for each copy that an earlier run left: sent now under the same id, or why it is not."""
    copies, others = outbox.left(sending.data)
    for path in others:
        print(
            pick(f"不是报告副本，未处理：{path}", f"no copy of a report, left alone: {path}"), file=sys.stderr
        )
    for copy in copies:
        if copy.path == own.path:
            continue
        if copy.by != by:
            print(_not_yours(copy), file=sys.stderr)
            continue
        with outbox.locked(copy) as mine:
            if mine:
                print(pick("补发上次的副本", "sending a copy left earlier"), copy.report_id, file=sys.stderr)
                await _until_stored(client, copy, replace(sending, patience=LEFT_PATIENCE, as_json=False))


def _not_yours(copy: outbox.Copy) -> str:
    return pick(
        f"未补发 {copy.path}：它是用另一个账号或系统保存的；请用那个账号执行 jibao report {copy.path}",
        f"not sent: {copy.path} belongs to another token or system; send it with that: jibao report {copy.path}",
    )


def _checked(body: bytes) -> dict[str, Any] | None:
    """The report with an id, as it was typed, or None after saying what is wrong with it: read as the API reads it."""
    try:
        raw = parse(decode(body))
        if isinstance(raw, dict):
            raw = outbox.unwrapped(raw)
            body = json.dumps(raw).encode()
        report = read(Report, body, None, typed_report.read)
    except UnknownEncodingError:
        zh, en = "文字编码无法识别；请存为 UTF-8 或 GBK", "no encoding that is read; save it as UTF-8 or GBK"
        print(pick(zh, en), file=sys.stderr)
        return None
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            field = ".".join(str(part) for part in one["loc"])
            said = pick(one.get("ctx", {}).get("zh", one["msg"]), one["msg"])
            print(f"{field or pick('报告', 'report')}: {said}", file=sys.stderr)
        return None
    assert isinstance(raw, dict)
    for path, words in report.unread.items():
        print(
            f"{path}: {pick('读不出，记为原话', 'kept as words')}: {words[:80]}{_candidates(path, words)}",
            file=sys.stderr,
        )
    return {**raw, "report_id": str(report.report_id or uuid4())}


def _candidates(path: str, words: str) -> str:
    """The categories that an everyday word may mean, where it means several."""
    found = categories.find(words) if path == "category" else ()
    return pick("；可能是：", "; it may be: ") + "、".join(found) if found else ""


async def _until_stored(client: httpx.AsyncClient, copy: outbox.Copy, sending: Sending) -> int:
    deadline, tries, receipt = time.monotonic() + sending.patience, 0, None
    while time.monotonic() < deadline:
        answer = await _send(client, copy.body)
        if answer is not None and answer.status_code == 202:
            if receipt is None:
                receipt = answer.json()
                _say(
                    sending,
                    pick(
                        f"已接收 回执 {receipt['receipt_no']}", f"accepted, receipt {receipt['receipt_no']}"
                    ),
                )
            stored = await _watch(client, copy.report_id, min(deadline, time.monotonic() + 5))
            if stored is not None:
                return _finish(stored, receipt, copy, sending)
        elif answer is not None and answer.status_code in FINAL:
            print(_problem(answer), file=sys.stderr)
            if answer.status_code != 401:  # with a good token the next run sends it
                copy.put_aside()
            return 1
        elif tries == 0:
            print(_not_received(answer), file=sys.stderr)
        await asyncio.sleep(RESEND_AFTER[min(tries, len(RESEND_AFTER) - 1)])
        tries += 1
    print(
        pick(f"未确认入库，副本在 {copy.path}", f"not known to be stored; the copy is {copy.path}"),
        file=sys.stderr,
    )
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


def _finish(stored: dict[str, Any], receipt: dict[str, Any], copy: outbox.Copy, sending: Sending) -> int:
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
            pick("，待补：", "; still missing: ")
            + "、".join(one[pick("zh", "en")] for one in stored["missing_labels"])
            if stored["missing"]
            else ""
        )
        typer.echo(
            pick(f"已入库 第 {stored['number']} 报{missing}", f"stored as report {stored['number']}{missing}")
        )
        for name in stored.get("doubtful_times", ()):
            typer.echo(
                pick(
                    f"{name} 待核实，按接报时间起算；请更正，确认无误则写 times_confirmed",
                    f"{name} is in doubt, the receipt counts; correct it, or confirm it with times_confirmed",
                )
            )
    if refused:
        copy.put_aside()
        return 1
    copy.stored()
    return 0


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
