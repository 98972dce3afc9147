"""What a screen says of a sender who sends more than it shows: how many more there are, and whose they are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rules.desk import Desk
from storage.database import Row
from storage.incidents import Urgent


def folded(listed: Sequence[dict[str, Any]], urgent: Urgent, desk: Desk) -> list[dict[str, Any]]:
    """The same list, each with `folded`: on the newest of a sender the number of those not shown, else null.

    They are listed by `GET /api/v1/incidents?sender=`.
    """
    newest: dict[UUID, Row] = {}
    for row in urgent.rows:
        sender = row["sender"]
        if sender in urgent.folded and (
            sender not in newest or row["received_at"] > newest[sender]["received_at"]
        ):
            newest[sender] = row
    marked = {row["incident_id"]: _folded(sender, urgent, desk) for sender, row in newest.items()}
    return [one | {"folded": marked.get(one["incident_id"])} for one in listed]


def _folded(sender: UUID, urgent: Urgent, desk: Desk) -> dict[str, Any]:
    person = desk.people.get(sender)
    node = desk.nodes.get(person.node) if person else None
    return {
        "count": urgent.folded[sender],
        "sender": sender,
        "sender_name": person.name if person else None,
        "node": node.code if node else None,
        "node_name": node.name if node else None,
    }
