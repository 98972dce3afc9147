"""What the screens ask: reports, incidents, obligations, the record, the ledger. Reads only; a unit sees its own."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from producers import shown, shown_grades, shown_senders, sight, unreadable
from producers.asked_times import demand_reach
from producers.note_views import Views
from producers.own_report_id import own_report_id
from producers.problems import Fault, Problem
from producers.reception import Reception, reply
from producers.shown_outages import explaining
from producers.sight import own_of, scope_of
from producers.sign_in import SignedIn, demand
from rules import plausibility
from rules.access import Act, Scope
from runtime.trouble import Unavailable
from schemas.events import ReportSubmitted
from schemas.shape import Moment
from storage import alerts, events, incidents, obligations, reports, timeliness
from storage.database import Row
from storage.incidents import Listed, Own
from storage.obligations import Wanted
from storage.timeliness import Period

SHOWN_AT_ONCE = 200
PROPOSED = "An incident carries `proposed_grade`: #/components/schemas/ProposedGrade, null where no number makes one."
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def _asking(request: Request) -> SignedIn:
    return demand(await request.app.state.gate.who(request.headers, request.cookies))


Asking = Annotated[SignedIn, Depends(_asking)]


@dataclass(frozen=True)
class Page:
    """One sender's or one node's incidents only, and those that come after the last page."""

    sender: UUID | None = None
    from_node: Annotated[str | None, Query(max_length=100)] = None
    before: UUID | None = None


FIRST_PAGE = Page()


def _own(reception: Reception, who: SignedIn) -> Own | None:
    """To what this person's view is narrowed; None sees all."""
    return own_of(scope_of(reception, who))


def _unit(who: SignedIn) -> str | None:
    """The unit to whose timeliness the asker is narrowed; None sees every unit's."""
    return None if who.may(Act.SEE_TIMELINESS) else who.person.node


def make_router(reception: Reception) -> APIRouter:
    """All questions."""
    router = APIRouter(prefix="/api/v1", tags=["read"])
    _about_reports(router, reception)
    _about_incidents(router, reception)
    _about_duties(router, reception)
    _about_record(router, reception)
    return router


def _about_reports(router: APIRouter, reception: Reception) -> None:
    @router.get("/reports/{report_id}", summary="accepted, stored or refused, with the reason")
    async def report(report_id: UUID, who: Asking) -> Response:
        row, said = await _report(reception, report_id)
        if who.person.person_id not in _senders(row, said):
            own_id = own_report_id(reception.settings.link_key, report_id, who.person.person_id)
            with suppress(Unavailable):
                mine = await _report(reception, own_id)
                if mine != (None, None):  # another person had used this id first
                    report_id, (row, said) = own_id, mine
        if row is None and said is None:
            raise _unknown("report_id", "没有这份报告", "no such report")
        if not _may_see_report(scope_of(reception, who), who.person.person_id, row, said):
            raise _unknown("report_id", "没有这份报告", "no such report")
        return reply(shown.report_state(report_id, row, said))


def _about_incidents(router: APIRouter, reception: Reception) -> None:
    views = Views(reception)

    @router.get(
        "/incidents", summary="incidents, the newest first; `next` goes to `before`", description=PROPOSED
    )
    async def listing(
        who: Asking,
        state: Literal["open", "closed", "all"] = "open",
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        page: Annotated[Page, Depends()] = FIRST_PAGE,
    ) -> Response:
        asked = Listed(state, _own(reception, who), limit, page.sender, page.from_node, page.before)
        async with reception.database.reading() as tx:
            rows = await incidents.listing(tx, asked)
        listed = unreadable.each("incidents", "incident_id", rows, shown.summary)
        after = rows[-1]["incident_id"] if len(rows) == limit else None
        return reply({"incidents": shown_grades.beside(listed, rows, reception), "next": after})

    @router.get(
        "/incidents/{incident_id}",
        summary="one incident with its reports, obligations, alerts and facts",
        description=PROPOSED,
    )
    async def one(incident_id: UUID, who: Asking) -> Response:
        async with reception.database.reading() as tx:
            incident = await incidents.load(tx, incident_id)
            scope = scope_of(reception, who)
            if incident is None or not scope.holds_incident(incident):
                raise _unknown("incident_id", "没有这个事件", "no such incident")
            owed = await obligations.listing(tx, Wanted(incidents=[incident_id]))
            told = await alerts.of_incidents(tx, [incident_id])
            explained = await explaining(tx, owed, reception.clock)
            body = {
                "incident": shown_grades.incident(incident, reception),
                "reports": unreadable.each(
                    "reports",
                    "report_id",
                    await reports.of_incident(tx, incident_id),
                    lambda row: shown.report(row, reception.desk),
                ),
                "obligations": unreadable.each("obligations", "obligation_id", owed, explained),
                "alerts": sight.alerts(
                    shown.alerts_of(told, await alerts.attempts_of_incident(tx, incident_id), reception),
                    scope,
                ),
                "events": sight.facts(await events.of_incident(tx, incident_id), scope),
            }
        await views.note(who, incident_id)
        return reply(body)


