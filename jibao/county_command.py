"""`jibao county`: load a county's files, set passwords, make API tokens; for those who run a real system."""

import asyncio
import getpass
import secrets
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jibao.data_option import Data, data_folder
from jibao.words import fail, pick, say

if TYPE_CHECKING:
    from runtime.settings import Settings
    from schemas.county import County, Person
    from storage.database import Database

county_app = typer.Typer(help="县域配置 · the county's files, passwords and tokens", no_args_is_help=True)


@county_app.callback()
def _county() -> None:
    """县域配置 · the county's files, passwords and tokens"""


@county_app.command("load")
def load(folder: Annotated[Path, typer.Argument(metavar="DIR")], _data: Data = None) -> None:
    """载入县域配置 · check a folder of county files and put it in force."""
    from jibao.county_files import CountyFilesError

    try:
        name, gone = asyncio.run(_load(folder))
    except (CountyFilesError, NotADirectoryError) as error:
        fail(str(error), str(error), 1)
    say(f"{name} 已生效", f"{name} is in force")
    for login in gone:
        say(f"已停用（不在文件中）：{login}", f"ended, since the file does not name it: {login}")


@county_app.command("password")
def password(login: str, _data: Data = None) -> None:
    """设置密码（从标准输入读取）· set a person's password; it is read from the terminal or standard input."""
    given = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    asyncio.run(_password(login, given))
    say(f"{login} 的密码已更新", f"the password of {login} is set; other sessions have ended")


@county_app.command("token")
def token(
    login: str,
    label: Annotated[str, typer.Option(help="用途 · what it is for")] = "",
    days: Annotated[
        int | None,
        typer.Option(min=1, max=3650, help="有效天数，缺省一年 · how long it lasts; a year if not said"),
    ] = None,
    _data: Data = None,
) -> None:
    """签发接口令牌（只显示一次）· make an API token; it is shown once and only its hash is kept."""
    lasts = days or owner_settings().token_lasts.days
    made, ends = asyncio.run(_token(login, label, lasts))
    typer.echo(made)
    when = f"{ends.astimezone():%Y-%m-%d %H:%M}"
    zh, en = (
        f"有效至 {when}；吊销：jibao county revoke",
        f"good until {when}; end it with: jibao county revoke",
    )
    typer.echo(pick(zh, en), err=True)


async def _load(folder: Path) -> tuple[str, list[str]]:
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
    database = await open_database()
    try:
        county, gone = await load_county(database, folder)
        return county.name, gone
    finally:
        await database.close()


async def _password(login: str, given: str) -> None:
    from producers.sign_in import hasher
    from runtime.clock import Clock
    from schemas.security import SecurityEntry, SecurityKind
    from storage import people, security_log

    database = await open_database()
    try:
        async with database.transaction() as tx:
            found = await people.by_login(tx, login)
            if found is None:
                fail(
                    f"没有账号 {login}，或已停用",
                    f"nobody has the login {login}, or the account is deactivated",
                )
            _demand_good(given, found[0], await people.county(tx))
            await people.set_password(tx, login, hasher.hash(given))
            entry = SecurityEntry(
                SecurityKind.PASSWORD_CHANGED, found[0].person_id, login, detail={"by": "command"}
            )
            await security_log.append(tx, [entry], Clock().now())
    finally:
        await database.close()


def _demand_good(given: str, person: "Person", county: "County | None") -> None:
    """The same demands as on the account page."""
    from producers.change_password import known_of, said_of
    from rules.passwords import faults

    shortest = owner_settings().password_shortest
    found = faults(given, shortest, known_of(person, county))
    if found:
        zh, en = said_of(found, shortest)
        fail(f"密码不可用：{zh}", f"this password is not taken: {en}", 1)


async def _token(login: str, label: str, days: int) -> tuple[str, datetime]:
    from runtime.clock import Clock
    from schemas.security import SecurityEntry, SecurityKind
    from storage import credentials, people, security_log

    database, now = await open_database(), Clock().now()
    ends = now + timedelta(days=days)
    try:
        async with database.transaction() as tx:
            found = await people.by_login(tx, login)
            if found is None:
                fail(
                    f"没有账号 {login}，或已停用",
                    f"nobody has the login {login}, or the account is deactivated",
                )
            made = f"jibao_{secrets.token_urlsafe(32)}"
            await credentials.save_token(tx, made, found[0].person_id, label, ends)
            told = {"label": label, "expires_at": ends.isoformat()}
            entry = SecurityEntry(SecurityKind.TOKEN_MADE, found[0].person_id, login, detail=told)
            await security_log.append(tx, [entry], now)
            return made, ends
    finally:
        await database.close()


async def open_database() -> "Database":
    """The owner's connection: of `--data`, else JIBAO_DATABASE_URL, _USER and _PASSWORD or _PASSWORD_FILE."""
    from storage.database import Database

    return await Database.connect(owner_settings(), 1)


def owner_settings() -> "Settings":
    """What `--data` or the owner's environment says; a missing setting ends the command with its name."""
    from jibao.servers import owner_of_folder
    from runtime.settings import SettingMissing, Settings

    folder = data_folder()
    if folder is not None:
        found = owner_of_folder(folder)
        if found is None:
            fail(f"{folder} 里没有内置数据库", f"there is no embedded database in {folder}")
        return found
    try:
        return Settings.of_owner()
    except SettingMissing as error:
        fail(f"缺少设置：{error}", str(error))
