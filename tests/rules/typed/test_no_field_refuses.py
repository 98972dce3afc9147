"""Whatever stands in one optional field, the report has its shape: a law for all JSON, not only for known cases."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.typed import body, encoding
from rules.typed import report as typed_report
from schemas.report import PARTS, Report

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
WHOLE = ("category", "grade", "medium", "tags", "title")
INSIDE = [f"{part}.{name}" for part, shape in PARTS.items() for name in shape.model_fields]
SHORT = st.text(
    alphabet="0123456789零一二三十百千万亿余多约几近人户元亩小时分.,-~ \u200b\uff11\u3000", max_size=12
)


def put(path: str, value: Any) -> dict[str, Any]:
    part, _, name = path.rpartition(".")
    return {part: {name: value}} if part else {name: value}


def read(raw: dict[str, Any]) -> Report:
    return body.read(Report, json.dumps(raw).encode(), None, typed_report.read)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from([*WHOLE, *INSIDE]), ANYTHING | SHORT)
def test_no_value_of_one_field_refuses_the_report(path: str, value: Any) -> None:
    report = read(put(path, value))
    assert read(json.loads(report.model_dump_json())) == report  # read once more it stays what it was


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(sorted(PARTS)),
    st.none() | st.booleans() | st.integers() | st.text(max_size=300) | st.lists(ANYTHING, max_size=3),
)
def test_no_value_in_the_place_of_a_part_refuses_it(part: str, value: Any) -> None:
    read({part: value})


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="粮库起火已疏散12人，。现场正在核实ABC·é“”", min_size=1))
def test_a_text_is_the_same_in_every_encoding_that_is_read(text: str) -> None:
    for name in ("utf-8", "utf-8-sig", "utf-16"):
        assert encoding.decode(text.encode(name)) == text
    assert encoding.decode(text.encode("gb18030"), "gbk") == text
