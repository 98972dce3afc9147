"""How a test's county is set up, and how it sees that all its roles have nothing left to do."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

import asyncpg

from consumers.app import durables
from jibao import roles
from runtime.settings import Settings
from runtime.stream import connect, provision
from schemas.county import County
from storage import credentials, people
from storage.database import Database
from tests.counties import on_duty
from tests.reports import START
from tests.servers import PASSWORDS

if TYPE_CHECKING:
    from tests.world import World

LINK_KEY = "a key for tests only"
NAMED = {"reporter": "reporter.103", "auditor": "auditor.wu", "admin": "admin"}


def role_settings(role: str, nats_url: str, database_url: str) -> Settings:
    """Least rights, as in the field."""
    return Settings(
        role=role,
        nats_url=nats_url,
        nats_user=role,
        nats_password=PASSWORDS.get(role, ""),
        database_url=database_url,
        database_user=f"jibao_{role}",
        database_password=PASSWORDS.get(f"jibao_{role}", ""),
        base_url="http://127.0.0.1",
        link_key=LINK_KEY,
    )


def logins(county: County, moment: datetime) -> dict[str, str]:
    """Whose token a test uses: each person by login, and by role whoever is on duty at that moment."""
    now = on_duty(county, moment)
    by_role = NAMED | {"duty_officer": now.duty_officer.login, "duty_leader": now.duty_leader.login}
    return by_role | {person.login: person.login for person in county.people}


async def prepare(world: "World", database_url: str) -> None:
    """Streams, county, people and tokens: what `jibao up` and `jibao county load` do."""
    for role in (*roles.ROLES, "admin", "test"):
        world.settings[role] = role_settings(role, world.broker.url, database_url)
    world.peek = await asyncpg.connect(database_url)
    world._admin = await connect(world.settings["admin"])
    world.peek_nats = await connect(world.settings["test"])
    await provision(world.jetstream, durables())
    owner = Settings("owner", "", "", "", database_url, "", "")
    database = await Database.connect(owner, 1)
    by_login = {person.login: person for person in world.county.people}
    async with database.transaction() as tx:
        await people.save_county(tx, world.county)
        for name, login in token_owners(world.county).items():
            world.tokens[name] = f"token-of-{name}"
            await credentials.save_token(tx, world.tokens[name], by_login[login].person_id, name)
    await database.close()


def token_owners(county: County) -> dict[str, str]:
    """Logins by the name of their token, as of the start of a test; an empty seat has no token."""
    try:
        return logins(county, START)
    except KeyError:
        return NAMED | {person.login: person.login for person in county.people}


async def waiting(world: "World", of: Collection[str] = ()) -> dict[str, int]:
    """What each role still has to do, of those that run in the test itself unless told; all zero in a calm house."""
    counts: dict[str, int] = {}
    running = of or world.running
    if "relay" in running:
        counts["relay"] = await world.peek.fetchval(
            "select count(*) from events e, relay_position p where (e.xid, e.seq) > (p.xid, p.seq)"
        )
    if "clock" in running:
        counts["due"] = await world.peek.fetchval(
            "select (select count(*) from obligations where next_at <= $1)"
            " + (select count(*) from alerts where next_at <= $1)",
            world.clock.now(),
        )
    if "consumers" in running and not any(counts.values()):
        counts |= await _pending(world.jetstream)
    return counts


async def _pending(jetstream: Any) -> dict[str, int]:
    asked = durables()
    infos = await asyncio.gather(*(jetstream.consumer_info(one.stream, one.name) for one in asked))
    return {one.name: info.num_pending + info.num_ack_pending for one, info in zip(asked, infos, strict=True)}


async def next_moment(world: "World") -> datetime | None:
    """When the clock rings next."""
    found: datetime | None = await world.peek.fetchval(
        "select least((select min(next_at) from obligations where next_at is not null),"
        " (select min(next_at) from alerts where next_at is not null))"
    )
    return found
