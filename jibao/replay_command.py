"""`jibao replay`: what other packs, another roster or other ladders would have made of the incidents of the record.

It reads only: the record of a running system page by page, or a file of recorded facts line by line.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from jibao import replay_shown
from jibao.county_files import CountyFilesError, read_county
from jibao.county_in_force import load_desk
from jibao.question import WrongUse, read_time
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
from runtime.trouble import Unavailable
from schemas.recorded import Recorded, RecordedReport
from storage import intake, recorded
from storage.database import Database

A_YEAR = timedelta(days=365)


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
        return cls(start, end, now)


def _moment(option: str, text: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), tzinfo=zone)
    except ValueError:
        return read_time(option, text)


def run_replay(wish: Wish) -> int:
    """Replay and print; 0, or 1 where somebody would newly be late, or 2 for what cannot be read."""
    try:
        if wish.save is not None and wish.save.exists():
            raise WrongUse(pick(f"{wish.save} 已经存在", f"{wish.save} is there already"))
        desk, span, result = (
            asyncio.run(_of_record(wish)) if wish.facts is None else _of_file(wish, wish.facts)
        )
    except (WrongUse, PackError, CountyFilesError, NotADirectoryError) as error:
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
    settings = settings_of(wish.data)
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
                    _keep(wish.save, page)
        return desk, span, lab.result()
    finally:
        await database.close()


def _of_file(wish: Wish, file: Path) -> tuple[Desk, Span, Replayed]:
    county = read_county(wish.roster or EXAMPLE)
    desk = other_desk(Desk.of(county, Packs(read_folder(), holidays=known_holidays())), wish)
    span = Span.of(wish, ZoneInfo(county.timezone), Clock().now())
    lab = Replay(desk, span.now)
    with _bar() as bar:
        with file.open("rb") as lines:
            task = bar.add_task(pick("重演", "replaying"), total=sum(1 for _ in lines))
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


def read_facts(file: Path) -> Iterator[Recorded | None]:
    """One incident a line; None for an empty line. Raises WrongUse that names the line."""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield Recorded.model_validate_json(line) if line.strip() else None
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                place = ".".join(str(part) for part in first["loc"])
                raise WrongUse(f"{file}:{number}: {place}: {first['msg']}") from error


def opened_at(one: Recorded) -> datetime:
    """When the county received the first report of it."""
    reports = (fact.judged_at for fact in one.facts if isinstance(fact, RecordedReport))
    return next(reports, one.facts[0].at)


def _keep(file: Path | None, page: Sequence[Recorded]) -> None:
    """Add these incidents to a file of recorded facts."""
    if file is not None:
        with file.open("a", encoding="utf-8") as opened:
            opened.writelines(f"{one.model_dump_json()}\n" for one in page)


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
