"""A file of recorded facts, one incident a line: read, looked over, and written when a replay is told to keep them."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from jibao.question import WrongUse
from schemas.moment import read_moment
from schemas.recorded import Recorded, RecordedReport

LONG_AGO = datetime(1949, 1, 1, tzinfo=UTC)
BOM = b"\xef\xbb\xbf"
"""Editors and `type a.jsonl >> b.jsonl` put a byte order mark before a line."""
AT = re.compile(rb'"at"\s*:\s*"([^"]{10,40})"')


def read_facts(file: Path) -> Iterator[Recorded | None]:
    """One incident a line; None for an empty line. Raises WrongUse that names the line."""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                said = line.removeprefix(BOM).strip()
                yield Recorded.model_validate_json(said) if said else None
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                place = ".".join(str(part) for part in first["loc"])
                raise WrongUse(f"{file}:{number}: {place}: {first['msg']}") from error


def opened_at(one: Recorded) -> datetime:
    """When the county received the first report of it."""
    reports = (fact.judged_at for fact in one.facts if isinstance(fact, RecordedReport))
    return next(reports, one.facts[0].at)


def keep(file: Path | None, page: Sequence[Recorded]) -> None:
    """Add these incidents to a file of recorded facts."""
    if file is not None:
        with file.open("a", encoding="utf-8") as opened:
            opened.writelines(f"{one.model_dump_json()}\n" for one in page)


def look_over(file: Path) -> tuple[int, datetime]:
    """How many lines there are, and the moment of the latest fact: what came after it is not on record."""
    count, latest = 0, LONG_AGO
    with file.open("rb") as lines:
        for line in lines:
            count += 1
            latest = max([latest, *_moments(line)])
    return count, latest


def _moments(line: bytes) -> Iterator[datetime]:
    for found in AT.findall(line):
        with suppress(ValueError):  # what cannot be read is said when the line is read in full
            yield read_moment(found.decode())
