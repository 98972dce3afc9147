"""Step 7: a named person has it, by console, API or on behalf; the climb ends and who was first is never lost."""

from tests.world import World


async def test_it_ends_the_climb(world: World) -> None:
    async with world.console(world.on_duty.duty_officer.login):
        receipt = await world.report()
        await world.settled()
        alert = await world.alert(receipt["incident_id"])
        done = await world.act(f"alerts/{alert['alert_id']}/acknowledge", note="已派人")
        await world.fast_forward(minutes=9)
    after = await world.alert(receipt["incident_id"])
    assert (done["state"], done["acknowledged_by_name"]) == ("acknowledged", world.on_duty.duty_officer.name)
    assert (after["step"], after["next_at"], after["note"]) == (0, None, "已派人")
    assert "alert.unanswered" not in await world.kinds(receipt["incident_id"])


async def test_it_names_who_was_first_to_whoever_comes_second(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    alert = await world.alert(receipt["incident_id"])
    path = f"/api/v1/alerts/{alert['alert_id']}/acknowledge"
    await world.act(f"alerts/{alert['alert_id']}/acknowledge", who="duty_leader")
    answer = await world.call("duty_officer", "POST", path, json={})
    problem = answer.json()
    assert answer.status_code == 409
    assert problem["errors"][0]["reason"] == "already_acknowledged"
    assert world.on_duty.duty_leader.name in problem["detail"]
    assert problem["acknowledged_by_name"] == world.on_duty.duty_leader.name


async def test_it_ends_every_climb_about_the_same_incident(world: World) -> None:
    receipt = await world.report(grade="IV")
    await world.settled()
    await world.act(f"incidents/{receipt['incident_id']}/grade", grade="II", note="扩大")
    await world.settled()
    alerts = (await world.incident(receipt["incident_id"]))["alerts"]
    assert len(alerts) == 2
    await world.act(f"alerts/{alerts[0]['alert_id']}/acknowledge")
    whole = await world.incident(receipt["incident_id"])
    assert {one["state"] for one in whole["alerts"]} == {"acknowledged"}
    assert (await world.kinds(receipt["incident_id"])).count("alert.acknowledged") == 2


async def test_it_records_who_said_it_and_who_typed_it_on_behalf(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    alert = await world.alert(receipt["incident_id"])
    head = world.on_duty.county_head
    await world.act(
        f"alerts/{alert['alert_id']}/acknowledge",
        medium="on_behalf",
        on_behalf_of=head.login,
        note="知道了，马上到",
    )
    after = await world.alert(receipt["incident_id"])
    assert (after["acknowledged_by_name"], after["acknowledged_medium"]) == (head.name, "on_behalf")
    fact = (await world.rows("select body ->> 'person_id' as who, body ->> 'by' as typed from events"
                             " where kind = 'alert.acknowledged'"))[0]  # fmt: skip
    assert (fact["who"], fact["typed"]) == (str(head.person_id), str(world.on_duty.duty_officer.person_id))


async def test_it_wants_the_words_when_somebody_acknowledges_on_behalf(world: World) -> None:
    receipt = await world.report()
    await world.settled()
    alert = await world.alert(receipt["incident_id"])
    path = f"/api/v1/alerts/{alert['alert_id']}/acknowledge"
    for body, field, reason in (
        ({"on_behalf_of": world.on_duty.county_head.login}, "note", "reason_needed"),
        ({"on_behalf_of": "nobody.here", "note": "知道了"}, "on_behalf_of", "unknown"),
    ):
        answer = await world.call("duty_officer", "POST", path, json=body)
        assert answer.status_code == 422
        assert [(e["field"], e["reason"]) for e in answer.json()["errors"]] == [(field, reason)]
    assert (await world.alert(receipt["incident_id"]))["state"] == "exhausted"


async def test_it_knows_no_alert_that_was_never_raised(world: World) -> None:
    path = "/api/v1/alerts/00000000-0000-4000-8000-000000000000/acknowledge"
    answer = await world.call("duty_officer", "POST", path, json={})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (404, "alert_id")


async def test_it_sends_nothing_more_to_people_who_were_about_to_be_told(world: World) -> None:
    """An attempt that waits in the stream while somebody acknowledges is not sent."""
    async with world.console(world.on_duty.duty_officer.login) as console:
        receipt = await world.report()
        await world.settled()
        await world.stop("relay")
        await world.act(f"incidents/{receipt['incident_id']}/grade", "duty.li", grade="I", note="扩大")
        await world.start("relay")
        await world.settled()
        shown = len(console.alerts)
        await world.stop("relay")
        await world.fast_forward(minutes=2)  # both waits are over; nobody has been told of it yet
        alert = (await world.incident(receipt["incident_id"]))["alerts"][0]
        await world.act(f"alerts/{alert['alert_id']}/acknowledge")
        await world.start("relay")
        await world.settled()
    whole = await world.incident(receipt["incident_id"])
    assert {one["state"] for one in whole["alerts"]} == {"acknowledged"}
    assert {one["step"] for one in whole["alerts"]} == {0}
    assert len(console.alerts) == shown
