"""Step 5: the clock reminds before a limit, marks the breach at its due second and says so."""

from datetime import timedelta
from uuid import UUID

from tests.reports import at
from tests.world import World


async def test_it_reminds_before_a_limit_runs_out(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.fast_forward(minutes=9, seconds=59)
    assert "obligation.due_soon" not in await world.kinds(receipt["incident_id"])
    await world.fast_forward(seconds=1)  # five minutes before 09:15
    assert "obligation.due_soon" in await world.kinds(receipt["incident_id"])
    assert (await world.alert(receipt["incident_id"], "obligation_due_soon"))["state"] == "acknowledged"


async def test_it_does_not_remind_of_what_is_done(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    await world.act(f"incidents/{receipt['incident_id']}/forward", medium="phone")
    await world.act(f"incidents/{receipt['incident_id']}/forward", medium="written")
    world.answering = "duty_officer"
    await world.fast_forward(minutes=59)
    reminded = await world.rows(
        "select body #>> '{obligation,duty,medium}' as medium, body #>> '{obligation,from_node}' as sender"
        " from events where kind = 'obligation.due_soon'"
    )
    assert [tuple(row) for row in reminded] == [("phone", "990101103")]


async def test_it_does_not_remind_while_somebody_is_being_called_anyway(world: World) -> None:
    duty = world.on_duty.duty_officer.login
    async with world.console(duty):
        receipt = await world.report(occurred_at=at(minutes=-13))  # due in seven minutes, reminder in two
        await world.fast_forward(minutes=3)
        whole = await world.incident(receipt["incident_id"])
    assert "obligation.due_soon" in await world.kinds(receipt["incident_id"])
    assert [one["reason"] for one in whole["alerts"]] == ["incident_reported"]


async def test_it_marks_a_breach_at_its_due_second(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.fast_forward(minutes=14, seconds=59)
    before = await world.obligation(receipt["incident_id"], "township", "first", "phone")
    await world.fast_forward(seconds=1)
    after = await world.obligation(receipt["incident_id"], "township", "first", "phone")
    assert before["breached_at"] is None
    assert (after["state"], after["breached_at"], after["detected_at"]) == (
        "open",
        at(minutes=15),
        at(minutes=15),
    )
    told = await world.rows(
        "select at, body ->> 'due_at' as due_at from events where kind = 'obligation.breached'"
    )
    assert [(row["at"].isoformat(), row["due_at"]) for row in told] == [(at(minutes=15), at(minutes=15))]


async def test_it_announces_a_breach_once_however_long_it_lasts(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.settled()
    await world.act(f"incidents/{receipt['incident_id']}/forward", medium="phone")
    await world.fast_forward(minutes=50)
    assert (await world.kinds(receipt["incident_id"])).count("obligation.breached") == 1


async def test_it_raises_an_alert_above_the_duty_officer_when_a_limit_runs_out(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.fast_forward(minutes=14)
    world.answering = None
    async with world.console(world.on_duty.duty_leader.login) as console:
        await world.fast_forward(minutes=1)
        await console.until(lambda one: len(one.alerts) == 1)
    alert = await world.alert(receipt["incident_id"], "obligation_breached")
    assert (alert["step"], alert["person_name"]) == (1, world.on_duty.duty_leader.name)


async def test_it_opens_a_report_that_came_after_its_limit_as_a_breach(world: World) -> None:
    """Reported 45 minutes after it happened: late from its first moment, and late it stays."""
    world.answering = "duty_officer"
    receipt = await world.report(occurred_at=at(minutes=-45), known_at=at(minutes=-44))
    await world.fast_forward(seconds=1)
    written = await world.obligation(receipt["incident_id"], "township", "first", "written")
    by_phone = await world.obligation(receipt["incident_id"], "township", "first", "phone")
    assert (written["state"], written["lateness_seconds"]) == ("late", 300)
    assert (by_phone["state"], by_phone["breached_at"]) == ("open", at(minutes=-25))


async def test_it_stamps_the_due_time_and_the_later_time_of_detection(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report()
    await world.settled()
    await world.stop("clock")
    world.clock.move(timedelta(minutes=18))
    await world.start("clock")
    await world.settled()
    owed = await world.obligation(receipt["incident_id"], "township", "first", "phone")
    assert (owed["breached_at"], owed["detected_at"]) == (at(minutes=15), at(minutes=18))
    rows = await world.rows("select due_at, breached_at from obligations where obligation_id = $1",
                            UUID(owed["obligation_id"]))  # fmt: skip
    assert rows[0]["due_at"] == rows[0]["breached_at"]
