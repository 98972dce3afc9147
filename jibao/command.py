"""`jibao`: what a person types. Each command imports only what it needs, so that questions are answered at once."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from jibao import accounts_command
from jibao.explain import explain_command
from jibao.parked_command import parked_app
from jibao.roster_command import roster_app
from jibao.rules_command import rules_app
from jibao.security_log_command import security_log_app
from jibao.words import fail, pick, print_anywhere, say

app = typer.Typer(
    name="jibao",
    help="Jibao 急报 · 应急信息报送：谁必须在何时前向谁报告，看得见、误不了",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("explain")(explain_command)
app.add_typer(rules_app, name="rules")
app.add_typer(roster_app, name="roster")
app.add_typer(accounts_command.county_app, name="county")
app.add_typer(parked_app, name="parked")
app.add_typer(security_log_app, name="security-log")

Data = Annotated[Path, typer.Option(help="数据目录 · the data folder")]


@app.command()
def up(
    data: Data = Path("data"),
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="页面端口 · the port of the pages")
    ] = None,
    county: Annotated[
        Path | None, typer.Option(help="县域配置目录，缺省为演示县 · the county's files")
    ] = None,
    host: Annotated[str, typer.Option(help="监听地址 · loopback unless you say otherwise")] = "127.0.0.1",
    speed: Annotated[float, typer.Option(min=0.1, max=3600, help="演示用快钟 · a faster clock")] = 1.0,
) -> None:
    """启动整个系统，Ctrl-C 停止 · start everything on this machine; Ctrl-C stops it."""
    from jibao import up as house
    from jibao.banner import show
    from jibao.embedded.trouble import EmbeddedServerError
    from jibao.fast_clock import clock_text

    if speed != 1.0 and county is not None:
        fail("快钟只用于演示县", "--speed is for the demo county only: a real county's clock is real")
    wish = house.Wish(data, port, county, clock_text(speed), host)
    try:
        run_loop(house.run(wish, show))
    except (EmbeddedServerError, OSError, TimeoutError, ValueError) as error:
        fail(f"启动失败：{error}", f"could not start: {error}", 1)


@app.command()
def run(role: Annotated[str, typer.Argument(help="doors | consumers | clock | relay")]) -> None:
    """运行一个角色（多机部署）· run one role; its settings are JIBAO_* in the environment."""
    from jibao import roles
    from runtime.settings import SettingMissing, Settings

    if role not in roles.ROLES:
        fail(
            f"没有角色 {role}；可选：{', '.join(roles.ROLES)}",
            f"no role {role}; one of: {', '.join(roles.ROLES)}",
        )
    try:
        settings = Settings.of_role(role)
    except (SettingMissing, ValueError) as error:
        fail(f"缺少设置：{error}", str(error))
    run_loop(roles.run(settings))


@app.command()
def migrate() -> None:
    """升级数据库结构 · bring the database named in JIBAO_DATABASE_URL to this version's shape."""
    from runtime.settings import SettingMissing, Settings
    from storage.migrate import ROLES, MigrationChanged
    from storage.migrate import migrate as bring_up

    named = {role: os.environ.get(f"{role.upper()}_PASSWORD", "") for role in ROLES}
    passwords = {role: password for role, password in named.items() if password}
    try:
        owner = Settings.of_owner()
        applied = asyncio.run(bring_up(owner.database_url, passwords, owner.login()))
    except SettingMissing as error:
        fail(f"缺少设置：{error}", str(error))
    except (MigrationChanged, OSError) as error:
        fail(f"升级失败：{error}", f"could not migrate: {error}", 1)
    say(
        f"已应用 {len(applied)} 个文件",
        f"applied {len(applied)} file(s)" + "".join(f"\n  {name}" for name in applied),
    )


@app.command()
def provision() -> None:
    """建立消息流 · create or update the streams and durables on the broker named in JIBAO_NATS_URL."""
    from jibao.prepare import make_streams
    from runtime.settings import Settings

    asyncio.run(make_streams(Settings.of_role("admin")))
    say("消息流已就绪", "streams and durables are in place")


@app.command()
def report(  # noqa: PLR0913 - one parameter is one option
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="报告 JSON；- 为标准输入 · the report as JSON")
    ],
    data: Data = Path("data"),
    url: Annotated[str | None, typer.Option(help="系统地址 · the system's address")] = None,
    token_file: Annotated[Path | None, typer.Option(help="令牌文件 · a file that holds the token")] = None,
    patience: Annotated[float, typer.Option(help="最多等待秒数 · seconds to keep trying")] = 300.0,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """报送一份报告，直到入库才算完 · send a report; the copy is kept and resent until it is stored."""
    from jibao.send_report import Sending, run_sending

    body = sys.stdin.buffer.read() if file == "-" else _read(Path(file))
    raise typer.Exit(asyncio.run(run_sending(Sending(body, data, url, token_file, patience, as_json))))


