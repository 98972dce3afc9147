"""Where a cluster and PostgreSQL's programs stand, and as whom they run. No mode of anything we did not make changes.

PostgreSQL refuses to run as root: there it gets an existing unprivileged account, and where that account cannot
reach our directory or our programs they stand below `/var/lib/jibao` (or `$JIBAO_STATE_DIR`) instead.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from jibao.embedded.accounts import chosen_account, may_enter, owner_of
from jibao.embedded.directory import write_private
from jibao.embedded.postgres_programs import programs_for, state_directory, wheel_programs
from jibao.embedded.process import Account
from jibao.embedded.trouble import EmbeddedServerError


@dataclass(frozen=True)
class Home:
    """The answer. `account` None: PostgreSQL runs as we do."""

    directory: Path
    cluster: Path
    programs: Path
    account: Account | None

    @property
    def location(self) -> Path:
        """The file that says where the cluster is, if it is not in `directory`."""
        return self.directory / "postgres.location"

    @property
    def is_elsewhere(self) -> bool:
        return self.cluster.parent != self.directory

    def program(self, name: str) -> str:
        return str(self.programs / "bin" / name)


def settle(directory: Path) -> Home:
    """Decide for a directory; its cluster need not exist yet. Raises EmbeddedServerError when nothing fits."""
    inside = directory / "cluster"
    if os.geteuid() != 0:
        return Home(directory, inside, wheel_programs(), None)
    existing = _existing(directory, inside)
    account = owner_of(existing) if existing else chosen_account()
    if existing and not may_enter(account, existing):
        raise EmbeddedServerError(
            f"the database in {existing}",
            f"belongs to the account {account.name}, which may not pass through the folders above it",
        )
    inside_fits = may_enter(account, directory)
    cluster = existing or (inside if inside_fits else _new_place(directory))
    return Home(directory, cluster, programs_for(account), account)


def make_cluster_directory(path: Path, account: Account | None) -> None:
    """An empty private directory that belongs to the account."""
    path.mkdir(mode=0o700)
    if account is not None:
        os.chown(path, account.uid, account.gid)


def remember(home: Home) -> None:
    """Write down where the cluster is, when it is not where one would look."""
    if home.is_elsewhere:
        note = "The embedded PostgreSQL keeps this directory's data here, since its account cannot enter."
        write_private(home.location, f"{home.cluster}\n{note}\n")


def _existing(directory: Path, inside: Path) -> Path | None:
    location = directory / "postgres.location"
    if location.exists():
        elsewhere = Path(location.read_text(encoding="utf-8").splitlines()[0])
        if not elsewhere.is_dir():
            raise EmbeddedServerError(
                f"the database of {directory}", f"should be in {elsewhere} ({location} says so) but is gone"
            )
        return elsewhere
    return inside if inside.is_dir() else None


def _new_place(directory: Path) -> Path:
    """A name of its own below the state directory; never one that holds an older cluster."""
    name = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    place, number = state_directory() / name, 2
    while place.exists():
        place, number = state_directory() / f"{name}-{number}", number + 1
    return place
