"""Which passwords are taken: a kept list of what is tried first, with what people put around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.passwords import PasswordFault, common, faults

KNOWN = ("duty.zhao", "赵国强", "13900001234", "云岭县", "Yunling County", "城关镇")


def test_it_keeps_a_list_of_more_than_a_thousand() -> None:
    assert len(common()) >= 1000
    assert {"5201314", "woaini1314", "qwe123", "admin123", "password", "zhiban123", "1qaz2wsx"} <= common()
    assert all(word == word.casefold() for word in common())


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", PasswordFault.TOO_SHORT),
        ("x" * 5 + "y" * 300, PasswordFault.TOO_LONG),
        ("837465920183", PasswordFault.ONLY_DIGITS),
        ("８３７４６５９２０１８３", PasswordFault.ONLY_DIGITS),
        ("aaaaaaaaaaaa", PasswordFault.MONOTONOUS),
        ("abcabcabcabc", PasswordFault.MONOTONOUS),
        ("abcdefghijklm", PasswordFault.MONOTONOUS),
        ("zyxwvutsrqpo", PasswordFault.MONOTONOUS),
        ("woaini5201314", PasswordFault.COMMON),
        ("Woaini5201314!", PasswordFault.COMMON),
        ("qwe123qwe123", PasswordFault.COMMON),
        ("Password2026!", PasswordFault.COMMON),
        ("P@ssw0rd2026", PasswordFault.COMMON),
        ("Ｐａｓｓｗｏｒｄ２０２６", PasswordFault.COMMON),
        ("1qaz2wsx3edc", PasswordFault.COMMON),
        ("admin123456!", PasswordFault.COMMON),
        ("zhiban@12345", PasswordFault.COMMON),
        ("!!!qwertyuiop!!!", PasswordFault.COMMON),
        ("duty.zhao2026", PasswordFault.PERSONAL),
        ("Zhao.Duty.99", PasswordFault.PERSONAL),
        ("zg13900001234", PasswordFault.PERSONAL),
        ("云岭县赵国强12345", PasswordFault.PERSONAL),
        ("YunlingCounty1", PasswordFault.PERSONAL),
        ("城关镇城关镇城关镇2026", PasswordFault.PERSONAL),
    ],
)
def test_it_says_why_it_does_not_take_one(password: str, fault: PasswordFault) -> None:
    assert fault in faults(password, 12, KNOWN)


@pytest.mark.parametrize(
    "password",
    [
        "正确的密码 correct horse",
        "vK7#mPq2!xWz",
        "三月的雨落在青石桥上",
        "lamp-river-otter-41",
        "Duty.zhao sings at dawn",
    ],
)
def test_it_takes_what_nobody_tries_first(password: str) -> None:
    assert faults(password, 10, KNOWN) == []


@given(st.text(max_size=260))
def test_it_bears_any_text(password: str) -> None:
    assert isinstance(faults(password, 12, KNOWN), list)
