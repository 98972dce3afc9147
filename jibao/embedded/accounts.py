"""The unprivileged account that PostgreSQL runs as when we are root: chosen among those that exist, never made."""

import os
import pwd
import subprocess
from contextlib import suppress
from pathlib import Path

from jibao.embedded.process import Account
from jibao.embedded.trouble import REAL_DATABASE, EmbeddedServerError

ACCOUNTS = ("jibao", "postgres", "nobody")


def chosen_account() -> Account:
    """`$JIBAO_POSTGRES_USER`, or the first of our list. Raises EmbeddedServerError when there is none."""
    wanted = os.environ.get("JIBAO_POSTGRES_USER")
    for name in (wanted,) if wanted else ACCOUNTS:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            if entry.pw_uid != 0:
                return Account(name, entry.pw_uid, entry.pw_gid)
    why = f"none of these is an unprivileged account here: {wanted or ', '.join(ACCOUNTS)}"
    raise EmbeddedServerError(
        "PostgreSQL does not run as root", f"{why}; set JIBAO_POSTGRES_USER, {REAL_DATABASE}"
    )


def owner_of(cluster: Path) -> Account:
    facts = cluster.stat()
    try:
        name = pwd.getpwuid(facts.st_uid).pw_name
    except KeyError:
        name = str(facts.st_uid)
    if facts.st_uid == 0:
        raise EmbeddedServerError(
            f"the database in {cluster}", "belongs to root, as whom PostgreSQL never runs"
        )
    return Account(name, facts.st_uid, facts.st_gid)


def may_enter(account: Account, directory: Path) -> bool:
    return succeeds_as(account, "/bin/sh", "-c", 'test -x "$1"', "sh", str(directory))


def succeeds_as(account: Account, *words: str) -> bool:
    """Ask the kernel itself, as that account: it knows modes, ACLs and mount options."""
    try:
        answer = subprocess.run(
            words,
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return answer.returncode == 0
