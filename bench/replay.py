"""replay: a year of recorded incidents lives again under the shipped packs, roster and ladders of the demo county.

As `jibao replay --facts FILE` does it: each line read, checked, lived and counted. The floor is the bare parsing of
the same lines by the standard library's JSON, which neither checks nor decides anything.
"""

import json
import tempfile
from time import perf_counter
from typing import IO

from bench.figures import Figure, Say, Scale, Target
from bench.stack import START, Servers
from bench.year import YEAR, make_year, until
from jibao.workdays import known_holidays
from rules.desk import Desk
from rules.pack_files import read_folder
from rules.packs import Packs
from rules.replay import Replay
from schemas.recorded import Recorded

SIZES = {Scale.FULL: 10_000, Scale.QUICK: 1000, Scale.TINY: 20}
WANTED = 60.0
"""Seconds for 10,000 incidents."""

TOLD_EVERY = 250


async def measure(servers: Servers, scale: Scale, say: Say) -> list[Figure]:
    """Seconds for a year."""
    count = SIZES[scale]
    desk = Desk.of(servers.county, Packs(read_folder(), holidays=known_holidays()))
    begin = START - YEAR
    with tempfile.TemporaryFile() as file:
        size = 0
        for number, one in enumerate(make_year(desk, count, begin)):
            size += file.write(one.model_dump_json().encode() + b"\n")
            if number % TOLD_EVERY == 0:
                say(f"making a year: {number} of {count}")
        floor = _parsed(file)
        lab = Replay(desk, until(begin))
        ours = _lived(file, lab, count, say)
    found = lab.result()
    assert found.incidents == count, found.skipped
    return [
        Figure(
            "replay",
            f"a year of {count} incidents lived again ({size / count / 1000:.1f} kB of facts each)",
            "json.loads of the same lines",
            "s",
            ours,
            floor,
            Target(WANTED * count / SIZES[Scale.FULL], at_least=False),
            f"{found.total.after.due if found.total.after else 0} duties, {found.calls_after.total} calls",
        )
    ]


def _parsed(file: IO[bytes]) -> float:
    file.seek(0)
    begun = perf_counter()
    for line in file:
        json.loads(line)
    return perf_counter() - begun


def _lived(file: IO[bytes], lab: Replay, count: int, say: Say) -> float:
    file.seek(0)
    begun = perf_counter()
    for number, line in enumerate(file):
        lab.take(Recorded.model_validate_json(line))
        if number % TOLD_EVERY == 0:
            say(f"{number} of {count} incidents lived again")
    return perf_counter() - begun
