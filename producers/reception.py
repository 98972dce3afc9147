"""What every door has at hand: the broker, the database, the county in force and the clock."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError
from starlette.responses import Response

from rules.desk import Desk
from runtime.clock import Clock
from runtime.links import Links
from runtime.publish import Publisher
from runtime.settings import Settings
from runtime.stream import INTAKE
from runtime.trouble import Unavailable
from schemas.events import ReportSubmitted, subject_of
from storage.database import Database

log = logging.getLogger("jibao.doors")
STORING = "store_reports"
"""The durable consumer that stores what INTAKE holds."""


@dataclass
class Reception:
    """Shared by all doors of one process. `desk` is replaced when the county's files change."""

    settings: Settings
    client: Client
    publisher: Publisher
    database: Database
    clock: Clock
    desk: Desk
    links: Links
    stopping: list[Callable[[], None]] = field(default_factory=list)

    async def accepted(self, report_id: UUID) -> ReportSubmitted | None:
        """The report with this id as it lies on the broker's disk. Raises Unavailable."""
        jetstream = self.client.jetstream(timeout=3)
        try:
            found = await jetstream.get_last_msg(INTAKE, subject_of(report_id), direct=True)
        except NotFoundError:
            return None
        except (NatsError, JetStreamError, TimeoutError) as error:
            raise Unavailable(f"the broker does not answer: {type(error).__name__}") from error
        return ReportSubmitted.read(found.data or b"")

    async def intake_waiting(self) -> int | None:
        """How many accepted reports are not stored yet; None when the broker does not say."""
        try:
            seen = await self.client.jetstream(timeout=1).consumer_info(INTAKE, STORING)
        except (NatsError, JetStreamError, TimeoutError):
            return None
        return (seen.num_pending or 0) + (seen.num_ack_pending or 0)


def reply(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON with RFC 3339 times."""
    text = json.dumps(body, ensure_ascii=False, default=plain)
    return Response(text, status, headers=headers, media_type="application/json")


def plain(value: Any) -> Any:
    """How times, ids and shapes are written in JSON; for `json.dumps`."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no JSON form")
