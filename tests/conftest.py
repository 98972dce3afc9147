"""What every test may ask for: the session's PostgreSQL and a whole county on real servers."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from consumers import app
from tests.servers import Databases, databases
from tests.world import World, make_world

OpenWorld = Callable[..., Awaitable[World]]


@pytest.fixture(scope="session")
def session_databases() -> Iterator[Databases]:
    """One PostgreSQL for the whole session."""
    with databases() as found:
        yield found


@pytest.fixture
async def world(session_databases: Databases, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A county with every role running and a clock that stands at 09:00 on a Monday."""
    monkeypatch.setattr(app, "PATIENCE", 1)  # an absent console has failed at once; nobody waits in real time
    async with make_world(session_databases) as made:
        yield made


@pytest.fixture
async def open_world(
    session_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OpenWorld]:
    """Make a county that differs: `await open_world(county=…, start=False)`."""
    monkeypatch.setattr(app, "PATIENCE", 1)
    async with AsyncExitStack() as stack:

        async def make(**how: Any) -> World:
            return await stack.enter_async_context(make_world(session_databases, **how))

        yield make


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_world(session_databases: Databases) -> AsyncIterator[World]:
    """One county for a whole table of questions that do not disturb each other.

    Its tests say `pytestmark = pytest.mark.asyncio(loop_scope="module")`.
    """
    before, app.PATIENCE = app.PATIENCE, 1
    async with make_world(session_databases) as made:
        yield made
    app.PATIENCE = before
