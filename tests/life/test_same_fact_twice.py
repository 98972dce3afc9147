"""At least once means: sometimes twice. Every fact delivered again changes nothing, in no table."""

from uuid import UUID

from consumers.app import STEPS
from consumers.store_reports import store_all
from consumers.submission import Said
from jibao.county_in_force import load_desk
from schemas.events import KINDS, ReportSubmitted
from storage.database import Database
from tests.packs import demo_pack
from tests.reports import make_call
from tests.tables import differences, dump
from tests.world import FACTS, INTAKE, World, make_later


async def live(world: World) -> None:
    """A life with everything in it: two media, a regrade, a breach, an escalation, a forward, a reopening."""
    call = await world.send(make_call("2026-11-23T00:58:00Z", grade="III"), who="duty_officer", path="calls")
    incident_id = call["incident_id"]
    await world.fast_forward(minutes=16)
    await world.report(incident_id=incident_id, grade="III")
    await world.act(f"incidents/{incident_id}/grade", grade="II", note="扩大")
    await world.settled()
    alert = (await world.incident(incident_id))["alerts"][0]
    await world.act(f"alerts/{alert['alert_id']}/acknowledge")
    await world.act(f"incidents/{incident_id}/forward", medium="phone")
    world.answering = "duty_officer"
    await world.fast_forward(minutes=50)
    await world.act(f"incidents/{incident_id}/stop", stopped_at=world.clock.now().isoformat())
    await world.send(make_later(incident_id, stage="final"))
    await world.settled()
    await world.act(f"incidents/{incident_id}/close", why="final_report")
    await world.send(make_later(incident_id))
    await world.settled()
    await world.act(f"incidents/{incident_id}/reopen", note="又有报告")
    await world.settled()
    await world.act(f"incidents/{incident_id}/close", why="final_report")
    await world.act("packs", who="admin", toml=demo_pack())
    await world.settled()


async def again(world: World, stream: str) -> int:
    """Publish every message of a stream once more, as if it were new."""
    info = await world.jetstream.stream_info(stream)
    for seq in range(1, info.state.messages + 1):
        message = await world.jetstream.get_msg(stream, seq=seq)
        await world.put(message.subject, message.data)
    return int(info.state.messages)


async def test_it_changes_nothing_when_every_fact_comes_again(world: World) -> None:
    await live(world)
    before = await dump(world)
    assert await again(world, FACTS) > 40
    await world.settled()
    await world.settled()
    assert differences(before, await dump(world)) == {}
    told = {row["kind"] for row in await world.rows("select distinct kind from events")}
    unseen = set(KINDS) - told - {"report.submitted", "report.refused", "alert.delivered", "alert.uncertain"}
    assert unseen == set()


async def test_it_changes_nothing_when_every_report_comes_again(world: World) -> None:
    await live(world)
    before = await dump(world)
    await again(world, INTAKE)
    await world.settled()
    assert differences(before, await dump(world)) == {}


async def test_it_changes_nothing_when_each_reaction_runs_again_on_all_its_facts(world: World) -> None:
    """All at once, in the order of the ledger, in one transaction."""
    await live(world)
    before = await dump(world)
    await world.stop("consumers")
    database = await Database.connect(world.settings["consumers"], 1)
    desk, now = await load_desk(database), world.clock.now()
    rows = await world.rows("select kind, body from events order by xid, seq")
    for step in STEPS:
        kinds = {fact.kind for fact in step.facts}
        facts = [KINDS[row["kind"]].read(row["body"]) for row in rows if row["kind"] in kinds]
        async with database.transaction() as tx:
            await step.react(tx, facts, now, desk)
        assert differences(before, await dump(world)) == {}, step.name
    await database.close()


async def test_it_stores_once_what_stands_twice_in_one_group(world: World) -> None:
    await world.stop("consumers")
    receipt = await world.report()
    raw = await world.jetstream.get_msg(INTAKE, seq=1)
    said = Said(ReportSubmitted.read(raw.data), world.clock.now(), raw.data)
    database = await Database.connect(world.settings["consumers"], 1)
    desk = await load_desk(database)
    async with database.transaction() as tx:
        await store_all(tx, [said, said, said], world.clock.now(), desk)
    await database.close()
    rows = await world.rows("select report_id, number from reports")
    assert [tuple(row) for row in rows] == [(UUID(receipt["report_id"]), 1)]
    assert (await world.kinds(receipt["incident_id"])).count("report.stored") == 1


async def test_it_refuses_in_the_database_too_what_reuses_an_id_for_other_words(world: World) -> None:
    """Should a broker forget its window: the second is kept aside, the first stands."""
    await world.report()
    await world.settled()
    raw = await world.jetstream.get_msg(INTAKE, seq=1)
    other = ReportSubmitted.read(raw.data).model_copy(update={"body_hash": "another"})
    database = await Database.connect(world.settings["consumers"], 1)
    desk = await load_desk(database)
    for _ in range(2):
        async with database.transaction() as tx:
            await store_all(tx, [Said(other, world.clock.now(), raw.data)], world.clock.now(), desk)
    await database.close()
    rows = await world.rows("select reason, field from refusals")
    assert [tuple(row) for row in rows] == [("id_reused", "report_id")]
    assert len(await world.rows("select 1 from reports")) == 1
    assert len(await world.rows("select 1 from events where kind = 'report.refused'")) == 1
