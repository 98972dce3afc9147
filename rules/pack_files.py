"""Reads packs from files, strictly: what is not understood is refused with file, limit, key and what is allowed.

Nothing outside the folder is read, and nothing larger than `MAX_BYTES`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from rules.bilingual import NOTHING, Words, same
from rules.clauses import Citation
from rules.criteria import Criterion, Where
from rules.limits import Applies, Bound, Condition, Header, Limit, Pack
from rules.pack_errors import Tables, of_errors
from rules.pack_problems import OWN_ID, in_bounds
from rules.pack_problems import PackError as PackError
from rules.pack_problems import Problem as Problem
from rules.packs import Packs
from rules.toml_bounds import TomlError, read_toml
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
        wrong = Words(f"no pack {unknown[0]!r}", f"没有规则包 {unknown[0]!r}")
        raise PackError([Problem(folder.name, None, "pack.id", wrong, same(", ".join(packs)))])
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
        wrong = Words("a link that leads out of the folder", "是指向目录之外的链接")
        raise _unreadable(path.name, wrong, Words(f"files in {home}", f"{home} 中的文件"))
    try:
        with path.open("rb") as opened:
            body = opened.read(MAX_BYTES + 1)
    except OSError as error:
        wrong = Words(f"cannot be read: {error.strerror}", f"无法读取（{error.strerror}）")
        raise _unreadable(path.name, wrong) from error
    return read_text(body, path.name)


def read_text(body: bytes, file: str) -> Pack:
    """One pack from its bytes; `file` is the name for errors. Raises `PackError`."""
    if len(body) > MAX_BYTES:
        allowed = Words(f"up to {MAX_BYTES:,} bytes", f"不超过 {MAX_BYTES:,} 字节")
        raise _unreadable(file, Words("is too large", "文件过大"), allowed)
    try:
        raw = read_toml(body)
    except TomlError as error:
        raise _unreadable(file, error.wrong, error.allowed) from error
    try:
        pack = Pack.model_validate(raw)
    except ValidationError as error:
        raise PackError(of_errors(file, raw, error, PACK)) from error
    problems = [*_without_document(pack, file), *_out_of_time(pack, file), *_out_of_region(pack, file)]
    if problems:
        raise PackError(in_bounds(problems))
    return pack


def _unreadable(file: str, wrong: Words, allowed: Words = NOTHING) -> PackError:
    """The file as a whole is no pack."""
    return PackError([Problem(file, None, None, wrong, allowed)])


def _entries(pack: Pack) -> Iterator[tuple[str, Limit | Criterion]]:
    """Everything that cites a clause, with the name of its table."""
    yield from (("limit", limit) for limit in pack.limits)
    yield from (("criterion", criterion) for criterion in pack.criteria)


def _without_document(pack: Pack, file: str) -> list[Problem]:
    keys = ", ".join(pack.documents)
    allowed = Words(
        f"a key of [documents]: {keys or 'none is defined'}",
        f"[documents] 中已有的键：{keys or '一个也没有'}",
    )
    return [
        Problem(file, one.id, "citation.of", _no_document(one.citation.of), allowed, kind)
        for kind, one in _entries(pack)
        if one.citation.of not in pack.documents
    ]


def _no_document(key: str) -> Words:
    return Words(f"no document {key!r}", f"没有依据文件 {key!r}")


def _out_of_time(pack: Pack, file: str) -> list[Problem]:
    """Validity that ends before it begins, and two versions of one limit in force on the same day."""
    problems: list[Problem] = []
    seen: dict[tuple[str, str], list[tuple[date, date | None]]] = {}
    for kind, one in _entries(pack):
        if one.citation.of not in pack.documents:
            continue
        begins, ends = pack.in_force(one)
        if ends is not None and ends <= begins:
            problems.append(_ends_too_early((file, kind, one.id), begins, ends))
        for other_begins, other_ends in seen.get((kind, one.id), ()):
            if (other_ends is None or begins < other_ends) and (ends is None or other_begins < ends):
                problems.append(Problem(file, one.id, "id", *_TWICE, kind))
        seen.setdefault((kind, one.id), []).append((begins, ends))
    return problems


_TWICE = (
    Words("stands twice for the same days", "同一编号在相同日期内出现了两次"),
    Words(
        "one id once, or versions whose in_force_from and in_force_until do not overlap",
        "每个编号只用一次，或 in_force_from 与 in_force_until 不重叠的各版本",
    ),
)


def _ends_too_early(where: tuple[str, str, str], begins: date, ends: date) -> Problem:
    file, kind, name = where
    wrong = Words(f"ends on {ends}, not after it begins on {begins}", f"{ends} 失效，不晚于生效之日 {begins}")
    allowed = Words(f"a day after {begins}", f"{begins} 之后的日期")
    return Problem(file, name, "citation.in_force_until", wrong, allowed, kind)


def _out_of_region(pack: Pack, file: str) -> list[Problem]:
    region = pack.header.region
    codes = ", ".join(region)
    allowed = Words(f"below {codes}", f"{codes} 以下的代码")
    return [
        Problem(file, one.id, "applies.regions", _outside(code), allowed, kind)
        for kind, one in _entries(pack)
        for code in one.applies.regions
        if region and not code.startswith(region)
    ]


def _outside(code: str) -> Words:
    return Words(f"{code} is outside the pack", f"{code} 不在规则包的地区内")


def _twins(packs: Sequence[tuple[str, Pack]]) -> list[Problem]:
    """Two files that call themselves the same pack."""
    first: dict[str, str] = {}
    problems = []
    for file, pack in packs:
        if first.setdefault(pack.header.id, file) != file:
            name, other = f"{pack.header.id!r}", first[pack.header.id]
            wrong = Words(f"{name} is already the id of {other}", f"{name} 已是 {other} 的编号")
            problems.append(Problem(file, None, "pack.id", wrong, OWN_ID))
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
