"""The dashboard asks only for what the house measures, and Grafana finds it where it is told to look."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.metrics import MetricWrapperBase

from runtime import metrics
from tests.deploy.promql import DEPLOY, complaints, known, load, used

FOLDER = DEPLOY / "grafana"
BOARD: dict[str, Any] = json.loads((FOLDER / "jibao.json").read_text(encoding="utf-8"))
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
ROWS = [panel["title"] for panel in BOARD["panels"] if panel["type"] == "row"]
each_panel = pytest.mark.parametrize("panel", PANELS, ids=[panel["title"].split("· ")[1] for panel in PANELS])


def expressions() -> Iterator[str]:
    for panel in PANELS:
        yield from (target["expr"] for target in panel["targets"])


@each_panel
def test_it_shows_only_metrics_and_labels_that_we_have(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        assert complaints(target["expr"]) == []
        legend = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
        assert legend <= used(target["expr"]).grouped


@each_panel
def test_it_has_a_unit_thresholds_and_a_title_in_both_languages(panel: dict[str, Any]) -> None:
    assert re.search(r"[\u4e00-\u9fff].*· [A-Z]", panel["title"])
    defaults = panel["fieldConfig"]["defaults"]
    assert defaults["unit"]
    assert defaults["thresholds"]["steps"]


def test_seconds_are_shown_as_seconds_and_ratios_as_ratios() -> None:
    for panel in PANELS:
        unit = panel["fieldConfig"]["defaults"]["unit"]
        for name in set().union(*(used(target["expr"]).names for target in panel["targets"])):
            if re.search(r"_seconds(_bucket)?$", name):
                assert unit == "s", panel["title"]
            if name.endswith("_ratio"):
                assert unit == "percentunit", panel["title"]


def test_its_rows_follow_a_report() -> None:
    assert [row.split(" · ")[1] for row in ROWS] == [
        "Reports & intake",
        "Clocks & timeliness",
        "Alerts & ladder",
        "Plumbing",
    ]


def test_every_metric_of_the_house_is_on_it() -> None:
    shown = set().union(*(used(expression).names for expression in expressions()))
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            (family,) = metric.describe()
            series = {name for name in known() if name.startswith(family.name)}
            assert shown & series, f"{family.name} is on no panel"


def test_its_data_source_is_a_choice_and_no_panel_lies_on_another() -> None:
    (choice,) = BOARD["templating"]["list"]
    assert (choice["name"], choice["type"], choice["query"]) == ("datasource", "datasource", "prometheus")
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
        if panel["type"] != "row":
            assert panel["datasource"]["uid"] == "${datasource}"
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_promtool_can_read_every_expression(tmp_path: Path) -> None:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed (Debian: apt-get install prometheus)")
    rules = [
        {"record": f"panel:{number}", "expr": re.sub(r"\$__(range|rate_interval)", "5m", expression)}
        for number, expression in enumerate(expressions())
    ]
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    done = subprocess.run([program, "check", "rules", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_grafana_is_told_where_it_is() -> None:
    (source,) = load(FOLDER / "provisioning" / "datasources" / "prometheus.yml")["datasources"]
    (provider,) = load(FOLDER / "provisioning" / "dashboards" / "jibao.yml")["providers"]
    compose = load(DEPLOY / "compose" / "compose.yml")["services"]["grafana"]
    assert source["type"] == "prometheus"
    assert source["url"].strip("${}") in compose["environment"]
    assert any(provider["options"]["path"] in mount for mount in compose["volumes"])
