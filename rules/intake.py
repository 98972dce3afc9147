"""What a report must satisfy to be stored: times that have passed, a sender who may say it.

Missing elements are no problem here (`rules/completeness.py` marks them), nor is a place that the county does not know
(`rules/typed/place.py` keeps its words); each problem names its field.
"""

from dataclasses import dataclass
from datetime import datetime

from rules.access import Act, may
from rules.chain import Chains
from rules.plausibility import is_future, is_old, precedes
from schemas.moment import EARLIEST
from schemas.reasons import RefuseReason
from schemas.report import Report
from schemas.vocabulary import Medium, UserRole


@dataclass(frozen=True, slots=True)
class Submitter:
    """The signed-in person: role, node code and that node's division code."""

    role: UserRole
    node: str | None
    division: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a report cannot be taken as it is; `field` is a dotted path, empty for the sender."""

    field: str
    reason: RefuseReason
    detail_zh: str
    detail_en: str


NOT_YOUR_INCIDENT = Problem(
    "incident_id", RefuseReason.NOT_ALLOWED, "该事件不在本单位范围内", "this incident is not your unit's"
)
NOT_YOUR_REPORT = Problem(
    "corrects",
    RefuseReason.NOT_ALLOWED,
    "只能更正或撤回本单位的报告；其他单位的报告请电话告知县总值班室更正",
    "a unit corrects or retracts its own reports only; phone the duty room about another unit's",
)


def check(
    report: Report, submitter: Submitter, now: datetime, called_at: datetime | None = None
) -> list[Problem]:
    """Everything that speaks against the report, at once; an empty list lets it in."""
    times = {"occurred_at": report.occurred_at, "known_at": report.known_at, "called_at": called_at}
    return [
        *_not_a_reporter(submitter),
        *(_future(field, at, now) for field, at in times.items() if at is not None and is_future(at, now)),
        *(_too_old(field, at) for field, at in times.items() if at is not None and at < EARLIEST),
        *_call(report, submitter, called_at),
        *_call_in_order(report, called_at, now),
    ]


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose report it is (None: the public's) and where it happened, as far as anybody knows."""

    from_node: str | None
    division: str | None


def seat(report: Report, submitter: Submitter, chains: Chains) -> Seat:
    """The node that reports, and the place: the one that is named, else the reporting node's own.

    The door asks for the receipt and the storing reaction asks again: what a message claims of itself counts nothing.
    """
    from_node = reporting_node(report, submitter, chains)
    node = chains.node(from_node or submitter.node)
    return Seat(from_node, report.place.division or (node.division if node else None))


def reporting_node(report: Report, submitter: Submitter, chains: Chains) -> str | None:
    """Whose report it is: the sender's node, or the unit that the duty room names; None for the public."""
    if submitter.role is UserRole.REPORTER:
        return submitter.node
    return chains.resolve_unit(report.source.unit)


def _not_a_reporter(submitter: Submitter) -> list[Problem]:
    if may(submitter.role, Act.REPORT):
        return []
    return [
        Problem(
            "",
            RefuseReason.NOT_ALLOWED,
            f"{submitter.role.value} 账号只能查看，不能报送；请用报送员或值班员账号",
            f"the role {submitter.role.value} may not report; sign in as a reporter or a duty officer",
        )
    ]


def _future(field: str, at: datetime, now: datetime) -> Problem:
    present = now.astimezone(at.tzinfo).isoformat(timespec="seconds")
    return Problem(
        field,
        RefuseReason.FUTURE_TIME,
        f"时间 {at.isoformat()} 在未来（现在是 {present}）；请核对日期、时间和时区",
        f"{at.isoformat()} is in the future (it is {present}); check date, time and zone",
    )


def _too_old(field: str, at: datetime) -> Problem:
    return Problem(
        field,
        RefuseReason.INVALID,
        f"时间 {at.isoformat()} 早于 {EARLIEST.year} 年；请核对年份，不知道就留空",
        f"{at.isoformat()} is before {EARLIEST.year}; check the year, or leave it out if unknown",
    )


def _call(report: Report, submitter: Submitter, called_at: datetime | None) -> list[Problem]:
    """A logged call time judges timeliness, so only the duty room may give one, and only for a call."""
    if called_at is None:
        return []
    if not may(submitter.role, Act.LOG_CALL):
        return [
            Problem(
                "called_at",
                RefuseReason.NOT_ALLOWED,
                "来电时间由接电话的值班员登记，报送员不能填写",
                "the call time is logged by the duty officer who took the call; a reporter cannot set it",
            )
        ]
    if report.medium is not Medium.PHONE:
        return [
            Problem(
                "called_at",
                RefuseReason.INVALID,
                f"只有电话报告才有来电时间，本报告为 {report.medium.value}",
                f"only a phone report has a call time; this one came as {report.medium.value}",
            )
        ]
    return []


def _call_in_order(report: Report, called_at: datetime | None, now: datetime) -> list[Problem]:
    """The call time judges timeliness, and whoever logged it can look again: so it is refused, not marked."""
    if called_at is None:
        return []
    if is_old(called_at, now):
        days = (now - called_at).days
        return [
            Problem(
                "called_at",
                RefuseReason.IMPLAUSIBLE_TIME,
                f"来电时间 {called_at.isoformat()} 是 {days} 天以前；请核对年份和日期",
                f"the call time {called_at.isoformat()} is {days} days ago; check year and date",
            )
        ]
    claimed = (("occurred_at", "事发", report.occurred_at), ("known_at", "获悉", report.known_at))
    return [
        Problem(
            "called_at",
            RefuseReason.IMPLAUSIBLE_TIME,
            f"来电时间 {called_at.isoformat()} 早于{word}时间 {at.isoformat()}（report.{name}）；请核对",
            f"the call time {called_at.isoformat()} is before report.{name} {at.isoformat()}; check both",
        )
        for name, word, at in claimed
        if at is not None and precedes(called_at, at)
    ]
