"""What is owed again when an incident is opened again: what its closing ended comes back as it would stand by now.

What had run out before the closing is overdue again. What ran out while it was closed stays waived, with that reason:
nobody could know that it was due. What was reported meanwhile counts at the time at which it was reported.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rules import obligations as duties
from rules.owed import WITHIN_COUNTY
from rules.packs import Packs
from rules.planning import plan
from rules.settling import Filing, Settlement, lane_of
from schemas.incident import Case
from schemas.obligation import Obligation, Planned, Verdict
from schemas.reasons import SettleReason
from schemas.vocabulary import ObligationState

RAN_OUT = SettleReason.RAN_OUT_WHILE_CLOSED


@dataclass(frozen=True, slots=True)
class Span:
    """The time during which the incident was closed."""

    closed_at: datetime
    reopened_at: datetime


@dataclass
class Back:
    """What comes back: the verdicts that no longer hold, and how each obligation stands now.

    `opened`: open again, with the next moment at which the clock looks at it. `settled`: done while it was closed.
    `waived`: ran out while it was closed.
    """

    withdrawn: list[Verdict] = field(default_factory=list)
    opened: list[tuple[Obligation, datetime | None]] = field(default_factory=list)
    settled: list[Settlement] = field(default_factory=list)
    waived: list[Obligation] = field(default_factory=list)


def bring_back(
    ended: Iterable[Obligation], filings: Sequence[Filing], span: Span, case: Case, packs: Packs
) -> Back:
    """What the closing ended, as it would stand now; `filings` are all reports and forwards of the incident.

    `case` is the incident open again. Each obligation comes back under its next revision, so that its new verdict
    and the withdrawn one stand side by side in the record.
    """
    ended = [one for one in ended if one.state in (ObligationState.WAIVED, ObligationState.MISSED)]
    back = Back(withdrawn=[Verdict(obligation_id=one.obligation_id, revision=one.revision) for one in ended])
    rows = {one.obligation_id: _open_again(one) for one in ended}
    for filing in sorted(filings, key=lambda one: one.at):
        if filing.at < span.closed_at:
            continue
        # A report reaches the county's own offices; what is owed above is met by forwarding.
        reached = [o for o in rows.values() if filing.to_role is not None or o.duty.to_role in WITHIN_COUNTY]
        for settlement in duties.settle(reached, filing, span.reopened_at):
            back.settled.append(settlement)
            rows[settlement.obligation.obligation_id] = settlement.obligation
    planned = plan(case, packs, span.reopened_at)
    for row in rows.values():
        if row.state is not ObligationState.OPEN:
            continue
        if span.closed_at <= row.due_at <= span.reopened_at and row.breached_at is None:
            waived = {"state": ObligationState.WAIVED, "reason": RAN_OUT.value}
            back.waived.append(row.model_copy(update=waived))
        else:
            back.opened.append((row, _next_look(row, planned, span)))
    return back


def _open_again(one: Obligation) -> Obligation:
    update = {"state": ObligationState.OPEN, "reason": None, "done_at": None, "revision": one.revision + 1}
    return one.model_copy(update=update)


def _next_look(row: Obligation, planned: Iterable[Planned], span: Span) -> datetime | None:
    """When the clock looks at it next: never for a breach that was announced, at once for one that was not."""
    if row.breached_at is not None:
        return None
    for one in planned:
        if lane_of(one.duty) == lane_of(row.duty) and one.due_at == row.due_at:
            remind_at = one.remind_at
            return (
                remind_at if remind_at is not None and span.closed_at < remind_at < row.due_at else row.due_at
            )
    return row.due_at
