"""Free ports on loopback: never one that somebody listens on, never PostgreSQL's own default."""

import socket

from jibao.embedded.trouble import EmbeddedServerError

LOOPBACK = "127.0.0.1"
OTHERS = frozenset({5432, 4222, 8222})
"""The usual ports of PostgreSQL and NATS: left to those who come to look for them there."""


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as client:
        client.settimeout(1.0)
        if client.connect_ex((LOOPBACK, port)) == 0:
            return False  # macOS would let us listen beside a server that listens on every address
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: TIME_WAIT is free
        try:
            server.bind((LOOPBACK, port))
            server.listen()
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that nobody uses now."""
    while True:
        with socket.socket() as server:
            server.bind((LOOPBACK, 0))
            port: int = server.getsockname()[1]
        if port not in OTHERS:
            return port


def require_free(port: int, server: str) -> None:
    """Raise EmbeddedServerError when a port that was asked for is taken."""
    if not is_free(port):
        raise EmbeddedServerError(
            f"{server} cannot listen on {LOOPBACK}:{port}", "another process uses this port; choose another"
        )
