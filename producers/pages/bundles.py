"""Joins the modules of one page into one file, once at the start, so that a phone fetches one file and not thirty.

The modules stay the source and are served as they are besides. The joining knows what our own modules use and refuses
the rest: named imports at the top, `export` before a declaration, no cycles. Data that a module fetches from a file of
ours becomes part of it; a module that the phone has already from the sign-in page stays a file of its own.
"""

import posixpath
import re
from collections.abc import Collection, Mapping

IMPORT = re.compile(
    r'^import (?:\{(?P<names>[^}]*)\}|\* as (?P<all>\w+)) from "(?P<path>\.[^"]+)";\n', re.MULTILINE
)
EXPORT = re.compile(r"^export (?P<rest>(?:async )?(?:function|class|const) (?P<name>\w+))", re.MULTILINE)
DATA = re.compile(r'await fetch\(new URL\("(?P<path>\.[^"$]+\.json)", import\.meta\.url\)\)')
REMARK = re.compile(r"^[ ]*//[^\n]*\n|^[ ]*/\*\*[\s\S]*?\*/\n|^\n", re.MULTILINE)


class NotJoinable(Exception):
    """A module uses something that the joining does not know; the message names the file."""


def joined(files: Mapping[str, bytes], entry: str, apart: Collection[str] = ()) -> bytes:
    """All modules that `entry` needs, each after those it imports, in one module that lies beside `entry`.

    Those named in `apart` are imported as they are.
    """
    parts: list[str] = []
    names = {path: f"m{n}" for n, path in enumerate(apart)}
    for path, name in names.items():
        parts.append(f'import * as {name} from "{_beside(entry, path)}";\n')
    _add(files, entry, names, parts, ())
    return "".join(parts).encode()


def _add(
    files: Mapping[str, bytes], path: str, names: dict[str, str], parts: list[str], above: tuple[str, ...]
) -> None:
    if path in names:
        return
    if path in above:
        raise NotJoinable(f"{' → '.join((*above, path))}: modules import each other in a circle")
    text = files[path].decode()
    for found in IMPORT.finditer(text):
        _add(files, _target(path, found["path"]), names, parts, (*above, path))
    names[path] = f"m{len(names)}"
    text = DATA.sub(lambda found: _held(files[_target(path, found["path"])]), text)
    parts.append(_part(path, text, names, above))


def _held(data: bytes) -> str:
    """What stands for the answer to a fetch of a JSON file: JSON is JavaScript."""
    return f"{{ json: () => ({data.decode()}) }}"


def _beside(entry: str, path: str) -> str:
    found = posixpath.relpath(path, posixpath.dirname(entry))
    return found if found.startswith(".") else f"./{found}"


def _part(path: str, text: str, names: dict[str, str], above: tuple[str, ...]) -> str:
    entry = above[0] if above else path
    exports = [found["name"] for found in EXPORT.finditer(text)]
    body = REMARK.sub("", IMPORT.sub(lambda found: _taken(path, found, names), EXPORT.sub(r"\g<rest>", text)))
    if re.search(r"^(import|export)\b", body, re.MULTILINE):
        raise NotJoinable(f"{path}: an import or export that the joining does not know")
    own = posixpath.relpath(path, posixpath.dirname(entry))
    body = body.replace("import.meta.url", f'new URL("{own}", import.meta.url)')
    return f"const {names[path]} = await (async () => {{\n{body}return {{ {', '.join(exports)} }};\n}})();\n"


def _taken(path: str, found: "re.Match[str]", names: dict[str, str]) -> str:
    source = names[_target(path, found["path"])]
    taken = found["all"] or "{" + found["names"].replace(" as ", ": ") + "}"
    return f"const {taken} = {source};\n"


def _target(path: str, asked: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), asked))
