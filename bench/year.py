"""A made-up year of recorded incidents: the same for the same number, each with its life and how the record ended it.

Most are IV and closed within a day or two; one in eight is III or worse and is followed up twice a day.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from bench import reports
from rules.desk import Desk
from rules.replay_life import Life, World, live
from schemas.reasons import CloseReason
from schemas.recorded import (
    Recorded,
    RecordedAnswer,
    RecordedCall,
    RecordedClose,
    RecordedEnd,
    RecordedFact,
    RecordedForward,
    RecordedReport,
    RecordedStop,
)
from schemas.report import Report
from schemas.vocabulary import Medium, NodeRole, ObligationState, Stage

YEAR = timedelta(days=365)
GRADES = ("IV", "IV", "IV", "IV", "IV", "ungraded", "ungraded", "III")


def make_year(desk: Desk, count: int, start: datetime) -> Iterator[Recorded]:
    """So many incidents, spread over a year from `start` on; the record is what the packs of `desk` make of them."""
    who = reports.senders(desk.county)
    world = World(desk, until(start))
    for number in range(count):
        random = Random(number)
        begun = start + YEAR * random.random()
        told = Recorded(
            incident_id=_id(number, 0), facts=tuple(_life(number, who[number % len(who)], begun, random))
        )
        life = live(told, world)
        assert life is not None and life.climbing is not None
        calls = [RecordedCall(at=one.at, person_id=one.person_id) for one in life.climbing.calls]
        facts = sorted((*told.facts, *calls), key=lambda fact: fact.at)
        yield told.model_copy(update={"facts": tuple(facts), "ends": tuple(_ends(life))})


def until(start: datetime) -> datetime:
    """When all of the year is over and closed."""
    return start + YEAR + timedelta(days=60)


def _life(number: int, sender: reports.Sender, begun: datetime, random: Random) -> Iterator[RecordedFact]:
    grade = random.choice(GRADES)
    call = begun + timedelta(minutes=random.uniform(0, 21))
    text = call + timedelta(minutes=random.uniform(2, 25))
    body = reports.report(number, sender, begun) | {"grade": grade, "report_id": str(_id(number, 0))}

    def report(place: int, at: datetime, stage: Stage, medium: Medium = Medium.WRITTEN) -> RecordedReport:
        named = {"report_id": str(_id(number, place)), "stage": stage, "medium": medium}
        later = {"incident_id": str(_id(number, 0))} if place else {}
        said = Report.model_validate(body | named | later)
        ends = {"division": sender.division, "from_node": sender.person.node}
        return RecordedReport(at=at, judged_at=at, report_id=_id(number, place), report=said, **ends)

    yield report(0, call, Stage.FIRST, Medium.PHONE)
    for minutes in (
        0,
        20,
        32,
        41,
        62,
    ):  # who is called answers within minutes, also after a limit that ran out
        yield RecordedAnswer(at=call + timedelta(minutes=minutes + random.uniform(0.2, 9)))
    yield report(1, text, Stage.FIRST)
    for medium, span in ((Medium.PHONE, (5, 32)), (Medium.WRITTEN, (20, 62))):
        at = call + timedelta(minutes=random.uniform(*span))
        yield RecordedForward(at=at, to_role=NodeRole.CITY, stage=Stage.FIRST, medium=medium)
    days = random.uniform(1.0, 3.0) if grade == "III" else random.uniform(0.2, 1.0)
    for hours in range(6, int(days * 24), 11):
        at = text + timedelta(hours=hours)
        yield report(2 + hours, at, Stage.FOLLOW_UP)
        yield RecordedAnswer(at=at)
        forwarded = at + timedelta(minutes=20)
        yield RecordedForward(
            at=forwarded, to_role=NodeRole.CITY, stage=Stage.FOLLOW_UP, medium=Medium.WRITTEN
        )
    over = text + timedelta(days=days)
    yield RecordedStop(at=over, stopped_at=over - timedelta(minutes=5))
    yield RecordedAnswer(at=over)
    final = over + timedelta(hours=random.uniform(2, 25))
    yield report(1000, final, Stage.FINAL)
    sent = final + timedelta(minutes=30)
    yield RecordedForward(at=sent, to_role=NodeRole.CITY, stage=Stage.FINAL, medium=Medium.WRITTEN)
    yield RecordedAnswer(at=sent)
    yield RecordedClose(at=sent + timedelta(minutes=30), why=CloseReason.FINAL_REPORT)


def _ends(life: Life) -> Iterator[RecordedEnd]:
    for key, row in life.rows.items():
        end = row.done_at if row.state is ObligationState.LATE else life.ended_at.get(key)
        late = row.state in (ObligationState.LATE, ObligationState.MISSED) and end is not None
        yield RecordedEnd(
            unit=row.from_node,
            to_role=row.duty.to_role,
            stage=row.duty.stage,
            medium=row.duty.medium,
            occurrence=row.duty.occurrence,
            rule=row.binding.id,
            due_at=row.due_at,
            outcome=row.state,
            late_seconds=max((end - row.due_at).total_seconds(), 0.0) if late and end else 0.0,
        )


def _id(number: int, place: int) -> UUID:
    return UUID(int=(number + 1) << 64 | place)
