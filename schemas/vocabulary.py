"""The pinned words of the product as enums; one word for one thing in code, data, screens and metrics.

`docs/glossary.md` gives each word its Chinese term; `schemas/categories.py` holds the category tree.
"""

from enum import StrEnum


class Stage(StrEnum):
    """阶段: where in an incident's life a report stands."""

    FIRST = "first"
    FOLLOW_UP = "follow_up"
    VERIFICATION = "verification"
    FINAL = "final"
    CORRECTION = "correction"
    FEEDBACK = "feedback"
    ZERO = "zero"
    RETRACTION = "retraction"


class Medium(StrEnum):
    """媒介: how a report travels. A limit may also ask for `any`."""

    PHONE = "phone"
    WRITTEN = "written"
    NETWORK = "network"
    ANY = "any"


class Grade(StrEnum):
    """等级. `ungraded` and `non_incident` stand outside the four statutory grades."""

    I = "I"  # noqa: E741 - the statutory name of the grade
    II = "II"
    III = "III"
    IV = "IV"
    UNGRADED = "ungraded"
    NON_INCIDENT = "non_incident"


class NodeRole(StrEnum):
    """报送单位的角色: the place of a unit in the reporting chain."""

    UNIT = "unit"
    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY_DEPARTMENT = "county_department"
    COUNTY = "county"
    CITY_DEPARTMENT = "city_department"
    CITY = "city"
    PROVINCE_DEPARTMENT = "province_department"
    PROVINCE = "province"
    MINISTRY = "ministry"
    STATE = "state"
    CDC = "cdc"
    AUTHORITY = "authority"


class Clock(StrEnum):
    """起算点: the moment from which a limit counts."""

    OCCURRED = "occurred"
    KNOWN = "known"
    RECEIVED = "received"
    JUDGED = "judged"
    STOPPED = "stopped"


class Tag(StrEnum):
    """敏感标签: context that changes who must report what."""

    SENSITIVE_TIME = "sensitive_time"
    SENSITIVE_PLACE = "sensitive_place"
    SENSITIVE_PEOPLE = "sensitive_people"
    SENSITIVE_NATURE = "sensitive_nature"
    MAY_EVOLVE = "may_evolve"
    PUBLIC_OPINION = "public_opinion"
    DRINKING_WATER_SOURCE = "drinking_water_source"
    MEDIA_REPORTED = "media_reported"
    CRITICAL_INFRASTRUCTURE = "critical_infrastructure"


class Quantity(StrEnum):
    """Numbers a threshold may read. Whole numbers but for `direct_loss_cny` (yuan) and `area_ha` (hectares)."""

    DEATHS = "deaths"
    MISSING = "missing"
    SERIOUS_INJURIES = "serious_injuries"
    INJURIES = "injuries"
    TRAPPED = "trapped"
    EVACUATED = "evacuated"
    HOUSEHOLDS = "households"
    PARTICIPANTS = "participants"
    DIRECT_LOSS_CNY = "direct_loss_cny"
    AREA_HA = "area_ha"
    OUTAGE_MINUTES = "outage_minutes"
    PERSONS_TO_MOVE = "persons_to_move"


class ObligationState(StrEnum):
    """义务状态. `late`: done after due; `missed`: never done by the reporter; the last two are in no ratio."""

    OPEN = "open"
    MET = "met"
    LATE = "late"
    MISSED = "missed"
    WAIVED = "waived"
    DISPUTED = "disputed"


class Door(StrEnum):
    """The way a report came in."""

    PAGE = "page"
    API = "api"
    COMMAND = "command"
    PHONE_LOG = "phone_log"


class UserRole(StrEnum):
    """What a signed-in person may do; the seats of the access rules in `rules/access.py`."""

    REPORTER = "reporter"
    DUTY_OFFICER = "duty_officer"
    DUTY_LEADER = "duty_leader"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Channel(StrEnum):
    """How an alert reaches a person."""

    CONSOLE = "console"
    WEBHOOK = "webhook"


class AttemptState(StrEnum):
    """One try to reach one person on one channel. `uncertain`: it may have been sent; nobody can tell."""

    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class AlertState(StrEnum):
    """`open` climbs; `exhausted` waits for its next round; the last two climb no more."""

    OPEN = "open"
    EXHAUSTED = "exhausted"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class AcknowledgeMedium(StrEnum):
    """How an acknowledgement was given; `on_behalf` is typed by another person who heard it.

    `own_act`: she did herself what the alert would have told her; no door takes this word.
    """

    CONSOLE = "console"
    LINK = "link"
    API = "api"
    ON_BEHALF = "on_behalf"
    OWN_ACT = "own_act"


class IncidentState(StrEnum):
    """An incident is open until somebody closes it."""

    OPEN = "open"
    CLOSED = "closed"
