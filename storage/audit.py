"""The auditor's questions: each finds what must never be, and counts it."""

from datetime import datetime

from storage.database import Transaction, queries

sql = queries("audit")
QUICK = ("overdue_unmarked", "alerts_stuck", "incidents_untold")
THOROUGH = ("open_without_next", "settled_unrecorded", "recorded_wrongly")
ONLY_NOW = {"overdue_unmarked", "alerts_stuck", "settled_unrecorded", "incidents_untold"}


async def violations(
    tx: Transaction, checks: tuple[str, ...], now: datetime, grace_seconds: float
) -> dict[str, int]:
    """How many rows each check finds; anything above 0 is a defect of ours."""
    found = {}
    for check in checks:
        arguments = (now, grace_seconds) if check in ONLY_NOW else ()
        row = await tx.row(sql[check], *arguments)
        found[check] = int(row["found"]) if row else 0
    return found
