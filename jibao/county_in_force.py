"""The county in force as a desk, read at the start of a role and again when its files or people change."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from jibao.workdays import known_holidays
from rules.desk import Desk
from rules.pack_files import read_folder
from rules.packs import Packs
from runtime.trouble import Unavailable
from storage import people
from storage.database import Database

log = logging.getLogger("jibao.county")
LOOK_EVERY = 5.0


async def load_desk(database: Database) -> Desk:
    """Read county and packs. Raises Unavailable until a county has been loaded."""
    async with database.reading() as tx:
        county = await people.county(tx)
    if county is None:
        raise Unavailable("no county has been loaded yet; run `jibao county load DIR`")
    return Desk.of(county, Packs(read_folder(), holidays=known_holidays()))


class Watch:
    """Looks for a newer county file and hands a new desk over."""

    def __init__(self, database: Database, use: Callable[[Any], None]) -> None:
        self._database = database
        self._use = use
        self._version: int | None = None

    async def run(self) -> None:
        """Look every few seconds; one indexed row."""
        while True:
            try:
                async with self._database.reading() as tx:
                    version = await people.county_version(tx)
                if self._version is not None and version != self._version:
                    self._use(await load_desk(self._database))
                    log.info("county file version %s is in force", version)
                self._version = version
            except Unavailable as error:
                log.warning("waiting: %s", error)
            await asyncio.sleep(LOOK_EVERY)
