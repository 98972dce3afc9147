"""`jibao rules check FILE` proves an office's own pack against the shipped ones: file, limit, key, how to mend it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jibao.command import app

DATA = Path(__file__).parents[1] / "rules" / "testdata" / "proof"


@pytest.mark.parametrize(
    ("name", "limit", "key"),
    [
        ("laxer", "example.city", "within"),  # than the shipped city pack
        ("dead_end", "example.village", "to"),
        ("silent_clock", "example.village", "clock"),
    ],
)
def test_it_names_file_limit_key_and_the_remedy(name: str, limit: str, key: str) -> None:
    found = CliRunner().invoke(app, ["rules", "check", str(DATA / f"{name}.toml"), "--json"])
    findings = json.loads(found.output)["findings"]
    assert found.exit_code == 1
    assert (f"{name}.toml", limit, key) in {(one["file"], one["limit"], one["key"]) for one in findings}
    assert all(one["allowed"] for one in findings)


def test_it_says_that_a_sound_pack_is_sound() -> None:
    found = CliRunner().invoke(app, ["rules", "check", str(DATA / "sound.toml")])
    assert (found.exit_code, "sound" in found.output) == (0, True), found.output
