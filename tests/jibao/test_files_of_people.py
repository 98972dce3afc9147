"""Files as editors and Excel leave them: a mark at the beginning, GBK, CRLF; every file of a person is read so."""

from pathlib import Path

import pytest

from jibao import access_file, secrets_file
from jibao.county_files import CountyFilesError, read_county
from jibao.replay_facts import read_facts
from rules import content
from rules.pack_files import SHIPPED, PackError, read_file

COUNTY = Path(__file__).parents[2] / "examples" / "county"
ENCODINGS = ["utf-8-sig", "gb18030", "utf-16"]


def as_left_by(encoding: str, source: Path, target: Path) -> Path:
    """The same text with CRLF in another encoding."""
    text = source.read_text(encoding="utf-8").replace("\n", "\r\n")
    target.write_bytes(text.encode(encoding))
    return target


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_county_folder_is_read(encoding: str, tmp_path: Path) -> None:
    for path in COUNTY.glob("*.toml"):
        as_left_by(encoding, path, tmp_path / path.name)
    assert read_county(tmp_path) == read_county(COUNTY)


def test_a_county_file_in_no_encoding_is_named(tmp_path: Path) -> None:
    for path in COUNTY.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "people.toml").write_bytes(b"\xff\x00\xff")
    with pytest.raises(CountyFilesError, match=r"people\.toml"):
        read_county(tmp_path)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_pack_is_read(encoding: str, tmp_path: Path) -> None:
    source = SHIPPED / "county_demo.toml"
    assert read_file(as_left_by(encoding, source, tmp_path / source.name)) == read_file(source)


def test_a_pack_whose_bytes_are_damaged_is_refused_and_not_guessed(tmp_path: Path) -> None:
    whole = (SHIPPED / "county_demo.toml").read_bytes()
    broken = tmp_path / "county_demo.toml"
    place = whole.index("。".encode()) if "。".encode() in whole else whole.index("县".encode())
    broken.write_bytes(whole[: place + 1] + whole[place + 2 :])
    with pytest.raises(PackError, match="no encoding"):
        read_file(broken)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_content_table_is_read(encoding: str, tmp_path: Path) -> None:
    copy = as_left_by(encoding, content.SHIPPED, tmp_path / "content.toml")
    assert content.read_text(copy.read_bytes(), copy.name) == content.shipped()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_access_and_secrets_are_read_after_somebody_saved_them(encoding: str, tmp_path: Path) -> None:
    secrets = secrets_file.of(tmp_path)
    as_left_by(encoding, tmp_path / "secrets.json", tmp_path / "secrets.json")
    assert secrets_file.of(tmp_path) == secrets
    (tmp_path / "access.json").write_bytes(
        '{"base_url": "http://x", "tokens": {"reporter": "t"}}'.encode(encoding)
    )
    assert access_file.of(tmp_path, "reporter") == access_file.Access("http://x", "t")
    (tmp_path / "token").write_bytes("abc\r\n".encode(encoding))
    assert access_file.of(tmp_path, "reporter", "http://x", tmp_path / "token").token == "abc"


def test_recorded_facts_are_read_with_a_mark_before_any_line(tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(b"\xef\xbb\xbf\r\n\xef\xbb\xbf\r\n")
    assert list(read_facts(file)) == [None, None]
