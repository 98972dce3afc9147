"""Step 6: silence calls the next person, after the minutes that the grade allows, and nobody waits for nobody."""

import pytest

from tests.conftest import OpenWorld
from tests.counties import demo_county, on_duty, with_contacts, without_rotation
from tests.reports import START
from tests.world import World

POSTS = ("duty_officer", "duty_leader", "office_director", "deputy_county_head", "county_head")


async def test_it_tells_the_next_person_when_nobody_acknowledges(world: World) -> None:
    now = world.on_duty
    async with world.console(now.duty_officer.login), world.console(now.duty_leader.login) as leader:
        receipt = await world.report(grade="IV")
        await world.fast_forward(minutes=5)
        await leader.until(lambda one: len(one.alerts) == 1)
    alert = await world.alert(receipt["incident_id"])
    assert leader.alerts[0]["why"] == "unanswered"
    assert (alert["step"], alert["person_name"]) == (1, now.duty_leader.name)


@pytest.mark.parametrize(
    ("grade", "minutes"),
    [
        ("I", 2),
        ("II", 2),
        ("III", 3),
        ("IV", 5),
        ("ungraded", 2),  # nobody knows yet that it is harmless: the shortest
        ("non_incident", 5),
    ],
)
async def test_it_waits_as_long_as_the_grade_allows(world: World, grade: str, minutes: int) -> None:
    async with world.console(world.on_duty.duty_officer.login):
        receipt = await world.report(grade=grade)
        await world.fast_forward(minutes=minutes, seconds=-1)
        waiting = await world.alert(receipt["incident_id"])
        await world.fast_forward(seconds=1)
    told = await world.rows("select at - (select min(at) from events where kind = 'alert.raised') as after from events"
                            " where kind = 'alert.unanswered'")  # fmt: skip
    assert waiting["step"] == 0
    assert [row["after"].total_seconds() for row in told] == [minutes * 60]


async def test_it_climbs_the_whole_ladder_and_begins_again(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    alert = await world.alert(receipt["incident_id"])
    assert (alert["state"], alert["round"]) == ("exhausted", 1)
    await world.fast_forward(minutes=5)
    alert = await world.alert(receipt["incident_id"])
    assert (alert["state"], alert["round"]) == ("exhausted", 2)
    asked = [
        (one["round"], one["step"])
        for one in sorted(alert["attempts"], key=lambda one: (one["round"], one["step"]))
    ]
    assert asked == [(round_, step) for round_ in (1, 2) for step in range(5)]
    whys = await world.rows(
        "select body ->> 'why' as why from events where kind = 'alert.escalated' order by seq"
    )
    assert [row["why"] for row in whys] == ["channels_failed"] * 4 + ["new_round"] + ["channels_failed"] * 4


async def test_it_shows_the_ladder_with_who_stands_on_it_and_how_long_each_is_waited_for(
    world: World,
) -> None:
    receipt = await world.report(grade="III")
    await world.settled()
    steps = (await world.alert(receipt["incident_id"]))["steps"]
    now = world.on_duty
    assert [(one["post"], one["person_name"], one["wait_minutes"]) for one in steps] == [
        (post, getattr(now, post).name, 3) for post in POSTS
    ]


async def test_it_passes_over_a_seat_that_nobody_holds_at_once_and_says_why(open_world: OpenWorld) -> None:
    county = demo_county()
    officer = on_duty(county, START).duty_officer.login
    leader = on_duty(county, START).duty_leader.login
    world = await open_world(county=without_rotation(county, "duty_officer"))
    async with world.console(leader) as console:
        receipt = await world.report()
        await console.until(lambda one: len(one.alerts) == 1)
        await world.settled()
        alert = (await world.get(f"incidents/{receipt['incident_id']}", who=officer))["alerts"][0]
    assert (alert["step"], alert["steps"][0]["person_name"]) == (1, None)


async def test_it_passes_over_somebody_without_a_channel_at_once_and_says_why(open_world: OpenWorld) -> None:
    county = demo_county()
    now = on_duty(county, START)
    world = await open_world(county=with_contacts(county, now.duty_leader.login))
    async with world.console(now.duty_officer.login), world.console(now.office_director.login) as director:
        receipt = await world.report(grade="I")
        await world.fast_forward(minutes=2)
        await director.until(lambda one: len(one.alerts) == 1)
    fact = (await world.rows("select body -> 'skipped' as skipped, incident_id from events"
                             " where kind = 'alert.escalated'"))[0]  # fmt: skip
    assert str(fact["incident_id"]) == receipt["incident_id"]
    assert fact["skipped"] == '[[1, "no_channel"]]'


async def test_it_goes_on_at_once_when_every_channel_of_a_person_failed(world: World) -> None:
    async with world.console(world.on_duty.duty_leader.login) as leader:
        receipt = await world.report()
        await leader.until(lambda one: len(one.alerts) == 1)
        await world.settled()
    alert = await world.alert(receipt["incident_id"])
    told = {one["step"]: (one["state"], one["reason"]) for one in alert["attempts"]}
    assert told == {0: ("failed", "no_console_open"), 1: ("delivered", "shown")}
    assert leader.alerts[0]["why"] == "channels_failed"
    assert alert["raised_at"] == world.clock.now().isoformat()  # no minute was lost


async def test_it_tells_whoever_has_taken_over_when_the_round_begins_again(world: World) -> None:
    """The rota changes at 08:00: the next round asks the roster again."""
    await world.fast_forward(hours=22, minutes=58)
    before = world.on_duty.duty_officer
    moment = world.clock.now().isoformat()
    receipt = await world.report(occurred_at=moment, known_at=moment)
    await world.fast_forward(minutes=5)
    alert = await world.alert(receipt["incident_id"])
    first = {(one["round"], one["step"]): one["person_name"] for one in alert["attempts"]}
    assert first[1, 0] == before.name
    assert first[2, 0] == world.on_duty.duty_officer.name != before.name


async def test_it_calls_one_more_person_when_a_limit_runs_out_while_nobody_answers(world: World) -> None:
    now = world.on_duty
    async with world.console(now.duty_officer.login), world.console(now.duty_leader.login) as leader:
        receipt = await world.report(grade="IV", occurred_at="2026-11-23T00:41:00Z", known_at=None)
        await world.fast_forward(minutes=1)  # the phone limit runs out at 09:01, the wait at 09:05
        await leader.until(lambda one: len(one.alerts) == 1)
    assert leader.alerts[0]["why"] == "obligation_breached"
    whole = await world.incident(receipt["incident_id"])
    assert [one["reason"] for one in whole["alerts"]] == ["incident_reported"]
