"""How an obligation ends: a report meets it in time or late, or the incident closes over it.

A phone call never ends a written obligation, and what has ended is not touched again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.when import ELAPSED_OCCURRENCE
from schemas.obligation import Duty, Obligation
from schemas.reasons import SettleReason
from schemas.vocabulary import Medium, NodeRole, ObligationState, Stage

Lane = tuple[NodeRole, NodeRole, Stage, Medium]

_MEDIA: dict[Medium, frozenset[Medium]] = {
    Medium.PHONE: frozenset({Medium.PHONE}),
    Medium.WRITTEN: frozenset({Medium.WRITTEN, Medium.NETWORK}),
    Medium.NETWORK: frozenset({Medium.NETWORK}),
    Medium.ANY: frozenset(Medium),
}
"""By which media a duty can be done. A phone call never closes a written one."""


_STAGES: dict[Stage, frozenset[Stage]] = {
    Stage.FIRST: frozenset({Stage.FIRST, Stage.FOLLOW_UP, Stage.FINAL}),
    Stage.FOLLOW_UP: frozenset({Stage.FOLLOW_UP, Stage.FINAL}),
}
"""By which stages a duty can be done; any other only by its own. After a phone call the first text that comes is the
written first report, whatever its sender calls it."""


@dataclass(frozen=True, slots=True)
class Filing:
    """A report that was made, as far as duties go. `at` is the judged time; `to_role` None reaches every recipient."""

    from_node: str
    to_role: NodeRole | None
    stage: Stage
    medium: Medium
    at: datetime
    why: SettleReason = SettleReason.REPORTED


def filing_of(from_node: str, to_role: str | None, stage: str, medium: str, at: datetime) -> Filing:
    """A filing from the words of the record; one that names whom it went to is a report upward."""
    to = NodeRole(to_role) if to_role else None
    why = SettleReason.FORWARDED if to_role else SettleReason.REPORTED
    return Filing(from_node, to, Stage(stage), Medium(medium), at, why)


@dataclass(frozen=True, slots=True)
class Settlement:
    """The end of one obligation; `obligation` already carries it."""

    obligation: Obligation
    outcome: ObligationState
    reason: SettleReason
    done_at: datetime | None
    settled_at: datetime

    @property
    def late_by(self) -> timedelta:
        """How long after the due time it was done; nothing where it was not done or in time."""
        if self.done_at is None:
            return timedelta()
        return max(self.done_at - self.obligation.due_at, timedelta())


def lane_of(duty: Duty) -> Lane:
    """What makes two duties occurrences of the same thing."""
    return duty.from_role, duty.to_role, duty.stage, duty.medium


def is_elapsed(duty: Duty) -> bool:
    """Whether elapsed time asked for it: such a report stands beside every other of its lane."""
    return duty.occurrence <= ELAPSED_OCCURRENCE


def answers(filing: Filing, obligation: Obligation) -> bool:
    """Whether a report is the one that an obligation asks for, in time or not.

    A final report also answers a follow-up, and the first text answers the written first report after a call.
    """
    duty = obligation.duty
    return (
        obligation.from_node == filing.from_node
        and filing.stage in _STAGES.get(duty.stage, (duty.stage,))
        and filing.to_role in (None, duty.to_role)
        and filing.medium in _MEDIA[duty.medium]
        and (obligation.counts_from is None or filing.at >= obligation.counts_from)
    )


def settle(open_obligations: Iterable[Obligation], filing: Filing, now: datetime) -> tuple[Settlement, ...]:
    """What a report settles: `met` up to the due time, `late` after it.

    One report answers the slots of a recurrence that have run out, or else the next one; a final report all.
    """
    found = [o for o in open_obligations if o.state is ObligationState.OPEN and answers(filing, o)]
    found.sort(key=lambda o: (o.due_at, o.duty.occurrence))
    settled: list[Settlement] = []
    answered: set[Lane] = set()
    for obligation in found:
        lane, in_time = lane_of(obligation.duty), filing.at <= obligation.due_at
        is_slot = obligation.counts_from is not None and not is_elapsed(obligation.duty)
        if is_slot and in_time and lane in answered and filing.stage is not Stage.FINAL:
            continue
        if is_slot:
            answered.add(lane)
        outcome = ObligationState.MET if in_time else ObligationState.LATE
        settled.append(_ended(obligation, outcome, filing.why, now, filing.at))
    return tuple(settled)


def met_before(
    obligations: Iterable[Obligation], filings: Iterable[Filing], now: datetime
) -> tuple[Settlement, ...]:
    """Of obligations that just opened, those that an earlier report had already met in time.

    Ask it after a regrade: what a higher grade demands may have been done before anybody knew that it was due.
    """
    earlier = sorted(filings, key=lambda filing: filing.at)
    settled = []
    for obligation in obligations:
        first = next((f for f in earlier if f.at <= obligation.due_at and answers(f, obligation)), None)
        if first is not None:
            settled.append(_ended(obligation, ObligationState.MET, first.why, now, first.at))
    return tuple(settled)


def lapse(
    open_obligations: Iterable[Obligation], now: datetime, reason: SettleReason
) -> tuple[Settlement, ...]:
    """The end of what was not done. At `INCIDENT_CLOSED` what has run out is missed and the rest is waived.

    For `NO_LONGER_DUE` (a duplicate, no incident at all) everything is waived.
    """
    settled = []
    for obligation in open_obligations:
        if obligation.state is not ObligationState.OPEN:
            continue
        ran_out = obligation.breached_at is not None or obligation.due_at < now
        missed = ran_out and reason is not SettleReason.NO_LONGER_DUE
        outcome = ObligationState.MISSED if missed else ObligationState.WAIVED
        settled.append(_ended(obligation, outcome, reason, now))
    return tuple(settled)


def _ended(
    old: Obligation,
    outcome: ObligationState,
    why: SettleReason,
    now: datetime,
    done_at: datetime | None = None,
) -> Settlement:
    ended = old.model_copy(update={"state": outcome, "reason": why.value, "done_at": done_at})
    return Settlement(ended, outcome, why, done_at, now)
