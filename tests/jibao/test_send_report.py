"""`jibao report` reads what the API reads; a copy that a killed run left is sent by the next, or it is said why not."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.reports import make_report
from tests.world import World


class Command:
    """The command as a person runs it, with the token of a reporter."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.data = world, folder / "data"
        self.data.mkdir()
        self.token = folder / "token"
        self.token.write_bytes(
            b"\xef\xbb\xbf" + world.tokens["reporter"].encode() + b"\r\n"
        )  # an editor's file

    @property
    def outbox(self) -> list[str]:
        """What lies in the outbox."""
        return sorted(path.name for path in (self.data / "outbox").glob("*"))

    @asynccontextmanager
    async def running(self, body: bytes) -> AsyncIterator[asyncio.subprocess.Process]:
        """The command with this on its standard input; ended at the latest here."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "jibao", "report", "-", "--data", str(self.data), "--token-file", str(self.token),
            "--url", str(self.world.http.base_url),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "LANG": "C.UTF-8", "LC_ALL": "en_US.UTF-8"},
        )  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(body)
        process.stdin.close()
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def run(self, body: bytes) -> tuple[int | None, str]:
        """Its exit code and all it said."""
        async with self.running(body) as process:
            out, said = await asyncio.wait_for(process.communicate(), 60)
            return process.returncode, (out + said).decode()

    async def stored(self) -> dict[str, Any]:
        """Bodies in the database by report id."""
        rows = await self.world.rows("select report_id, body from reports")
        return {str(row["report_id"]): json.loads(row["body"]) for row in rows}


@pytest.fixture
def command(world: World, tmp_path: Path) -> Command:
    return Command(world, tmp_path)


def typed(**changes: Any) -> str:
    return json.dumps(make_report(**changes), ensure_ascii=False)


async def killed_while_waiting(command: Command, report_id: str) -> None:
    """A run that is accepted and then killed before it is stored: nobody stores."""
    async with command.running(typed(report_id=report_id).encode()) as process:
        assert process.stdout is not None
        assert b"accepted" in await asyncio.wait_for(process.stdout.readline(), 60)
        process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_the_next_run_sends_the_copy_that_a_killed_run_left(command: Command) -> None:
    left, own = str(uuid4()), str(uuid4())
    await command.world.stop("consumers")
    await killed_while_waiting(command, left)
    assert command.outbox == [f"{left}.json"]
    await command.world.start("consumers")
    code, said = await command.run(typed(report_id=own, title="另一份").encode())
    assert code == 0 and f"sending a copy left earlier {left}" in said, said
    assert set(await command.stored()) == {left, own}
    assert len(await command.world.rows("select 1 from incidents")) == 2  # each once
    assert command.outbox == []


async def test_a_copy_of_another_person_stays_and_is_named(command: Command) -> None:
    left = str(uuid4())
    await command.world.stop("consumers")
    await killed_while_waiting(command, left)
    await command.world.start("consumers")
    command.token.write_text(command.world.tokens["reporter.104"])
    code, said = await command.run(typed(place={}, source={}).encode())
    assert code == 0 and f"not sent: {command.data}/outbox/{left}.json" in said, said
    assert command.outbox == [f"{left}.json"]


async def test_a_copy_that_another_run_is_sending_is_left_to_it(command: Command) -> None:
    first, second = str(uuid4()), str(uuid4())
    await command.world.stop("consumers")
    async with command.running(typed(report_id=first).encode()) as waiting:
        assert waiting.stdout is not None
        assert b"accepted" in await asyncio.wait_for(waiting.stdout.readline(), 60)
        async with command.running(typed(report_id=second, title="另一份").encode()) as process:
            assert process.stdout is not None
            assert b"accepted" in await asyncio.wait_for(process.stdout.readline(), 60)
            await command.world.start("consumers")
            _, said = await asyncio.wait_for(process.communicate(), 60)
            assert first not in said.decode()
        await asyncio.wait_for(waiting.communicate(), 60)
    assert set(await command.stored()) == {first, second}
    assert command.outbox == []


async def test_what_lies_there_and_is_no_copy_is_named_and_left_alone(command: Command) -> None:
    strange = command.data / "outbox" / "notes.json"
    strange.parent.mkdir()
    strange.write_text("[")
    code, said = await command.run(typed().encode())
    assert (code, str(strange) in said, strange.exists()) == (0, True, True)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
async def test_it_reads_files_of_chinese_programs(command: Command, encoding: str) -> None:
    code, said = await command.run(typed(title="粮库起火，已疏散").replace("\n", "\r\n").encode(encoding))
    assert code == 0, said
    assert [body["title"] for body in (await command.stored()).values()] == ["粮库起火，已疏散"]


async def test_it_reads_what_people_type_and_says_what_it_keeps_as_words(command: Command) -> None:
    body = typed(casualties={"deaths": "十几", "injuries": "3人"}, grade="三级", category="爆炸")
    code, said = await command.run(body.encode())
    assert code == 0, said
    assert "casualties.deaths: kept as words: 十几" in said
    assert "category: kept as words: 爆炸; it may be: accident.work_safety" in said
    (stored,) = (await command.stored()).values()
    assert (stored["casualties"]["injuries"], stored["grade"]) == (3, "III")
    assert stored["unread"] == {"casualties.deaths": "十几", "category": "爆炸"}


async def test_it_still_refuses_what_no_door_takes(command: Command) -> None:
    for body, named in (
        (typed(colour="red"), "colour"),
        (typed(occurred_at="20261123"), "occurred_at"),
        ("{", ""),
    ):
        code, said = await command.run(body.encode())
        assert code == 2 and named in said, said
    assert command.outbox == [] if (command.data / "outbox").exists() else True
