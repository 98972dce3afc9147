"""How many files this process may have open: each connection is one, and without room nobody can report."""

import logging
import resource

log = logging.getLogger("jibao.files")

WANTED = 4096
OURS = 256
"""For the database's pool, the broker, logs, what is read, and those that wait to be accepted."""
CONNECTIONS = 1000


def raise_file_limit() -> int:
    """Use what the machine allows, as far as it is useful; says so when that is little. Returns the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        soft = allowed
    if soft != resource.RLIM_INFINITY and soft < WANTED:
        log.warning(
            "only %d files may be open, so only %d connections: raise the limit to %d (ulimit -n, LimitNOFILE=)",
            soft,
            room_for_connections(),
            WANTED,
        )
    return soft


def room_for_connections() -> int:
    """How many HTTP connections this process can bear at once."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if soft == resource.RLIM_INFINITY else max(16, min(CONNECTIONS, soft - OURS))
