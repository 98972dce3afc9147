"""A page's modules joined into one file stay what they are; what the joining does not know it refuses."""

import json
import re

import pytest

from producers.pages import page_files
from producers.pages.bundles import NotJoinable, joined
from producers.pages.page_texts import TEXTS
from rules.typed.table import FILE
from schemas.reasons import Denial, RefuseReason

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


def test_data_becomes_part_of_it_and_what_the_browser_has_stays_apart() -> None:
    files = {
        "a/page.js": b'import { once } from "../b/once.js";\nimport { data } from "../b/data.js";\nonce(data);\n',
        "b/once.js": b"export function once() {}\n",
        "b/data.js": b'const answer = await fetch(new URL("../data.json", import.meta.url));\n'
        b"export const data = await answer.json();\n",
        "data.json": '{"名": [1]}'.encode(),
    }
    text = joined(files, "a/page.js", ("b/once.js",)).decode()
    assert text.startswith('import * as m0 from "../b/once.js";\n') and "function once" not in text
    assert "const {once} = m0;" in text.replace("{ once }", "{once}")
    assert 'const answer = { json: () => ({"名": [1]}) };' in text and "fetch" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_reporters_words_hold_every_group_that_her_script_puts_together(language: str) -> None:
    words = set(json.loads(FILES[f"texts/report.{language}.json"]))
    begun = re.findall(r"`([a-z]+\.(?:\w+_)?)\$\{", BUNDLE)
    named = [f"{group}." for group in re.findall(r'\bword\("(\w+)"', BUNDLE) if group != "reason"]
    assert {"copies.", "banner.", "copies.trouble_"} <= set(begun) and "field." in named
    for beginning in (*begun, *named):
        assert {key for key in TEXTS["zh"] if key.startswith(beginning)} <= words, beginning
    assert {f"reason.{one}" for one in (*RefuseReason, *Denial)} <= words
    assert not {key for key in words if key.startswith(("fact.", "console.", "login."))}


def test_the_page_reads_numbers_by_the_servers_own_table() -> None:
    table, sent = json.loads(FILE.read_bytes()), json.loads(FILES["typed.json"])
    assert all(sent[name] == table[name] for name in ("signs", "numbers", "units", "before"))
    for name, one in table["fields"].items():
        assert ("unit" in one) is (name in sent["fields"])
        assert sent["fields"].get(name, {}).items() <= one.items()


def test_it_joins_every_module_of_the_reporters_page_and_leaves_no_import() -> None:
    apart = 'import * as m0 from "../shared/once.js";\n'
    assert BUNDLE.startswith(apart)
    assert not re.search(r"^\s*(import|export)\b", BUNDLE.removeprefix(apart), re.MULTILINE)
    assert "fetch(new URL(`../texts/" in BUNDLE and 'fetch(new URL("' not in BUNDLE, "its data is part of it"
    named = {key for key in re.findall(r'"([\w.]+)"', BUNDLE) if key in TEXTS["zh"]}
    for language in ("zh", "en"):
        assert named <= set(json.loads(FILES[f"texts/report.{language}.json"]))
