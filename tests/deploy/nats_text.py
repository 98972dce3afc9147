"""Reads as much of nats-server's configuration language as `deploy/nats` uses."""

import re
from pathlib import Path
from typing import Any

TOKEN = re.compile(r'\s+|#[^\n]*|(?P<quoted>"[^"]*")|(?P<mark>[{}\[\],:=])|(?P<word>[^\s{}\[\],:="]+)')


def read(path: Path) -> dict[str, Any]:
    """A file with what it includes, as a dictionary; a variable stands as `$NAME`."""
    return _Reader(path).map_until(None)


class _Reader:
    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        found = TOKEN.finditer(path.read_text(encoding="utf-8"))
        self.tokens = [(match.lastgroup, match[0]) for match in found if match.lastgroup]
        self.at = 0

    def take(self) -> tuple[str | None, str]:
        self.at += 1
        return self.tokens[self.at - 1]

    def next_is(self, *marks: str) -> bool:
        """Step over the next mark if it is one of these."""
        if self.at < len(self.tokens) and self.tokens[self.at] in {("mark", mark) for mark in marks}:
            self.at += 1
            return True
        return False

    def map_until(self, end: str | None) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self.at < len(self.tokens) and not (end and self.next_is(end)):
            if self.next_is(","):
                continue
            _, key = self.take()
            if key == "include":
                found |= read(self.folder / self.take()[1].strip('"'))
                continue
            self.next_is(":", "=")
            found[key.strip('"')] = self.value()
        return found

    def value(self) -> Any:
        if self.next_is("{"):
            return self.map_until("}")
        if self.next_is("["):
            items: list[Any] = []
            while not self.next_is("]"):
                if not self.next_is(","):
                    items.append(self.value())
            return items
        kind, text = self.take()
        return text.strip('"') if kind == "quoted" else int(text) if text.isdigit() else text
