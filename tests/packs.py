"""More limits than the house ships, in force for one test."""

import pytest

from jibao import county_in_force
from rules.pack_files import read_folder, read_text
from tests.rules.cases import HEADER


def add_limits(monkeypatch: pytest.MonkeyPatch, *limits: str) -> None:
    """Put these beside the shipped packs before a world is opened; see `tests.rules.cases.limit`."""
    packs = (*read_folder(), read_text((HEADER + "".join(limits)).encode(), "test.toml"))
    monkeypatch.setattr(county_in_force, "read_folder", lambda: packs)
