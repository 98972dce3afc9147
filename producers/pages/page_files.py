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
from types import MappingProxyType

from starlette.responses import Response

from producers.compress import takes_gzip
from producers.pages import bundles
from rules import completeness, content
from rules.typed import categories
from rules.typed.table import FILE
from schemas.categories import CATEGORIES
from schemas.reasons import Denial, RefuseReason
from schemas.vocabulary import Grade, Tag

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
STYLE_REMARK = re.compile(r"/\*.*?\*/\s*|^\s+", re.DOTALL | re.MULTILINE)
BUNDLE = "report/joined.js"
"""The modules of the reporter's page, joined into one file."""
STYLES, JOINED_STYLES = "css/common.css", ("css/tokens.css", "css/base.css", "css/plain.css")
"""What every page looks like, from the sign-in page on."""
APART = ("shared/once.js",)
"""Of these modules, what the sign-in page has already brought."""
SHELL = (
    BUNDLE, *APART, STYLES, "css/report.css", "texts/report.zh.json", "texts/report.en.json", "icons/icon.svg",
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

    def worker(self, accepted: str = "", page_headers: Mapping[str, str] = MappingProxyType({})) -> Response:
        """The service worker: its text changes with the version, so browsers notice an upgrade.

        `page_headers` are those of the reporter's page, for the copy that opens without a network.
        """
        shell = [f"/static/{self.version}/{name}" for name in SHELL]
        html = {"Content-Type": "text/html; charset=utf-8"} | dict(page_headers)
        said = {"VERSION": self.version, "SHELL": shell, "PAGE_HEADERS": html}
        head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in said.items())
        headers = {
            "Service-Worker-Allowed": "/",
            "Cache-Control": "no-cache",
            "Vary": "Accept-Encoding",
            # A worker is bound by the policy of its own file; without this it could fetch nothing to keep.
            "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
        }
        body = head.encode() + self.files[WORKER]
        if takes_gzip(accepted):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, 9, mtime=0)
        return Response(body, media_type=TYPES[".js"], headers=headers)


def load() -> PageFiles:
    """Every file below `static/` and `texts/`, the elements a report is asked for, the table of what people type."""
    static = ROOM / "static"
    files = {
        path.relative_to(static).as_posix(): _without_remarks(path)
        for path in sorted(static.rglob("*"))
        if path.is_file() and path.suffix in TYPES
    }
    files |= {f"texts/{path.name}": path.read_bytes() for path in sorted((ROOM / "texts").glob("*.json"))}
    files["elements.json"] = compact(elements())
    files["typed.json"] = compact(numbers_as_typed())
    files[STYLES] = b"".join(files[name] for name in JOINED_STYLES)
    files["lists.json"] = compact(lists())
    files[BUNDLE] = bundles.joined(files, "report/page.js", APART)
    files |= reporters_texts(files)
    digest = hashlib.sha256()
    for name, body in sorted(files.items()):
        digest.update(name.encode() + b"\0" + body + b"\0")
    return PageFiles(version=digest.hexdigest()[:12], files=files)


def _without_remarks(path: Path) -> bytes:
    """The file; of a script or style without what only its reader needs. What stands inside a template stays."""
    if path.suffix == ".css":
        return STYLE_REMARK.sub("", path.read_text(encoding="utf-8")).encode()
    if path.suffix != ".js":
        return path.read_bytes()
    kept, quotes = [], 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if quotes % 2 or not REMARK.fullmatch(line):
            kept.append(line if quotes % 2 else line.lstrip())
        quotes += line.count("`")
    return ("\n".join(kept) + "\n").encode()


def compact(data: object) -> bytes:
    """JSON without a blank that only a reader needs."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def reporters_texts(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The words that the reporter's script can show, by language: a township's line does not carry the console's."""
    script = files[BUNDLE].decode()

    def is_shown(key: str) -> bool:
        group, _, value = key.partition(".")
        if group == "reason":
            return value in {*RefuseReason, *Denial}
        beginnings = (f"{key[:end]}" for end in range(len(group) + 1, len(key)))
        return (
            any(spelling in script for spelling in (f'"{key}"', f'word("{group}"'))
            or any(f"`{beginning}${{" in script for beginning in beginnings)
        )  # fmt: skip

    texts = {name: json.loads(body) for name, body in files.items() if name.startswith("texts/")}
    return {
        name.replace("/", "/report."): compact({key: text for key, text in words.items() if is_shown(key)})
        for name, words in texts.items()
    }


def lists() -> dict[str, object]:
    """What a report's codes can be: categories with their everyday words, tags and grades."""
    words = categories.words()
    named = [{"id": key, "name": zh, "name_en": en, **words[key]} for key, (zh, en) in CATEGORIES.items()]
    return {"categories": named, "tags": list(Tag), "grades": list(Grade)}


def numbers_as_typed() -> dict[str, object]:
    """What a page takes of the table of what people type: signs and numbers. Words for codes only the server reads."""
    table = json.loads(FILE.read_bytes())
    fields = {
        name: {key: value for key, value in one.items() if key not in ("zh", "en")}
        for name, one in table["fields"].items()
        if "unit" in one
    }
    return {name: table[name] for name in ("signs", "numbers", "units", "before")} | {"fields": fields}


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
