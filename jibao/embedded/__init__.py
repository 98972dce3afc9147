"""The NATS and PostgreSQL that `jibao up` and the tests bring along: real servers, on loopback, children of ours."""

from jibao.embedded.nats_server import NatsServer, start_nats
from jibao.embedded.postgres import PostgresServer, start_postgres
from jibao.embedded.trouble import EmbeddedServerError

__all__ = ["EmbeddedServerError", "NatsServer", "PostgresServer", "start_nats", "start_postgres"]
