"""Why a decision went the way it went: the same word in code, log, metric label, event and screen."""

from enum import StrEnum


class RefuseReason(StrEnum):
    """Why a report was kept aside and not stored."""

    UNREADABLE = "unreadable"
    INVALID = "invalid"
    TOO_LARGE = "too_large"
    NOT_ALLOWED = "not_allowed"
    FUTURE_TIME = "future_time"
    IMPLAUSIBLE_TIME = "implausible_time"
    UNKNOWN_DIVISION = "unknown_division"
    UNKNOWN_INCIDENT = "unknown_incident"
    UNKNOWN_REPORT = "unknown_report"
    INCIDENT_CLOSED = "incident_closed"  # as the next: of earlier versions; both are taken now
    SECOND_FINAL = "second_final"
    ID_REUSED = "id_reused"


class Doubt(StrEnum):
    """Why a claimed time does not count, so that the receipt counts instead."""

    TOO_OLD = "too_old"
    AFTER_RECEIPT = "after_receipt"
    AFTER_END = "after_end"
    BEFORE_EVENT = "before_event"


class OpenReason(StrEnum):
    """Why an obligation opened or was counted anew."""

    REPORTED = "reported"
    REGRADED = "regraded"
    STOPPED = "stopped"
    REOPENED = "reopened"
    NEXT_OCCURRENCE = "next_occurrence"
    FACTS_CHANGED = "facts_changed"


class SettleReason(StrEnum):
    """Why an obligation came to its end."""

    REPORTED = "reported"
    FORWARDED = "forwarded"
    INCIDENT_CLOSED = "incident_closed"
    NO_LONGER_DUE = "no_longer_due"
    OVERDUE_WHEN_KNOWABLE = "overdue_when_knowable"
    OTHER_SOURCE = "other_source"
    OUR_OUTAGE = "our_outage"
    RAN_OUT_WHILE_CLOSED = "ran_out_while_closed"


class OutageCause(StrEnum):
    """Why no door could take a report."""

    ALL_DOORS_SILENT = "all_doors_silent"
    BROKER_UNREACHABLE = "broker_unreachable"
    BROKER_REFUSES = "broker_refuses"


class AlertReason(StrEnum):
    """Why somebody is told."""

    INCIDENT_REPORTED = "incident_reported"
    INCIDENT_REGRADED = "incident_regraded"
    INCIDENT_REOPENED = "incident_reopened"
    REPORT_AFTER_CLOSING = "report_after_closing"
    OBLIGATION_DUE_SOON = "obligation_due_soon"
    OBLIGATION_BREACHED = "obligation_breached"
    MANY_FROM_ONE_SENDER = "many_from_one_sender"


class EscalationReason(StrEnum):
    """Why the next person is told, or nobody is."""

    UNANSWERED = "unanswered"
    NOBODY_ON_DUTY = "nobody_on_duty"
    NO_CHANNEL = "no_channel"
    CHANNELS_FAILED = "channels_failed"
    OBLIGATION_BREACHED = "obligation_breached"
    LADDER_EXHAUSTED = "ladder_exhausted"
    NEW_ROUND = "new_round"
    ALREADY_TOLD = "already_told"
    REMINDER_ONLY = "reminder_only"
    ALREADY_ACKNOWLEDGED = "already_acknowledged"
    STALE = "stale"


class DeliveryReason(StrEnum):
    """What a channel answered."""

    SHOWN = "shown"
    ACCEPTED = "accepted"
    NO_CONSOLE_OPEN = "no_console_open"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    INTERRUPTED = "interrupted"
    NO_LONGER_NEEDED = "no_longer_needed"
    NOT_ALLOWED = "not_allowed"


class CloseReason(StrEnum):
    """Why an incident is closed."""

    FINAL_REPORT = "final_report"
    NON_INCIDENT = "non_incident"
    DUPLICATE = "duplicate"
    RETRACTED = "retracted"


class GradeReason(StrEnum):
    """How the grade that a person set stands to the one that the rules proposed."""

    AS_PROPOSED = "as_proposed"
    NO_PROPOSAL = "no_proposal"
    REASON_GIVEN = "reason_given"
    NO_REASON_GIVEN = "no_reason_given"


class Denial(StrEnum):
    """Why an act on an incident or alert was not carried out."""

    UNKNOWN = "unknown"
    NOT_ALLOWED = "not_allowed"
    ALREADY_ACKNOWLEDGED = "already_acknowledged"
    ALREADY_CLOSED = "already_closed"
    SAME_GRADE = "same_grade"
    NO_FINAL_REPORT = "no_final_report"
    REASON_NEEDED = "reason_needed"
    FUTURE_TIME = "future_time"
    IMPLAUSIBLE_TIME = "implausible_time"
    NOTHING_TO_FORWARD = "nothing_to_forward"
    ALREADY_OPEN = "already_open"
    CHANGED = "changed"
    ID_REUSED = "id_reused"
