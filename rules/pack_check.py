"""Proves packs beyond reading them: what is well-formed but cannot work is found, each with how to mend it.

A finding never stops a pack from being loaded; what would make the record wrong is refused by the loader already.
"""

from collections.abc import Iterator, Sequence

from rules.clauses import Status
from rules.criteria import STATUTORY, Criterion
from rules.limits import Limit, Pack
from rules.pack_never import Remark, never
from rules.pack_problems import Problem
from rules.pack_scope import NamedPack
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
        text = f"{', '.join(both)} would report to itself"
        yield "to", text, "one limit for each sender, with its own recipients"
    if limit.skip_level and not limit.copy_to:
        yield "skip_level", "passes a level that is not told", "copy = [the role that is passed]"


def _window(limit: Limit) -> Iterator[Remark]:
    """A right to correct, written where a debt was meant."""
    if limit.window and limit.stage not in (Stage.CORRECTION, Stage.VERIFICATION):
        yield (
            "window",
            f"a window asks for nothing, so no {limit.stage} report is ever owed",
            "stage correction",
        )


def _reminder(pack: Pack, limit: Limit) -> Iterator[Remark]:
    """A reminder before the clock has even started."""
    length = limit.length or limit.every
    remind = limit.remind_before or pack.header.remind_before
    if length is not None and remind is not None and remind >= length and not limit.window:
        key = "remind_before" if limit.remind_before else "remind_before of the pack"
        yield key, f"reminds {remind} ahead of a limit of {length}", "a shorter remind_before for this limit"


def _unused_documents(file: str, pack: Pack) -> list[Problem]:
    cited = {one.citation.of for one in pack.limits} | {one.citation.of for one in pack.criteria}
    return [
        Problem(
            file, None, f"documents.{key}", "is cited by no limit", "an entry that cites it, or delete it"
        )
        for key in pack.documents
        if key not in cited
    ]


def _shared_ids(packs: Sequence[NamedPack]) -> list[Problem]:
    """One id in two packs: a record that names the limit would be ambiguous to its reader."""
    home: dict[tuple[str, str], str] = {}
    findings = []
    for file, pack in packs:
        ids = {("limit", one.id) for one in pack.limits} | {("criterion", one.id) for one in pack.criteria}
        for entry, name in sorted(ids):
            if home.setdefault((entry, name), file) != file:
                text = f"{name!r} is also a {entry} of {home[entry, name]}"
                findings.append(Problem(file, name, "id", text, "an id of its own", entry))
    return findings


def _never_decides(packs: Sequence[NamedPack]) -> list[Problem]:
    """A criterion all of whose numbers make a graver grade by another one: nobody would ever see it."""
    findings = []
    for file, pack in packs:
        for one in pack.criteria:
            graver = next((other for other in pack.criteria if _swallows(other, one)), None)
            if graver is not None:
                text = f"is never proposed: whatever meets it meets {graver.id}, grade {graver.grade}"
                findings.append(Problem(file, one.id, "quantities", text, "below", "criterion"))
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
