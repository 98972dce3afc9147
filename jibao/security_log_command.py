"""`jibao security-log export`: the log as JSON lines, for an archive or another system."""

import asyncio
import json
from datetime import datetime
from typing import Annotated, Any

import typer

from jibao.county_command import open_database
from jibao.words import fail

security_log_app = typer.Typer(help="安全日志 · the security log", no_args_is_help=True)
AT_ONCE = 1000


@security_log_app.callback()
def _security_log() -> None:
    """安全日志 · the security log"""


@security_log_app.command("export")
def export(
    since: Annotated[str | None, typer.Option(help="起（含），RFC 3339 · from, included")] = None,
    until: Annotated[str | None, typer.Option(help="止（不含）· to, excluded")] = None,
    after: Annotated[int, typer.Option(min=0, help="从此序号之后 · only what comes after this number")] = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="每行一个 JSON（总是如此）· JSON lines, always")
    ] = True,
) -> None:
    """导出安全日志 · write the security log to standard output, one JSON object a line, oldest first."""
    asyncio.run(_export(after, _moment(since), _moment(until)))


def _moment(text: str | None) -> datetime | None:
    from pydantic import TypeAdapter, ValidationError

    from schemas.shape import Moment

    if text is None:
        return None
    try:
        found: datetime = TypeAdapter(Moment).validate_python(text)
    except ValidationError:
        fail(f"{text} 不是 RFC 3339 时间", f"{text} is not an RFC 3339 time", 2)
    return found


async def _export(after: int, since: datetime | None, until: datetime | None) -> None:
    from runtime.clock import Clock
    from schemas.security import SecurityEntry, SecurityKind
    from storage import security_log
    from storage.security_log import Asked

    database = await open_database()
    try:
        async with database.transaction() as tx:
            entry = SecurityEntry(SecurityKind.LOG_READ, detail={"by": "command"})
            await security_log.append(tx, [entry], Clock().now())
        while True:
            async with database.reading() as tx:
                found = await security_log.page(tx, Asked(after, None, None, since, until), AT_ONCE)
            for one in found:
                typer.echo(json.dumps(one, ensure_ascii=False, default=_plain))
            if len(found) < AT_ONCE:
                return
            after = found[-1]["seq"]
    finally:
        await database.close()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
