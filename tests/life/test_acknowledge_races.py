"""Step 7 against step 6: an acknowledgement beats a concurrent escalation, whichever of them holds the alert first."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from consumers.escalate_alerts import escalate_all
from jibao.county_in_force import load_desk
from schemas.events import AlertUnanswered
from storage.database import Database
from tests.world import World


async def unanswered(world: World) -> tuple[str, AlertUnanswered]:
    """An alert whose wait has just run out, and the fact that says so, not reacted to yet."""
    async with world.console(world.on_duty.duty_officer.login):
        receipt = await world.report()
        await world.settled()
    await world.stop("consumers")
    world.clock.move(timedelta(minutes=5))
    await world.settled()
    row = (await world.rows("select body from events where kind = 'alert.unanswered'"))[0]
    return receipt["incident_id"], AlertUnanswered.read(row["body"])


async def is_waiting_for_a_lock(world: World) -> None:
    """Return when some transaction waits for another one's row."""
    while not await world.peek.fetchval("select count(*) from pg_locks where not granted"):
        await asyncio.sleep(0.002)


async def acknowledge(world: World, alert_id: UUID) -> Any:
    """What the duty officer's button does."""
    return await world.call("duty_officer", "POST", f"/api/v1/alerts/{alert_id}/acknowledge", json={})


async def test_it_stays_acknowledged_when_the_escalation_held_the_alert_first(world: World) -> None:
    incident_id, fact = await unanswered(world)
    database = await Database.connect(world.settings["consumers"], 2)
    desk = await load_desk(database)
    async with database.transaction() as tx:
        await escalate_all(tx, [fact], world.clock.now(), desk)
        pressing = asyncio.create_task(acknowledge(world, fact.alert_id))
        await asyncio.wait_for(is_waiting_for_a_lock(world), 10)
    answer = await pressing
    await database.close()
    await world.start("consumers")
    await world.fast_forward(minutes=20)
    alert = await world.alert(incident_id)
    assert answer.status_code == 200
    assert (alert["state"], alert["step"], alert["next_at"]) == ("acknowledged", 1, None)


async def test_it_does_not_escalate_when_the_acknowledgement_held_the_alert_first(world: World) -> None:
    incident_id, fact = await unanswered(world)
    database = await Database.connect(world.settings["consumers"], 2)
    desk = await load_desk(database)

    async def escalate() -> None:
        async with database.transaction() as tx:
            await escalate_all(tx, [fact], world.clock.now(), desk)

    async with database.transaction() as holding:
        await holding.rows("select 1 from incidents where incident_id = $1 for update", UUID(incident_id))
        pressing = asyncio.create_task(acknowledge(world, fact.alert_id))
        await asyncio.wait_for(is_waiting_for_a_lock(world), 10)
    await asyncio.gather(pressing, escalate())
    async with database.transaction() as tx:  # and again, should the two have crossed the other way
        await escalate_all(tx, [fact], world.clock.now(), desk)
    await database.close()
    alert = await world.alert(incident_id)
    assert (alert["state"], alert["next_at"]) == ("acknowledged", None)


async def test_it_gives_one_alert_to_one_person_when_everybody_presses_at_once(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    alert = await world.alert(receipt["incident_id"])
    people = [
        person.login for person in world.county.people if person.role in ("duty_officer", "duty_leader")
    ]
    answers = await asyncio.gather(
        *(
            world.call(who, "POST", f"/api/v1/alerts/{alert['alert_id']}/acknowledge", json={})
            for who in people
        )
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [409] * (len(people) - 1)
    winner = next(answer.json()["acknowledged_by_name"] for answer in answers if answer.status_code == 200)
    losers = {answer.json()["acknowledged_by_name"] for answer in answers if answer.status_code == 409}
    assert losers == {winner}
    assert (await world.kinds(receipt["incident_id"])).count("alert.acknowledged") == 1
