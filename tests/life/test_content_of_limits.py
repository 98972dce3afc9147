"""Step 2: what a limit says a report must bring is asked for, marked and never a reason to refuse."""

from typing import Any

import pytest

from tests.conftest import OpenWorld
from tests.packs import add_limits
from tests.reports import make_later, make_report
from tests.rules.cases import limit

TRUNK = limit(
    "content = ['leaders_on_site', 'households']",
    id="content.first",
    applies='{ categories = ["accident.traffic"], tags = ["sensitive_time"] }',
)
NAMES = [
    {"zh": "领导到位情况", "en": "leaders on site"},
    {"zh": "停供户数或范围", "en": "households or area cut off"},
]


@pytest.mark.parametrize(
    ("changes", "missing", "names"),
    [
        ({"tags": ["sensitive_time"]}, ["leaders_on_site", "households"], NAMES),
        ({}, [], []),  # the limit does not apply
        (
            {"tags": ["sensitive_time"], "details": {"process": "追尾", "measures": "已派人",
                                                     "leaders_on_site": "正在核实", "scope": "正在核实"}},
            [],
            [],
        ),
    ],
)  # fmt: skip
async def test_it_asks_for_what_a_limit_demands_and_stores_the_report_all_the_same(
    open_world: OpenWorld,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    missing: list[str],
    names: list[dict[str, str]],
) -> None:
    add_limits(monkeypatch, TRUNK)
    world = await open_world()
    receipt = await world.report(**changes)
    await world.settled()
    said = await world.get(f"reports/{receipt['report_id']}", who="reporter")
    assert (said["state"], said["missing"], said["missing_labels"]) == ("stored", missing, names)
    shown = (await world.incident(receipt["incident_id"]))["reports"][0]
    assert (shown["missing"], shown["missing_labels"]) == (missing, names)


async def test_it_asks_the_caller_of_a_logged_call_for_the_same(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_limits(monkeypatch, TRUNK)
    world = await open_world()
    call = {
        "called_at": world.clock.now().isoformat(),
        "report": make_report(medium="phone", tags=["sensitive_time"]),
    }
    receipt = await world.send(call, "duty_officer", "calls")
    await world.settled()
    said = await world.get(f"reports/{receipt['report_id']}")
    assert (said["state"], said["missing"]) == ("stored", ["leaders_on_site", "households"])


async def test_it_asks_a_later_report_only_for_what_its_own_stage_demands(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_limits(monkeypatch, TRUNK)
    world = await open_world()
    receipt = await world.report(tags=["sensitive_time"])
    await world.settled()
    later = await world.send(make_later(receipt["incident_id"]))
    await world.settled()
    assert (await world.get(f"reports/{later['report_id']}", who="reporter"))["missing"] == []
