"""What a reporter must do next: the open obligations of her own node, and who has taken its incidents on."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from producers.reception import Reception, reply
from producers.sign_in import SignedIn, demand
from schemas.categories import CATEGORIES
from storage import incidents, obligations
from storage.database import Row

SHOWN_DUTIES = 50
SHOWN_INCIDENTS = 20
DUTY_KEYS = (
    "obligation_id", "incident_id", "to_node", "to_role", "to_name", "to_name_en", "stage", "medium", "occurrence",
    "due_at", "breached_at",
)  # fmt: skip
INCIDENT_KEYS = (
    "incident_id", "number", "title", "category", "grade", "state", "received_at", "acknowledged_at",
    "acknowledged_by_name", "acknowledged_by_name_en",
)  # fmt: skip


async def _asking(request: Request) -> SignedIn:
    return demand(await request.app.state.gate.who(request.headers, request.cookies))


Asking = Annotated[SignedIn, Depends(_asking)]


def make_router(reception: Reception) -> APIRouter:
    """The one question; it is narrowed to the asker's own node, whatever else she may see."""
    router = APIRouter(prefix="/api/v1", tags=["read"])

    @router.get("/duties", summary="what the asker's own node must still report, the most urgent first")
    async def duties(who: Asking) -> Response:
        node = who.person.node
        async with reception.database.reading() as tx:
            due = await obligations.open_of_node(tx, node, SHOWN_DUTIES)
            named = sorted({row["incident_id"] for row in due})
            followed = await incidents.followed(tx, node, named, SHOWN_INCIDENTS)
        return reply(
            {
                "person_id": who.person.person_id,
                "now": reception.clock.now(),
                "clock_rate": reception.clock.rate,
                "duties": [_duty(row, reception) for row in due],
                "incidents": [_incident(row) for row in followed],
            }
        )

    return router


def _duty(row: Row, reception: Reception) -> dict[str, Any]:
    """One obligation with the phone of whoever receives it; the duty room's where that node has none."""
    node = reception.desk.nodes.get(row["to_node"] or "")
    phone = (node.phone if node else None) or reception.desk.county.phone
    return {key: row[key] for key in DUTY_KEYS} | {"to_phone": phone}


def _incident(row: Row) -> dict[str, Any]:
    zh, en = CATEGORIES.get(row["category"], (row["category"], row["category"]))
    return {key: row[key] for key in INCIDENT_KEYS} | {"category_name": zh, "category_name_en": en}
