"""incident.reopened: what was closed too early is open again, and so is what it owed.

What is owed anew beside that is opened by the reaction, and so is the call of whoever must know.
"""

from datetime import datetime
from uuid import UUID

from producers.act_once import Answer
from producers.move_incident import Moved, Moves, allowed, head
from producers.reception import Reception
from rules import lifecycle, reopening
from rules.reopening import Back, Span
from rules.settling import filing_of
from runtime import metrics
from schemas.events import Fact, IncidentReopened, ObligationLapsed, ObligationMet, ObligationOpened
from schemas.incident import Incident
from schemas.reasons import OpenReason
from schemas.vocabulary import IncidentState
from storage import obligations
from storage.database import Transaction


async def reopen(reception: Reception, moves: Moves, by: UUID, incident_id: UUID, note: str) -> Answer:
    """Open it again, for whatever reason it was closed. Raises Problem."""

    async def act(tx: Transaction, incident: Incident, now: datetime) -> Moved:
        decision = allowed(lifecycle.reopen(lifecycle.Standing.of(incident), incident.close_reason, note))
        closed_at = incident.closed_at or now
        change = {"state": IncidentState.OPEN, "closed_at": None, "close_reason": None}
        opened = incident.model_copy(update=change)
        back = await _bring_back(tx, reception, opened, Span(closed_at, now))
        back.settled[:] = await moves.judged(tx, back.settled)
        await obligations.bring_back(
            tx,
            [
                *back.opened,
                *((one.obligation, None) for one in back.settled),
                *((one, None) for one in back.waived),
            ],
        )
        said = IncidentReopened(
            **head(incident, now), by=by, note=note, was=decision.was, closed_at=closed_at,
            withdrawn=tuple(back.withdrawn),
        )  # fmt: skip
        tx.after_commit(lambda: metrics.REOPENED.labels(decision.was).inc())
        return Moved(opened, [said, *_facts(back, opened, now)])

    return await moves.move(incident_id, act)


async def _bring_back(tx: Transaction, reception: Reception, incident: Incident, span: Span) -> Back:
    incident_id, desk = incident.incident_id, reception.desk
    owed = (await obligations.lock_of(tx, [incident_id]))[incident_id]
    ended = await obligations.ended_by_closing(tx, incident_id)
    rows = await obligations.filings(tx, [incident_id], desk.county.code)
    return reopening.bring_back(
        [one for one in owed if one.obligation_id in ended],
        [
            filing_of(**{key: row[key] for key in ("from_node", "to_role", "stage", "medium", "at")})
            for row in rows
        ],
        span,
        incident.case(),
        desk.packs,
    )


def _facts(back: Back, incident: Incident, now: datetime) -> list[Fact]:
    about = head(incident, now)
    return [
        *(ObligationOpened(**about, why=OpenReason.REOPENED, obligation=one) for one, _ in back.opened),
        *(ObligationMet(**about, why=one.reason, obligation=one.obligation) for one in back.settled),
        *(ObligationLapsed(**about, why=reopening.RAN_OUT, obligation=one) for one in back.waived),
    ]
