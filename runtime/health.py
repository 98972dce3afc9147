"""`/healthz`, `/readyz` and `/metrics` of every role: they ask the broker and the database now and say what they heard.

`/healthz` answers 200 while the process lives; `/readyz` answers 503 while anything it needs is away.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runtime import metrics
from runtime.bounded_protocol import BoundedConfig, ConnectionBounds
from runtime.file_limit import room_for_connections

log = logging.getLogger("jibao.health")
Check = Callable[[], Awaitable[bool]]
ASK_WITHIN = 2.0


class Health:
    """The checks of one role, by name; each is asked afresh at every question."""

    def __init__(self, role: str, checks: Mapping[str, Check]) -> None:
        self.role = role
        self._checks = checks

    async def ask(self) -> dict[str, bool]:
        """Ask all at once; a check that raises or does not answer in time is False."""

        async def one(check: Check) -> bool:
            try:
                return await asyncio.wait_for(check(), ASK_WITHIN)
            except Exception:
                return False

        answers = await asyncio.gather(*(one(check) for check in self._checks.values()))
        heard = dict(zip(self._checks, answers, strict=True))
        if "broker" in heard:
            metrics.BROKER_UP.set(heard["broker"])
        if "database" in heard:
            metrics.DATABASE_UP.set(heard["database"])
        return heard

    def routes(self) -> list[Route]:
        """The three pages every role has."""

        async def healthz(_: Request) -> Response:
            heard = await self.ask()
            status = "ok" if all(heard.values()) else "impaired"
            return JSONResponse({"status": status, "role": self.role, "checks": heard})

        async def readyz(_: Request) -> Response:
            heard = await self.ask()
            ready = all(heard.values())
            body = {"status": "ready" if ready else "not ready", "role": self.role, "checks": heard}
            return JSONResponse(body, status_code=200 if ready else 503)

        async def scrape(_: Request) -> Response:
            await self.ask()
            return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

        return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", scrape)]


class Server:
    """A uvicorn server inside a role's own event loop; the role keeps its own signal handling.

    `proxy`: the addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; nobody's without it.
    """

    def __init__(
        self,
        app: Starlette | Callable[..., Awaitable[None]],
        host: str,
        port: int,
        proxy: str = "",
        bounds: ConnectionBounds | None = None,
    ) -> None:
        config = BoundedConfig(
            app,
            bounds or ConnectionBounds(connections=room_for_connections()),
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
            proxy_headers=bool(proxy),
            forwarded_allow_ips=proxy,
        )
        self._server = uvicorn.Server(config)
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        self._task: asyncio.Task[None] | None = None
        self.port = 0

    async def start(self) -> int:
        """Listen; returns the port. Raises OSError when it is taken."""
        self._task = asyncio.create_task(self._server._serve())
        while not self._server.started:
            if self._task.done():
                raise OSError(f"could not listen on port {self._server.config.port}")
            await asyncio.sleep(0.005)
        self.port = int(self._server.servers[0].sockets[0].getsockname()[1])
        return self.port

    async def stop(self) -> None:
        """Stop listening; open streams are cut."""
        self._server.should_exit = True
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)


async def serve_health(health: Health, host: str, port: int) -> Server:
    """The small server of a role that has no other page."""
    server = Server(Starlette(routes=health.routes()), host, port)
    bound = await server.start()
    log.info("health and metrics on http://%s:%d", host, bound)
    return server
