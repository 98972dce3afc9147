"""Packs in the database: added to by the doors alone, never changed, and at each moment one version of each holds."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from runtime.settings import Settings
from storage import packs, people
from storage.database import Database
from storage.migrate import ROLES
from storage.packs import Upload
from tests.counties import demo_county
from tests.servers import PASSWORDS, TEMPLATE, Databases
from tests.storage.test_privileges import attempt

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
DAY = timedelta(days=1)
DOORS, CONSUMERS, CLOCK, RELAY = ROLES
ADD = (
    "insert into packs (pack_id, version, body, sha256, uploaded_by, uploaded_at, in_force_from)"
    " values ('county.x', '1', '', '', gen_random_uuid(), '2026-11-23', '2026-11-24')"
)


@pytest.fixture
async def database(session_databases: Databases) -> AsyncIterator[Database]:
    """A database with the demo county's people, as its owner."""
    name = await session_databases.clone()
    opened = await Database.connect(
        Settings("owner", "", "", "", session_databases.server.dsn(name), "", ""), 2
    )
    async with opened.transaction() as tx:
        await people.save_county(tx, demo_county())
    yield opened
    await opened.close()
    await session_databases.drop(name)


async def put(database: Database, version: str, begins: datetime, pack_id: str = "county.demo") -> int:
    by = demo_county().people[0].person_id
    upload = Upload(pack_id, version, f"# {version}", "x", by, NOW, begins)
    async with database.transaction() as tx:
        await packs.hold(tx)
        return (await packs.add(tx, upload)).seq


async def standing(database: Database, now: datetime, without: tuple[int, ...] = ()) -> list[tuple[str, str]]:
    async with database.reading() as tx:
        return [(one.pack_id, one.version) for one in await packs.in_force(tx, now, without)]


async def test_it_holds_of_each_pack_the_version_that_came_into_force_last(database: Database) -> None:
    await put(database, "2", NOW + DAY)
    await put(database, "1", NOW)
    await put(database, "a", NOW, "county.other")
    assert await standing(database, NOW - DAY) == []
    assert await standing(database, NOW) == [("county.demo", "1"), ("county.other", "a")]
    assert await standing(database, NOW + DAY) == [("county.demo", "2"), ("county.other", "a")]


async def test_of_two_for_the_same_moment_the_later_upload_holds(database: Database) -> None:
    await put(database, "1", NOW)
    await put(database, "2", NOW)
    assert await standing(database, NOW) == [("county.demo", "2")]


async def test_it_goes_back_to_the_version_before_one_that_cannot_be_read(database: Database) -> None:
    await put(database, "1", NOW)
    broken = await put(database, "2", NOW + DAY)
    assert await standing(database, NOW + DAY, (broken,)) == [("county.demo", "1")]


async def test_its_mark_changes_when_and_only_when_another_version_holds(database: Database) -> None:
    async def mark(now: datetime) -> packs.Mark:
        async with database.reading() as tx:
            return await packs.mark(tx, now)

    assert await mark(NOW) == packs.Mark("", None)
    await put(database, "1", NOW + DAY)
    assert await mark(NOW) == packs.Mark("", NOW + DAY)
    assert (await mark(NOW + DAY)).standing != ""
    assert (await mark(NOW + DAY)).next_at is None
    assert await mark(NOW + 9 * DAY) == await mark(NOW + DAY)


async def test_it_tells_every_upload_without_its_text_and_who_it_was(database: Database) -> None:
    await put(database, "1", NOW)
    await put(database, "2", NOW)
    async with database.reading() as tx:
        rows = await packs.history(tx, 10)
        (one,) = await packs.of_version(tx, "county.demo", "1")
    assert [row["version"] for row in rows] == ["2", "1"]
    assert rows[0]["uploaded_by_name"] == demo_county().people[0].name and "body" not in rows[0]
    assert one.body == "# 1"


async def test_it_changes_no_rule_of_yesterday(database: Database) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await put(database, "1", NOW - DAY)


@pytest.mark.parametrize("role", ROLES)
async def test_nobody_changes_or_deletes_a_pack(session_databases: Databases, role: str) -> None:
    for sql in ("update packs set body = 'x'", "delete from packs", "truncate packs"):
        assert await attempt(session_databases, role, sql) == "InsufficientPrivilegeError", sql


@pytest.mark.parametrize(("role", "reads"), [(DOORS, True), (CONSUMERS, True), (CLOCK, True), (RELAY, False)])
async def test_only_the_doors_add_one_and_who_decides_by_them_reads_them(
    session_databases: Databases, role: str, reads: bool
) -> None:
    assert (await attempt(session_databases, role, "select * from packs") is None) is reads
    error = await attempt(session_databases, role, ADD)
    assert error == ("ForeignKeyViolationError" if role == DOORS else "InsufficientPrivilegeError")


async def test_it_keeps_other_uploads_waiting_until_one_is_stored(session_databases: Databases) -> None:
    """The lock itself, seen from another session: held until the transaction ends."""
    dsn = session_databases.server.dsn(TEMPLATE)
    one = await asyncpg.connect(dsn, user=DOORS, password=PASSWORDS[DOORS])
    other = await asyncpg.connect(dsn, user=DOORS, password=PASSWORDS[DOORS])
    free = "select only_row from pack_turn for update skip locked"
    async with one.transaction():
        await one.execute(packs.sql["hold"])
        assert await other.fetchval(free) is None
    assert await other.fetchval(free) is True
    await one.close()
    await other.close()
