"""A window of time in which our own intake could take a report, or in which no door could."""

from datetime import datetime

from pydantic import AwareDatetime

from schemas.shape import Shape


class Window(Shape):
    """Half-open: its start belongs to it, its end does not."""

    started_at: AwareDatetime
    ended_at: AwareDatetime

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.started_at <= moment < self.ended_at
