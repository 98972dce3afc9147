"""More limits than the house ships, in force for one test; and the demo county's own pack with a change."""

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from jibao import county_in_force
from rules.pack_files import SHIPPED, read_folder, read_text
from tests.rules.cases import HEADER

if TYPE_CHECKING:
    from tests.world import World


def add_limits(monkeypatch: pytest.MonkeyPatch, *limits: str) -> None:
    """Put these beside the shipped packs before a world is opened; see `tests.rules.cases.limit`."""
    packs = (*read_folder(), read_text((HEADER + "".join(limits)).encode(), "test.toml"))
    monkeypatch.setattr(county_in_force, "read_folder", lambda: packs)


def demo_pack(version: str = "2026.3", *changes: tuple[str, str], more: str = "") -> str:
    """The demo county's pack as a file, under another version; each change replaces a text that stands in it."""
    text = (SHIPPED / "county_demo.toml").read_text(encoding="utf-8")
    for old, new in (('version = "2026.2"', f'version = "{version}"'), *changes):
        assert old in text, old
        text = text.replace(old, new)
    return text + more


QUICKER = ('within = "20 min"', 'within = "15 min"')
"""By phone within 15 minutes instead of 20."""


async def taken(world: "World", pack_id: str, version: str | None) -> None:
    """Wait until every role has this version on its desk; None: no pack of that id."""
    deadline = time.monotonic() + 20
    while True:
        watches = [one.watch for one in world.running.values() if one.watch is not None]
        found = {_version(watch.desk, pack_id) for watch in watches}
        if found == {version}:
            return
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.01)


def _version(desk: county_in_force.Desk | None, pack_id: str) -> str | None:
    packs = desk.packs.packs if desk is not None else ()
    return next((pack.header.version for pack in packs if pack.header.id == pack_id), None)
