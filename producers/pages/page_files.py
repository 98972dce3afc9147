"""The files a page loads, held in memory under a version that is the hash of them all.

The version stands in the path (`/static/<version>/…`), so a browser may keep a file for ever, relative imports stay
inside one version, and a page never mixes old and new modules. Only what was read at the start can be asked for.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.responses import Response

from producers.compress import takes_gzip
from producers.pages import bundles
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
REMARK = re.compile(r"\s*(//.*|/\*\*.*\*/)?")
"""A line of a script that does nothing."""
BUNDLE, STYLES = "report/joined.js", "css/reporter.css"
"""What a reporter's phone fetches first, each joined from many files."""
JOINED_STYLES = ("css/tokens.css", "css/base.css", "css/report.css")
SHELL = (
    BUNDLE, STYLES, "texts/report.zh.json", "texts/report.en.json", "elements.json", "typed.json", "icons/icon.svg",
)  # fmt: skip
"""What her page needs to open without a network."""


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The bytes by path, and the version that names them."""

    version: str
    files: dict[str, bytes]
    packed: dict[str, bytes] = field(default_factory=dict)
    """Each file in gzip, made when it is first asked for and kept."""

    def answer(self, path: str, accepted: str = "") -> Response:
        """One file, packed where `accepted` says so; kept for ever under the current version, never under another."""
        version, _, rest = path.partition("/")
        name = rest if version == self.version else path
        if name not in self.files:
            # A page opened before an upgrade still asks for its old version: the current file is the best answer.
            name = rest
        if name not in self.files:
            return Response("not found", status_code=404, media_type="text/plain")
        keep = "public, max-age=31536000, immutable" if version == self.version else "no-cache"
        headers = {"Cache-Control": keep, "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
        kind, body = TYPES[Path(path).suffix], self.files[name]
        if takes_gzip(accepted) and not kind.startswith("image/png"):
            headers["Content-Encoding"] = "gzip"
            body = self.packed.get(name) or self._pack(name)
        return Response(body, media_type=kind, headers=headers)

    def _pack(self, name: str) -> bytes:
        self.packed[name] = gzip.compress(self.files[name], 9, mtime=0)
        return self.packed[name]

    def worker(self) -> Response:
        """The service worker: its text changes with the version, so browsers notice an upgrade."""
        shell = [f"/static/{self.version}/{name}" for name in SHELL]
        head = f"const VERSION = {json.dumps(self.version)};\nconst SHELL = {json.dumps(shell)};\n"
        return Response(
            head.encode() + self.files[WORKER],
            media_type=TYPES[".js"],
            headers={
                "Service-Worker-Allowed": "/",
                "Cache-Control": "no-cache",
                # A worker is bound by the policy of its own file; without this it could fetch nothing to keep.
                "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
            },
        )


def load() -> PageFiles:
    """Every file below `static/` and `texts/`, the elements a report is asked for, the table of what people type."""
    static = ROOM / "static"
    files = {
        path.relative_to(static).as_posix(): _without_remarks(path)
        for path in sorted(static.rglob("*"))
        if path.is_file() and path.suffix in TYPES
    }
    files |= {f"texts/{path.name}": path.read_bytes() for path in sorted((ROOM / "texts").glob("*.json"))}
    files |= reporters_texts(files)
    files["elements.json"] = json.dumps(elements(), ensure_ascii=False).encode()
    files["typed.json"] = json.dumps(json.loads(FILE.read_bytes()), ensure_ascii=False).encode()
    files[BUNDLE] = bundles.joined(files, "report/page.js")
    files[STYLES] = b"".join(files[name] for name in JOINED_STYLES)
    digest = hashlib.sha256()
    for name, body in sorted(files.items()):
        digest.update(name.encode() + b"\0" + body + b"\0")
    return PageFiles(version=digest.hexdigest()[:12], files=files)


def _without_remarks(path: Path) -> bytes:
    """The file; of a script without the lines that only its reader needs. What stands inside a template stays."""
    if path.suffix != ".js":
        return path.read_bytes()
    kept, quotes = [], 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if quotes % 2 or not REMARK.fullmatch(line):
            kept.append(line)
        quotes += line.count("`")
    return ("\n".join(kept) + "\n").encode()


def reporters_texts(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The words that the reporter's page can show, by language: a township's line does not carry the console's."""
    folders = ("shared/", "report/")
    scripts = "".join(
        body.decode() for name, body in files.items() if name.startswith(folders) and name.endswith(".js")
    )

    def is_shown(key: str) -> bool:
        group = key.partition(".")[0]
        return any(
            spelling in scripts for spelling in (f'"{key}"', f'"{group}"', f'"{group}."', f"`{group}.")
        )

    texts = {name: json.loads(body) for name, body in files.items() if name.startswith("texts/")}
    return {
        name.replace("/", "/report."): json.dumps(
            {key: text for key, text in words.items() if is_shown(key)}, ensure_ascii=False
        ).encode()
        for name, words in texts.items()
    }


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
