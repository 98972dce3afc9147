"""A receiver that drips, never ends or unpacks to gigabytes costs seconds and a few KiB, and holds up nobody else."""

import asyncio
import gzip
import tracemalloc
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count

import pytest

from consumers.channels import Heard, Letter
from consumers.channels import webhook as channel
from consumers.channels.webhook import Webhook
from schemas.reasons import DeliveryReason
from schemas.vocabulary import AttemptState
from tests.conftest import OpenWorld
from tests.consumers.test_webhook_together import KEY, letter
from tests.counties import demo_county, on_duty, webhook, with_contacts
from tests.letterbox import letterbox
from tests.reports import START

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
UNCERTAIN = (AttemptState.UNCERTAIN, DeliveryReason.TIMED_OUT)
PIECE = b"x" * 65536
BOMB = gzip.compress(bytes(200_000_000), compresslevel=1)


async def drip_head(writer: asyncio.StreamWriter) -> None:
    """One byte at a time, before there is any status."""
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: " + b"a" * 10_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_body(writer: asyncio.StreamWriter) -> None:
    """A good status at once, and then a body one byte at a time."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in count():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_chunks(writer: asyncio.StreamWriter) -> None:
    """The same in chunks of one byte, which never end."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in count():
        writer.write(b"1\r\nx\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def continue_for_ever(writer: asyncio.StreamWriter) -> None:
    """Provisional answers, one after the other."""
    for _ in count():
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


async def endless(writer: asyncio.StreamWriter) -> None:
    """As fast as it can, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in count():
        writer.write(b"10000\r\n" + PIECE + b"\r\n")
        await writer.drain()


async def bomb(writer: asyncio.StreamWriter) -> None:
    """A small answer that unpacks to 200 MB."""
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(BOMB)}\r\n\r\n"
    writer.write(head.encode() + BOMB)
    await writer.drain()


async def away_to_myself(writer: asyncio.StreamWriter) -> None:
    """A redirect to another address."""
    writer.write(b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


async def heard_from(answer: Answer) -> Heard:
    """What a letter to such a receiver comes to."""
    async with letterbox(answer=answer) as box:
        hook = Webhook(KEY)
        try:
            return await asyncio.wait_for(hook.send(letter(box.url)), 10)
        finally:
            await hook.close()


@pytest.mark.parametrize("answer", [drip_head, drip_body, drip_chunks, continue_for_ever])
async def test_it_is_uncertain_when_the_whole_answer_does_not_come_in_time(
    monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    monkeypatch.setattr(channel, "ANSWER_WITHIN", 0.5)
    heard = await heard_from(answer)
    assert (heard.state, heard.reason) == UNCERTAIN


@pytest.mark.parametrize("answer", [endless, bomb])
async def test_it_reads_a_few_kilobytes_and_unpacks_nothing(answer: Answer) -> None:
    await heard_from(away_to_myself)  # what is loaded once
    tracemalloc.start()
    try:
        heard = await heard_from(answer)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (heard.state, heard.detail) == (AttemptState.DELIVERED, "200")
    assert most < 10_000_000


async def test_it_goes_nowhere_else_when_it_is_sent_on() -> None:
    heard = await heard_from(away_to_myself)
    assert (heard.state, heard.reason, heard.detail) == (AttemptState.FAILED, DeliveryReason.REJECTED, "307")


async def test_sixty_people_at_a_host_that_drips_hold_up_no_other_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(channel, "AT_ONE_HOST", 4)
    async with letterbox(answer=drip_body) as slow, letterbox() as quick:
        hook = Webhook(KEY)
        hanging = [asyncio.create_task(hook.send(_to(f"{slow.url}/{n}"))) for n in range(60)]
        await slow.until(4)
        async with asyncio.timeout(1):
            heard = await hook.send(_to(quick.url))
        assert heard.state is AttemptState.DELIVERED
        assert len(slow.posts) <= channel.AT_ONE_HOST * 2
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        await hook.close()


def _to(address: str) -> Letter:
    return letter(address)


async def test_it_leaves_on_the_stream_what_is_too_much_for_a_slow_receiver(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(channel, "MOST_WAITING", 3)
    async with letterbox(status=None) as silent:
        hook = Webhook(KEY)
        letters = [letter(silent.url) for _ in range(4)]
        hanging = [asyncio.create_task(hook.send(letters[0]))]
        await silent.until(1)
        hanging += [asyncio.create_task(hook.send(one)) for one in letters[1:]]
        await asyncio.sleep(0)
        assert hook.is_full(letters[0].attempt, None)
        other = replace(letters[0], attempt=letter("http://127.0.0.1:1/").attempt)
        assert not hook.is_full(other.attempt, None)
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        await hook.close()


async def test_a_receiver_that_drips_holds_up_nobody_elses_webhook(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight reports: with each of them one address drips for ten seconds, the other is told at once."""
    monkeypatch.setattr(channel, "MOST_WAITING", 4)
    officer = on_duty(demo_county(), START).duty_officer
    async with letterbox(answer=drip_body) as slow, letterbox() as quick:
        contacts = (webhook(slow.url), webhook(quick.url))
        world = await open_world(county=with_contacts(demo_county(), officer.login, *contacts))
        for _ in range(8):
            receipt = await world.report()
        told = f"select count(*) from attempts where channel = 'webhook' and address = '{quick.url}'"
        async with asyncio.timeout(8):
            while (await world.rows(f"{told} and state = 'delivered'"))[0]["count"] < 8:
                await asyncio.sleep(0.02)
        dripping = await world.rows("select distinct state from attempts where address = $1", slow.url)
    assert receipt["report_id"]
    assert {row["state"] for row in dripping} <= {"sending", "pending"}
