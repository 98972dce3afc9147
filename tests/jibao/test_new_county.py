"""A new user's first hour: a county of her own, a first sign-in, passwords for the others, by the data folder alone."""

import asyncio
import io
import os
import re
import shutil
import sys
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from jibao import banner, up
from jibao.prepare import EXAMPLE
from tests.servers import scratch

WITHIN = 90


def own_county(folder: Path) -> Path:
    """The example's files with other codes, and no demo any more."""
    shutil.copytree(EXAMPLE, folder)
    for file in folder.glob("*.toml"):
        text = file.read_text(encoding="utf-8").replace("990101", "990207")
        file.write_text(re.sub(r"(?m)^demo *= *true$", "demo = false", text), encoding="utf-8")
    return folder


async def command(*words: str, given: str = "") -> tuple[int, str, str]:
    """`jibao county …`, with nothing of our own environment."""
    around = {key: value for key, value in os.environ.items() if not key.startswith("JIBAO_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "jibao", "county", *words, env=around | {"JIBAO_LANG": "en"},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(given.encode()), WITHIN)
    return process.returncode or 0, out.decode(), err.decode()


async def signs_in(base_url: str, login: str, password: str) -> bool:
    """Whether the sign-in page lets this person in."""
    async with httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=30) as browser:
        await browser.get("/login")
        form = {"login": login, "password": password, "csrf": browser.cookies.get("jibao_csrf", "")}
        return (await browser.post("/login", data=form)).status_code == 303


async def test_it_ends_with_somebody_who_can_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with scratch() as folder:
        data = folder / "data"
        system = await up.start(up.Wish(data, county=own_county(folder / "county")))
        try:
            shown = io.StringIO()
            monkeypatch.setattr(banner, "Console", lambda **_: Console(file=shown, width=160))
            banner.show(system)
            made = {person.login: password for person, password in system.first_passwords}
            assert made and all(f" {login} " in shown.getvalue() for login in made)
            login, password = next(iter(made.items()))
            assert password in shown.getvalue()
            assert await signs_in(system.base_url, login, password)
            for file in (
                one for one in data.rglob("*") if one.is_file() and one.suffix in (".json", ".log", "")
            ):
                assert password.encode() not in file.read_bytes(), file

            chosen = "correct horse battery 7"
            code, out, err = await command(
                "password", "reporter.103", "--data", str(data), given=f"{chosen}\n"
            )
            assert (code, err) == (0, ""), out
            assert await signs_in(system.base_url, "reporter.103", chosen)
            code, token, _ = await command("token", "reporter.104", "--data", str(data))
            assert code == 0 and token.startswith("jibao_")
            code, _, err = await command("load", str(folder / "county"), "--data", str(data))
            assert code == 0, err
        finally:
            await system.stop()


async def test_it_says_when_a_folder_holds_no_system(tmp_path: Path) -> None:
    code, _, err = await command("password", "anybody", "--data", str(tmp_path), given="x\n")
    assert code == 2
    assert "no embedded database" in err and "Traceback" not in err
