"""incident.regraded, incident.stopped, incident.reopened, obligation.met, obligation.breached
→ obligation.opened: what is owed from now on.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from consumers import owing
from consumers.owing import Owing
from rules.desk import Desk
from rules.settling import Filing, filing_of
from schemas.events import (
    Fact,
    IncidentRegraded,
    IncidentReopened,
    IncidentStopped,
    ObligationBreached,
    ObligationMet,
)
from schemas.reasons import OpenReason
from schemas.vocabulary import IncidentState
from storage import incidents, obligations
from storage.database import Row, Transaction

FACTS: tuple[type[Fact], ...] = (
    IncidentRegraded,
    IncidentStopped,
    IncidentReopened,
    ObligationMet,
    ObligationBreached,
)
WHY = {
    IncidentRegraded: OpenReason.REGRADED,
    IncidentStopped: OpenReason.STOPPED,
    IncidentReopened: OpenReason.REOPENED,
}


async def open_all(tx: Transaction, facts: Sequence[Fact], now: datetime, desk: Desk) -> None:
    """Count anew after a regrade, the end of the response or a reopening; open the next slot of a recurrence."""
    known = await incidents.lock(tx, [fact.incident_id for fact in facts if fact.incident_id])
    rows = await obligations.lock_of(tx, known)
    open_ones = {
        key: Owing.of(one, rows[key]) for key, one in known.items() if one.state is IncidentState.OPEN
    }
    anew: set[UUID] = set()
    for fact in facts:
        owing_now = open_ones.get(fact.incident_id) if fact.incident_id else None
        if owing_now is None:
            continue
        if isinstance(fact, ObligationMet | ObligationBreached):
            owing_now.owe_next(desk, fact.obligation, now)
        else:
            owing_now.owe(desk, now, WHY[type(fact)])
            anew.add(owing_now.incident.incident_id)
    if anew:
        filings = [
            (row["incident_id"], _filing(row))
            for row in await obligations.filings(tx, anew, desk.county.code)
        ]
        for incident_id in anew:
            open_ones[incident_id].met_before([filing for of, filing in filings if of == incident_id], now)
    await owing.save(tx, open_ones.values())


def matters(fact: Fact) -> bool:
    """Only slots of a recurrence have a next one."""
    if isinstance(fact, ObligationMet | ObligationBreached):
        return fact.obligation.counts_from is not None
    return True


def _filing(row: Row) -> Filing:
    return filing_of(**{key: row[key] for key in ("from_node", "to_role", "stage", "medium", "at")})
