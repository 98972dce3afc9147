"""Step 7 by a link in a message: opening it never acknowledges, its button does, and a forged one opens nothing."""

import base64
from uuid import UUID, uuid4

import pytest

from runtime.links import Links
from tests.house import LINK_KEY
from tests.world import World


async def link_of(world: World, key: str = LINK_KEY) -> tuple[str, str]:
    """An incident and the path of the one-tap page for the duty leader."""
    receipt = await world.report()
    await world.settled()
    alert = await world.alert(receipt["incident_id"])
    leader = world.on_duty.duty_leader
    return receipt["incident_id"], "/a/" + Links("", key).token(UUID(alert["alert_id"]), leader.person_id)


async def test_it_never_acknowledges_because_a_link_was_opened(world: World) -> None:
    """A mail scanner or a preview opens every link."""
    incident_id, path = await link_of(world)
    for method in ("GET", "HEAD", "GET"):
        answer = await world.http.request(method, path)
        assert answer.status_code in (200, 405)
    assert (await world.alert(incident_id))["state"] == "exhausted"


async def test_it_acknowledges_by_the_button_without_a_sign_in(world: World) -> None:
    incident_id, path = await link_of(world)
    page = await world.http.get(path)
    answer = await world.http.post(path)
    alert = await world.alert(incident_id)
    assert (page.status_code, answer.status_code) == (200, 200)
    assert (alert["state"], alert["acknowledged_by_name"]) == ("acknowledged", world.on_duty.duty_leader.name)
    assert alert["acknowledged_medium"] == "link"


async def test_it_offers_the_button_also_while_the_ladder_rests(world: World) -> None:
    _, path = await link_of(world)
    assert f'action="{path}"' in (await world.http.get(path)).text


async def test_it_shows_who_has_it_to_whoever_taps_too_late(world: World) -> None:
    incident_id, path = await link_of(world)
    alert = await world.alert(incident_id)
    await world.act(f"alerts/{alert['alert_id']}/acknowledge")
    answer = await world.http.post(path)
    assert answer.status_code == 200
    assert world.on_duty.duty_officer.name in answer.text
    assert (await world.alert(incident_id))["acknowledged_by_name"] == world.on_duty.duty_officer.name


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_it_opens_nothing_for_a_link_that_is_not_ours(world: World, method: str) -> None:
    incident_id, path = await link_of(world)
    token = path.removeprefix("/a/")
    raw = base64.urlsafe_b64decode(token + "==")
    leader, other = world.on_duty.duty_leader.person_id.bytes, world.on_duty.county_head.person_id.bytes
    somebody_else = base64.urlsafe_b64encode(raw.replace(leader, other)).decode().rstrip("=")
    forged = [
        token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),  # another signature
        somebody_else,  # another person's name on the same signature
        Links("", "another key").token(uuid4(), uuid4()),  # signed by somebody else
        token[:20],  # cut short
        "x",  # nothing at all
        "é" * 64,  # not even the alphabet
    ]
    for bad in forged:
        answer = await world.http.request(method, f"/a/{bad}")
        assert answer.status_code == 404, (bad, answer.text)
    assert (await world.alert(incident_id))["state"] == "exhausted"


async def test_it_opens_nothing_for_an_alert_that_was_never_raised(world: World) -> None:
    person = world.on_duty.duty_leader.person_id
    answer = await world.http.post("/a/" + Links("", LINK_KEY).token(uuid4(), person))
    assert answer.status_code == 404
