"""`jibao county`: load a county's files, set passwords, make API tokens; for those who run a real system."""

import asyncio
import getpass
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jibao.words import fail, say

if TYPE_CHECKING:
    from storage.database import Database

county_app = typer.Typer(help="县域配置 · the county's files, passwords and tokens", no_args_is_help=True)
SHORTEST = 12


@county_app.callback()
def _county() -> None:
    """县域配置 · the county's files, passwords and tokens"""


@county_app.command("load")
def load(folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """载入县域配置 · check a folder of county files and put it in force."""
    from jibao.county_files import CountyFilesError

    try:
        name = asyncio.run(_load(folder))
    except (CountyFilesError, NotADirectoryError) as error:
        fail(str(error), str(error), 1)
    say(f"{name} 已生效", f"{name} is in force")


@county_app.command("password")
def password(login: str) -> None:
    """设置密码（从标准输入读取）· set a person's password; it is read from the terminal or standard input."""
    given = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(given) < SHORTEST:
        fail(f"密码至少 {SHORTEST} 个字符", f"a password has at least {SHORTEST} characters")
    asyncio.run(_password(login, given))
    say(f"{login} 的密码已更新", f"the password of {login} is set; other sessions have ended")


@county_app.command("token")
def token(login: str, label: Annotated[str, typer.Option(help="用途 · what it is for")] = "") -> None:
    """签发接口令牌（只显示一次）· make an API token; it is shown once and only its hash is kept."""
    typer.echo(asyncio.run(_token(login, label)))


async def _load(folder: Path) -> str:
    from jibao.county_files import read_county
    from jibao.prepare import load_county
    from rules.county_check import check
    from runtime.clock import Clock

    county = read_county(folder)
    faults = [one for one in check(county, Clock().now()) if not one.warning]
    if faults:
        zh = "\n".join(f"{one.file}: {one.item}: {one.what_zh}；{one.mend_zh}" for one in faults)
        en = "\n".join(f"{one.file}: {one.item}: {one.what_en}; {one.mend_en}" for one in faults)
        fail(zh, en, 1)
    database = await _database()
    try:
        return (await load_county(database, folder)).name
    finally:
        await database.close()


async def _password(login: str, given: str) -> None:
    from producers.sign_in import hasher
    from storage import people

    database = await _database()
    try:
        async with database.transaction() as tx:
            if await people.by_login(tx, login) is None:
                fail(f"没有账号 {login}", f"nobody has the login {login}")
            await people.set_password(tx, login, hasher.hash(given))
    finally:
        await database.close()


async def _token(login: str, label: str) -> str:
    from storage import people

    database = await _database()
    try:
        async with database.transaction() as tx:
            found = await people.by_login(tx, login)
            if found is None:
                fail(f"没有账号 {login}", f"nobody has the login {login}")
            made = f"jibao_{secrets.token_urlsafe(32)}"
            await people.save_token(tx, made, found[0].person_id, label)
            return made
    finally:
        await database.close()


async def _database() -> "Database":
    """The owner's connection: JIBAO_DATABASE_URL, _USER and _PASSWORD or _PASSWORD_FILE."""
    from runtime.settings import SettingMissing, Settings
    from storage.database import Database

    try:
        owner = Settings.of_owner()
    except SettingMissing as error:
        fail(f"缺少设置：{error}", str(error))
    return await Database.connect(owner, 1)
