"""Every metric of the house by its pinned name: prefix `jibao_`, base units, counters end in `_total`."""

from prometheus_client import Counter, Gauge, Histogram

from schemas.reasons import CloseReason, EscalationReason, RefuseReason
from schemas.security import SecurityKind
from schemas.vocabulary import AttemptState, Channel, Door

FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
HUMAN = (5, 15, 30, 60, 120, 180, 300, 600, 1200, 1800, 3600)
LATE = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300)

ACCEPTED = Counter("jibao_reports_accepted", "Reports on the broker's disk", ["door"])
NOT_RECEIVED = Counter("jibao_reports_not_received", "Reports answered with: not received", ["door"])
REPORTS = Counter("jibao_reports", "Reports stored", ["category", "grade", "stage", "medium", "division"])
REFUSED = Counter("jibao_reports_refused", "Input kept aside, by reason", ["reason"])
STORED_SECONDS = Histogram("jibao_report_stored_seconds", "From submitted to stored", buckets=FAST)
ALERTED_SECONDS = Histogram(
    "jibao_report_alerted_seconds", "From submitted to the first delivered alert", buckets=FAST
)
ACKNOWLEDGED_SECONDS = Histogram(
    "jibao_alert_acknowledged_seconds", "From raised to acknowledged", buckets=HUMAN
)

OBLIGATIONS_OPEN = Gauge("jibao_obligations_open", "Open obligations", ["stage", "medium"])
OPENED = Counter("jibao_obligations_opened", "Obligations opened", ["rule"])
SETTLED = Counter("jibao_obligations_settled", "Obligations settled", ["outcome", "rule"])
REOPENED = Counter("jibao_incidents_reopened", "Incidents opened again, by why they had been closed", ["was"])
BREACHED = Counter("jibao_obligations_breached", "Limits that ran out", ["rule"])
REMINDED = Counter("jibao_obligations_reminded", "Reminders before a limit", ["rule"])
DEADLINE_LATENESS = Histogram(
    "jibao_deadline_lateness_seconds", "From due to detected by the clock", buckets=LATE
)
TIMELINESS = Gauge("jibao_timeliness_ratio", "On time / due over the last 30 days", ["by", "key"])

FLOODS = Counter("jibao_floods", "Alarms about one sender who opened too many incidents in a few minutes")
ESCALATIONS = Counter("jibao_escalations", "Steps up the ladder", ["reason"])
EXHAUSTED = Counter("jibao_ladders_exhausted", "Ladders climbed to the top without an answer")
DELIVERIES = Counter("jibao_deliveries", "Attempts to reach a person", ["channel", "result"])
DELAYED = Counter(
    "jibao_alerts_delayed",
    "Alerts delivered a minute or more after they were owed, by our own fault",
    ["channel"],
)
CONNECTIONS_REFUSED = Counter(
    "jibao_connections_refused", "HTTP connections that were closed at a bound, by status or cause", ["why"]
)
CONSOLES = Gauge("jibao_consoles_open", "Duty consoles that are connected")

RELAY_LAG = Gauge("jibao_event_relay_lag_seconds", "Age of the oldest fact that is not published")
RELAYED = Counter("jibao_events_relayed", "Facts published by the relay", ["kind"])
UNREADABLE = Counter(
    "jibao_rows_unreadable", "Rows of the database that could not be shown or read", ["table"]
)
PARKED = Counter("jibao_messages_parked", "Messages set aside", ["consumer", "reason"])
PARKED_OPEN = Gauge("jibao_messages_parked_open", "Messages that wait for an operator")
AUDIT_VIOLATIONS = Gauge("jibao_audit_violations", "Rows that must never be, by check", ["check"])
AUDIT_FOUND = Counter("jibao_audit_violations_found", "Violations found by the auditor", ["check"])
UNCOVERED_MINUTES = Gauge(
    "jibao_roster_uncovered_minutes", "Minutes without anybody in the next 24 h", ["post"]
)
SECURITY = Counter("jibao_security_entries", "Entries of the security log, by kind", ["kind"])
SIGN_IN_CHECKS = Gauge("jibao_sign_in_checks_waiting", "Passwords that wait to be checked")

PACKS_UNREADABLE = Gauge(
    "jibao_packs_unreadable", "Uploaded packs that cannot be read; the version before each is in force"
)

LOOP_LAG = Gauge("jibao_loop_lag_seconds", "The longest this process answered nobody in the last minute")
BROKER_UP = Gauge("jibao_broker_up", "1 while this role is connected to the broker")
DATABASE_UP = Gauge("jibao_database_up", "1 while this role's last look at the database succeeded")
LAST_BEAT = Gauge("jibao_last_beat_timestamp_seconds", "When this role's main loop last went round")


# A counter that has not counted yet must be 0, not absent: the first increase would go unseen.
for _door in Door:
    ACCEPTED.labels(_door)
    NOT_RECEIVED.labels(_door)
for _was in CloseReason:
    REOPENED.labels(_was)
for _reason in RefuseReason:
    REFUSED.labels(_reason)
for _table in ("incidents", "reports", "obligations", "alerts", "timeliness"):
    UNREADABLE.labels(_table)
for _kind in SecurityKind:
    SECURITY.labels(_kind)
for _why in EscalationReason:
    ESCALATIONS.labels(_why)
for _channel in Channel:
    DELAYED.labels(_channel)
    for _state in (AttemptState.DELIVERED, AttemptState.FAILED, AttemptState.UNCERTAIN):
        DELIVERIES.labels(_channel, _state)