def _about_duties(router: APIRouter, reception: Reception) -> None:
    @router.get("/obligations", summary="who must tell whom by when, the most urgent first")
    async def listing(
        who: Asking,
        state: Literal["open", "met", "late", "missed", "waived", "disputed"] | None = None,
        due_before: Moment | None = None,
        unit: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> Response:
        demand_reach(reception.clock.now(), due_before=due_before)
        unit = unit and (reception.desk.chains.resolve_unit(unit) or unit)
        wanted = Wanted(state, due_before, unit, _own(reception, who), None, limit)
        async with reception.database.reading() as tx:
            rows = await obligations.listing(tx, wanted)
        listed = unreadable.each("obligations", "obligation_id", rows, shown.obligation)
        return reply({"obligations": listed})

    @router.get("/overview", summary="the duty console's first look, in one answer")
    async def overview(who: Asking, limit: Annotated[int, Query(ge=1, le=1000)] = SHOWN_AT_ONCE) -> Response:
        now = reception.clock.now()
        async with reception.database.reading() as tx:
            urgent = await incidents.urgent(tx, _own(reception, who), limit)
            rows = urgent.rows
            ids = [row["incident_id"] for row in rows]
            owed = await obligations.listing(tx, Wanted(incidents=ids, limit=10_000))
            told = await alerts.of_incidents(tx, ids)
            period = Period(now - timedelta(days=30), now + timedelta(days=366), _unit(who))
            counts = await timeliness.by_group(tx, period, "stage")
            lag = await events.relay_lag(tx)
            next_at = await obligations.next_moment(tx)
        return reply(
            {
                "now": now,
                "clock_rate": reception.clock.rate,
                "county": shown.county(reception.desk.county),
                "incidents": shown_grades.beside(
                    shown_senders.folded(shown.queue(rows, owed, told), urgent, reception.desk),
                    rows,
                    reception,
                ),
                "incident_count": urgent.open,
                "on_duty": shown.on_duty(reception.desk.county, now) if who.may(Act.SEE_ALL) else [],
                "health": {
                    "broker": reception.client.is_connected,
                    "database": True,
                    # The clock has kept up to here: what was due earlier has rung.
                    "clock_seen_at": min(now, next_at) if next_at else now,
                    "relay_lag_seconds": lag,
                    "intake_waiting": await reception.intake_waiting(),
                },
                "timeliness": shown.ratio(counts),
            }
        )


def _about_record(router: APIRouter, reception: Reception) -> None:
    @router.get("/timeliness", summary="on time ÷ due, from the append-only record")
    async def table(
        who: Asking,
        start: Annotated[Moment | None, Query(alias="from")] = None,
        end: Annotated[Moment | None, Query(alias="to")] = None,
        group_by: Literal["unit", "stage", "medium", "rule"] = "unit",
    ) -> Response:
        now = reception.clock.now()
        demand_reach(now, **{"from": start, "to": end})
        period = Period(start or LONG_AGO, end or max(now, start or now) + timedelta(days=366), _unit(who))
        if period.start >= period.end:
            zh, en = "from 应早于 to", "from must be earlier than to"
            raise Problem(422, zh, en, [Fault("from", "invalid", en, zh)])
        async with reception.database.reading() as tx:
            groups = await timeliness.by_group(tx, period, group_by)
            record = await timeliness.rows(tx, period, 200)
        return reply(
            {
                "from": period.start,
                "to": period.end,
                "group_by": group_by,
                "groups": [shown.group(row) for row in groups],
                "total": shown.ratio(groups),
                "record": unreadable.each("timeliness", "obligation_id", record, shown.verdict),
            }
        )

    @router.get("/events", summary="the ledger in commit order")
    async def ledger(
        who: Asking, after: str = "", limit: Annotated[int, Query(ge=1, le=2000)] = 500
    ) -> Response:
        try:
            place = events.read_place(after)
        except ValueError as error:
            fault = Fault("after", "invalid", "use the id of an event", "请用某条事实的编号")
            raise Problem(
                422, "after 不是有效的位置", "after is not a place in the ledger", [fault]
            ) from error
        async with reception.database.reading() as tx:
            found = await events.after(tx, place, _own(reception, who), limit)
        listed = sight.facts(found, scope_of(reception, who))
        return reply({"events": listed, "next": found[-1]["id"] if found else after})


async def _report(reception: Reception, report_id: UUID) -> tuple[Row | None, ReportSubmitted | None]:
    """What the database and the broker hold of a report. The broker is asked only for what the database does not
    know, so either may be away.
    """
    try:
        async with reception.database.reading() as tx:
            row = await reports.state(tx, report_id)
    except Unavailable:
        row = None  # the broker still knows whether it was accepted
    return row, await reception.accepted(report_id) if row is None or row["state"] == "refused" else None


def _senders(row: Row | None, said: ReportSubmitted | None) -> set[UUID | None]:
    return {row["submitted_by"] if row else None, said.submitted_by if said else None}


def _may_see_report(scope: Scope, asking: UUID, row: Row | None, said: ReportSubmitted | None) -> bool:
    """Whether a report is the asker's own or within her scope, by what the database or the broker holds of it."""
    if asking in _senders(row, said):
        return True
    if row is not None and row["state"] == "stored":
        return scope.holds(row["division"], row["category"], row["from_node"])
    return said is not None and scope.holds(said.division, said.report.category, said.from_node)


def _unknown(field: str, zh: str, en: str) -> Problem:
    return Problem(404, zh, en, [Fault(field, "unknown", en, zh)])


def session_body(reception: Reception, who: SignedIn) -> Mapping[str, Any]:
    """Who is signed in, where, and what time it is here."""
    person, node = who.person, reception.desk.nodes.get(who.person.node)
    return {
        "person": shown.person(person, node),
        "csrf": who.csrf,
        "county": shown.county(reception.desk.county),
        "now": reception.clock.now(),
        "clock_rate": reception.clock.rate,
        "plausibility": {
            "ask_after_hours": plausibility.ASK_AFTER // timedelta(hours=1),
            "doubtful_after_days": plausibility.DOUBTFUL_AFTER.days,
        },
    }
