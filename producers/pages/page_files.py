"""The files a page loads, held in memory under a version that is the hash of them all.

The version stands in the path (`/static/<version>/…`), so a browser may keep a file for ever, relative imports stay
inside one version, and a page never mixes old and new modules. Only what was read at the start can be asked for.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response

from rules import completeness, content
from rules.typed.table import FILE

ROOM = Path(__file__).parent
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
WORKER = "sw.js"
SHELL_FOLDERS = ("shared/", "report/", "css/", "icons/", "texts/", "elements.json", "typed.json")


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The bytes by path, and the version that names them."""

    version: str
    files: dict[str, bytes]

    def answer(self, path: str) -> Response:
        """One file; kept for ever when asked for under the current version, never when under another."""
        version, _, rest = path.partition("/")
        body = self.files.get(rest if version == self.version else path)
        if body is None:
            # A page opened before an upgrade still asks for its old version: the current file is the best answer.
            body = self.files.get(rest)
        if body is None:
            return Response("not found", status_code=404, media_type="text/plain")
        keep = "public, max-age=31536000, immutable" if version == self.version else "no-cache"
        headers = {"Cache-Control": keep, "X-Content-Type-Options": "nosniff"}
        return Response(body, media_type=TYPES[Path(path).suffix], headers=headers)

    def worker(self) -> Response:
        """The service worker: its text changes with the version, so browsers notice an upgrade."""
        shell = [f"/static/{self.version}/{name}" for name in self.files if name.startswith(SHELL_FOLDERS)]
        head = f"const VERSION = {json.dumps(self.version)};\nconst SHELL = {json.dumps(shell)};\n"
        return Response(
            head.encode() + self.files[WORKER],
            media_type=TYPES[".js"],
            headers={"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"},
        )


def load() -> PageFiles:
    """Every file below `static/` and `texts/`, the elements a report is asked for, the table of what people type."""
    static = ROOM / "static"
    files = {
        path.relative_to(static).as_posix(): path.read_bytes()
        for path in sorted(static.rglob("*"))
        if path.is_file() and path.suffix in TYPES
    }
    files |= {f"texts/{path.name}": path.read_bytes() for path in sorted((ROOM / "texts").glob("*.json"))}
    files["elements.json"] = json.dumps(elements(), ensure_ascii=False).encode()
    files["typed.json"] = FILE.read_bytes()
    digest = hashlib.sha256()
    for name, body in sorted(files.items()):
        digest.update(name.encode() + b"\0" + body + b"\0")
    return PageFiles(version=digest.hexdigest()[:12], files=files)


def elements() -> dict[str, object]:
    """What `rules/content.toml` asks of a report, so that the page needs no rules of its own."""
    asked = content.shipped()
    return {
        "elements": {key: one.model_dump(by_alias=True) for key, one in asked.elements.items()},
        "demands": [
            one.model_dump(mode="json", include={"stage", "categories", "elements"}) for one in asked.demands
        ],
        "pending": completeness.PENDING.pattern,
    }
