"""A time that is no RFC 3339 is refused whatever it looks like, and what was stored before stays readable."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.events import IncidentStopped, ReportForwarded, ReportSubmitted
from schemas.moment import EARLIEST, LATEST, NotAMoment, read_moment
from schemas.recorded import RecordedStop
from schemas.report import Report
from tests.times import NO_TEXTS, NO_TIMES, TIMES

NOBODY = UUID(int=7)


@pytest.mark.parametrize(("text", "reason"), NO_TIMES)
def test_it_refuses_what_is_no_time(text: str, reason: str) -> None:
    with pytest.raises(NotAMoment) as caught:
        read_moment(text)
    word = caught.value.word
    assert (word if word != "moment_out_of_range" else "invalid") == reason
    assert "\n" not in caught.value.zh + caught.value.en
    with pytest.raises(ValidationError):
        Report(occurred_at=text)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", NO_TEXTS)
def test_it_refuses_a_number_and_everything_else_that_is_no_text(value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        Report.model_validate({"known_at": value})
    (error,) = caught.value.errors()
    assert (error["loc"], error["type"]) == (("known_at",), "datetime_parsing")


@pytest.mark.parametrize(("text", "moment"), TIMES)
def test_it_reads_every_form_that_rfc_3339_and_our_calendar_have_in_common(text: str, moment: str) -> None:
    assert read_moment(text).astimezone(UTC).isoformat() == moment
    assert Report(occurred_at=text).occurred_at == datetime.fromisoformat(moment)  # type: ignore[arg-type]


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
FIRST, LAST = datetime.fromisoformat("1900-01-02"), datetime.fromisoformat("2199-12-30")
NAIVE = st.datetimes(FIRST, LAST)


@given(NAIVE, ZONES)
def test_it_reads_back_whatever_python_writes(naive: datetime, zone: timezone) -> None:
    moment = naive.replace(tzinfo=zone)
    assert read_moment(moment.isoformat()) == moment
    assert EARLIEST <= moment < LATEST


@given(st.text(max_size=40) | st.from_regex(r"\d{1,14}") | st.datetimes().map(str))
def test_it_never_breaks_over_a_text(text: str) -> None:
    try:
        read_moment(text)
    except NotAMoment as error:
        assert error.zh and error.en


SUBMITTED = """{"report_id": "00000000-0000-0000-0000-000000000007", "at": "2026-11-23T00:00:00Z", "receipt_no": "1",
  "door": "api", "submitted_by": "00000000-0000-0000-0000-000000000007", "from_node": null, "body_hash": "",
  "called_at": "0001-01-01T00:00:00Z", "report": {"occurred_at": "%s"}}"""


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00Z", "2026-11-23T08:10:00+23:59", "9999-12-31T00:00:00Z"]
)
def test_it_still_reads_what_lies_on_the_streams(text: str) -> None:
    """Before times were strict, these came in; a fact that cannot be read would be set aside."""
    fact = ReportSubmitted.read(SUBMITTED % text)
    assert fact.report.occurred_at == datetime.fromisoformat(text)
    assert ReportSubmitted.read(fact.model_dump_json()) == fact
    stopped = IncidentStopped(at=datetime.now(UTC), by=NOBODY, stopped_at=datetime.fromisoformat(text))
    assert IncidentStopped.read(stopped.model_dump_json()) == stopped
    sent = {"to_role": "city", "stage": "first", "medium": "phone", "by": NOBODY}
    forwarded = ReportForwarded.model_validate({"at": datetime.now(UTC), "sent_at": text, **sent})
    assert ReportForwarded.read(forwarded.model_dump_json()).sent_at == datetime.fromisoformat(text)


def test_a_file_of_recorded_facts_is_as_strict_as_a_door() -> None:
    with pytest.raises(ValidationError):
        RecordedStop.model_validate_json('{"at": 20261123, "stopped_at": "2026-11-23T08:10:00Z"}')
