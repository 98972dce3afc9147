"""Step 7 by a link in a message: opening it never acknowledges, its button does, and a forged one opens nothing."""

import base64
import hashlib
import hmac
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from runtime.keys import DEVICE, WEBHOOK, key_for
from runtime.links import Links
from tests.house import LINK_KEY
from tests.world import World


async def link_of(world: World, key: str = LINK_KEY) -> tuple[str, str]:
    """An incident and the path of the one-tap page for the duty leader."""
    receipt = await world.report()
    await world.settled()
    alert = await world.alert(receipt["incident_id"])
    leader = world.on_duty.duty_leader
    return receipt["incident_id"], "/a/" + Links("", key).token(
        UUID(alert["alert_id"]), leader.person_id, world.clock.now()
    )


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
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    leader, other = world.on_duty.duty_leader.person_id.bytes, world.on_duty.county_head.person_id.bytes
    somebody_else = base64.urlsafe_b64encode(raw.replace(leader, other)).decode().rstrip("=")
    forged = [
        token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),  # another signature
        somebody_else,  # another person's name on the same signature
        Links("", "another key").token(uuid4(), uuid4(), world.clock.now()),  # signed by somebody else
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
    answer = await world.http.post("/a/" + Links("", LINK_KEY).token(uuid4(), person, world.clock.now()))
    assert answer.status_code == 404


async def test_it_opens_nothing_after_a_day_and_says_so(world: World) -> None:
    incident_id, path = await link_of(world)
    world.clock.move(timedelta(hours=24))
    assert (await world.http.get(path)).status_code == 200
    world.clock.move(timedelta(seconds=1))
    for method in ("GET", "POST"):
        answer = await world.http.request(method, path)
        assert (answer.status_code, "24" in answer.text) == (410, True)
    assert (await world.alert(incident_id))["state"] == "exhausted"


async def test_it_opens_nothing_once_the_incident_is_closed(world: World) -> None:
    incident_id, path = await link_of(world)
    await world.act(f"incidents/{incident_id}/close", why="duplicate", note="重复")
    await world.settled()
    for method in ("GET", "POST"):
        assert (await world.http.request(method, path)).status_code == 410


async def test_it_opens_nothing_for_a_person_who_was_taken_out(world: World) -> None:
    incident_id, path = await link_of(world)
    await world.act(f"people/{world.on_duty.duty_leader.login}/deactivate", "admin")
    assert (await world.http.post(path)).status_code == 404
    assert (await world.alert(incident_id))["state"] == "exhausted"


async def test_it_opens_nothing_for_what_was_signed_for_another_purpose(world: World) -> None:
    """A webhook's or a device's signature over the very bytes of a link."""
    incident_id, path = await link_of(world)
    raw = base64.urlsafe_b64decode(path.removeprefix("/a/") + "==")[:37]
    for key in (key_for(WEBHOOK, LINK_KEY), key_for(DEVICE, LINK_KEY), LINK_KEY.encode()):
        for said in (raw, b"acknowledge" + raw[:32]):
            signature = hmac.new(key, said, hashlib.sha256).digest()[:16]
            forged = base64.urlsafe_b64encode(raw + signature).decode().rstrip("=")
            assert (await world.http.post(f"/a/{forged}")).status_code == 404
    assert (await world.alert(incident_id))["state"] == "exhausted"
