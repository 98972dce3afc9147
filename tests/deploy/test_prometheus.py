"""Alert rules: right by promtool, over our own metric names, each one tested and each one in the runbook."""

import re
import shutil
import subprocess
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from jibao.roles import ROLES
from runtime import metrics
from schemas.vocabulary import AttemptState, Channel
from storage import audit
from tests.deploy.promql import DEPLOY, complaints, known, load, used

FOLDER = DEPLOY / "prometheus"
RUNBOOK = DEPLOY.parent / "docs" / "operations.md"
RULES: list[dict[str, Any]] = [
    rule for group in load(FOLDER / "alerts.yml")["groups"] for rule in group["rules"]
]
NAMES = [rule["alert"] for rule in RULES]
TESTS: list[dict[str, Any]] = load(FOLDER / "alerts_test.yml")["tests"]
each_rule = pytest.mark.parametrize("rule", RULES, ids=NAMES)


def values_of(words: type[StrEnum]) -> set[str]:
    return {str(word) for word in words}


VALUES = {
    "role": set(ROLES),
    "job": {"jibao"},
    "result": values_of(AttemptState),
    "channel": values_of(Channel),
    "check": set(audit.QUICK),
}
"""The words that a label of this name may hold, where the code pins them."""


def promtool(*words: str) -> str:
    """Run promtool in the rules' folder; fails with what it said."""
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed (Debian: apt-get install prometheus)")
    done = subprocess.run([program, *words], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_promtool_accepts_the_rules() -> None:
    assert f"{len(RULES)} rules found" in promtool("check", "rules", "alerts.yml")


def test_promtool_accepts_the_configuration() -> None:
    promtool("check", "config", "prometheus.yml")


def test_each_alert_fires_when_it_must_and_only_then() -> None:
    promtool("test", "rules", "alerts_test.yml")


@each_rule
def test_it_reads_only_metrics_and_labels_that_we_have(rule: dict[str, Any]) -> None:
    assert complaints(rule["expr"]) == []


@each_rule
def test_it_asks_for_label_values_that_occur(rule: dict[str, Any]) -> None:
    for name, label, written in used(rule["expr"]).matchers:
        for value in written.split("|"):
            assert value in VALUES.get(label, {value}), f"{name}: {label} is never {value}"


@each_rule
def test_its_words_are_in_both_languages_and_name_labels_that_it_has(rule: dict[str, Any]) -> None:
    said = rule["annotations"]
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    for key in ("summary_zh", "description_zh"):
        assert re.search(r"[\u4e00-\u9fff]", said[key]), f"{key} is not Chinese"
    labels = set(re.findall(r"\$labels\.(\w+)", " ".join(said.values())))
    found = used(rule["expr"])
    plain = {label for name in found.names for label in known()[name]} | {"role", "instance"}
    assert labels <= (found.grouped or plain)


@each_rule
def test_its_runbook_exists(rule: dict[str, Any]) -> None:
    headings = re.findall(r"^#{2,6} (.+)$", RUNBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert page == "docs/operations.md"
    assert anchor == rule["alert"].lower()
    assert anchor in anchors


@each_rule
def test_it_is_tested_where_it_fires_and_where_it_does_not(rule: dict[str, Any]) -> None:
    asked = [
        one["exp_samples"]
        for test in TESTS
        for one in test.get("promql_expr_test", ())
        if f'alertname="{rule["alert"]}"' in one["expr"]
    ]
    assert any(asked), "no test in which it fires"
    assert not all(asked), "no test in which it stays quiet"


def test_every_series_of_the_tests_is_one_that_we_have() -> None:
    for test in TESTS:
        for given in test["input_series"]:
            assert complaints(given["series"]) == []


def test_no_alert_is_there_twice() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_the_promises_of_the_design_have_an_alert() -> None:
    watched = set().union(*(used(rule["expr"]).names for rule in RULES))
    for metric in (
        *(metrics.NOT_RECEIVED, metrics.REFUSED, metrics.STORED_SECONDS, metrics.ALERTED_SECONDS),
        *(
            metrics.DEADLINE_LATENESS,
            metrics.BREACHED,
            metrics.TIMELINESS,
            metrics.EXHAUSTED,
            metrics.DELIVERIES,
        ),
        *(metrics.RELAY_LAG, metrics.PARKED_OPEN, metrics.AUDIT_VIOLATIONS, metrics.UNCOVERED_MINUTES),
        *(metrics.BROKER_UP, metrics.DATABASE_UP, metrics.LAST_BEAT, metrics.CONSOLES),
    ):
        (family,) = metric.describe()
        assert any(name.startswith(family.name) for name in watched), family.name


@pytest.mark.parametrize("targets", [FOLDER / "targets" / "local.yml", DEPLOY / "compose" / "targets.yml"])
def test_every_role_is_scraped_under_its_name(targets: Path) -> None:
    assert [group["labels"]["role"] for group in load(targets)] == list(ROLES)


def test_what_no_metric_or_label_is_called_is_noticed() -> None:
    assert complaints("rate(jibao_reports_acepted_total[5m]) > 0") == [
        "no metric jibao_reports_acepted_total"
    ]
    assert complaints('jibao_consoles_open{door="x"}') == ["jibao_consoles_open has no label door"]
    assert complaints("sum by (channel) (jibao_broker_up)") == ["nothing here has the label channel"]
