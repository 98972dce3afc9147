"""What a report must satisfy at the door: each problem names its field and reason, all of them at once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jibao.county_files import read_county
from rules.chain import Chains
from rules.intake import Submitter, check, reporting_node
from schemas.reasons import RefuseReason
from schemas.report import Report
from schemas.vocabulary import UserRole

CHAINS = Chains(read_county(Path(__file__).parents[2] / "examples" / "county"))
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
TOWN = Submitter(UserRole.REPORTER, "990101103", "990101103")
OFFICER = Submitter(UserRole.DUTY_OFFICER, "990101", "990101")


def make_report(division: str | None = "990101103", **changes: Any) -> Report:
    return Report.model_validate({"place": {"division": division}, **changes})


def found(
    report: Report, submitter: Submitter, called_at: datetime | None = None
) -> list[tuple[str, RefuseReason]]:
    return [(p.field, p.reason) for p in check(report, submitter, NOW, called_at)]


def test_a_township_reports_for_itself() -> None:
    assert found(make_report(occurred_at=NOW - timedelta(minutes=9)), TOWN) == []


def test_a_report_with_nothing_in_it_is_let_in() -> None:
    assert found(Report(), TOWN) == []


@pytest.mark.parametrize(
    ("seconds", "refused"),
    [
        (0, False),
        (120, False),  # two minutes are another machine's clock
        (121, True),
    ],
)
@pytest.mark.parametrize("field", ["occurred_at", "known_at"])
def test_a_time_in_the_future_is_refused_by_name(field: str, seconds: int, refused: bool) -> None:
    report = make_report("990101103", **{field: NOW + timedelta(seconds=seconds)})
    assert found(report, TOWN) == ([(field, RefuseReason.FUTURE_TIME)] if refused else [])


def test_a_call_is_logged_in_the_past_by_the_duty_room_and_for_a_phone_report() -> None:
    call = make_report(medium="phone")
    assert found(call, OFFICER, NOW - timedelta(minutes=1)) == []
    assert found(call, OFFICER, NOW + timedelta(minutes=3)) == [("called_at", RefuseReason.FUTURE_TIME)]
    assert found(call, TOWN, NOW) == [("called_at", RefuseReason.NOT_ALLOWED)]
    assert found(make_report(medium="written"), OFFICER, NOW) == [("called_at", RefuseReason.INVALID)]


@pytest.mark.parametrize("role", [UserRole.AUDITOR, UserRole.ADMIN])
def test_who_only_reads_does_not_report(role: UserRole) -> None:
    assert found(make_report(), Submitter(role, "990101", "990101")) == [("", RefuseReason.NOT_ALLOWED)]


def test_all_problems_are_told_at_once_in_both_languages() -> None:
    tomorrow = NOW + timedelta(days=1)
    problems = check(make_report(occurred_at=tomorrow, known_at=tomorrow), TOWN, NOW)
    assert [p.field for p in problems] == ["occurred_at", "known_at"]
    assert "2026-11-24T08:00:00+00:00" in problems[0].detail_zh
    assert "in the future" in problems[1].detail_en


@pytest.mark.parametrize(
    ("submitter", "unit", "node"),
    [
        (TOWN, "双河镇", "990101103"),  # a reporter reports as itself, whatever it writes
        (OFFICER, "双河镇", "990101104"),  # the duty officer writes down who called
        (OFFICER, "过路群众", None),  # the public is no unit
        (OFFICER, None, None),
    ],
)
def test_whose_report_it_is(submitter: Submitter, unit: str | None, node: str | None) -> None:
    assert reporting_node(make_report(source={"unit": unit}), submitter, CHAINS) == node
