"""obligation.met, obligation.lapsed, incident.reopened → the record: due, done, verdict, lateness, limit and clause.

Rows are only added. A verdict that a reopening undid stays and is withdrawn by a row of its own.
"""

from collections.abc import Sequence
from datetime import datetime

from rules.desk import Desk
from runtime import metrics
from schemas.events import Fact, IncidentReopened, ObligationLapsed, ObligationMet
from schemas.reasons import OpenReason
from schemas.vocabulary import ObligationState
from storage import timeliness
from storage.database import Transaction
from storage.timeliness import Verdict, Withdrawal

FACTS: tuple[type[Fact], ...] = (ObligationMet, ObligationLapsed, IncidentReopened)
WHY = OpenReason.REOPENED
"""Why a verdict is withdrawn."""


async def record_all(tx: Transaction, facts: Sequence[Fact], now: datetime, desk: Desk) -> None:
    """Write each settled obligation into the record; the same fact twice writes it once."""
    verdicts = [_verdict(fact) for fact in facts if isinstance(fact, ObligationMet | ObligationLapsed)]
    withdrawn = [_withdrawal(fact) for fact in facts if isinstance(fact, IncidentReopened)]
    new = await timeliness.record(tx, verdicts)
    await timeliness.withdraw(tx, [one for each in withdrawn for one in each])
    tx.after_commit(lambda: _count([verdict for verdict in verdicts if verdict.key in new]))


def _count(verdicts: Sequence[Verdict]) -> None:
    for verdict in verdicts:
        metrics.SETTLED.labels(verdict.obligation.state, verdict.obligation.binding.id).inc()


def _withdrawal(fact: IncidentReopened) -> list[Withdrawal]:
    assert fact.incident_id is not None
    return [Withdrawal(one, fact.incident_id, WHY, fact.at) for one in fact.withdrawn]


def _verdict(fact: ObligationMet | ObligationLapsed) -> Verdict:
    """Late by how many seconds: to the moment it was done, or, never done, to the moment that was settled."""
    owed = fact.obligation
    end = owed.done_at if owed.state is ObligationState.LATE else fact.at
    counts = owed.state in (ObligationState.LATE, ObligationState.MISSED) and end is not None
    lateness = max((end - owed.due_at).total_seconds(), 0.0) if counts and end is not None else 0.0
    return Verdict(owed, fact.why, lateness, fact.at)
