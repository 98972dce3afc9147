"""When was our own intake down, and what does that excuse? What ran out inside such a gap is disputed, not late.

A door that can take a report says so in a heartbeat; where no door does for longer than `LONGEST_SILENCE` there is a
gap, with its cause. A door that was only busy makes none. These windows are real time; they are compared with due times
only after they were turned into the system's own.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from rules.settling import Settlement
from schemas.outage import Window
from schemas.reasons import OutageCause, SettleReason
from schemas.vocabulary import ObligationState

LONGEST_SILENCE = timedelta(seconds=15)
RAN_MOST = 0.5
"""A process that ran for at least this share of a silence was busy; one that was stopped or frozen ran for none."""
BLAMED = (ObligationState.LATE, ObligationState.MISSED)

Windows = tuple[Window, ...]


def is_blamed(ended: Settlement) -> bool:
    """Whether the record would hold it against somebody."""
    return ended.outcome in BLAMED


def dispute(ended: Settlement, gaps: Iterable[Window]) -> Settlement:
    """The same end, or `disputed` where it is blamed and its limit ran out inside a gap. What was met stays met."""
    if not is_blamed(ended) or not any(gap.holds(ended.obligation.due_at) for gap in gaps):
        return ended
    outcome, reason = ObligationState.DISPUTED, SettleReason.OUR_OUTAGE
    disputed = ended.obligation.model_copy(update={"state": outcome, "reason": reason.value})
    return replace(ended, obligation=disputed, outcome=outcome, reason=reason)


def prolonged(served: Windows, at: datetime, silent: OutageCause = OutageCause.ALL_DOORS_SILENT) -> Windows:
    """A door's windows of service after one more heartbeat: the last grows, or one begins after a silence."""
    if not served or at - served[-1].ended_at > LONGEST_SILENCE:
        return (*served, Window(started_at=at, ended_at=at, cause=silent))
    last = served[-1]
    return (*served[:-1], last.model_copy(update={"ended_at": max(last.ended_at, at)}))


def bridged(served: Windows, at: datetime, ran: float) -> Windows:
    """The same windows, the last up to now where the process ran for most of the time since: it was busy, not away.

    `ran`: seconds for which it demonstrably ran since the last window ended.
    """
    if not served or at <= served[-1].ended_at:
        return served
    late = (at - served[-1].ended_at).total_seconds()
    if ran < late * RAN_MOST:
        return served
    return (*served[:-1], served[-1].model_copy(update={"ended_at": at}))


def unwritten(served: Windows, written: datetime) -> Windows:
    """What is still to be written after everything up to `written` was; its last moment stays, to grow from."""
    return tuple(
        window.model_copy(update={"started_at": max(window.started_at, written)})
        for window in served
        if window.ended_at >= written
    )


def gap_before(last: datetime | None, served: Window) -> Windows:
    """The gap that a door finds before its own service; none after a short silence or where there was none before."""
    if last is None or served.started_at - last <= LONGEST_SILENCE:
        return ()
    return (Window(started_at=last, ended_at=served.started_at, cause=served.cause),)


def without(gaps: Iterable[Window], served: Window) -> Windows:
    """What remains of gaps when a door that could not write meanwhile shows that it was there."""
    remains = [
        Window.model_construct(started_at=start, ended_at=end, cause=gap.cause)
        for gap in gaps
        for start, end in (
            (gap.started_at, min(gap.ended_at, served.started_at)),
            (max(gap.started_at, served.ended_at), gap.ended_at),
        )
    ]
    return tuple(one for one in remains if one.ended_at - one.started_at > LONGEST_SILENCE)
