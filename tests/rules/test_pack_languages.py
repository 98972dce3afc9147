"""Whatever is wrong with a pack is said in Chinese as fully as in English: one line, the same key, nothing left out."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from rules import content
from rules.adoption import objections
from rules.pack_check import check
from rules.pack_files import MAX_BYTES, PackError, read_file, read_folder, read_text
from rules.pack_problems import Problem
from rules.pack_proof import prove
from tests.rules import test_content, test_pack_files, test_pack_laxity
from tests.rules.cases import HEADER, criterion, limit
from tests.rules.test_pack_check import CANNOT_WORK
from tests.rules.test_pack_gaps import DATA
from tests.rules.test_pack_laxity import LATER
from tests.rules.test_pack_never import ENDED, NEVER, OTHER_DAYS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
DAY = date(2026, 11, 23)

TEXTS = [
    # packs, most of which pydantic refuses in words of its own
    b"x" * (MAX_BYTES + 1),
    b'title = "\xff"',
    b"[" * 100_000,
    b"",
    b"pack = 1\nlimit = 2\ndocuments = 3",
    b'limit = ["x"]',
    HEADER + limit(id=None),
    HEADER + limit(id="十"),
    HEADER + limit(title=""),
    HEADER + limit(title="长" * 301),
    HEADER + limit("note = 7"),
    HEADER + limit("skip_level = 3"),
    HEADER + limit("content = 3"),
    HEADER + limit(applies="3"),
    HEADER + limit(within=None, text="days = 0"),
    HEADER + limit(within=None, text="days = 999"),
    HEADER + limit(within=None, text="days = 1.5"),
    HEADER + limit(within=None, text='at = ["08:00"]\nwindow = true'),
    HEADER + limit('not_later_than = { clock = "known", within = "1 h" }\nelapsed = "3 h"'),
    HEADER + limit('elapsed = "3 h"', clock="stopped"),
    HEADER + limit(within=None, text='every = "2 h"\nelapsed = "3 h"'),
    *(
        HEADER + limit(applies=f"{{ quantities = {{ deaths = {one} }} }}")
        for one in ("3", "{}", '{ min = "x" }', "{ min = -1 }", "{ below = 0 }", "{ min = nan }")
    ),
    *(
        HEADER.replace("in_force_from = 2000-01-01", f"in_force_from = {one}") + limit()
        for one in ("3", "true", '"soon"', "2000-01-01T01:00:00")
    ),
    HEADER.replace("[documents.d]", "[documents.e]") + limit(),
    HEADER.replace("[pack]", '[pack]\nremind_before = "60 min"') + limit(),
    HEADER + '[documents.e]\ndocument = "x"\nissuer = "y"\nin_force_from = 2000-01-01\n' + limit(),
    HEADER + criterion() + criterion(id='"C2"', grade='"II"', quantities="{ deaths = { min = 1 } }"),
    *(HEADER + row[0] for row in (*CANNOT_WORK, *NEVER)),
    *(ENDED + limit(citation=f'{{ of = "d", status = "V1", {days} }}') for days, _ in OTHER_DAYS),
]


def of_text(text: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with a pack, whether it can be read or not."""
    try:
        pack = read_text(text if isinstance(text, bytes) else text.encode(), "mine.toml")
    except PackError as error:
        return error.problems
    return tuple(check([("mine.toml", pack)]))


def of_bad_files() -> Iterator[Problem]:
    for path in sorted(test_pack_files.BAD.glob("*.toml")):
        with pytest.raises(PackError) as caught:
            read_file(path)
        yield from caught.value.problems


def of_elements() -> Iterator[Problem]:
    for old, new, _ in test_content.BAD:
        with pytest.raises(PackError) as caught:
            content.read_text(test_content.changed(old, new), "content.toml")
        yield from caught.value.problems


def of_offices_own() -> Iterator[Problem]:
    """Gaps, dead ends, laxer limits, and what stands against putting them in force in another county."""
    shipped = read_folder()
    for path in sorted(DATA.glob("*.toml")):
        pack = read_file(path)
        yield from prove([(path.name, pack)], shipped, DAY)
        yield from objections(pack, path.name, "9902", shipped)
    for own, above in LATER:
        yield from test_pack_laxity.findings(limit(**own), limit(**above))
    whole_country = read_text((HEADER + limit(id="N06")).encode(), "mine.toml")
    yield from objections(whole_country, "mine.toml", "990101", shipped)


def of_two_packs() -> Iterator[Problem]:
    packs = [
        (name, read_text((HEADER + limit() + criterion()).encode(), name)) for name in ("a.toml", "b.toml")
    ]
    yield from check(packs)


PROBLEMS = [
    *(one for text in TEXTS for one in of_text(text)),
    *of_bad_files(),
    *of_elements(),
    *of_offices_own(),
    *of_two_packs(),
]


def test_each_text_of_the_table_has_something_wrong_with_it() -> None:
    assert [text for text in TEXTS if not of_text(text)] == []


@pytest.mark.parametrize("one", PROBLEMS, ids=lambda one: f"{one.file}-{one.limit}-{one.key}")
def test_each_problem_has_a_chinese_sentence_beside_the_english_one(one: Problem) -> None:
    assert CHINESE.search(one.wrong.zh) and one.wrong.zh != one.wrong.en
    assert bool(one.instead.zh) == bool(one.instead.en)
    line = one.said("zh")
    assert "\n" not in line and line.startswith(one.file)
    assert one.key is None or f"：{one.key}：" in line
    assert one.limit is None or one.limit.removeprefix("no. ") in line


def test_no_problem_falls_back_to_the_sentence_that_gives_no_reason() -> None:
    assert [one for one in PROBLEMS if one.wrong.zh == "内容不符合要求"] == []


def test_the_first_problem_speaks_for_the_whole_pack_in_both_languages() -> None:
    with pytest.raises(PackError) as caught:
        read_text((HEADER + limit("withn = 1") + limit(id=None)).encode(), "mine.toml")
    assert caught.value.said("zh").startswith("mine.toml：时限 L1：withn：没有这个键；可用：id, title, ")
    assert caught.value.said("en") == str(caught.value)
    assert caught.value.problems[1].said("zh") == "mine.toml：第 2 条时限：id：缺少此项；可用：此键必填"


def test_machines_keep_their_keys_and_get_the_chinese_beside_them() -> None:
    (one,) = of_text(HEADER + limit(clock="stopped"))
    assert one.as_json() == {
        "file": "mine.toml",
        "limit": "L1",
        "key": "clock",
        "problem": "a first report cannot wait for the end of the response",
        "allowed": "occurred, known or received",
        "entry": "limit",
        "problem_zh": "首报不能等到处置结束",
        "allowed_zh": "occurred、known 或 received",
    }
