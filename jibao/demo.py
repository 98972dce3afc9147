"""`jibao demo`: a whole real system on a fast clock plays the three seed incidents and ends with the timeliness table.

A county's clock is never hurried: without `--data` the demo starts a system of its own and ends it afterwards.
"""

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from jibao import access_file, stats
from jibao import up as house
from jibao.demo_script import INCIDENTS, Cast, Play
from jibao.demo_stage import Failed, Stage
from jibao.embedded.trouble import EmbeddedServerError
from jibao.fast_clock import clock_text
from jibao.words import fail, pick
from runtime import logs
from runtime.ending import end


async def play(data: Path | None, speed: float, stay: bool) -> int:
    """Play it. 0 when it went as written, 1 when the system did something else."""
    logs.start("demo", "ERROR")
    out = stats.wide_console()
    async with AsyncExitStack() as ending:
        if data is None:
            data = await _own_system(ending, speed, out)
        access = access_file.read(data)
        stage = Stage(access["base_url"], access["password"] or "", out)
        ending.push_async_callback(stage.close)
        try:
            await _perform(stage)
        except Failed as error:
            fail(f"演示中断：{error}", f"the demo stopped: {error}", 1)
        if stay:
            out.print(pick("系统继续运行，Ctrl-C 结束", "the system stays up; Ctrl-C ends it"))
            await asyncio.Event().wait()
    return 0


async def _own_system(ending: AsyncExitStack, speed: float, out: Console) -> Path:
    """A fresh system whose clock starts at 08:01 of the county's day and runs fast."""
    folder = _scratch(ending)
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    morning = today.replace(hour=8, minute=1, second=0, microsecond=0)
    out.print(
        pick(f"正在启动演示系统（快钟 ×{speed:g}）……", f"starting a system of its own (clock ×{speed:g}) …")
    )
    try:
        system = await house.start(house.Wish(folder / "data", clock=clock_text(speed, morning)))
    except (EmbeddedServerError, OSError, TimeoutError) as error:
        fail(f"启动失败：{error}", f"could not start: {error}", 1)
    ending.push_async_callback(system.stop)
    login, password = system.seats["duty_officer"].login, system.secrets.demo_password
    out.print(
        f"{pick('可在浏览器观看', 'watch it at')} [bold cyan]{system.base_url}[/bold cyan]  {login} / {password}\n"
    )
    return folder / "data"


async def _perform(stage: Stage) -> None:
    auditor = await stage.sign_in("auditor.wu")
    await stage.begin(auditor)
    if stage.rate == 1.0:
        raise Failed(
            pick("该系统不是快钟；请用 jibao up --speed 300", "its clock is real; use jibao up --speed 300")
        )
    posts = {one["post"]: one["login"] for one in (await auditor.get("overview"))["on_duty"]}
    cast = Cast(
        officer=await stage.sign_in(posts["duty_officer"]),
        leader=await stage.sign_in(posts["duty_leader"]),
        director=await stage.sign_in(posts["office_director"]),
        township=await stage.sign_in("reporter.103"),
        hill_township=await stage.sign_in("reporter.203"),
        park=await stage.sign_in("reporter.park"),
        heating=await stage.sign_in("reporter.heating"),
    )
    for actor in (cast.officer, cast.leader, cast.director):
        stage.watch(actor)
    plays = [asyncio.create_task(incident(Play(stage, cast))) for incident in INCIDENTS]
    try:
        await asyncio.gather(*plays)
    finally:
        await end(*plays)
    await asyncio.sleep(1.0)  # real time: the last verdicts reach the record
    _show_record(stage, await auditor.get("timeliness", group_by="unit"))


def _scratch(ending: AsyncExitStack) -> Path:
    """A folder that PostgreSQL's account may enter, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="jibao-demo-"))
    ending.callback(shutil.rmtree, folder, True)
    folder.chmod(0o711)
    return folder


def _show_record(stage: Stage, body: dict[str, Any]) -> None:
    stage.out.print()
    stats.print_table(body, stage.out)
    late = [one for one in body["record"] if one["outcome"] in ("late", "missed")]
    table = Table(title=pick("迟报、漏报明细", "what was late or missed"))
    for heading in (pick("事件", "incident"), pick("单位", "unit"), pick("阶段/媒介", "stage/medium"),
                    pick("结果", "outcome"), pick("迟", "late by"), pick("依据", "clause")):  # fmt: skip
        table.add_column(heading)
    for one in late:
        clause = f"《{one['document']}》{one['article'] or ''} ({one['rule']})"
        how = f"{one['stage']}/{one['medium']}"
        table.add_row(
            one["incident_number"], escape(pick(one["unit_name"], one["unit_name_en"]) or one["unit"]), how,
            one["outcome"], stats.minutes(one["lateness_seconds"]), escape(clause),
        )  # fmt: skip
    stage.out.print(table)
