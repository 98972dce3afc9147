"""`jibao county deactivate | reactivate | tokens | revoke`: what an operator does to accounts, without a browser."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import typer

from jibao.county_command import county_app, open_database
from jibao.data_option import Data
from jibao.words import fail, say

__all__ = ["county_app"]


@county_app.command("deactivate")
def deactivate(
    login: str, why: Annotated[str, typer.Option(help="原因 · why")] = "", _data: Data = None
) -> None:
    """停用账号：会话、令牌、实时连接立即失效 · end an account in one act: sessions, tokens and open streams."""
    if asyncio.run(_with(lambda tx: _move(tx, login, why, out=True))):
        say(f"{login} 已停用", f"{login} is deactivated; its sessions and tokens have ended")
    else:
        say(f"{login} 此前已停用", f"{login} was deactivated before")


@county_app.command("reactivate")
def reactivate(
    login: str, why: Annotated[str, typer.Option(help="原因 · why")] = "", _data: Data = None
) -> None:
    """恢复账号；令牌需重新签发 · let an account sign in again; its tokens stay ended."""
    if asyncio.run(_with(lambda tx: _move(tx, login, why, out=False))):
        say(f"{login} 已恢复", f"{login} may sign in again")
    else:
        say(f"{login} 未停用", f"{login} was not deactivated")


@county_app.command("tokens")
def tokens(
    login: str,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · for a machine")] = False,
    _data: Data = None,
) -> None:
    """列出某人的令牌（不显示令牌本身）· list a person's tokens by their ids."""
    found = asyncio.run(_with(lambda tx: _tokens(tx, login)))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, default=str))
        return
    for one in found:
        typer.echo(f"{one['token_id']}  {one['expires_at'] or '-'}  {one['label']}")


@county_app.command("revoke")
def revoke(login: str, token_id: UUID, _data: Data = None) -> None:
    """吊销一个令牌，立即生效 · end one token at once."""
    asyncio.run(_with(lambda tx: _revoke(tx, login, token_id)))
    say(f"令牌 {token_id} 已吊销", f"token {token_id} is revoked")


@county_app.command("webhook-key")
def webhook_key() -> None:
    """显示接收方校验 webhook 签名所用的密钥 · show the key with which a receiver checks our webhooks (hex)."""
    from runtime.keys import WEBHOOK, key_for
    from runtime.settings import SettingMissing, read_setting

    try:
        secret = read_setting("JIBAO_LINK_KEY")
    except SettingMissing as error:
        fail(f"缺少设置：{error}", str(error))
    typer.echo(key_for(WEBHOOK, secret).hex())


async def _with(work: Callable[[Any], Awaitable[Any]]) -> Any:
    database = await open_database()
    try:
        async with database.transaction() as tx:
            return await work(tx)
    finally:
        await database.close()


async def _account(tx: Any, login: str) -> Any:
    from storage import people

    found = await people.account(tx, login)
    if found is None:
        fail(f"没有账号 {login}", f"nobody has the login {login}", 1)
    return found


async def _move(tx: Any, login: str, why: str, out: bool) -> bool:
    from runtime.clock import Clock
    from schemas.security import SecurityKind
    from storage import people

    account, now = await _account(tx, login), Clock().now()
    moved = await (people.deactivate(tx, login, now) if out else people.reactivate(tx, login))
    if moved is None:
        return False
    kind = SecurityKind.PERSON_DEACTIVATED if out else SecurityKind.PERSON_REACTIVATED
    await _say(tx, kind, account, {"note": why} if why else {})
    return True


async def _tokens(tx: Any, login: str) -> list[dict[str, Any]]:
    from storage import credentials

    return await credentials.tokens_of(tx, (await _account(tx, login))["person_id"])


async def _revoke(tx: Any, login: str, token_id: UUID) -> None:
    from schemas.security import SecurityKind
    from storage import credentials

    account = await _account(tx, login)
    label = await credentials.revoke_token(tx, account["person_id"], token_id)
    if label is None:
        fail(f"{login} 没有这个令牌", f"{login} has no such token", 1)
    await _say(tx, SecurityKind.TOKEN_REVOKED, account, {"token_id": str(token_id), "label": label})


async def _say(tx: Any, kind: Any, account: Any, detail: dict[str, Any]) -> None:
    from runtime.clock import Clock
    from schemas.security import SecurityEntry
    from storage import security_log

    entry = SecurityEntry(kind, account["person_id"], account["login"], detail=detail | {"by": "command"})
    await security_log.append(tx, [entry], Clock().now())
