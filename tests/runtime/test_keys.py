"""A key per purpose: the vectors of RFC 5869, and no two purposes with one key."""

import pytest

from runtime.keys import PURPOSES, hkdf, key_for

VECTORS = [
    # RFC 5869 A.1, A.2, A.3: secret, salt, info, length, result
    (
        "0b" * 22,
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        42,
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        "".join(f"{n:02x}" for n in range(0x00, 0x50)),
        "".join(f"{n:02x}" for n in range(0x60, 0xB0)),
        "".join(f"{n:02x}" for n in range(0xB0, 0x100)),
        82,
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ),
    (
        "0b" * 22,
        "",
        "",
        42,
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]


@pytest.mark.parametrize(("secret", "salt", "info", "length", "result"), VECTORS)
def test_it_gives_what_the_standard_says(secret: str, salt: str, info: str, length: int, result: str) -> None:
    made = hkdf(bytes.fromhex(secret), bytes.fromhex(info), length, bytes.fromhex(salt))
    assert made.hex() == result


def test_it_has_a_key_of_its_own_for_each_purpose_and_secret() -> None:
    keys = {key_for(purpose, secret) for purpose in PURPOSES for secret in ("one", "two")}
    assert len(keys) == 2 * len(PURPOSES) and all(len(key) == 32 for key in keys)


def test_it_has_no_key_without_a_secret() -> None:
    assert key_for(PURPOSES[0], "") == b""


@pytest.mark.parametrize("length", [0, -1, 255 * 32 + 1])
def test_it_gives_no_more_than_the_standard_allows(length: int) -> None:
    with pytest.raises(ValueError, match="8160"):
        hkdf(b"x", b"", length)
