"""The one error of the embedded servers: it always says what failed, why, and where the log is."""

from collections.abc import Sequence
from pathlib import Path

REAL_DATABASE = "or set JIBAO_DATABASE_URL to a real server"


class EmbeddedServerError(Exception):
    """An embedded server could not be found, started or reached. The message stands alone, one line first."""

    def __init__(
        self, what: str, why: str, *, log: Path | None = None, log_lines: Sequence[str] = ()
    ) -> None:
        self.what = what
        self.why = why
        self.log = log
        self.log_lines = tuple(log_lines)
        super().__init__(what, why)

    def __str__(self) -> str:
        lines = [f"{self.what}: {self.why}"]
        if self.log is not None:
            lines.append(f"  its log: {self.log}")
        lines += [f"  | {line}" for line in self.log_lines]
        return "\n".join(lines)
