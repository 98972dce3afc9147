"""Step 3: who is told first is whoever the roster puts on duty at that moment."""

from schemas.county import Shift
from tests.conftest import OpenWorld
from tests.counties import demo_county, on_duty, with_shifts
from tests.reports import START
from tests.world import World


async def test_it_tells_whoever_is_on_duty_now(world: World) -> None:
    now = world.on_duty
    async with world.console(now.duty_officer.login) as console:
        receipt = await world.report()
        await console.until(lambda one: len(one.alerts) == 1)
        await world.settled()
    alert = await world.alert(receipt["incident_id"])
    assert (alert["step"], alert["state"], alert["person_name"]) == (0, "open", now.duty_officer.name)
    assert [(one["state"], one["reason"]) for one in alert["attempts"]] == [("delivered", "shown")]


async def test_it_tells_the_next_shift_after_eight_in_the_morning(world: World) -> None:
    before = world.on_duty
    await world.fast_forward(hours=22, minutes=59)
    assert world.on_duty == before
    await world.fast_forward(minutes=1)  # 08:00
    after = world.on_duty
    assert after.duty_officer != before.duty_officer
    async with (
        world.console(before.duty_officer.login) as old,
        world.console(after.duty_officer.login) as new,
    ):
        moment = world.clock.now().isoformat()
        receipt = await world.report(occurred_at=moment, known_at=moment)
        await new.until(lambda one: len(one.alerts) == 1)
        await world.settled()
        assert old.alerts == []
    assert (await world.alert(receipt["incident_id"]))["person_name"] == after.duty_officer.name


async def test_it_lets_a_shift_beat_the_rotation(open_world: OpenWorld) -> None:
    county = demo_county()
    usual = on_duty(county, START).duty_officer.login
    stand_in = next(p.login for p in county.people if p.role == "duty_officer" and p.login != usual)
    shift = Shift.model_validate({"post": "duty_officer", "person": stand_in, "starts": "2026-11-23T08:00:00+08:00",
                                  "ends": "2026-11-23T18:00:00+08:00"})  # fmt: skip
    world = await open_world(county=with_shifts(county, shift))
    async with world.console(stand_in) as console:
        await world.report()
        await console.until(lambda one: len(one.alerts) == 1)


async def test_it_says_who_is_on_duty_until_when_and_who_is_next(world: World) -> None:
    seats = {seat["post"]: seat for seat in (await world.get("overview"))["on_duty"]}
    now, officer = world.on_duty, seats["duty_officer"]
    assert (officer["login"], officer["until"]) == (now.duty_officer.login, "2026-11-24T08:00:00+08:00")
    tomorrow = on_duty(world.county, START.replace(day=24))
    assert officer["next_name"] == tomorrow.duty_officer.name
    assert seats["county_head"]["login"] == now.county_head.login


async def test_it_calls_again_when_the_grade_rises(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report(grade="IV")
    await world.fast_forward(seconds=1)
    world.answering = None
    await world.act(f"incidents/{receipt['incident_id']}/grade", grade="II", note="伤亡扩大")
    await world.settled()
    alert = await world.alert(receipt["incident_id"], "incident_regraded")
    assert (alert["grade"], alert["state"]) == ("II", "exhausted")  # nobody has a console open


async def test_it_calls_nobody_when_the_grade_falls(world: World) -> None:
    world.answering = "duty_officer"
    receipt = await world.report(grade="II")
    await world.fast_forward(seconds=1)
    await world.act(f"incidents/{receipt['incident_id']}/grade", grade="IV", note="核实后无伤亡")
    await world.settled()
    whole = await world.incident(receipt["incident_id"])
    assert [one["reason"] for one in whole["alerts"]] == ["incident_reported"]
