"""Proves packs beyond reading them: what is well-formed but cannot work is found, each with how to mend it.

A finding never stops a pack from being loaded; what would make the record wrong is refused by the loader already.
"""

from collections.abc import Iterator, Sequence

from rules.bilingual import Words
from rules.clauses import Status
from rules.criteria import STATUTORY, Criterion
from rules.limits import Limit, Pack
from rules.pack_never import Remark, never
from rules.pack_problems import ENTRIES, OWN_ID, Problem
from rules.pack_scope import NamedPack
from rules.pack_spelling import duration_zh
from schemas.vocabulary import Stage


def check(packs: Sequence[NamedPack]) -> list[Problem]:
    """What is wrong in packs that could be read, given with their file names."""
    findings: list[Problem] = []
    for file, pack in packs:
        findings += _unused_documents(file, pack)
        for limit in pack.limits:
            findings += _limit(file, pack, limit)
    return findings + _shared_ids(packs) + _never_decides(packs)


def _limit(file: str, pack: Pack, limit: Limit) -> Iterator[Problem]:
    for key, problem, mend in (
        *_senders(limit),
        *never(pack, limit),
        *_window(limit),
        *_reminder(pack, limit),
    ):
        yield Problem(file, limit.id, key, problem, mend)


def _senders(limit: Limit) -> Iterator[Remark]:
    both = [role.value for role in limit.from_roles if role in limit.to_roles]
    if both:
        roles = ", ".join(both)
        yield (
            "to",
            Words(f"{roles} would report to itself", f"{roles} 会向自己报告"),
            Words("one limit for each sender, with its own recipients", "每个报送方各一条时限，各写接收方"),
        )
    if limit.skip_level and not limit.copy_to:
        yield (
            "skip_level",
            Words("passes a level that is not told", "越级直报，却没有抄送被越过的一级"),
            Words("copy = [the role that is passed]", "copy = [被越过的一级]"),
        )


def _window(limit: Limit) -> Iterator[Remark]:
    """A right to correct, written where a debt was meant."""
    if limit.window and limit.stage not in (Stage.CORRECTION, Stage.VERIFICATION):
        yield (
            "window",
            Words(
                f"a window asks for nothing, so no {limit.stage} report is ever owed",
                f"补报期不要求报告，因此永远不须报 {limit.stage}",
            ),
            Words("stage correction", "stage 写作 correction（补报）"),
        )


def _reminder(pack: Pack, limit: Limit) -> Iterator[Remark]:
    """A reminder before the clock has even started."""
    length = limit.length or limit.every
    remind = limit.remind_before or pack.header.remind_before
    if length is not None and remind is not None and remind >= length and not limit.window:
        key, whose = (
            ("remind_before", "") if limit.remind_before else ("remind_before of the pack", "规则包要求")
        )
        yield (
            key,
            Words(
                f"reminds {remind} ahead of a limit of {length}",
                f"{whose}提前 {duration_zh(remind)}提醒，而本时限只有 {duration_zh(length)}",
            ),
            Words("a shorter remind_before for this limit", "为本时限写一个更短的 remind_before"),
        )


def _unused_documents(file: str, pack: Pack) -> list[Problem]:
    cited = {one.citation.of for one in pack.limits} | {one.citation.of for one in pack.criteria}
    wrong = Words("is cited by no limit", "没有任何时限或等级标准引用这一依据")
    allowed = Words("an entry that cites it, or delete it", "引用它的一条时限或等级标准，或将其删除")
    return [
        Problem(file, None, f"documents.{key}", wrong, allowed) for key in pack.documents if key not in cited
    ]


def _shared_ids(packs: Sequence[NamedPack]) -> list[Problem]:
    """One id in two packs: a record that names the limit would be ambiguous to its reader."""
    home: dict[tuple[str, str], str] = {}
    findings = []
    for file, pack in packs:
        ids = {("limit", one.id) for one in pack.limits} | {("criterion", one.id) for one in pack.criteria}
        for entry, name in sorted(ids):
            if home.setdefault((entry, name), file) != file:
                findings.append(
                    Problem(file, name, "id", taken(name, home[entry, name], entry), OWN_ID, entry)
                )
    return findings


def taken(name: str, by: str, entry: str = "limit") -> Words:
    """An id that stands in another pack already."""
    return Words(f"{name!r} is also a {entry} of {by}", f"{name!r} 也是 {by} 中一条{ENTRIES[entry]}的编号")


def _never_decides(packs: Sequence[NamedPack]) -> list[Problem]:
    """A criterion all of whose numbers make a graver grade by another one: nobody would ever see it."""
    findings = []
    for file, pack in packs:
        for one in pack.criteria:
            graver = next((other for other in pack.criteria if _swallows(other, one)), None)
            if graver is not None:
                wrong = Words(
                    f"is never proposed: whatever meets it meets {graver.id}, grade {graver.grade}",
                    f"永不适用：达到它的也必达到 {graver.id}（{graver.grade} 级）",
                )
                below = Words("below", "用 below 写明上限")
                findings.append(Problem(file, one.id, "quantities", wrong, below, "criterion"))
    return findings


def _swallows(graver: Criterion, one: Criterion) -> bool:
    if STATUTORY.index(graver.grade) >= STATUTORY.index(one.grade) or graver.applies != one.applies:
        return False
    if Status.DRAFT in (graver.citation.status, one.citation.status) or graver.citation != one.citation:
        return False
    return all(
        name in one.quantities and wide.holds_all(one.quantities[name])
        for name, wide in graver.quantities.items()
    )
