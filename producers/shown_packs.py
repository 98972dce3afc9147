"""How packs and uploads look to the outside: which stand, since when, and by whom."""

import tomllib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rules.desk import Desk
from rules.limits import Pack
from rules.pack_files import SHIPPED, Problem
from rules.places import covers
from rules.typed.encoding import decode
from storage.database import Row
from storage.packs import Adopted

KEYS = (
    "pack_id",
    "version",
    "sha256",
    "uploaded_at",
    "uploaded_by",
    "uploaded_by_name",
    "in_force_from",
    "note",
)


def listing(desk: Desk, rows: Sequence[Row], now: datetime) -> dict[str, Any]:
    """What stands on this desk, what comes, and every upload, the last first."""
    uploads = [{key: row[key] for key in KEYS} for row in rows]
    begun = sorted(
        (row for row in rows if row["in_force_from"] <= now),
        key=lambda row: (row["in_force_from"], row["seq"]),
        reverse=True,
    )
    division = desk.nodes[desk.county.code].division
    return {
        "now": now,
        "packs": [
            head(pack) | {"here": covers(pack.header.region, division)} | _origin(pack, begun)
            for pack in desk.packs.packs
        ],
        "coming": [one for one in uploads if one["in_force_from"] > now],
        "uploads": uploads,
    }


def head(pack: Pack) -> dict[str, Any]:
    """What a pack says of itself."""
    header = pack.header
    return {
        "pack_id": header.id,
        "version": header.version,
        "title": header.title,
        "title_en": header.title_en,
        "region": header.region,
        "limits": len(pack.limits),
        "fictional": header.fictional,
    }


def _origin(pack: Pack, begun: Sequence[Row]) -> dict[str, Any]:
    """The upload by which it stands; none for what came with the program."""
    name = (pack.header.id, pack.header.version)
    row = next((one for one in begun if (one["pack_id"], one["version"]) == name), None)
    keys = ("in_force_from", "uploaded_at", "uploaded_by_name", "note")
    return {"shipped": row is None} | {key: row[key] if row else None for key in keys}


def adopted(row: Adopted, by: str) -> dict[str, Any]:
    """An upload that was just taken."""
    said = {key: getattr(row, key) for key in KEYS if key != "uploaded_by_name"}
    return said | {"uploaded_by_name": by}


def problem(one: Problem, language: str) -> dict[str, Any]:
    """Where it stands, what is wrong, what is allowed; `line` says it all in the asker's language."""
    return one.as_json() | {"line": one.said(language)}


def shipped_text(pack_id: str, version: str | None) -> str | None:
    """The file of a pack that came with the program; reads the folder."""
    for path in sorted(SHIPPED.glob("*.toml")):
        text = decode(path.read_bytes())
        header = tomllib.loads(text).get("pack", {})
        if (header.get("id"), header.get("version")) == (pack_id, version):
            return text
    return None
