"""A text that would take the parser long, or much room, is refused by name; each in time proportional to its size."""

import time

import pytest

from rules.pack_files import PackError, read_text
from rules.pack_problems import AT_MOST, TOGETHER
from rules.toml_bounds import Most, TomlError, read_toml

LARGE = 1_000_000
TEXTS = {
    "a key of half a million parts": b"a" + b".a" * (LARGE // 2) + b"=1",
    "the same with spaces and quotes": b'"a" ' + b'. "a" ' * (LARGE // 6) + b"=1",
    "a table of half a million parts": b"[a" + b".a" * (LARGE // 2) + b"]",
    "the same inside a table in one line": b"x={a" + b".a" * (LARGE // 2) + b"=1}",
    "a number of 900,000 digits": b"a=" + b"9" * 900_000,
    "a number with underscores": b"a=" + b"9_9" * 300_000,
    "a number in hexadecimal": b"a=0x" + b"f" * 900_000,
    "lists without end": b"a=" + b"[" * LARGE,
    "tables without end": b"a=" + b"{a=" * (LARGE // 3),
    "many keys": b"\n".join(b"k%d=1" % n for n in range(100_000)),
    "many entries": b"[[limit]]\n" * 100_000,
    "many values in a list": b"a=[" + b"1," * 400_000 + b"]",
    "a long text": b'a="' + b"x" * LARGE + b'"',
    "a long key": b"k" * LARGE + b"=1",
    "texts that do not end": b'"""' * 300_001,
    "quotes that escape each other": b'a="' + b"\\" * LARGE,
    "no key at all": b"=" * LARGE,
    "a number no database holds": b"a=9223372036854775808",
    "a day that is none": b"a=2026-02-31",
    "in no encoding": b"a='\xff\xff\xb0'",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_it_refuses_what_would_take_long(text: bytes) -> None:
    began = time.process_time()
    with pytest.raises(TomlError) as caught:
        read_toml(text)
    assert caught.value.wrong.en and caught.value.wrong.zh
    assert len(caught.value.wrong.zh) < 400
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "text",
    [
        b'a = "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1"',
        b"a = ['...................']  # ..................",
        b'a = """\n1.1.1.1.1.1.1.1.1.1.1.1.1.1\n"""',
        b"a = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5, 12.5, 13.5]",
        b'a = "' + b"9" * 5000 + b'"',
        b"a.b.c.d = 9223372036854775807",
    ],
)
def test_it_reads_dots_and_digits_that_are_words(text: bytes) -> None:
    assert read_toml(text)


def test_a_county_may_hold_more() -> None:
    text = b"\n".join(b"[[people]]\nlogin = 'p%d'" % n for n in range(5_000))
    assert len(read_toml(text, Most(values=1_000_000, items=50_000))["people"]) == 5_000


@pytest.mark.parametrize("word", [b"z" * 60, b"z" * 15_000])
def test_it_tells_no_more_problems_than_anybody_reads(word: bytes) -> None:
    text = b'[[limit]]\nid = "' + word + b'"\ngrade = "' + word + b'"\n'
    with pytest.raises(PackError) as caught:
        read_text(text * min(1900, 900_000 // len(text)), "x" * 5000)
    problems = caught.value.problems
    assert 1 < len(problems) <= AT_MOST
    assert "more" in problems[-1].said("en") and "另有" in problems[-1].said("zh")
    assert sum(len(one.said("en")) + len(one.said("zh")) for one in problems) < TOGETHER + 5_000
