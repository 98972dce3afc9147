"""The whole database as text, so that a test can say: nothing changed."""

from tests.world import World

TABLES = {
    "incidents": "incident_id",
    "reports": "report_id",
    "refusals": "refusal_id",
    "parked": "parked_id",
    "obligations": "obligation_id",
    "timeliness": "obligation_id",
    "alerts": "alert_id",
    "attempts": "attempt_id",
    "events": "seq",
    "counters": "name",
}


async def dump(world: World) -> dict[str, list[str]]:
    """Every row of every table that a fact may change."""
    return {
        table: [row[0] for row in await world.rows(f"select t::text from {table} t order by {key}")]
        for table, key in TABLES.items()
    }


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """The rows that are in one dump only, by table."""
    return {
        table: sorted(set(before[table]) ^ set(after[table]))
        for table in before
        if before[table] != after[table]
    }
