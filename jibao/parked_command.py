"""`jibao parked`: messages that a reaction gave up on. See what failed and why, hand it over again, or let it lie."""

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from jibao.words import fail, pick, say

if TYPE_CHECKING:
    from storage.parked import Undigested

T = TypeVar("T")
SHORT = 8
"""So many characters of an id are shown: they name a message as long as no other begins with them."""

parked_app = typer.Typer(help="搁置的消息 · messages that a reaction gave up on", no_args_is_help=True)
Data = Annotated[Path, typer.Option(help="数据目录 · the data folder")]
Ids = Annotated[list[str], typer.Argument(metavar="ID…|all", help="编号或其开头 · ids, or how they begin")]


@parked_app.command("list")
def list_parked(data: Data = Path("data"), as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """列出 · what waits, with its error; exit 1 when anything does."""
    from jibao.parked_messages import look

    found = _carry_out(look(data))
    if as_json:
        typer.echo(json.dumps([_shown(one) for one in found], ensure_ascii=False, indent=1))
    elif not found:
        say("没有搁置的消息", "nothing is parked")
    else:
        _print(found)
    raise typer.Exit(1 if found else 0)


@parked_app.command("show")
def show_parked(message: Annotated[str, typer.Argument(metavar="ID")], data: Data = Path("data")) -> None:
    """查看 · one message whole, as JSON."""
    from jibao.parked_messages import chosen, look

    (one,) = chosen(_carry_out(look(data)), [message])
    typer.echo(json.dumps(_shown(one) | {"body": _read(one.body)}, ensure_ascii=False, indent=1))


@parked_app.command("retry")
def retry_parked(ids: Ids, data: Data = Path("data")) -> None:
    """重试（先消除原因）· hand them over again once the cause is mended; what fails again is parked again."""
    from jibao.parked_messages import retry

    for consumer, (count, since) in _carry_out(retry(data, ids)).items():
        say(
            f"{consumer}：{count} 条，自流序号 {since} 起重新投递",
            f"{consumer}: {count} of them, delivered again from stream sequence {since} on",
        )


@parked_app.command("dismiss")
def dismiss_parked(ids: Ids, data: Data = Path("data")) -> None:
    """不再处理 · they need nothing more; the messages stay in the table."""
    from jibao.parked_messages import dismiss

    count = _carry_out(dismiss(data, ids))
    say(f"{count} 条不再等待处理", f"{count} wait no more")


def _carry_out(job: Coroutine[Any, Any, T]) -> T:
    from nats.errors import Error as NatsError

    from runtime.trouble import Unavailable

    try:
        return asyncio.run(job)
    except (Unavailable, OSError, NatsError) as error:
        fail(f"无法完成：{error}", f"cannot do it: {error}", 1)


def _shown(one: "Undigested") -> dict[str, Any]:
    return {
        "id": str(one.parked_id),
        "at": one.at.isoformat(),
        "consumer": one.consumer,
        "subject": one.subject,
        "sequence": one.sequence,
        "tries": one.tries,
        "error": one.error,
    }


def _read(body: bytes) -> Any:
    """The message as JSON where it is, else as text: what cannot be read is shown as far as it can be."""
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "backslashreplace")


def _print(found: list["Undigested"]) -> None:
    from rich.table import Table
    from rich.text import Text

    from jibao.stats import wide_console

    table = Table(pad_edge=False)
    for heading in (
        pick("编号", "id"),
        pick("时间", "at"),
        pick("消费者", "consumer"),
        pick("主题", "subject"),
    ):
        table.add_column(heading, no_wrap=True)
    table.add_column(pick("错误", "error"), overflow="fold")
    for one in found:
        at = one.at.astimezone().isoformat(timespec="seconds")
        said = (one.consumer, one.subject, one.error)
        table.add_row(str(one.parked_id)[:SHORT], at, *map(Text, said))
    wide_console().print(table)
