"""Step 8: the rules propose a grade from the known numbers; a person decides, and what was proposed is kept."""

from typing import Any

import pytest

from tests.life.test_regrade import graded
from tests.reports import make_later
from tests.world import World

MINE = "accident.work_safety.mine"


async def last_regrade(world: World, incident_id: str) -> dict[str, Any]:
    """The body of the incident's last regrade in the ledger."""
    found = [
        one for one in (await world.incident(incident_id))["events"] if one["kind"] == "incident.regraded"
    ]
    return dict(found[-1]["body"])


async def test_it_proposes_the_grade_that_the_deaths_make_and_names_the_clause(world: World) -> None:
    incident_id = await graded(world, "IV", category=MINE, casualties={"deaths": 10})
    proposed = (await world.incident(incident_id))["incident"]["proposed_grade"]
    assert (proposed["grade"], proposed["criterion"], proposed["article"]) == (
        "II",
        "accident.deaths.II",
        "3",
    )
    assert (proposed["title"], proposed["number"]) == ("死亡10人以上30人以下", "国务院令第493号")
    (listed,) = (await world.get("incidents"))["incidents"]
    (queued,) = (await world.get("overview"))["incidents"]
    assert listed["proposed_grade"] == queued["proposed_grade"] == proposed
    assert listed["grade"] == "IV"


async def test_it_proposes_anew_when_a_follow_up_brings_other_numbers(world: World) -> None:
    incident_id = await graded(world, "ungraded", category=MINE, casualties={})
    assert (await world.incident(incident_id))["incident"]["proposed_grade"] is None
    await world.send(make_later(incident_id, category=MINE, casualties={"deaths": 3}))
    await world.settled()
    whole = (await world.incident(incident_id))["incident"]
    assert (whole["grade"], whole["proposed_grade"]["grade"]) == ("ungraded", "III")


@pytest.mark.parametrize(
    ("chosen", "note", "why"),
    [
        ("II", "", "as_proposed"),
        ("I", "伤者众多，仍在增加", "reason_given"),
        ("I", "", "no_reason_given"),
    ],
)
async def test_it_lets_the_duty_officer_decide_and_keeps_the_proposal_and_the_reason(
    world: World, chosen: str, note: str, why: str
) -> None:
    incident_id = await graded(world, "IV", category=MINE, casualties={"deaths": 10})
    answer = await world.act(f"incidents/{incident_id}/grade", grade=chosen, note=note)
    assert (answer["incident"]["grade"], answer["incident"]["proposed_grade"]["grade"]) == (chosen, "II")
    said = await last_regrade(world, incident_id)
    assert (said["new"], said["note"], said["why"]) == (chosen, note, why)
    assert (said["proposed"]["grade"], said["proposed"]["criterion"]) == ("II", "accident.deaths.II")


async def test_it_keeps_that_nothing_was_proposed(world: World) -> None:
    incident_id = await graded(world, "IV", category=MINE, casualties={"deaths": 0})
    await world.act(f"incidents/{incident_id}/grade", grade="III")
    said = await last_regrade(world, incident_id)
    assert (said["why"], said["proposed"]) == ("no_proposal", None)


async def test_it_keeps_what_was_proposed_then_when_later_numbers_propose_another(world: World) -> None:
    incident_id = await graded(world, "IV", category=MINE, casualties={"deaths": 3})
    await world.act(f"incidents/{incident_id}/grade", grade="III")
    await world.send(make_later(incident_id, category=MINE, casualties={"deaths": 30}))
    await world.settled()
    assert (await world.incident(incident_id))["incident"]["proposed_grade"]["grade"] == "I"
    assert (await last_regrade(world, incident_id))["proposed"]["grade"] == "III"
