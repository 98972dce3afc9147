"""Reads packs from files, strictly: what is not understood is refused with file, limit, key and what is allowed.

Nothing outside the folder is read, and nothing larger than `MAX_BYTES`.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from rules.clauses import Citation
from rules.criteria import Criterion, Where
from rules.limits import Applies, Bound, Condition, Header, Limit, Pack
from rules.pack_problems import PackError as PackError
from rules.pack_problems import Problem as Problem
from rules.pack_problems import Tables, problem_of
from rules.packs import Packs
from rules.workdays import NO_HOLIDAYS, Holidays

SHIPPED = Path(__file__).parent / "packs"
MAX_BYTES = 1024 * 1024


def read_folder(folder: Path = SHIPPED) -> tuple[Pack, ...]:
    """Every `*.toml` of a folder by name. Raises `PackError` with the problems of all files."""
    packs, problems = try_files(sorted(folder.glob("*.toml")), folder)
    if problems:
        raise PackError(problems)
    return tuple(pack for _, pack in packs)


def load(ids: Iterable[str] | None = None, folder: Path = SHIPPED, holidays: Holidays = NO_HOLIDAYS) -> Packs:
    """The packs with these ids, or all of a folder. `holidays`: whose business days are known.

    Raises `PackError`, also for an id that no file has.
    """
    packs = {pack.header.id: pack for pack in read_folder(folder)}
    if ids is None:
        return Packs(packs.values(), holidays=holidays)
    wanted = tuple(dict.fromkeys(ids))
    unknown = [one for one in wanted if one not in packs]
    if unknown:
        raise PackError([Problem(folder.name, None, "pack.id", f"no pack {unknown[0]!r}", ", ".join(packs))])
    return Packs((packs[one] for one in wanted), holidays=holidays)


def try_files(
    paths: Iterable[Path], folder: Path | None = None
) -> tuple[list[tuple[str, Pack]], list[Problem]]:
    """The packs that can be read with their file names, and the problems of those that cannot."""
    packs: list[tuple[str, Pack]] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            packs.append((path.name, read_file(path, folder)))
        except PackError as error:
            problems += error.problems
    return packs, problems + _twins(packs)


def read_file(path: Path, folder: Path | None = None) -> Pack:
    """One pack from one file inside `folder` (its own by default). Raises `PackError`."""
    home = (folder or path.parent).resolve()
    if not path.resolve().is_relative_to(home):
        raise PackError(
            [Problem(path.name, None, None, "a link that leads out of the folder", f"files in {home}")]
        )
    try:
        with path.open("rb") as opened:
            body = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise PackError([Problem(path.name, None, None, f"cannot be read: {error.strerror}")]) from error
    return read_text(body, path.name)


def read_text(body: bytes, file: str) -> Pack:
    """One pack from its bytes; `file` is the name for errors. Raises `PackError`."""
    if len(body) > MAX_BYTES:
        raise PackError([Problem(file, None, None, "is too large", f"up to {MAX_BYTES:,} bytes")])
    try:
        raw = tomllib.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise PackError(
            [Problem(file, None, None, f"byte {error.start} is not UTF-8", "UTF-8 text")]
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PackError([Problem(file, None, None, f"is not TOML: {error}", "see docs/packs.md")]) from error
    try:
        pack = Pack.model_validate(raw)
    except ValidationError as error:
        raise PackError(
            [problem_of(file, raw, each, PACK) for each in error.errors(include_url=False)]
        ) from error
    problems = [*_without_document(pack, file), *_out_of_time(pack, file), *_out_of_region(pack, file)]
    if problems:
        raise PackError(problems)
    return pack


def _entries(pack: Pack) -> Iterator[tuple[str, Limit | Criterion]]:
    """Everything that cites a clause, with the name of its table."""
    yield from (("limit", limit) for limit in pack.limits)
    yield from (("criterion", criterion) for criterion in pack.criteria)


def _without_document(pack: Pack, file: str) -> list[Problem]:
    allowed = f"a key of [documents]: {', '.join(pack.documents) or 'none is defined'}"
    return [
        Problem(file, one.id, "citation.of", f"no document {one.citation.of!r}", allowed, kind)
        for kind, one in _entries(pack)
        if one.citation.of not in pack.documents
    ]


def _out_of_time(pack: Pack, file: str) -> list[Problem]:
    """Validity that ends before it begins, and two versions of one limit in force on the same day."""
    problems: list[Problem] = []
    seen: dict[tuple[str, str], list[tuple[date, date | None]]] = {}
    for kind, one in _entries(pack):
        if one.citation.of not in pack.documents:
            continue
        begins, ends = pack.in_force(one)
        if ends is not None and ends <= begins:
            text, key = f"ends on {ends}, not after it begins on {begins}", "citation.in_force_until"
            problems.append(Problem(file, one.id, key, text, f"a day after {begins}", kind))
        for other_begins, other_ends in seen.get((kind, one.id), ()):
            if (other_ends is None or begins < other_ends) and (ends is None or other_begins < ends):
                allowed = "one id once, or versions whose in_force_from and in_force_until do not overlap"
                problems.append(Problem(file, one.id, "id", "stands twice for the same days", allowed, kind))
        seen.setdefault((kind, one.id), []).append((begins, ends))
    return problems


def _out_of_region(pack: Pack, file: str) -> list[Problem]:
    region = pack.header.region
    allowed = f"below {', '.join(region)}"
    return [
        Problem(file, one.id, "applies.regions", f"{code} is outside the pack", allowed, kind)
        for kind, one in _entries(pack)
        for code in one.applies.regions
        if region and not code.startswith(region)
    ]


def _twins(packs: Sequence[tuple[str, Pack]]) -> list[Problem]:
    """Two files that call themselves the same pack."""
    first: dict[str, str] = {}
    problems = []
    for file, pack in packs:
        if first.setdefault(pack.header.id, file) != file:
            text = f"{pack.header.id!r} is already the id of {first[pack.header.id]}"
            problems.append(Problem(file, None, "pack.id", text, "an id of its own"))
    return problems


PACK = Tables(
    whole=Pack,
    entries=("limit", "criterion"),
    models={
        "pack": Header,
        "limit": Limit,
        "criterion": Criterion,
        "citation": Citation,
        "applies": Applies,
        "criterion.applies": Where,
        "any": Condition,
        "not_later_than": Bound,
    },
)
