"""What an incident owes now as rows and facts, saved as a set; shared by storing and by opening later."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from rules import obligations as duties
from rules import outages
from rules.owed import Owed
from runtime import metrics
from runtime.clock import Clock
from schemas.events import Fact, ObligationLapsed, ObligationMet, ObligationOpened
from schemas.obligation import Obligation
from schemas.outage import Window
from schemas.reasons import OpenReason, SettleReason
from storage import events, intake, obligations
from storage.database import Transaction
from storage.obligations import Opening


@dataclass
class Owing(Owed):
    """The obligations of one incident while a transaction works on them."""

    touched: set[UUID] = field(default_factory=set)
    blamed: dict[UUID, duties.Settlement] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    def settled(self, row: Obligation) -> None:
        super().settled(row)
        self.touched.add(row.obligation_id)

    def was_opened(self, row: Obligation, why: OpenReason, now: datetime) -> None:
        self.facts.append(ObligationOpened(**self._head(now), why=why, obligation=row))

    def was_waived(self, row: Obligation, why: SettleReason, now: datetime) -> None:
        self.facts.append(ObligationLapsed(**self._head(now), why=why, obligation=row))

    def was_ended(self, ended: duties.Settlement, now: datetime, report_id: UUID | None) -> None:
        if outages.is_blamed(ended):
            self.blamed[ended.obligation.obligation_id] = ended
        said = {"why": ended.reason, "obligation": ended.obligation, "by_report": report_id}
        self.facts.append(ObligationMet(**self._head(now), **said))

    def dispute(self, gaps: Sequence[Window]) -> None:
        """What was done late because its time ran out while our own intake was down is disputed."""
        for key, ended in self.blamed.items():
            judged = outages.dispute(ended, gaps)
            self.rows[key] = judged.obligation
            for place, fact in enumerate(self.facts):
                if isinstance(fact, ObligationMet) and _about(fact) == key:
                    said = {"why": judged.reason, "obligation": judged.obligation}
                    self.facts[place] = fact.model_copy(update=said)

    def _head(self, now: datetime) -> dict[str, Any]:
        return {"incident_id": self.incident.incident_id, "division": self.incident.division, "at": now}


async def dispute(tx: Transaction, owings: Iterable[Owing], clock: Clock) -> None:
    """Ask for our own outages, if anything was late at all, and judge what was late by them."""
    late = [owing for owing in owings if owing.blamed]
    due = [ended.obligation.due_at for owing in late for ended in owing.blamed.values()]
    gaps = await intake.gaps_around(tx, due, clock)
    for owing in late if gaps else ():
        owing.dispute(gaps)


async def save(tx: Transaction, owings: Iterable[Owing], before: Sequence[Fact] = ()) -> None:
    """Write what changed, and its facts after those that came `before`.

    An obligation that another transaction opened first is not said twice.
    """
    owings = list(owings)
    openings = [
        Opening(owing.rows[one], owing.looks[one], owing.incident.division)
        for owing in owings
        for one in owing.new
    ]
    opened = await obligations.open_new(tx, openings)
    tx.after_commit(lambda: _count(openings, opened))
    changed = [
        (owing.rows[one], owing.looks[one])
        for owing in owings
        for one in owing.touched
        if one not in owing.new
    ]
    await obligations.change(tx, changed)
    duplicates = {one for owing in owings for one in owing.new} - opened
    said = [fact for owing in owings for fact in owing.facts if _about(fact) not in duplicates]
    await events.append(tx, [*before, *said])


def _count(openings: Iterable[Opening], opened: set[UUID]) -> None:
    rules = Counter(o.obligation.binding.id for o in openings if o.obligation.obligation_id in opened)
    for rule, count in rules.items():
        metrics.OPENED.labels(rule).inc(count)


def _about(fact: Fact) -> UUID | None:
    about = isinstance(fact, ObligationOpened | ObligationMet | ObligationLapsed)
    return fact.obligation.obligation_id if about else None  # type: ignore[attr-defined]
