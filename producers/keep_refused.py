"""Input that a door refuses is kept aside too, with its reason: somebody tried to report, and that must not vanish.

The sender has been told already, so this may wait for a database that is away; it never holds up an answer.
"""

import asyncio
import logging
from collections.abc import Sequence
from uuid import UUID, uuid4

from producers.problems import Problem
from producers.reception import Reception
from runtime import metrics
from runtime.gather import Gatherer
from runtime.trouble import Unavailable
from schemas.events import ReportRefused
from schemas.reasons import RefuseReason
from schemas.report import MAX_BODY_BYTES
from schemas.vocabulary import Door
from storage import events, reports
from storage.database import storable
from storage.reports import Refusal

log = logging.getLogger("jibao.doors.refused")
REASONS = {400: RefuseReason.UNREADABLE, 403: RefuseReason.NOT_ALLOWED, 413: RefuseReason.TOO_LARGE}
AT_MOST_WAITING = 200


class RefusedKeeper:
    """Keeps refused bodies of signed-in people; everybody's are counted."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._gather = Gatherer(self._keep, 100)
        self._tasks: set[asyncio.Task[None]] = set()

    def keep(self, problem: Problem, body: bytes, person_id: UUID | None, door: Door) -> None:
        """Note a refusal in the background."""
        reason = self._reason(problem)
        metrics.REFUSED.labels(reason).inc()
        if person_id is None or len(self._tasks) >= AT_MOST_WAITING:
            return
        fault = problem.faults[0] if problem.faults else None
        refusal = Refusal(
            refusal_id=uuid4(),
            report_id=None,
            reason=reason,
            field=storable(fault.field) if fault else None,
            detail=storable(fault.both if fault else problem.said[1])[:2000],
            submitted_by=person_id,
            door=door,
            body=body[:MAX_BODY_BYTES],
            at=self._reception.clock.now(),
        )
        task = asyncio.create_task(self._note(refusal))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _note(self, refusal: Refusal) -> None:
        try:
            await self._gather(refusal)
        except Unavailable:
            log.warning("a refusal (%s) could not be kept: the database is away", refusal.reason)

    async def _keep(self, refusals: Sequence[Refusal]) -> list[None]:
        async with self._reception.database.transaction() as tx:
            await reports.refuse(tx, refusals)
            await events.append(tx, [_fact(refusal) for refusal in refusals])
        return [None] * len(refusals)

    @staticmethod
    def _reason(problem: Problem) -> RefuseReason:
        for fault in problem.faults:
            if fault.reason in RefuseReason.__members__.values():
                return RefuseReason(fault.reason)
        return REASONS.get(problem.status, RefuseReason.INVALID)


def _fact(refusal: Refusal) -> ReportRefused:
    return ReportRefused(
        at=refusal.at,
        refusal_id=refusal.refusal_id,
        report_id=refusal.report_id,
        reason=refusal.reason,
        field=refusal.field,
        detail=refusal.detail[:500],
    )
