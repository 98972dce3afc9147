"""What `jibao up` prints when everything runs: addresses, who is on duty, demo sign-ins."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from jibao.up import System
from jibao.words import pick
from schemas.vocabulary import UserRole

SHOWN = (UserRole.REPORTER, UserRole.DUTY_OFFICER, UserRole.DUTY_LEADER, UserRole.AUDITOR, UserRole.ADMIN)
PAGES = {UserRole.REPORTER: "/report"}


def show(system: System) -> None:
    """Print it."""
    out = Console(highlight=False)
    name = escape(system.county.name) if system.county else ""
    out.print(f"\n[bold]Jibao 急报[/bold]  {name}  {pick('已启动', 'is up')}")
    out.print(f"  {pick('页面', 'pages')}      [bold cyan]{system.base_url}[/bold cyan]")
    out.print(f"  {pick('数据', 'data')}      {escape(str(system.wish.directory.resolve()))}")
    for role, port in system.ports.items():
        out.print(f"  {pick('指标', 'metrics')}   http://127.0.0.1:{port}/metrics  ({role})")
    if system.wish.clock:
        out.print(
            f"  [yellow]{pick('快钟运行中，仅供演示', 'the clock runs fast: for the demo only')}[/yellow]"
        )
    if system.is_demo:
        out.print(_sign_ins(system))
    elif system.first_passwords:
        out.print(_first_passwords(system))
    out.print(pick("按 Ctrl-C 停止", "Ctrl-C stops it") + "\n")


def _first_passwords(system: System) -> Table:
    """Shown now and never again: only their hashes are kept."""
    title = pick("初始密码（仅显示这一次，请登录后修改）", "first passwords (shown this once; change them)")
    table = Table(title=title, title_justify="left")
    for heading in (pick("账号", "login"), pick("密码", "password"), pick("姓名", "name")):
        table.add_column(heading)
    for person, password in system.first_passwords:
        table.add_row(*map(escape, (person.login, password, person.name)))
    folder = escape(str(system.wish.directory))
    more = f"jibao county password LOGIN --data {folder}"
    table.caption = pick(f"其他人员：{more}", f"for everybody else: {more}")
    return table


def _sign_ins(system: System) -> Table:
    table = Table(
        title=pick("演示账号（密码相同）", "demo sign-ins (one password for all)"), title_justify="left"
    )
    for heading in (
        pick("角色", "role"),
        pick("账号", "login"),
        pick("密码", "password"),
        pick("姓名", "name"),
    ):
        table.add_column(heading)
    for role in SHOWN:
        person = system.seats.get(role.value)
        if person is not None:
            now = pick("（当班）", " (on duty now)") if role.value.startswith("duty_") else ""
            cells = (role.value, person.login, system.secrets.demo_password, f"{person.name}{now}")
            table.add_row(*map(escape, cells))
    table.caption = pick("令牌在 access.json（0600）", "API tokens are in access.json (0600)")
    return table
