"""A page's modules joined into one file stay what they are; what the joining does not know it refuses."""

import json
import re

import pytest

from producers.pages import page_files
from producers.pages.bundles import NotJoinable, joined
from producers.pages.page_texts import TEXTS

FILES = page_files.load().files
BUNDLE = FILES[page_files.BUNDLE].decode()


def test_it_puts_each_module_after_those_it_imports_and_only_once() -> None:
    files = {
        "a/page.js": b'import { one } from "./one.js";\nimport * as all from "../b/two.js";\none(all.two);\n',
        "a/one.js": b'import { two as other } from "../b/two.js";\nexport function one() { return other; }\n',
        "b/two.js": b"// A remark.\nexport const two = import.meta.url;\n",
    }
    text = joined(files, "a/page.js").decode()
    assert text.count("const two =") == 1
    assert text.index("const two =") < text.index("function one") < text.index("one(all.two)")
    assert "const { two: other } = m0;" in text and "const all = m0;" in text
    assert 'new URL("../b/two.js", import.meta.url)' in text
    assert "A remark" not in text


@pytest.mark.parametrize(
    "files",
    [
        {
            "a.js": b'import { b } from "./b.js";\nexport const a = 1;\n',
            "b.js": b'import { a } from "./a.js";\n',
        },
        {"a.js": b'import b from "./b.js";\n', "b.js": b"export default 1;\n"},
        {"a.js": b"export let a = 1;\n"},
    ],
    ids=["a circle", "a default", "a variable"],
)
def test_it_refuses_what_it_does_not_know(files: dict[str, bytes]) -> None:
    with pytest.raises(NotJoinable):
        joined(files, "a.js")


def test_it_joins_every_module_of_the_reporters_page_and_leaves_no_import() -> None:
    assert not re.search(r"^\s*(import|export)\b", BUNDLE, re.MULTILINE)
    named = {key for key in re.findall(r'"([\w.]+)"', BUNDLE) if key in TEXTS["zh"]}
    for language in ("zh", "en"):
        assert named <= set(json.loads(FILES[f"texts/report.{language}.json"]))
