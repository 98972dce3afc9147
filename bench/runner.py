"""Runs the measurements one after the other, shows how far it is, and says what came out."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable

import uvloop
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bench import accept, alert, deadlines, decide, flood, machine, pull, replay, show, store
from bench.figures import CannotMeasure, Figure, Say, Scale
from bench.stack import Servers, open_servers
from runtime.trouble import Unavailable

Measure = Callable[[Servers, Scale, Say], Awaitable[list[Figure]]]
FIGURES: dict[str, Measure] = {
    "accept": accept.measure,
    "store": store.measure,
    "pull": pull.measure,
    "alert": alert.measure,
    "flood": flood.measure,
    "deadlines": deadlines.measure,
    "rules": decide.measure,
    "replay": replay.measure,
}
AT_MOST = 900.0
"""Seconds for one measurement, all its turns together."""


def run_bench(only: list[str] | None, as_json: bool, quick: bool) -> int:
    """Measure and print; 0 even when a target is missed (the table says so), 1 when something could not be measured,
    2 for a name that is none of `FIGURES`.
    """
    unknown = [name for name in only or () if name not in FIGURES]
    if unknown:
        print(f"no figure {', '.join(unknown)}; there are {', '.join(FIGURES)}", file=sys.stderr)
        return 2
    scale = Scale.QUICK if quick else Scale.FULL
    told = machine.describe(scale)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures, failed = runner.run(_all([name for name in FIGURES if not only or name in only], scale))
    measured = show.as_json(told, figures)
    if as_json:
        print(json.dumps(measured, ensure_ascii=False, indent=1))
    else:
        show.as_table(measured)
    for line in failed:
        print(line, file=sys.stderr)
    return 1 if failed else 0


async def _all(names: list[str], scale: Scale) -> tuple[list[Figure], list[str]]:
    figures: list[Figure] = []
    failed: list[str] = []
    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed}/{task.total} {task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting the servers", total=len(names))
        async with open_servers() as servers:
            for name in names:

                def say(doing: str, name: str = name) -> None:
                    progress.update(task, description=f"{name}: {doing}")

                say("")
                try:
                    figures += await asyncio.wait_for(FIGURES[name](servers, scale, say), AT_MOST)
                except (CannotMeasure, Unavailable, TimeoutError, OSError, ExceptionGroup) as error:
                    failed.append(f"{name} could not be measured: {_reason(error)}")
                progress.advance(task)
    return figures, failed


def _reason(error: BaseException) -> str:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return f"{error}" or type(error).__name__
