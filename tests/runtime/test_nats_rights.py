"""What each role's broker account may do, against a real server: its work, and nothing that another decides."""

import asyncio
from collections.abc import AsyncIterator

import nats
import pytest
import pytest_asyncio
from nats.errors import Error as NatsError

from consumers.app import durables
from runtime.stream import FACTS, INTAKE, connect, provision
from tests.house import role_settings
from tests.servers import scratch, start_broker

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROLES = ("doors", "consumers", "relay")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url() -> AsyncIterator[str]:
    """A broker with our streams."""
    with scratch() as folder:
        broker = await start_broker(folder / "nats")
        admin = await connect(role_settings("admin", broker.url, ""))
        await provision(admin.jetstream(), durables())
        yield broker.url
        await admin.close()
        await broker.stop()


async def refused(url: str, role: str, publish: str | None = None, subscribe: str | None = None) -> bool:
    """Whether the server refuses this role a subject."""
    errors: list[Exception] = []

    async def note(error: Exception) -> None:
        errors.append(error)

    settings = role_settings(role, url, "")
    client = await nats.connect(url, user=role, password=settings.nats_password, error_cb=note,
                                inbox_prefix=f"_INBOX_{role}".encode())  # fmt: skip
    if publish:
        await client.publish(publish, b"{}")
    if subscribe:
        await client.subscribe(subscribe)
    await client.flush(5)
    await client.flush(5)
    await client.close()
    return any("permissions violation" in str(error).lower() for error in errors)


PUBLISH = [
    # subject, and which of doors, consumers and relay may say it
    ("intake.report.submitted.x", "doors"),
    ("intake.other", ""),
    ("facts.incident.opened", "relay"),  # nobody decides but through the ledger
    ("console.x", "consumers"),
    ("$JS.API.STREAM.DELETE.INTAKE", ""),
    ("$JS.API.STREAM.PURGE.FACTS", ""),
    ("$JS.API.STREAM.UPDATE.FACTS", ""),
    ("$JS.API.STREAM.MSG.DELETE.INTAKE", ""),
    ("$JS.API.CONSUMER.DELETE.FACTS.route_incidents", ""),
    ("$JS.API.CONSUMER.CREATE.FACTS.mine", ""),
    ("$JS.API.DIRECT.GET.FACTS.facts.x", ""),
    ("$SYS.REQ.SERVER.PING", ""),
    ("$SYS.ACCOUNT.$G.CONNECT", ""),
    ("facts.made.up", "relay"),
    ("intake.report.submitted.x.y", ""),
    ("console.x.y", ""),
    # Nobody answers in another's name: a forged acknowledgement would be a receipt for a report that is nowhere.
    ("_INBOX.x", ""),
    ("_INBOX_doors.x", ""),
    ("_INBOX_consumers.x", ""),
    ("_INBOX_relay.x", ""),
    ("_INBOX_admin.x", ""),
    ("$JS.ACK.INTAKE.store_reports.1.1.1.1.1", "consumers"),
    ("$JS.API.CONSUMER.MSG.NEXT.FACTS.route_incidents", "consumers"),
    ("$JS.API.CONSUMER.DURABLE.CREATE.FACTS.route_incidents", ""),
    ("$JS.API.CONSUMER.CREATE.INTAKE.mine.intake.>", ""),
    ("$JS.API.CONSUMER.PAUSE.FACTS.route_incidents", ""),
    ("$JS.API.STREAM.CREATE.MINE", ""),
    ("$JS.API.STREAM.INFO.INTAKE", ""),
    ("$JS.API.STREAM.NAMES", ""),
    ("$JS.API.STREAM.MSG.GET.INTAKE", ""),
    ("$JS.API.STREAM.SNAPSHOT.INTAKE", ""),
    ("$JS.API.STREAM.RESTORE.INTAKE", ""),
    ("$JS.API.STREAM.PURGE.INTAKE", ""),
    ("$JS.API.STREAM.LEADER.STEPDOWN.INTAKE", ""),
    ("$JS.API.META.LEADER.STEPDOWN", ""),
    ("$JS.API.SERVER.REMOVE", ""),
    ("$JS.API.ACCOUNT.PURGE.$G", ""),
    ("$JS.FC.INTAKE.x", ""),
]
SUBSCRIBE = [
    ("intake.>", ""),  # nobody listens in on reports
    ("facts.>", ""),
    (">", ""),
    ("console.x", "doors"),
    ("_INBOX_doors.x", "doors"),
    ("_INBOX_consumers.x", "consumers"),
    ("_INBOX_relay.x", "relay"),
    ("$JS.API.>", ""),
    ("*", ""),
    ("*.>", ""),
    ("_INBOX.>", ""),
    ("_INBOX_doors.>", "doors"),
    ("_INBOX_consumers.>", "consumers"),
    ("_INBOX_relay.>", "relay"),
    ("_INBOX_admin.>", ""),
    ("intake.report.submitted.*", ""),
    ("console.*", "doors"),
    ("$JS.ACK.>", ""),
    ("$JS.EVENT.>", ""),
    ("$SYS.>", ""),
]


@pytest.mark.parametrize(("subject", "may"), PUBLISH)
@pytest.mark.parametrize("role", ROLES)
async def test_it_lets_each_role_say_only_what_its_work_needs(
    url: str, role: str, subject: str, may: str
) -> None:
    assert await refused(url, role, publish=subject) is (role not in may.split())


@pytest.mark.parametrize(("subject", "may"), SUBSCRIBE)
@pytest.mark.parametrize("role", ROLES)
async def test_it_lets_each_role_hear_only_what_is_meant_for_it(
    url: str, role: str, subject: str, may: str
) -> None:
    assert await refused(url, role, subscribe=subject) is (role not in may.split())


@pytest.mark.parametrize(
    ("user", "password"), [("doors", "wrong"), ("", ""), ("clock", "test-clock"), ("root", "x")]
)
async def test_it_lets_in_nobody_else(url: str, user: str, password: str) -> None:
    """Not even the clock: it needs no broker."""
    with pytest.raises(NatsError):
        await nats.connect(url, user=user or None, password=password or None, max_reconnect_attempts=0,
                           allow_reconnect=False, connect_timeout=3)  # fmt: skip


async def test_it_leaves_no_default_on_that_loses_a_message(url: str) -> None:
    admin = await connect(role_settings("admin", url, ""))
    jetstream = admin.jetstream()
    for name in (INTAKE, FACTS):
        config = (await jetstream.stream_info(name)).config
        assert (config.storage, config.discard, config.retention) == ("file", "new", "limits")
        assert (config.deny_delete, config.deny_purge, config.allow_atomic) == (True, True, True)
        assert (config.max_msgs, config.max_bytes, config.max_consumers) == (-1, -1, -1)
    for durable in durables():
        config = (await jetstream.consumer_info(durable.stream, durable.name)).config
        assert (config.ack_policy, config.max_deliver, config.deliver_policy) == ("explicit", -1, "all")
        assert sorted(config.filter_subjects or [config.filter_subject]) == sorted(durable.subjects)
    await admin.close()


async def test_it_can_be_provisioned_again_at_every_start(url: str) -> None:
    admin = await connect(role_settings("admin", url, ""))
    before = [(await admin.jetstream().stream_info(name)).config for name in (INTAKE, FACTS)]
    await asyncio.gather(*(provision(admin.jetstream(), durables()) for _ in range(3)))
    assert [(await admin.jetstream().stream_info(name)).config for name in (INTAKE, FACTS)] == before
    await admin.close()
