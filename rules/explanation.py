"""Why is this owed, by then, and why is that not? The packs' answer to one question, with every clause.

What is listed as owed is what `plan` would open for every node of the chain, and the correction windows as well.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from rules.matching import waits_for, why_not
from rules.packs import Packs
from rules.planning import asks, merge
from rules.when import clocks_of
from schemas.incident import Case
from schemas.obligation import Planned, StampedLimit


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A limit that asks for nothing now. `waits`: only because its clock has not started."""

    pack: str
    id: str
    reason: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that is owed along the chain, by due time, and what is not, with its reason.

    `windows` are the limits, by pack and id, that ask for a report only if something changes.
    """

    obligations: tuple[Planned, ...]
    not_applicable: tuple[NotApplicable, ...]
    windows: frozenset[tuple[str, str]] = frozenset()

    def is_window(self, planned: Planned) -> bool:
        """Whether nothing is owed here where nothing changes."""
        return (planned.binding.pack, planned.binding.id) in self.windows


def explain(case: Case, packs: Packs, now: datetime, *, with_reasons: bool = False) -> Explanation:
    """What these facts start. Limits that wait for a clock are always named, the others for `with_reasons`."""
    found = list(asks(case, packs, now, everyone=True))
    speaking = {(ask.rule.stamp.pack, ask.rule.stamp.id, ask.rule.from_role) for ask in found}
    clocks = clocks_of(case)
    silent: dict[tuple[str, str, str], NotApplicable] = {}
    for rule in packs.rules:
        pack, limit = rule.stamp.pack, rule.stamp.id
        if (pack, limit, rule.from_role) in speaking:
            continue
        reason = why_not(rule, case, clocks, now)
        if reason is None:
            text = waits_for(rule)
            silent[pack, limit, text] = NotApplicable(pack, limit, text, waits=True)
        elif with_reasons:
            silent[pack, limit, reason.value] = NotApplicable(pack, limit, reason.value)
    windows = frozenset((ask.rule.stamp.pack, ask.rule.stamp.id) for ask in found if ask.rule.limit.window)
    return Explanation(merge(found), tuple(silent.values()), windows)


def to_json(explanation: Explanation, zone: tzinfo | None) -> dict[str, Any]:
    """The answer for machines; times are RFC 3339 in `zone`, the incident's."""
    return {
        "obligations": [
            {**_obligation(planned, zone), "window": explanation.is_window(planned)}
            for planned in explanation.obligations
        ],
        "not_applicable": [{"id": one.id, "reason": one.reason} for one in explanation.not_applicable],
    }


def _obligation(planned: Planned, zone: tzinfo | None) -> dict[str, Any]:
    duty = planned.duty
    return {
        "from": duty.from_role.value,
        "to": duty.to_role.value,
        "stage": duty.stage.value,
        "medium": duty.medium.value,
        "occurrence": duty.occurrence,
        "due_at": planned.due_at.astimezone(zone).isoformat(),
        "binding": planned.binding.id,
        "limits": [_limit(stamped, zone) for stamped in (planned.binding, *planned.others)],
        "skip_level": planned.skip_level,
        "copy": [role.value for role in planned.copy_to],
    }


def _limit(stamped: StampedLimit, zone: tzinfo | None) -> dict[str, Any]:
    return {
        "id": stamped.id,
        "title": stamped.title,
        "title_en": stamped.title_en,
        "pack": stamped.pack,
        "version": stamped.version,
        "due_at": stamped.due_at.astimezone(zone).isoformat(),
        "clock": stamped.clock.value,
        "working_target": stamped.working_target,
        "document": stamped.document,
        "number": stamped.number,
        "article": stamped.article,
        "status": stamped.status,
    }
