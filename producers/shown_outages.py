"""Why an obligation is disputed: the outage of ours in which its limit ran out, with its cause."""

from collections.abc import Callable, Sequence
from typing import Any

from producers import shown
from runtime.clock import Clock
from schemas.reasons import SettleReason
from storage import intake
from storage.database import Row, Transaction


async def explaining(tx: Transaction, owed: Sequence[Row], clock: Clock) -> Callable[[Row], dict[str, Any]]:
    """How each of these obligations is shown: with the `outage` that excuses it, or null."""
    disputed = [row["due_at"] for row in owed if row["reason"] == SettleReason.OUR_OUTAGE]
    gaps = await intake.gaps_around(tx, disputed, clock)

    def show(row: Row) -> dict[str, Any]:
        is_ours = row["reason"] == SettleReason.OUR_OUTAGE
        around = next((gap for gap in gaps if gap.holds(row["due_at"])), None) if is_ours else None
        return shown.obligation(row) | {"outage": around}

    return show
