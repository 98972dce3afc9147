"""`jibao replay`: what other packs, another roster or other ladders would have made of the incidents of the record.

It reads only: the record of a running system page by page, or a file of recorded facts line by line.
"""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from jibao import replay_shown
from jibao.county_files import CountyFilesError, read_county
from jibao.county_in_force import load_desk
from jibao.question import WrongUse, reachable, read_time
from jibao.replay_facts import keep, look_over, opened_at, read_facts
from jibao.roster_command import EXAMPLE
from jibao.rules_diff_command import read_named
from jibao.verify import settings_of
from jibao.words import pick
from jibao.workdays import known_holidays
from rules.adoption import together
from rules.desk import Desk
from rules.pack_files import PackError, read_folder
from rules.packs import Packs
from rules.replay import Replay, Replayed
from runtime.clock import Clock
from runtime.settings import Settings
from runtime.trouble import Unavailable
from schemas.moment import EARLIEST
from schemas.recorded import Recorded
from storage import intake, recorded
from storage.database import Database

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
A_YEAR = timedelta(days=365)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Wish:
    """What was asked for. Without `facts`, the record of the system in `data` is read."""

    start: str | None
    end: str | None
    packs: Sequence[str]
    only: bool
    roster: Path | None
    data: Path
    facts: Path | None
    save: Path | None
    as_json: bool


@dataclass(frozen=True)
class Span:
    """The incidents received from `start` (included) to `end` (excluded), as they stand at `now`."""

    start: datetime
    end: datetime
    now: datetime

    @classmethod
    def of(cls, wish: Wish, zone: ZoneInfo, now: datetime) -> "Span":
        """Of dates in the county's own zone, or of moments; without them the year up to now. Raises WrongUse."""
        end = _moment("--to", wish.end, zone) if wish.end else now
        start = _moment("--from", wish.start, zone) if wish.start else end - A_YEAR
        if start >= end:
            raise WrongUse(pick("--from 不早于 --to", "--from is not before --to"))
        return cls(start, end, max(now, end))


def _moment(option: str, text: str, zone: ZoneInfo) -> datetime:
    """A moment, or the midnight that begins a day written like 2026-11-23."""
    if DAY.fullmatch(text) is None:
        return read_time(option, text)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"{option}: {pick(f'没有 {text} 这一天', f'there is no day {text}')}") from None
    if day.year < EARLIEST.year:
        raise WrongUse(
            f"{option}: {pick(f'{text} 早于 {EARLIEST.year} 年', f'{text} is before {EARLIEST.year}')}"
        )
    return reachable(option, text, datetime.combine(day, time(), tzinfo=zone))


def run_replay(wish: Wish) -> int:
    """Replay and print; 0, or 1 where somebody would newly be late, or 2 for what cannot be read."""
    try:
        if wish.save is not None and wish.save.exists():
            raise WrongUse(pick(f"{wish.save} 已经存在", f"{wish.save} is there already"))
        desk, span, result = (
            asyncio.run(_of_record(wish)) if wish.facts is None else _of_file(wish, wish.facts)
        )
    except PackError as error:
        print(pick(error.said("zh"), error.said("en")), file=sys.stderr)
        return 2
    except (WrongUse, CountyFilesError, NotADirectoryError) as error:
        print(str(error).splitlines()[0], file=sys.stderr)
        return 2
    except (Unavailable, OSError) as error:
        print(pick(f"无法重演：{error}", f"cannot replay: {error}"), file=sys.stderr)
        return 1
    shown = replay_shown.Shown(desk, span.start, span.end, result)
    if wish.as_json:
        replay_shown.print_json(shown)
    else:
        replay_shown.print_table(shown)
    return 1 if any(late.is_new for late in result.late) else 0


async def _of_record(wish: Wish) -> tuple[Desk, Span, Replayed]:
    settings = _settings(wish.data)
    clock = Clock.parse(settings.clock)
    database = await Database.connect(settings, 1)
    try:
        standing = await load_desk(database, clock)
        desk = other_desk(standing, wish)
        span = Span.of(wish, ZoneInfo(desk.county.timezone), clock.now())
        async with database.reading() as tx:
            gaps = await intake.gaps_around(tx, [span.start, span.now], clock)
            lab, total = Replay(desk, span.now, gaps), await recorded.count(tx, span.start, span.end)
            async with _counting(total, recorded.pages(tx, span.start, span.end)) as pages:
                async for page in pages:
                    for one in page:
                        lab.take(one)
                    keep(wish.save, page)
        return desk, span, lab.result()
    finally:
        await database.close()


def _settings(data: Path) -> Settings:
    """Of the database that the environment names, else of a data folder's; no broker is needed."""
    if os.environ.get("JIBAO_DATABASE_URL"):
        return replace(Settings.of_role("clock"), role="replay")
    return replace(settings_of(data), role="replay")


def _of_file(wish: Wish, file: Path) -> tuple[Desk, Span, Replayed]:
    county = read_county(wish.roster or EXAMPLE)
    desk = other_desk(Desk.of(county, Packs(read_folder(), holidays=known_holidays())), wish)
    lines, latest = look_over(file)
    span = replace(Span.of(wish, ZoneInfo(county.timezone), latest + INSTANT), now=latest)
    lab = Replay(desk, span.now)
    with _bar() as bar:
        task = bar.add_task(pick("重演", "replaying"), total=lines)
        for one in read_facts(file):
            bar.advance(task)
            if one is not None and span.start <= opened_at(one) < span.end:
                lab.take(one)
    return desk, span, lab.result()


def other_desk(standing: Desk, wish: Wish) -> Desk:
    """The desk with the packs and the county's files that are to be tried. Raises what reading them raises."""
    named = [pack for name in wish.packs for pack in read_named(name)]
    packs = tuple(named) if wish.only else together(standing.packs.packs, named)
    if wish.only and not named:
        raise WrongUse(pick("--only 需要 --pack", "--only wants --pack"))
    tried = Packs(packs, holidays=known_holidays())
    if wish.roster is None:
        return replace(standing, packs=tried)
    return Desk.of(read_county(wish.roster), tried)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


@asynccontextmanager
async def _counting(
    total: int, pages: AsyncIterator[list[Recorded]]
) -> AsyncIterator[AsyncIterator[list[Recorded]]]:
    """The same pages, with a bar that shows how far it is."""
    with _bar() as bar:
        task = bar.add_task(pick("重演", "replaying"), total=total)

        async def counted() -> AsyncIterator[list[Recorded]]:
            async for page in pages:
                yield page
                bar.advance(task, len(page))

        yield counted()