@app.command()
def stats(
    data: Data = Path("data"),
    by: Annotated[str, typer.Option("--by", help="unit | stage | medium | rule")] = "unit",
    start: Annotated[str | None, typer.Option("--from", metavar="T")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="T")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """及时率 · on time ÷ due, from the append-only record."""
    from jibao.stats import Asked, show_stats

    raise typer.Exit(asyncio.run(show_stats(Asked(data, by, start, end, as_json))))


@app.command()
def verify(data: Data = Path("data"), as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """核对：消息流、报告、义务、台账是否一致 · prove that stream, reports, obligations and record agree."""
    from jibao.verify import verify_all

    raise typer.Exit(asyncio.run(verify_all(data, as_json)))


@app.command()
def replay(  # noqa: PLR0913 - one parameter is one option
    start: Annotated[
        str | None, typer.Option("--from", metavar="D", help="起 · first day; a year ago")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="D", help="止（不含） · excluded; now")] = None,
    pack: Annotated[
        list[str] | None,
        typer.Option(help="换用的规则包 · in place of the pack of that id: file, folder or id"),
    ] = None,
    only: Annotated[bool, typer.Option("--only", help="只用这些规则包 · these packs and no others")] = False,
    roster: Annotated[
        Path | None, typer.Option(help="换用的县域配置 · another county folder: roster, ladders")
    ] = None,
    data: Data = Path("data"),
    facts: Annotated[
        Path | None, typer.Option(help="事实文件，代替数据库 · a file of recorded facts")
    ] = None,
    save: Annotated[Path | None, typer.Option(help="把读到的事实另存 · keep the facts in a file")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """重演：换一套规则或值班表，谁会迟报、夜里呼叫几次 · live the record again under other packs or another roster."""
    from jibao.replay_command import Wish, run_replay

    raise typer.Exit(run_replay(Wish(start, end, pack or (), only, roster, data, facts, save, as_json)))


@app.command()
def demo(
    data: Annotated[
        Path | None, typer.Option(help="正在运行的快钟系统 · a running system with a fast clock")
    ] = None,
    speed: Annotated[float, typer.Option(min=1, max=3600, help="快钟倍数 · how many times faster")] = 240.0,
    stay: Annotated[bool, typer.Option(help="演完不退出 · stay up afterwards to look around")] = False,
) -> None:
    """演示：三起真实类型的事件 · play the three seed incidents on a fast clock."""
    from jibao.demo import play

    raise typer.Exit(run_loop(play(data, speed, stay)))


@app.command()
def bench(
    only: Annotated[list[str] | None, typer.Option(help="只测这些 · only these figures")] = None,
    quick: Annotated[bool, typer.Option(help="小规模 · small sizes")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """性能：每个数字旁边是它的底线 · each figure beside its floor, in the same run."""
    from bench import run_bench

    raise typer.Exit(run_bench(only or None, as_json, quick))


@app.command()
def torture() -> None:
    """反复 kill -9，看是否丢一条 · kill processes in the middle of their work; needs the development tools."""
    from importlib.util import find_spec

    if find_spec("pytest") is None:
        fail("需要开发依赖：make torture", "the development tools are not installed: use `make torture`")
    home = Path(__file__).resolve().parent.parent
    words = [sys.executable, "-m", "pytest", "-m", "torture", str(home / "tests" / "torture")]
    os.execv(sys.executable, words)  # noqa: S606, we become pytest


def run_loop(main: Coroutine[Any, Any, int | None]) -> int:
    """Run a coroutine on the fast event loop where there is one."""
    try:
        import uvloop

        factory = uvloop.new_event_loop
    except ImportError:
        factory = asyncio.new_event_loop  # type: ignore[assignment]
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(main) or 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        fail(f"无法读取 {path}：{error}", f"cannot read {path}: {error}")


def main() -> None:
    """The entry point. Wrong use is said in one line first, on standard error, and exits with 2."""
    print_anywhere(sys.stdout, sys.stderr)
    command = typer.main.get_command(app)
    try:
        code = command.main(prog_name="jibao", standalone_mode=False)
    except typer.Exit as ended:
        code = ended.exit_code
    except Exception as error:
        said = getattr(error, "format_message", None)  # typer's own errors, whichever click it carries
        if said is None:
            raise
        print(said(), file=sys.stderr)
        print(pick("用 --help 查看用法", "see --help"), file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        code = 130
    sys.exit(code or 0)
