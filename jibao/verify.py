"""`jibao verify`: compares what the broker holds with what the database stored, and asks the auditor's questions."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import typer

from jibao import access_file, secrets_file
from jibao.embedded.directory import read_number
from jibao.servers import DATABASE
from jibao.words import fail, pick
from runtime.clock import Clock
from runtime.settings import Settings
from runtime.stream import INTAKE, connect
from runtime.trouble import Unavailable
from storage import audit, reports
from storage.database import Database, Transaction

CHECKS = (*audit.QUICK, *audit.THOROUGH)
GRACE_SECONDS = 15.0
AT_ONCE = 5000
WORDS = {
    "accepted_not_stored": ("已接收但未入库的报告", "reports accepted and neither stored nor refused"),
    "overdue_unmarked": ("到期而未标记的义务", "obligations past due that no clock marked"),
    "alerts_stuck": ("无人应答又不再升级的提醒", "unanswered alerts that will call nobody"),
    "incidents_untold": ("没有提醒任何人的事件", "incidents about which nobody was told"),
    "open_without_next": ("永远不会到点的义务", "open obligations that will never ring"),
    "settled_unrecorded": ("已了结但未入台账的义务", "settled obligations that are not in the record"),
    "recorded_wrongly": ("与自身时间矛盾的台账", "verdicts that their own times contradict"),
}


def settings_of(data: Path, database_role: str = "jibao_clock") -> Settings:
    """The named servers, or the ones of a data folder: the broker's admin, and the database as one of its roles."""
    if os.environ.get("JIBAO_NATS_URL") and os.environ.get("JIBAO_DATABASE_URL"):
        return Settings.of_role("admin")
    access, secrets = access_file.read(data), secrets_file.of(data)
    port = read_number(data / "postgres" / "postgres.port")
    if port is None:
        fail(f"{data} 里没有内置数据库", f"there is no embedded database in {data}")
    return Settings(
        role="admin",
        nats_url=access["nats_url"],
        nats_user="admin",
        nats_password=secrets.nats["admin"],
        database_url=f"postgresql://127.0.0.1:{port}/{DATABASE}",
        database_user=database_role,
        database_password=secrets.database[database_role],
    )


async def verify_all(data: Path, as_json: bool) -> int:
    """Print what was found; 0 when all agrees, 1 otherwise."""
    settings = settings_of(data)
    try:
        found = await _find(settings)
    except (Unavailable, OSError) as error:
        fail(f"无法核对：{error}", f"cannot verify: {error}", 1)
    if as_json:
        typer.echo(json.dumps(found))
    else:
        for check, count in found.items():
            mark = "✓" if count == 0 else "✗"
            typer.echo(f"{mark} {count:>6}  {pick(*WORDS[check])}")
    return 1 if any(found.values()) else 0


async def _find(settings: Settings) -> dict[str, int]:
    client = await connect(settings)
    database = await Database.connect(settings, 1)
    try:
        info = await client.jetstream(timeout=10).stream_info(
            INTAKE, subjects_filter="intake.report.submitted.*"
        )
        accepted = list(_ids(info.state.subjects or {}))
        async with database.reading() as tx:
            found = {"accepted_not_stored": await _not_stored(tx, accepted)}
            found |= await audit.violations(tx, CHECKS, Clock.parse(settings.clock).now(), GRACE_SECONDS)
            return found
    finally:
        await database.close()
        await client.close()


def _ids(subjects: Iterable[str]) -> Iterator[UUID]:
    """The ids in the subjects; what is no UUID was never one of our reports and lies among the refusals."""
    for subject in subjects:
        with suppress(ValueError):
            yield UUID(subject.rsplit(".", 1)[-1])


async def _not_stored(tx: Transaction, accepted: list[UUID]) -> int:
    missing = 0
    for start in range(0, len(accepted), AT_ONCE):
        missing += await reports.count_unknown(tx, accepted[start : start + AT_ONCE])
    return missing
