"""What every test may ask for: the session's PostgreSQL and a whole county on real servers."""

from collections.abc import AsyncIterator, Iterator

import pytest

from consumers import app
from tests.servers import Databases, databases
from tests.world import World, make_world


@pytest.fixture(scope="session")
def session_databases() -> Iterator[Databases]:
    """One PostgreSQL for the whole session."""
    with databases() as found:
        yield found


@pytest.fixture
async def world(session_databases: Databases, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A county with every role running and a clock that stands at 09:00."""
    monkeypatch.setattr(app, "PATIENCE", 1)  # an absent console has failed at once; nobody waits in real time
    async with make_world(session_databases) as made:
        yield made
