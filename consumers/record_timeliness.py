"""obligation.met, obligation.lapsed → the record: due, done, verdict, lateness, limit and clause, once and for ever."""

from collections.abc import Sequence
from datetime import datetime

from rules.desk import Desk
from runtime import metrics
from schemas.events import Fact, ObligationLapsed, ObligationMet
from schemas.vocabulary import ObligationState
from storage import timeliness
from storage.database import Transaction
from storage.timeliness import Verdict

FACTS: tuple[type[Fact], ...] = (ObligationMet, ObligationLapsed)


async def record_all(tx: Transaction, facts: Sequence[Fact], now: datetime, desk: Desk) -> None:
    """Write each settled obligation into the record; the same fact twice writes it once."""
    verdicts = [_verdict(fact) for fact in facts if isinstance(fact, ObligationMet | ObligationLapsed)]
    new = await timeliness.record(tx, verdicts)
    tx.after_commit(
        lambda: _count([verdict for verdict in verdicts if verdict.obligation.obligation_id in new])
    )


def _count(verdicts: Sequence[Verdict]) -> None:
    for verdict in verdicts:
        metrics.SETTLED.labels(verdict.obligation.state, verdict.obligation.binding.id).inc()


def _verdict(fact: ObligationMet | ObligationLapsed) -> Verdict:
    """Late by how many seconds: to the moment it was done, or, never done, to the moment that was settled."""
    owed = fact.obligation
    end = owed.done_at if owed.state is ObligationState.LATE else fact.at
    counts = owed.state in (ObligationState.LATE, ObligationState.MISSED) and end is not None
    lateness = max((end - owed.due_at).total_seconds(), 0.0) if counts and end is not None else 0.0
    return Verdict(owed, fact.why, lateness, fact.at)
