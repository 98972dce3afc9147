"""What the owner of the database does, as `jibao county` does it: load a county's files, make tokens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from jibao.prepare import take_over
from runtime.settings import Settings
from schemas.county import County
from storage.database import Database
from tests.world import World


@asynccontextmanager
async def owner(world: World) -> AsyncIterator[Database]:
    """The owner's connection for the block."""
    url = world.settings["doors"].database_url
    database = await Database.connect(Settings("owner", "", "", "", url, "", ""), 1)
    try:
        yield database
    finally:
        await database.close()


async def load(world: World, county: County) -> list[str]:
    """Put a county in force while everything runs; who is out by it."""
    async with owner(world) as database, database.transaction() as tx:
        return await take_over(tx, county)


def without(county: County, *logins: str) -> County:
    """The county's files without these people, nor their turns of duty."""
    return changed(county, {login: None for login in logins})


def changed(county: County, changes: dict[str, dict[str, Any] | None]) -> County:
    """The county's files with other people: by login what is different, None for whoever is not there any more."""
    people = []
    for person in county.people:
        change = changes.get(person.login, {})
        if change is not None:
            people.append(person.model_copy(update=change))
    return county.model_copy(update={"people": tuple(people)})
