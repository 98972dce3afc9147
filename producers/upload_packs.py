"""Packs over HTTP: which stand, what a new one would change, and putting it in force. The law above is not ours."""

import asyncio
import re
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import Field, ValidationError
from starlette.responses import Response

from producers import shown_packs, try_pack
from producers.act_once import ActBody, Once
from producers.adopt_pack import Adoption, Checked
from producers.body_text import as_utf8
from producers.bounds import PACKS_MOST
from producers.problems import Fault, Problem, language_of, of_validation
from producers.reception import Reception, reply
from producers.sign_in import SignedIn, demand
from rules.access import Act
from rules.adoption import next_midnight
from rules.pack_files import MAX_BYTES
from rules.pack_problems import in_bounds
from schemas.shape import Line, Moment, Note
from storage import packs

BODY_AT_MOST = PACKS_MOST
"""JSON may need six characters for one of the text's; a longer body is not read to its end."""
UPLOADS_SHOWN = 200
KEY = re.compile(rb'(?<!\\)"\s*:')
"""The end of a JSON key: inside a text the quote would be escaped."""
KEYS_AT_MOST = 50


class PackUpload(ActBody):
    """A pack as text. Without `in_force_from` it begins at the county's next midnight. `file` names it in problems."""

    toml: str
    in_force_from: Moment | None = None
    note: Note = ""
    file: Annotated[Line, Field(min_length=1)] = "pack.toml"


async def _reading(request: Request) -> SignedIn:
    return demand(await request.app.state.gate.who(request.headers, request.cookies), Act.SEE_ALL)


async def _admin(request: Request) -> SignedIn:
    gate = request.app.state.gate
    who = demand(await gate.who(request.headers, request.cookies), Act.ADMINISTER)
    gate.check_csrf(request, who)
    return who


Reader = Annotated[SignedIn, Depends(_reading)]
Admin = Annotated[SignedIn, Depends(_admin)]
BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": PackUpload.model_json_schema()}},
    }
}


def make_router(reception: Reception) -> APIRouter:
    """Look, check, adopt."""
    router = APIRouter(prefix="/api/v1/packs", tags=["packs"])

    @router.get("", summary="the packs in force, those to come, and every upload")
    async def listing(who: Reader) -> Response:
        now = reception.clock.now()
        async with reception.database.reading() as tx:
            rows = await packs.history(tx, UPLOADS_SHOWN)
        body = shown_packs.listing(reception.desk, rows, now)
        return reply(body | {"next_midnight": next_midnight(now, reception.desk.county.timezone)})

    @router.get("/{pack_id}", summary="the text of a pack, of the version in force unless another is named")
    async def text(pack_id: str, who: Reader, version: str | None = None) -> Response:
        standing = {one.header.id: one.header.version for one in reception.desk.packs.packs}
        wanted = version or standing.get(pack_id)
        async with reception.database.reading() as tx:
            found = await packs.of_version(tx, pack_id, wanted) if wanted else []
        toml = found[0].body if found else await asyncio.to_thread(shown_packs.shipped_text, pack_id, wanted)
        if toml is None:
            zh, en = "没有这个规则包或版本", "no such pack or version"
            raise Problem(404, zh, en, [Fault("version" if version else "pack_id", "unknown", en, zh)])
        return reply({"pack_id": pack_id, "version": wanted, "toml": toml})

    @router.post(
        "",
        summary="check=1: prove it and show what it would change; else put it in force",
        openapi_extra=BODY,
    )
    async def upload(request: Request, who: Admin, check: Literal["0", "1"] = "0") -> Response:
        body = await _read(request)
        adoption = Adoption(reception, body.file, body.toml)
        if check == "1":
            language = language_of(request.headers, request.cookies)
            return reply(await _tried(reception, body.file, await adoption.check(), language))
        once = Once.of("adopt_pack", body.file, who.person.person_id, body)
        return (await adoption.adopt(once, who.person, body.in_force_from, body.note)).response()

    return router


async def _tried(reception: Reception, file: str, checked: Checked, language: str) -> dict[str, Any]:
    """What stands against it or, where nothing does, what it would change."""
    body: dict[str, Any] = {
        "sound": checked.pack is not None and not checked.problems,
        "problems": [shown_packs.problem(one, language) for one in checked.problems],
        "pack": checked.pack and shown_packs.head(checked.pack),
        "remarks": [],
        "changes": [],
        "dry_run": None,
    }
    if checked.pack is not None and not checked.problems:
        desk, now = reception.desk, reception.clock.now()
        found = await asyncio.to_thread(try_pack.remarks, desk, now, (file, checked.pack))
        body["remarks"] = [shown_packs.problem(one, language) for one in in_bounds(found)]
        body["changes"] = await asyncio.to_thread(try_pack.changes, desk, checked.pack)
        body["dry_run"] = await try_pack.try_on_the_past(reception, checked.pack)
    return body


async def _read(request: Request) -> PackUpload:
    """The body, as far as it is allowed to go. Raises Problem 400, 413 or 422."""
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > BODY_AT_MOST:
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_AT_MOST:
            raise _too_large()
    kind = request.headers.get("content-type", "")
    read = await asyncio.to_thread(as_utf8, bytes(body), kind)
    if sum(1 for _ in islice(KEY.finditer(read), KEYS_AT_MOST + 1)) > KEYS_AT_MOST:
        zh, en = "字段过多", "too many fields"
        raise Problem(422, zh, en, [Fault("", "invalid", en, zh)])
    try:
        upload = PackUpload.model_validate_json(read)
    except ValidationError as error:
        raise of_validation(error) from error
    if len(upload.toml.encode(errors="replace")) > MAX_BYTES:
        raise _too_large()
    return upload


def _too_large() -> Problem:
    zh, en = f"规则包超过 {MAX_BYTES // 1024} KiB", f"the pack is over {MAX_BYTES // 1024} KiB"
    return Problem(
        413, zh, en, [Fault("toml", "too_large", f"at most {MAX_BYTES} bytes", f"最多 {MAX_BYTES} 字节")]
    )
