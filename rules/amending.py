"""What a report says once its corrections are read into it, and which reports still stand after retractions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from rules.desk import Desk
from rules.titles import title_of
from schemas.report import Report
from schemas.vocabulary import Grade, Stage

ANY = "other"
"""The category of a report that names none."""


@dataclass(frozen=True)
class Heard:
    """A report as it joins its incident; `judged_at` is the time by which it is judged.

    `given`: the fields that its sender named; None where that was not kept, then those that say something.
    """

    report_id: UUID
    report: Report
    division: str | None
    from_node: str | None
    judged_at: datetime
    given: tuple[str, ...] | None = None

    @cached_property
    def named(self) -> frozenset[str]:
        """The fields of which the report says something, be it that there is nothing."""
        if self.given is not None:
            return frozenset(self.given)
        said = {"category": self.report.category != ANY, "tags": bool(self.report.tags)}
        return frozenset(name for name, is_said in said.items() if is_said)


@dataclass
class Told:
    """All reports of one incident, by what they are about."""

    heards: Sequence[Heard]
    corrections: dict[UUID, list[Heard]] = field(default_factory=lambda: defaultdict(list))
    retractions: dict[UUID, list[Heard]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, heards: Sequence[Heard]) -> Self:
        """Sort them; of two corrections of one report the later one wins."""
        told = cls(heards)
        for heard in sorted(heards, key=lambda one: (one.judged_at, str(one.report_id))):
            about, stage = heard.report.corrects, heard.report.stage
            if about is not None and stage is Stage.CORRECTION:
                told.corrections[about].append(heard)
            elif about is not None and stage is Stage.RETRACTION:
                told.retractions[about].append(heard)
        return told

    @property
    def has_retractions(self) -> bool:
        """Whether anything was taken back."""
        return bool(self.retractions)

    @property
    def standing(self) -> list[Heard]:
        """The reports that bring content of their own and were not taken back."""
        return [one for one in self.heards if self.brings_content(one) and not self.is_retracted(one)]

    @staticmethod
    def brings_content(heard: Heard) -> bool:
        """A correction of a named report only changes that one, and a retraction says nothing by itself."""
        if heard.report.stage is Stage.RETRACTION:
            return False
        return heard.report.stage is not Stage.CORRECTION or heard.report.corrects is None

    def is_retracted(self, heard: Heard, seen: frozenset[UUID] = frozenset()) -> bool:
        """Whether it was taken back, by a retraction that was not taken back itself."""
        seen |= {heard.report_id}
        by = self.retractions.get(heard.report_id, ())
        return any(one.report_id not in seen and not self.is_retracted(one, seen) for one in by)

    def effective(self, heard: Heard, seen: frozenset[UUID] = frozenset()) -> Report:
        """What a report says with its corrections, which may have been corrected themselves."""
        seen |= {heard.report_id}
        report = heard.report
        for one in self.corrections.get(heard.report_id, ()):
            if one.report_id not in seen and not self.is_retracted(one):
                report = _amended(report, self.effective(one, seen), one.named)
        return report

    @property
    def confirming(self) -> list[Report]:
        """Every report that may say of a time that it is right, with its corrections."""
        return [self.effective(one) for one in self.standing or self.heards[:1]]

    def title_of(self, opening: Heard, desk: Desk) -> str:
        """The title of the incident, by the report that opened it with its corrections."""
        return title_of(self.effective(opening), opening.division, desk)


def _amended(report: Report, by: Report, named: frozenset[str]) -> Report:
    """A report with what a correction says instead; what the correction leaves out stays."""
    update: dict[str, Any] = {
        name: value
        for name in ("title", "occurred_at", "known_at")
        if (value := getattr(by, name)) is not None
    }
    update["times_confirmed"] = tuple(sorted({*report.times_confirmed, *by.times_confirmed}))
    if "category" in named:
        update["category"] = by.category
    if "tags" in named:
        update["tags"] = by.tags
    if by.grade is not Grade.UNGRADED:
        update["grade"] = by.grade
    for name in ("place", "casualties", "quantities"):
        old, new = getattr(report, name), getattr(by, name)
        update[name] = old.model_copy(update={k: v for k, v in dict(new).items() if v is not None})
    return report.model_copy(update=update)
