"""Which metric names and labels an expression uses, and which ones the house has. No parser: the words are sorted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prometheus_client.metrics import MetricWrapperBase

from runtime import metrics

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
TARGET_LABELS = {"job", "instance", "role"}
"""What Prometheus itself adds: deploy/prometheus/targets gives every target its role."""

WORDS = {
    *(
        "and",
        "or",
        "unless",
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "group_right",
        "offset",
        "bool",
    ),
    *(
        "sum",
        "min",
        "max",
        "count",
        "avg",
        "absent",
        "increase",
        "rate",
        "histogram_quantile",
        "time",
        "vector",
    ),
}
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)\s*\{([^}]*)\}")
MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*")')
GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
DURATION = re.compile(r"\[[^\]]*\]|\boffset\s+\w+|\$__\w+")


@dataclass(frozen=True)
class Used:
    """`matchers`: (metric, label, value as written) of every selector; `grouped`: labels by which it is grouped."""

    names: frozenset[str]
    matchers: tuple[tuple[str, str, str], ...]
    grouped: frozenset[str] = field(default_factory=frozenset)


def used(expression: str) -> Used:
    """Sort the words of a PromQL expression. A word that is neither PromQL's nor a label counts as a metric."""
    matchers = tuple(
        (name, label, value.strip('"'))
        for name, inside in SELECTOR.findall(expression)
        for label, value in MATCHER.findall(inside)
    )
    grouped = {
        word.strip() for inside in GROUPING.findall(expression) for word in inside.split(",") if word.strip()
    }
    bare = DURATION.sub(" ", GROUPING.sub(" ", SELECTOR.sub(r" \1 ", expression)))
    words = set(re.findall(r"\b[a-zA-Z_:][\w:]*", STRING.sub(" ", bare)))
    return Used(frozenset(words - WORDS), matchers, frozenset(grouped))


def _families() -> Iterator[tuple[str, str, set[str]]]:
    for one in vars(metrics).values():
        if isinstance(one, MetricWrapperBase):
            (family,) = one.describe()
            yield family.name, family.type, set(one._labelnames)


def known() -> dict[str, set[str]]:
    """Every series name that runtime/metrics.py exposes, with its own labels; and Prometheus's `up`."""
    names: dict[str, set[str]] = {"up": set()}
    for name, kind, labels in _families():
        if kind == "counter":
            names[f"{name}_total"] = labels
        elif kind == "histogram":
            names[f"{name}_bucket"] = labels | {"le"}
            names[f"{name}_sum"] = names[f"{name}_count"] = labels
        else:
            names[name] = labels
    return names


def complaints(expression: str) -> list[str]:
    """What in an expression the house does not have: metrics, labels in selectors, labels in groupings."""
    have, found = known(), used(expression)
    wrong = [f"no metric {name}" for name in sorted(found.names - have.keys())]
    wrong += [
        f"{name} has no label {label}"
        for name, label, _ in found.matchers
        if name in have and label not in have[name] | TARGET_LABELS
    ]
    possible = TARGET_LABELS.union(*(have.get(name, set()) for name in found.names))
    return wrong + [f"nothing here has the label {label}" for label in sorted(found.grouped - possible)]


def load(path: Path) -> Any:
    """A YAML file; PyYAML comes with uvicorn."""
    import yaml  # type: ignore[import-untyped]

    return yaml.safe_load(path.read_text(encoding="utf-8"))
