"""A window of time in which our own intake could take a report, or in which no door could, and why not."""

from datetime import datetime

from pydantic import AwareDatetime

from schemas.reasons import OutageCause
from schemas.shape import Shape


class Window(Shape):
    """Half-open: its start belongs to it, its end does not. `cause`: why no door served in it, or before it."""

    started_at: AwareDatetime
    ended_at: AwareDatetime
    cause: OutageCause = OutageCause.ALL_DOORS_SILENT

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.started_at <= moment < self.ended_at
