"""An admin's upload may be anything: it is read in a process of its own, and the doors answer others all the while."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from runtime import bounded_child
from runtime.bounded_child import ChildBounds, ChildFailed, run_apart
from tests.attack import LONG
from tests.attack.doors_process import MIB, Doors, doors_process
from tests.packs import demo_pack
from tests.rules.test_toml_bounds import TEXTS
from tests.servers import Databases

pytestmark = [pytest.mark.attack, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

WORD = "z" * 300
BODIES: dict[str, object] = {
    "as a number": {"toml": "a=" + "9" * 900_000},
    "many problems": {"toml": f'[[limit]]\nid = "{WORD}"\ngrade = "{WORD}"\nshould = "{WORD}"\n' * 700},
    "half a million JSON keys": "{" + ",".join(f'"k{n}":1' for n in range(250_000)) + "}",
    "forty long JSON keys": "{" + ",".join(f'"{n}{"k" * 70_000}":1' for n in range(40)) + "}",
    "JSON without end": "[" * 2_000_000,
    "a sound pack of many limits": {"toml": demo_pack("2030.1") + "\n# " + "x" * 900_000},
}
SHORT = ("a key of half a million parts", "lists without end", "many entries")


NAMES = [*BODIES, *(TEXTS if LONG else SHORT)]
"""What is uploaded."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(
    session_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Doors]:
    """One process for the whole file."""
    folder: Path = tmp_path_factory.mktemp("doors")
    async with doors_process(session_databases, folder) as made:
        yield made


@pytest.mark.parametrize("query", ["", "?check=1"])
@pytest.mark.parametrize("name", NAMES)
async def test_it_answers_others_whatever_is_uploaded(doors: Doors, name: str, query: str) -> None:
    body = BODIES.get(name) or {"toml": TEXTS[name].decode("utf-8", "replace")}
    doors.begin()
    headers = {"Authorization": f"Bearer {doors.world.tokens['admin']}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{doors.port}", trust_env=False, timeout=60
    ) as http:
        sent = {"content": body} if isinstance(body, str) else {"json": body}
        answer = await http.post(f"/api/v1/packs{query}", headers=headers, **sent)
    assert answer.status_code in (200, 201, 400, 422), answer.text[:500]
    assert len(answer.content) <= MIB
    await doors.asked_again()
    assert max(doors.waits) <= 0.1


@pytest.mark.parametrize(
    ("work", "bounds"),
    [
        ("while True: pass", ChildBounds(cpu_seconds=1)),
        ("import time; time.sleep(60)", ChildBounds(within=1)),
        ("x = bytearray(10**9)", ChildBounds()),
        ("while True: print('x' * 10_000)", ChildBounds(cpu_seconds=2, output=100_000)),
        ("open('written', 'wb', buffering=0).write(b'x')", ChildBounds()),
    ],
    ids=["runs on", "stands still", "takes all memory", "talks on", "writes a file"],
)
async def test_what_runs_away_ends_in_its_own_process(
    work: str, bounds: ChildBounds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prelude = "from runtime.bounded_child import bound_this_process\nbound_this_process()\n"
    (tmp_path / "running_away.py").write_text(prelude + work + "\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ChildFailed):
        await run_apart("running_away", b"given", bounds)


async def test_the_child_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    telling = "import os\nprint(sorted(os.environ))\n"
    (tmp_path / "telling.py").write_text(telling, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("JIBAO_DATABASE_PASSWORD", "a secret")
    assert b"JIBAO" not in await bounded_child.run_apart("telling", b"")
