"""A database that takes connections and says nothing costs one report a moment, and the next ones nothing."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psutil
import pytest

from producers import credentials
from runtime.trouble import Unavailable
from tests.conftest import OpenWorld
from tests.reports import make_later, make_report
from tests.servers import Databases, databases
from tests.world import World, make_world

NO_MORE = 0.3
FIRST = 2.0


@pytest.fixture
def own_databases() -> Iterator[Databases]:
    """A PostgreSQL of the test's own, which it may freeze."""
    with databases() as found:
        yield found


@contextmanager
def frozen(pids: Sequence[int]) -> Iterator[None]:
    """These processes stand still, and go on afterwards."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(pids):
            os.kill(pid, signal.SIGCONT)


def server(found: Databases) -> list[int]:
    """The whole server: the first process and its children."""
    first = psutil.Process(found.server.pid)
    return [first.pid, *(child.pid for child in first.children(recursive=True))]


async def seconds_each(world: World, bodies: Sequence[dict[str, object]]) -> list[float]:
    """Send one after the other; every one of them must be received."""
    taken = []
    for body in bodies:
        begun = time.perf_counter()
        answer = await world.call("reporter", "POST", "/api/v1/reports", json=body)
        taken.append(time.perf_counter() - begun)
        assert answer.status_code == 202, answer.text
    return taken


async def test_fifty_reports_are_taken_at_once_while_the_whole_server_stands_still(
    own_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "REMEMBER", 0.0)  # every report asks for its credential
    async with make_world(own_databases) as world:
        receipt = await world.report()
        await world.settled()
        later = [make_later(receipt["incident_id"]) for _ in range(10)]
        usual = max(await seconds_each(world, [make_report() for _ in range(10)]))
        with frozen(server(own_databases)):
            first, *others = await seconds_each(world, [*(make_report() for _ in range(41)), *later])
        assert first < FIRST + usual
        assert max(others) < NO_MORE + usual
        await world.settled()
        assert (await world.rows("select count(*) from reports"))[0]["count"] == 62
        await world.report()  # the credential is asked for again, and answered


async def test_only_those_wait_whose_connection_hangs_and_only_once(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "REMEMBER", 0.0)
    world = await open_world()
    await world.report()
    await world.settled()
    rows = await world.rows(
        "select pid from pg_stat_activity where application_name = 'jibao-doors' and datname = current_database()"
    )
    usual = max(await seconds_each(world, [make_report() for _ in range(10)]))
    with frozen([row["pid"] for row in rows]):
        first, *others = await seconds_each(world, [make_report() for _ in range(20)])
        await world.settled()
    assert first < FIRST + usual
    assert max(others) < NO_MORE + usual
    assert (await world.rows("select count(*) from reports"))[0]["count"] == 31


async def test_nobody_unknown_is_let_in_while_it_hangs(own_databases: Databases) -> None:
    async with make_world(own_databases) as world:
        with frozen(server(own_databases)):
            for _ in range(2):
                begun = time.perf_counter()
                answer = await world.call("reporter", "POST", "/api/v1/reports", json=make_report())
                assert answer.status_code == 503
                assert answer.json()["phone"] == world.county.phone
            assert time.perf_counter() - begun < 6


async def test_it_knows_again_that_the_database_answers(own_databases: Databases) -> None:
    async with make_world(own_databases) as world:
        database = world.running["doors"].database
        with frozen(server(own_databases)):
            with pytest.raises(Unavailable):
                async with database.glance(0.1) as tx:
                    await tx.row("select 1")
            begun = time.perf_counter()
            with pytest.raises(Unavailable):
                async with database.glance(5):
                    raise AssertionError("it was asked again though it is known not to answer")
            assert time.perf_counter() - begun < 0.1
        asking = database._silence._asking
        assert asking is not None
        await asking
        async with database.glance(5) as tx:
            assert await tx.row("select 1") is not None
