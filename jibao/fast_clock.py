"""The demo's clock: starts at the present moment and runs `speed` times faster, the same for all roles."""

from datetime import UTC, datetime

from runtime.clock import Clock


def clock_text(speed: float, started: datetime | None = None) -> str:
    """The `JIBAO_CLOCK` setting; empty for real time."""
    if speed == 1.0 and started is None:
        return ""
    now = datetime.now(UTC)
    return str(Clock(now, started or now, speed))
