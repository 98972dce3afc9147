"""A correction changes what it corrects and nothing else, and what is owed, by whom and to whom it is told follows."""

from typing import Any

from schemas.categories import CATEGORIES
from tests.reports import at
from tests.world import World, make_later


async def reported(world: World, **changes: Any) -> tuple[str, str]:
    """An incident that somebody has, and the report that opened it."""
    world.answering = "duty_officer"
    receipt = await world.report(**changes)
    await world.fast_forward(minutes=1)
    return str(receipt["incident_id"]), str(receipt["report_id"])


def only(incident_id: str, corrects: str, **body: Any) -> dict[str, Any]:
    """A correction that names what it corrects and nothing else."""
    return {"stage": "correction", "incident_id": incident_id, "corrects": corrects} | body


async def test_it_corrects_category_title_place_tags_times_and_numbers(world: World) -> None:
    incident_id, first = await reported(world, tags=["media_reported", "public_opinion"])
    await world.send(
        only(
            incident_id, first, category="accident.fire", title="粮库起火", tags=["public_opinion"],
            place={"division": "990101104", "text": "粮库"}, occurred_at=at(minutes=-25), casualties={"deaths": 2},
        ),
        "duty_officer",
    )  # fmt: skip
    await world.settled()
    one = (await world.incident(incident_id))["incident"]
    assert (one["category"], one["title"], one["place_text"]) == ("accident.fire", "粮库起火", "粮库")
    assert (one["division"], one["tags"], one["quantities"]["deaths"]) == ("990101104", ["public_opinion"], 2)
    assert one["occurred_at"] == at(minutes=-25) and one["quantities"]["injuries"] == 2
    await world.fast_forward(seconds=1)
    await world.send(only(incident_id, first, tags=[]), "duty_officer")
    await world.settled()
    one = (await world.incident(incident_id))["incident"]
    assert (one["tags"], one["title"]) == ([], "粮库起火")


async def test_it_lets_the_township_of_the_corrected_place_owe_from_now_on(world: World) -> None:
    incident_id, first = await reported(world)
    await world.send(only(incident_id, first, place={"division": "990101104"}), "duty_officer")
    await world.settled()
    whole = await world.incident(incident_id)
    assert whole["incident"]["nodes"]["township"] == "990101104"
    states = {
        (one["from_node"], one["state"])
        for one in whole["obligations"]
        if (one["from_role"], one["stage"]) == ("township", "final")
    }
    assert states == {("990101103", "waived"), ("990101104", "open")}
    assert incident_id in {
        one["incident_id"] for one in (await world.get("incidents", "reporter.104"))["incidents"]
    }


async def test_it_corrects_a_follow_up_without_touching_what_the_others_said(world: World) -> None:
    incident_id, _ = await reported(world)
    one = await world.send(make_later(incident_id, casualties={"deaths": 5, "injuries": 7}))
    await world.fast_forward(minutes=1)
    await world.send(make_later(incident_id, casualties={"injuries": 9}))
    await world.fast_forward(minutes=1)
    await world.send(
        only(incident_id, one["report_id"], title="别的", casualties={"deaths": 3, "injuries": 8})
    )
    await world.settled()
    incident = (await world.incident(incident_id))["incident"]
    assert incident["quantities"] == {"deaths": 3, "injuries": 9}
    assert incident["title"] == "青云高速 K12 多车追尾"


async def test_it_never_lowers_what_a_newer_report_said_by_a_copy_that_comes_late(world: World) -> None:
    """A phone that had no network sends at noon what its owner knew at 09:10."""
    incident_id, _ = await reported(world)
    await world.fast_forward(minutes=60)
    await world.send(make_later(incident_id, known_at=at(minutes=50), casualties={"deaths": 5}))
    await world.fast_forward(hours=2)
    await world.send(make_later(incident_id, known_at=at(minutes=10), casualties={"deaths": 3, "missing": 1}))
    await world.send(make_later(incident_id, sent_at=at(minutes=12), casualties={"deaths": 2}))
    await world.settled()
    whole = await world.incident(incident_id)
    assert whole["incident"]["quantities"] == {"deaths": 5, "injuries": 2, "missing": 1}
    assert len(whole["reports"]) == 4


async def test_it_takes_back_what_only_a_retracted_report_said(world: World) -> None:
    incident_id, _ = await reported(world)
    wrong = await world.send(
        make_later(incident_id, casualties={"deaths": 12}, grade="II", tags=["media_reported"])
    )
    await world.settled()
    before = (await world.incident(incident_id))["incident"]
    assert (before["quantities"]["deaths"], before["grade"], before["tags"]) == (12, "II", ["media_reported"])
    await world.fast_forward(minutes=1)
    await world.send(make_later(incident_id, stage="retraction", corrects=wrong["report_id"]))
    await world.settled()
    after = (await world.incident(incident_id))["incident"]
    assert (after["quantities"]["deaths"], after["grade"], after["tags"]) == (0, "IV", [])


async def test_it_keeps_the_grade_that_the_duty_room_decided(world: World) -> None:
    incident_id, first = await reported(world)
    await world.act(f"incidents/{incident_id}/grade", grade="III")
    await world.send(make_later(incident_id, grade="I"))
    await world.send(only(incident_id, first, grade="II"), "duty_officer")
    await world.settled()
    assert (await world.incident(incident_id))["incident"]["grade"] == "III"


async def test_it_names_what_has_no_title_by_its_own_words(world: World) -> None:
    table = [
        ({"process": "  三车追尾，两人受伤。救护车在途"}, "三车追尾，两人受伤"),
        ({"process": "正在核实", "measures": "已封闭一条车道"}, "已封闭一条车道"),
        ({"cause": "长" * 60}, "长" * 39 + "…"),
        ({"process": "不详"}, f"青云高速 K12+300 {CATEGORIES['accident.traffic.expressway'][0]}"),
    ]
    for details, title in table:
        receipt = await world.report(title=None, details=details)
        await world.settled()
        assert (await world.incident(receipt["incident_id"]))["incident"]["title"] == title
