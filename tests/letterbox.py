"""A small real HTTP server that receives webhooks and answers as a test tells it to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

WITHIN = 15.0


@dataclass(frozen=True)
class Post:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Letterbox:
    """`status` is what it answers; None: it never answers. `cut`: it hangs up after it has read the request.

    `answer` writes whatever it likes instead, for as long as it likes.
    """

    status: int | None = 200
    cut: bool = False
    answer: Callable[[asyncio.StreamWriter], Awaitable[None]] | None = None
    posts: list[Post] = field(default_factory=list)
    url: str = ""
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, count: int) -> None:
        """Wait until so many requests have come."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(self.posts) >= count), WITHIN)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read requests one after the other and answer each."""
        try:
            while (post := await _read(reader)) is not None:
                async with self._news:
                    self.posts.append(post)
                    self._news.notify_all()
                if self.cut:
                    return
                if self.answer is not None:
                    await self.answer(writer)
                    return
                if self.status is None:
                    await asyncio.Event().wait()
                writer.write(f"HTTP/1.1 {self.status} so\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Post | None:
    head = await reader.readuntil(b"\r\n\r\n")
    request, *lines = head.decode().strip().split("\r\n")
    headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Post(request.split(" ")[1], headers, body)


@asynccontextmanager
async def letterbox(**how: object) -> AsyncIterator[Letterbox]:
    """A letterbox on a free loopback port."""
    box = Letterbox(**how)  # type: ignore[arg-type]
    talking: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talking.add(task)
        await box.serve(reader, writer)

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    box.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield box
    finally:
        server.close()
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
