"""Places in the ledger are numbers: the tenth transaction comes after the ninth."""

import asyncpg

from storage import events
from storage.database import Transaction
from tests.servers import Databases


async def test_its_last_place_is_the_latest_and_not_the_last_in_the_alphabet(
    session_databases: Databases,
) -> None:
    name = await session_databases.clone()
    connection = await asyncpg.connect(session_databases.server.dsn(name))
    try:
        for xid in ("9", "10", "2"):
            await connection.execute(
                "insert into events (xid, kind, at, body) values ($1::text::xid8, 'x', now(), '{}')", xid
            )
        place = await events.last_place(Transaction(connection))
        assert place[0] == "10"
        assert [one["id"].split(".")[0] for one in await events.after(Transaction(connection), ("2", 0), None, 9)] == [
            "2", "9", "10",
        ]  # fmt: skip
    finally:
        await connection.close()
        await session_databases.drop(name)
