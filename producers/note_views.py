"""Who looked at which incident → the security log: once per person, incident and hour, however often a page asks."""

import logging
import time
from uuid import UUID

from cachetools import TTLCache

from producers.credentials import SignedIn
from producers.reception import Reception
from runtime.trouble import Unavailable
from schemas.security import SecurityEntry, SecurityKind
from storage import security_log

log = logging.getLogger("jibao.doors.views")
PER_SECONDS = 3600.0
KNOWN_AT_MOST = 50_000


class Views:
    """Writes down who looked at what."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._noted: TTLCache[tuple[UUID, UUID], bool] = TTLCache(KNOWN_AT_MOST, PER_SECONDS, time.monotonic)

    async def note(self, who: SignedIn, incident_id: UUID) -> None:
        """This person was shown this incident; a database that is away hides nothing from her."""
        person = who.person
        if (person.person_id, incident_id) in self._noted:
            return
        self._noted[person.person_id, incident_id] = True
        detail = {"incident_id": str(incident_id)}
        entry = SecurityEntry(SecurityKind.INCIDENT_VIEWED, person.person_id, person.login, detail=detail)
        try:
            async with self._reception.database.transaction() as tx:
                await security_log.append(tx, [entry], self._reception.clock.now())
        except Unavailable as error:
            self._noted.pop((person.person_id, incident_id), None)
            log.warning("a view was not written down: %s", error)
