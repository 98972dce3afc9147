"""Making a system ready to run: streams, database shape, county and sign-ins; each step is safe to repeat."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from consumers.app import durables
from jibao.county_files import read_county
from jibao.secrets_file import READABLE
from producers.sign_in import hasher
from rules import rosters
from runtime.clock import Clock
from runtime.settings import Settings
from runtime.stream import connect, provision
from schemas.county import County, Person
from schemas.security import SecurityEntry, SecurityKind
from schemas.vocabulary import UserRole
from storage import credentials, people, security_log
from storage.database import Database, Transaction

FIRST_IN = (UserRole.DUTY_OFFICER, UserRole.ADMIN)
FIRST_LENGTH = 16
EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "county"


async def make_streams(settings: Settings) -> None:
    """Create or update both streams and every durable consumer."""
    client = await connect(settings)
    try:
        await provision(client.jetstream(timeout=10), durables(), settings.replicas)
    finally:
        await client.close()


async def load_county(database: Database, folder: Path) -> tuple[County, list[str]]:
    """Take over the county's files; what they do not say stays (passwords, tokens). Also who is out by it."""
    county = read_county(folder)
    async with database.transaction() as tx:
        gone = await take_over(tx, county)
    return county, gone


async def take_over(tx: Transaction, county: County) -> list[str]:
    """Put a county in force; whoever it does not name any more is out, and both is written down. Returns who."""
    gone = await people.save_county(tx, county)
    entries = [
        SecurityEntry(
            SecurityKind.PERSON_DEACTIVATED, row["person_id"], row["login"], detail={"why": "not_in_file"}
        )
        for row in gone
    ]
    loaded = SecurityEntry(
        SecurityKind.COUNTY_LOADED, detail={"county": county.code, "people": len(county.people)}
    )
    await security_log.append(tx, [*entries, loaded], Clock().now())
    return [row["login"] for row in gone]


async def county_in_force(database: Database) -> County | None:
    """The county that was loaded last."""
    async with database.reading() as tx:
        return await people.county(tx)


async def set_passwords(database: Database, password: str, logins: list[str]) -> None:
    """One password for several people, for the demo; each hash has its own salt."""
    async with database.transaction() as tx:
        for login in logins:
            found = await people.by_login(tx, login)
            if found is not None and found[1] is None:
                await people.set_password(tx, login, hasher.hash(password))


async def first_passwords(database: Database, county: County, length: int) -> list[tuple[Person, str]]:
    """A password for each duty officer and admin who has none: somebody must be able to sign in."""
    made = []
    async with database.transaction() as tx:
        for person in county.people:
            found = await people.by_login(tx, person.login) if person.role in FIRST_IN else None
            if found is not None and found[1] is None:
                password = "".join(secrets.choice(READABLE) for _ in range(length))
                await people.set_password(tx, person.login, hasher.hash(password))
                made.append((person, password))
        entries = [
            SecurityEntry(
                SecurityKind.PASSWORD_CHANGED, person.person_id, person.login, detail={"by": "first start"}
            )
            for person, _ in made
        ]
        await security_log.append(tx, entries, Clock().now())
    return made


def seats(county: County, clock: Clock) -> dict[str, Person]:
    """Who stands for each user role now: the person on duty where the roster names one, else the first of the role."""
    now, by_login = clock.now(), {person.login: person for person in county.people}
    found: dict[str, Person] = {}
    for role in UserRole:
        login = (
            rosters.holder(county, role.value, now) if role.value in {p.code for p in county.posts} else None
        )
        first = next((person for person in county.people if person.role is role), None)
        person = by_login.get(login or "") or first
        if person is not None:
            found[role.value] = person
    township = next((p for p in county.people if p.login == "reporter.103"), None)
    if township is not None:
        found[UserRole.REPORTER.value] = township
    return found


async def point_tokens(database: Database, tokens: Mapping[str, str], owners: Mapping[str, UUID]) -> None:
    """Let each demo token speak for whoever holds that seat now."""
    async with database.transaction() as tx:
        for role, token in tokens.items():
            if role in owners:
                await credentials.save_token(tx, token, owners[role], f"demo {role}")
