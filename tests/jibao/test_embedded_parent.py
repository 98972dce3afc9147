"""`kill -9` of whoever started the servers: none of them stays, and the next start finds everything as it was."""

import asyncio
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from jibao.embedded import start_nats, start_postgres
from jibao.embedded.leftovers import command_line
from jibao.embedded.process import until

REPOSITORY = Path(__file__).parents[2]
PARENT = """
import asyncio, sys
from pathlib import Path
import asyncpg
from jibao.embedded import start_nats, start_postgres

async def main(directory: Path) -> None:
    postgres = await start_postgres(directory / "pg")
    broker = await start_nats(directory / "nats", 'jetstream { store_dir: "js" }')
    connection = await asyncpg.connect(postgres.dsn())
    await connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    pids = [row["pid"] for row in await connection.fetch("SELECT pid FROM pg_stat_activity")]
    print(broker.pid, postgres.pid, *pids, flush=True)
    await asyncio.sleep(600)

asyncio.run(main(Path(sys.argv[1])))
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells children that their parent died"
)


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="jibao-test-", dir="/tmp") as name:
        Path(name).chmod(0o711)
        monkeypatch.setenv("JIBAO_STATE_DIR", f"{name}/state")
        yield Path(name)


async def test_it_leaves_no_server_when_its_parent_is_killed(directory: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, directory], stdout=subprocess.PIPE, cwd=REPOSITORY
    )
    assert parent.stdout is not None
    with parent.stdout as said:
        pids = [int(word) for word in (await asyncio.to_thread(said.readline)).split()]
    assert len(pids) > 4
    assert all(command_line(pid) for pid in pids)
    parent.send_signal(signal.SIGKILL)
    parent.wait()

    postgres = await start_postgres(directory / "pg")  # at once: it waits for the old one to be gone
    broker = await start_nats(directory / "nats", 'jetstream { store_dir: "js" }')
    connection = await asyncpg.connect(postgres.dsn())
    assert await connection.fetchval("SELECT seven FROM kept") == 7
    await connection.close()
    await postgres.stop()
    await broker.stop()
    assert await until(lambda: not any(command_line(pid) for pid in pids), 10)


async def test_it_lets_no_server_wait_for_a_next_start_to_end(directory: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, directory], stdout=subprocess.PIPE, cwd=REPOSITORY
    )
    assert parent.stdout is not None
    with parent.stdout as said:
        pids = [int(word) for word in (await asyncio.to_thread(said.readline)).split()]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert await until(lambda: not any(command_line(pid) for pid in pids), 10)
